# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""
Two directors that are each other's real servers, as the recipe says.

The proof that no packet loops is its TTL on the LAN between them: each hop takes
one, so a packet that goes to and fro is seen again and again with less.
"""
import socket

import pytest

from fabric import DIRECTORS, VIP, done_on
from helpers import recipe
from helpers.events import socket_in

HEADING = "Load balancing, directors that are each other's servers"
(SERVICES,) = recipe.configuration(HEADING)
(ON_DIRECTOR,) = recipe.commands(HEADING)
OFF_DIRECTOR = (
    "tc qdisc delete dev eth0 clsact",
    "sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0",
    "ip route delete local 203.0.113.10 dev lo",
    "ip -6 route delete local 2001:db8:ffff::10 dev lo",
)
# the client's 64, less one for core and one for the director
TTL = 62
ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 0x0003, 0x0800, 0x86DD
IPPROTO_TCP = 6


class TtlRecord:
    """The TTLs of TCP packets to the VIPs on a director's LAN, while it is open."""

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
        if protocol == ETH_P_IP and data[9] == IPPROTO_TCP:
            if socket.inet_ntop(socket.AF_INET, data[16:20]) == VIP["v4"]:
                self.ttls["v4"].add(data[8])
        elif protocol == ETH_P_IPV6 and data[6] == IPPROTO_TCP:
            if socket.inet_ntop(socket.AF_INET6, data[24:40]) == VIP["v6"]:
                self.ttls["v6"].add(data[7])


def directors(net):
    """Both."""
    return [net.machines[name] for name in DIRECTORS]


def test_marked_services_serve_from_both_and_nothing_loops(net):
    """By either director, both families, and each packet crosses the LAN once."""
    with done_on(directors(net), ON_DIRECTOR, OFF_DIRECTOR):
        net.configure(SERVICES)
        net.wait_names({"r1", "r2"})
        for name in DIRECTORS:
            with TtlRecord(net.r1) as record:
                net.wait_names({"r1", "r2"})
            assert record.ttls == {"v4": {TTL}, "v6": {TTL}}, f"{name}: {record.ttls}"
            if name == "r1":
                net.r1.configure("interface eth0", "vrrp 10 shutdown")
                net.wait_vip_at("r2")


@pytest.mark.parametrize("always", (False, True), ids=("following", "always"))
def test_without_marks_services_loop_only_if_they_are_always_there(net, always):
    """What the marks are for; and that this test would see a loop."""
    lines = [line for line in SERVICES if "server" in line or "scheduler" in line]
    create = [
        f"ipvs service web4 tcp {VIP['v4']} 80",
        f"ipvs service web6 tcp {VIP['v6']} 80",
    ]
    if always:
        lines += ["ipvs service web4 always", "ipvs service web6 always"]
    unmarked = ON_DIRECTOR[3:]
    with done_on(directors(net), unmarked, OFF_DIRECTOR[1:]):
        net.configure(create + lines)
        if not always:
            net.wait_names({"r1", "r2"})
        with TtlRecord(net.r1) as record:
            for family in VIP:
                net.names(family, 4)
        for family, ttls in record.ttls.items():
            assert (min(ttls) < TTL) == always, f"{family}: {ttls}"
