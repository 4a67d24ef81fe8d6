# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 1800
"""
Connections of services that are to survive, by either way of packets to their servers on which answers
pass no director: a director is killed, and it returns, and neither has ever heard of the other's connections.
"""
from collections import namedtuple
from contextlib import contextmanager

import pytest
import test_direct
import test_tunnel
from fabric import CONNECTIONS, LAN, UPLINKS, VIP, done_on
from test_tunnel import living

# s1 has two, so that there are two servers on the LAN
SECOND = ("198.51.100.132", "2001:db8:5::132")
ADD = "ip address add 198.51.100.132/26 dev eth0; ip address add 2001:db8:5::132/64 dev eth0 nodad"
DELETE = ADD.replace("add ", "delete ").replace(" nodad", "")

# What a way needs: commands on servers, and back; servers, and their names
Way = namedtuple("Way", "on off servers names")
WAYS = {
    "tunnel": Way(
        test_tunnel.ON_SERVER,
        test_tunnel.OFF_SERVER,
        (LAN["s1"], UPLINKS["s2"][:2]),
        {"s1", "s2"},
    ),
    "direct": Way(
        [*test_direct.ON_SERVER, ADD],
        [*test_direct.OFF_SERVER, DELETE],
        (LAN["s1"], SECOND),
        {"s1"},
    ),
}


def services(forwarding, way):
    """Two that are to survive, one for each family."""
    lines = []
    for family, vip in VIP.items():
        name = f"ipvs service web{family[1]}"
        lines += [f"{name} tcp {vip} 80", f"{name} survive", f"{name} always"]
        lines += [
            f"{name} server {addresses[family == 'v6']} 80 forwarding {forwarding}"
            for addresses in way.servers
        ]
    return lines


@contextmanager
def configured(net, forwarding):
    """Servers and directors as that way of forwarding wants them; r1 Active."""
    way = WAYS[forwarding]
    lines = services(forwarding, way)
    machines = [net.s1, net.s2] if forwarding == "tunnel" else [net.s1]
    with done_on(machines, way.on, way.off):
        net.configure(lines)
        net.keep(lines)
        try:
            net.wait_names(way.names)
            yield
        finally:
            net.keep(())
            if not net.r1.alive("vrrpd"):
                net.r1.start("vrrpd")


def die(net):
    """r1 is killed."""
    net.r1.kill("vrrpd")
    net.r2.wait_state("Active")
    net.wait_vip_at("r2")


def start_again(net):
    """r1 is there again."""
    net.r1.start("vrrpd")
    net.r1.wait_state("Active")
    net.wait_vip_at("r1")


@pytest.mark.parametrize("forwarding", WAYS)
def test_connections_survive_a_killed_director_and_its_return(net, forwarding):
    """All of both families, both times."""
    with configured(net, forwarding):
        assert living(net, net.r1, die, "slower") == CONNECTIONS
        assert living(net, net.r2, start_again, "slower") == CONNECTIONS
