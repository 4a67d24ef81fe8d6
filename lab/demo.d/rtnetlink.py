# SPDX-License-Identifier: GPL-2.0-or-later
"""Just enough of rtnetlink(7) to hear routes and addresses come and go.

A listener is a socket of the namespace it was opened in. What it yields are
plain values: the prefix of a route with the names of the devices it leads to,
or an address with the name of its device.
"""

import ipaddress
import socket
import struct
from typing import NamedTuple

NETLINK_ROUTE = 0
GROUP_IPV4_ADDRESS = 0x10
GROUP_IPV4_ROUTE = 0x40
GROUP_IPV6_ADDRESS = 0x100
GROUP_IPV6_ROUTE = 0x400

NEW_ADDRESS, DELETE_ADDRESS = 20, 21
NEW_ROUTE, DELETE_ROUTE = 24, 25

IFA_ADDRESS, IFA_LOCAL = 1, 2
RTA_DST, RTA_OIF, RTA_MULTIPATH, RTA_TABLE = 1, 4, 9, 15
MAIN_TABLE = 254
SO_RCVBUFFORCE = 33


class RouteChange(NamedTuple):
    """A route of the main table was set (or replaced), or went."""

    present: bool
    prefix: str
    devices: list


class AddressChange(NamedTuple):
    """An address was added (or refreshed), or went."""

    present: bool
    address: str
    device: str


def open_listener(groups):
    """A socket that hears the given groups, in the present namespace."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20)
    sock.setblocking(False)
    sock.bind((0, groups))
    return sock


def _aligned(length):
    return (length + 3) & ~3


def _attributes(data):
    """The attributes in data, by type."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[_aligned(length) :]
    return found


def _hops(data):
    """The interface indexes in an RTA_MULTIPATH attribute."""
    while len(data) >= 8:
        length, _, _, index = struct.unpack_from("HBBi", data)
        yield index
        data = data[max(_aligned(length), 8) :]


def _route(kind, body, names):
    """The RouteChange in one message, or None."""
    family, length, _, _, table = struct.unpack_from("BBBBB", body)
    attributes = _attributes(body[12:])
    if RTA_TABLE in attributes:
        (table,) = struct.unpack("I", attributes[RTA_TABLE])
    if table != MAIN_TABLE or RTA_DST not in attributes:
        return None
    if family not in (socket.AF_INET, socket.AF_INET6):
        return None
    indexes = [*_hops(attributes.get(RTA_MULTIPATH, b""))]
    if RTA_OIF in attributes:
        indexes.append(struct.unpack("i", attributes[RTA_OIF])[0])
    prefix = f"{ipaddress.ip_address(attributes[RTA_DST])}/{length}"
    devices = sorted(names.get(index, str(index)) for index in indexes)
    return RouteChange(kind == NEW_ROUTE, prefix, devices)


def _address(kind, body, names):
    """The AddressChange in one message, or None."""
    _, _, _, _, index = struct.unpack_from("BBBBI", body)
    attributes = _attributes(body[8:])
    octets = attributes.get(IFA_LOCAL) or attributes.get(IFA_ADDRESS)
    if octets is None:
        return None
    address = str(ipaddress.ip_address(octets))
    return AddressChange(kind == NEW_ADDRESS, address, names.get(index, str(index)))


_PARSERS = {
    NEW_ROUTE: _route,
    DELETE_ROUTE: _route,
    NEW_ADDRESS: _address,
    DELETE_ADDRESS: _address,
}


def parse(data, names):
    """The changes in one datagram; names are the devices' by their index."""
    while len(data) >= 16:
        length, kind = struct.unpack_from("IH", data)
        if length < 16:
            return
        if kind in _PARSERS:
            change = _PARSERS[kind](kind, data[16:length], names)
            if change is not None:
                yield change
        data = data[_aligned(length) :]
