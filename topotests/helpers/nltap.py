# SPDX-License-Identifier: GPL-2.0-or-later
"""
What a machine's programs asked of their kernel by netlink, in the order they asked.

An nlmon device shows every message as a packet, so order is a matter of record.
Only requests are kept, and of those the ones about addresses and IPVS, as words:
"add address v4", "delete service v6", "start daemon".
"""
import select
import socket
import struct

from helpers.events import attributes
from helpers.listen import SO_RCVBUFFORCE, socket_in

ETH_P_ALL, NLM_F_REQUEST = 0x0003, 1
NETLINK_ROUTE, NETLINK_GENERIC, GENL_ID_CTRL = 0, 16, 16
ROUTE = {20: "add address", 21: "delete address"}
FAMILIES = {socket.AF_INET: " v4", socket.AF_INET6: " v6"}
# enums of linux/ip_vs.h
IPVS_SERVICE, IPVS_SERVICE_AF = 1, 1
IPVS = {
    1: "add service",
    2: "change service",
    3: "delete service",
    5: "add server",
    6: "change server",
    7: "delete server",
    9: "start daemon",
    10: "stop daemon",
}


class Tap:
    """Records while its with-block runs."""

    def __init__(self, node):
        self.node = node
        self.requests = []

    def __enter__(self):
        self.node.must_run("ip link add nltap type nlmon; ip link set nltap up")
        self._sock = socket_in(
            self.node, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
        )
        self._sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self._sock.bind(("nltap", ETH_P_ALL))
        return self

    def __exit__(self, *_):
        while select.select([self._sock], [], [], 0)[0]:
            data, (_, protocol, *_) = self._sock.recvfrom(1 << 18)
            self.requests += asked(protocol, data)
        self._sock.close()
        self.node.must_run("ip link delete nltap")

    def first(self, what):
        """The place of the first such request; fails when there was none."""
        assert what in self.requests, f"no '{what}' among {self.requests}"
        return self.requests.index(what)

    def last(self, what):
        """The place of the last."""
        self.first(what)
        return len(self.requests) - 1 - self.requests[::-1].index(what)


def asked(protocol, data):
    """What a netlink packet of this protocol asks for, as words."""
    found = [_meaning(protocol, kind, body) for kind, body in _requests(data)]
    return [what for what in found if what]


def _meaning(protocol, kind, body):
    if protocol == NETLINK_ROUTE and kind in ROUTE:
        return ROUTE[kind] + FAMILIES[body[0]]
    if protocol == NETLINK_GENERIC and kind != GENL_ID_CTRL and body[0] in IPVS:
        return IPVS[body[0]] + _ipvs_family(body[4:])
    return None


def _ipvs_family(data):
    service = attributes(data).get(IPVS_SERVICE)
    if service is None:
        return ""
    return FAMILIES[struct.unpack("=H", attributes(service)[IPVS_SERVICE_AF][:2])[0]]


def _requests(data):
    """(type, body) of each request of a datagram."""
    while len(data) >= 17:
        length, kind, flags = struct.unpack_from("=IHH", data)
        if flags & NLM_F_REQUEST:
            yield kind, data[16:length]
        data = data[(length + 3) & ~3 :]
