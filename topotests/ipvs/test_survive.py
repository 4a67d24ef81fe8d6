# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 1800
"""
Connections of services that are to survive, whatever way packets take to their servers: a director
is killed, and it returns, and neither has ever heard of the other's connections.
"""
from collections import namedtuple
from contextlib import contextmanager

import pytest
import test_direct
import test_masquerade
import test_tunnel
from fabric import CONNECTIONS, LAN, UPLINKS, VIP, done_on
from test_masquerade import TWO_DIRECTORS, gateway
from test_tunnel import living

from helpers.wait import differs, wait_for

# s1 has two, so that there are two servers on the LAN
SECOND = ("198.51.100.132", "2001:db8:5::132")
ADD = "ip address add 198.51.100.132/26 dev eth0; ip address add 2001:db8:5::132/64 dev eth0 nodad"
DELETE = ADD.replace("add ", "delete ").replace(" nodad", "")

# What a way needs: commands on servers, and back; lines beside the services; servers, their port, names
Way = namedtuple("Way", "on off lines servers port names")
WAYS = {
    "tunnel": Way(
        test_tunnel.ON_SERVER,
        test_tunnel.OFF_SERVER,
        [],
        (LAN["s1"], UPLINKS["s2"][:2]),
        80,
        {"s1", "s2"},
    ),
    "direct": Way(
        [*test_direct.ON_SERVER, ADD],
        [*test_direct.OFF_SERVER, DELETE],
        [],
        (LAN["s1"], SECOND),
        80,
        {"s1"},
    ),
    "masquerade": Way(
        [*test_masquerade.ON_SERVER, ADD],
        [*gateway("core"), DELETE],
        [line for line in TWO_DIRECTORS if not line.startswith("ipvs")],
        (LAN["s1"], SECOND),
        8080,
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
            f"{name} server {addresses[family == 'v6']} {way.port} forwarding {forwarding}"
            for addresses in way.servers
        ]
    return lines


@contextmanager
def configured(net, forwarding):
    """Servers and directors as that way of forwarding wants them; r1 Active."""
    way = WAYS[forwarding]
    lines = way.lines + services(forwarding, way)
    machines = [net.s1, net.s2] if forwarding == "tunnel" else [net.s1]
    with done_on(machines, way.on, way.off):
        net.configure(lines)
        net.keep(lines)
        try:
            if way.lines:
                net.r1.wait_state("Active", vrid=20)
                net.r2.wait_state("Backup", vrid=20)
            net.wait_names(way.names)
            yield
        finally:
            net.keep(())
            if not net.r1.alive("vrrpd"):
                net.r1.start("vrrpd")
            net.configure(["interface eth1", "no vrrp 20"])
            take_back_what_was_left(net)


def take_back_what_was_left(net):
    """By a vrrpd that was killed: the next one found its sysctl and took it for the operator's."""
    net.forget()
    wait_for(
        "r1 balances nothing",
        lambda: differs(net.r1.show_json("vrrpd", "show ipvs json").get("services"), []),
    )
    net.r1.must_run("echo 0 > /proc/sys/net/ipv4/vs/sloppy_tcp")


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
