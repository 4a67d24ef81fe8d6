# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 1800
"""
Connections of services that are to survive, by either way of packets to their servers on which answers
pass no director: a director is killed, and it returns, and neither has ever heard of the other's connections.
"""
import socket
import struct
from collections import namedtuple
from contextlib import contextmanager

import pytest
import test_direct
import test_tunnel
from answers import PORT, Answers, Flows
from fabric import CONNECTIONS, LAN, SLOW_FILE, UPLINKS, VIP, Downloads, done_on
from helpers import ipvs
from helpers.listen import socket_in
from helpers.nginx import start_nginx, stop_nginx
from helpers.wait import differs, stays, wait_for
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


CHECK = "check tcp interval 1 timeout 1 fall 1"
# core has the VIPs from both, and sends to r2
TO_R2 = [f"ip route add {vip} via {UPLINKS['r2'][family == 'v6']}" for family, vip in VIP.items()]
NOT_TO_R2 = [command.replace(" add ", " delete ") for command in TO_R2]
# nothing of VRRP leaves a director, and its routes stay
MUTE = [f"ip {family} rule add blackhole ipproto 112 pref 10" for family in ("-4", "-6")]
NOT_MUTE = [command.replace(" add ", " delete ") for command in MUTE]
SPLIT_SEC = 5


def services(forwarding, way, *more, protocol="tcp", port=80):
    """Two that are to survive, one for each family."""
    lines = []
    for family, vip in VIP.items():
        name = f"ipvs service web{family[1]}"
        lines += [f"{name} {protocol} {vip} {port}"]
        lines += [f"{name} {line}" for line in ("survive", "always", *more)]
        lines += [
            f"{name} server {addresses[family == 'v6']} {port} forwarding {forwarding}"
            for addresses in way.servers
        ]
    return lines


@contextmanager
def configured(net, forwarding, *more):
    """Servers and directors as that way of forwarding wants them; r1 Active."""
    way = WAYS[forwarding]
    lines = services(forwarding, way, *more)
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


def split(net):
    """Both are Active for a while, and first one has the client's packets, and then the other."""
    with done_on([net.r1, net.r2], MUTE, NOT_MUTE):
        net.r2.wait_state("Active")
        with done_on([net.core], TO_R2, NOT_TO_R2):
            stays(
                "both are Active",
                lambda: differs([net.r1.state(), net.r2.state()], ["Active"] * 2),
                SPLIT_SEC,
            )
    net.r2.wait_state("Backup")
    net.wait_vip_at("r1")


def test_connections_survive_two_active_directors(net):
    """... until those have found each other again."""
    with configured(net, "tunnel"):
        assert living(net, net.r1, split, "slower") == CONNECTIONS


def test_server_that_dies_with_a_director_takes_its_own_connections_alone(net):
    """Those of the other server live, though the new director never saw a connection of either."""
    with configured(net, "tunnel", CHECK):
        downloads = Downloads(net, "slower")
        downloads.start()
        wait_for("all are established", lambda: downloads.known_to(net.r1))
        of_s1 = downloads.count_to(net.r1, LAN["s1"])
        assert 0 < of_s1 < CONNECTIONS
        stop_nginx(net.s2)
        try:
            die(net)
            net.wait_names({"s1"})
            downloads.join()
            assert downloads.whole() == of_s1
        finally:
            start_nginx(net.s2, SLOW_FILE)


@pytest.mark.parametrize("protocol", ("udp", "sctp"))
def test_flows_keep_their_server_at_a_director_that_never_saw_them(net, protocol):
    """Of each of both families, when the director is killed, and when it returns."""
    way = WAYS["tunnel"]
    lines = services("tunnel", way, protocol=protocol, port=PORT)
    with done_on([net.s1, net.s2], way.on, way.off), Answers([net.s1, net.s2], protocol):
        net.configure(lines)
        net.keep(lines)
        flows = {family: Flows(net, protocol, family, CONNECTIONS) for family in VIP}
        try:
            first = {family: flow.servers() for family, flow in flows.items()}
            for seen in first.values():
                assert set(seen.values()) == {"s1", "s2"}
            for move in (die, start_again):
                move(net)
                wait_for(
                    f"all have their server after: {move.__doc__}",
                    lambda: differs({f: flow.servers() for f, flow in flows.items()}, first),
                )
        finally:
            for flow in flows.values():
                flow.close()
            net.keep(())


STRAYS = 20_000
STRAY = "198.18."
STRAYS_SEC = 15


def send_strays(net):
    """Acknowledgements of connections that never were, from as many addresses."""
    vip = socket.inet_aton(VIP["v4"])
    with socket_in(net.client, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for number in range(STRAYS):
            source = socket.inet_aton(f"{STRAY}{number >> 8}.{number & 255}")
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0, 64, socket.IPPROTO_TCP, 0)
            tcp = struct.pack("!HHIIBBHHH", 4000, 80, 1, 1, 5 << 4, 0x10, 1024, 0, 0)
            sock.sendto(ip + source + vip + tcp, (VIP["v4"], 0))


def count_strays(node):
    """How many entries the kernel's table has of them."""
    return sum(STRAY in line for line in ipvs.connections(node))


def test_strays_cost_no_connection_and_are_forgotten(net):
    """Each makes an entry, for no longer than the time that is ours to set."""
    net.configure([f"ipvs timeout tcp {STRAYS_SEC}"])
    with configured(net, "tunnel"):
        downloads = Downloads(net)
        downloads.start()
        wait_for("all are established", lambda: downloads.known_to(net.r1))
        send_strays(net)
        most = count_strays(net.r1)
        print(f"{most} of {STRAYS} have an entry: {net.r1.run('grep ip_vs_conn /proc/slabinfo')}")
        assert most > STRAYS // 2
        downloads.join()
        assert downloads.whole() == CONNECTIONS
        wait_for("all are forgotten", lambda: differs(count_strays(net.r1), 0))
