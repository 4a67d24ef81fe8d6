# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""
Two directors that are each other's real servers, as the recipe says.

The proof that no packet loops is its TTL on the LAN between them: each hop takes
one, so a packet that goes to and fro is seen again and again with less.
"""
import socket

import pytest

from fabric import DIRECTORS, LAN, VIP, Download, done_on
from helpers import ipvs, recipe
from helpers.listen import socket_in
from helpers.wait import wait_for

HEADING = "Load balancing, directors that are each other's servers"
SERVICES, SYNC = recipe.configuration(HEADING)
(ON_DIRECTOR,) = recipe.commands(HEADING)
UNMARKED = [line for line in ON_DIRECTOR if not line.startswith("tc ")]
OFF_DIRECTOR = (
    "tc qdisc delete dev eth0 clsact",
    "ip route delete local 203.0.113.10 dev lo",
    "ip -6 route delete local 2001:db8:ffff::10 dev lo",
    "sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0",
)
# the client's 64, less one for core and one for the director
TTL = 62
ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 0x0003, 0x0800, 0x86DD
# of the client; no other request is made from them
PORTS = range(40000, 40008)


class TtlRecord:
    """The TTLs of packets to the VIPs on a director's LAN, while it is open."""

    def __init__(self, node):
        self.node = node
        self.ttls = {family: set() for family in VIP}

    def __enter__(self):
        self._sock = socket_in(
            self.node, socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)
        )
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._sock.bind(("eth1", ETH_P_ALL))
        self._sock.setblocking(False)
        return self

    def __exit__(self, *_):
        try:
            while True:
                data, (_, protocol, *_) = self._sock.recvfrom(65536)
                self._note(protocol, data)
        except BlockingIOError:
            self._sock.close()

    def _note(self, protocol, data):
        if protocol == ETH_P_IP:
            if socket.inet_ntop(socket.AF_INET, data[16:20]) == VIP["v4"]:
                self.ttls["v4"].add(data[8])
        elif protocol == ETH_P_IPV6:
            if socket.inet_ntop(socket.AF_INET6, data[24:40]) == VIP["v6"]:
                self.ttls["v6"].add(data[7])


def directors(net):
    """Both."""
    return [net.machines[name] for name in DIRECTORS]


def unmarked(lines):
    """The services of a recipe by address and port."""
    made = [f"ipvs service web{f[1]} tcp {VIP[f]} 80" for f in VIP]
    return made + [line for line in lines if "fwmark" not in line]


def hand_over(net):
    """From r1 to r2, and core knows."""
    net.r1.configure("interface eth0", "vrrp 10 shutdown")
    net.wait_vip_at("r2")


def test_marked_services_serve_from_both_and_nothing_loops(net):
    """By either director, both families, and each packet crosses the LAN once."""
    with done_on(directors(net), ON_DIRECTOR, OFF_DIRECTOR):
        net.configure(SERVICES)
        net.wait_names({"r1", "r2"})
        for name in DIRECTORS:
            with TtlRecord(net.r1) as record:
                for family in VIP:
                    assert set(net.names(family)) == {"r1", "r2"}
            assert record.ttls == {"v4": {TTL}, "v6": {TTL}}, f"{name}: {record.ttls}"
            if name == "r1":
                hand_over(net)
                net.wait_names({"r1", "r2"})


def remembered(node):
    """A check: the kernel remembers no connection from PORTS that it sent to the other."""
    known = [line for line in ipvs.connections(node) if "FIN_WAIT" in line]
    return [line for line in known if any(f":{p} " in line for p in PORTS)] or None


@pytest.mark.parametrize("family", VIP)
def test_port_may_be_used_again_after_the_timeout(net, family):
    """Then the old director, which remembers it no more, sends nothing back."""
    with done_on(directors(net), ON_DIRECTOR, OFF_DIRECTOR):
        net.configure(SERVICES)
        net.wait_names({"r1", "r2"})
        assert set(net.ask_from(family, PORTS)) == set(DIRECTORS)
        assert remembered(net.r1), "r1 remembers none: this shows nothing"
        hand_over(net)
        wait_for("the timeout is over", lambda: remembered(net.r1), 20)
        with TtlRecord(net.r1) as record:
            # in turns, so by the other server this time or the next
            assert set(net.ask_from(family, PORTS)) == set(DIRECTORS)
            net.names(family, 1)
            assert set(net.ask_from(family, PORTS)) == set(DIRECTORS)
        assert record.ttls[family] == {TTL}


@pytest.mark.parametrize("server", DIRECTORS)
@pytest.mark.parametrize("family", VIP)
def test_connection_in_flight_survives_a_planned_failover(net, family, server):
    """Also one to the director that goes down: it is a server still."""
    (other,) = set(DIRECTORS) - {server}
    away = f"{LAN[other][family == 'v6']} 80 weight 0"
    with done_on(directors(net), ON_DIRECTOR, OFF_DIRECTOR):
        net.configure(SERVICES + SYNC)
        net.configure([f"ipvs service web{family[1]} server {away}"], "r1")
        net.wait_names({server}, families=[family])
        download = Download(net, family)
        download.start()
        wait_for("r2 has learnt of the connection", lambda: download.known_to(net.r2))
        hand_over(net)
        download.check()


@pytest.mark.parametrize("always", (False, True), ids=("following", "always"))
def test_without_marks_services_loop_only_if_they_are_always_there(net, always):
    """The reason for the marks, and a proof that this test would see a loop."""
    lines = unmarked(SERVICES)
    if always:
        lines += ["ipvs service web4 always", "ipvs service web6 always"]
    with done_on(directors(net), UNMARKED, OFF_DIRECTOR[1:]):
        net.configure(lines)
        if not always:
            net.wait_names({"r1", "r2"})
        with TtlRecord(net.r1) as record:
            for family in VIP:
                net.names(family, 4)
        for family, ttls in record.ttls.items():
            assert (min(ttls) < TTL) == always, f"{family}: {ttls}"
