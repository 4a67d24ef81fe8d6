# SPDX-License-Identifier: GPL-2.0-or-later
"""The network: which nodes there are, how they are joined, and making it so.

    r1 ---- 10.1.1.0/24 ---- fabric ---- 10.1.2.0/24 ---- r2      OSPFv2, OSPFv3
      \\                                                   /
       10.1.101.0/24 -------- far -------- 10.1.102.0/24 -        BGP
                               |
                         10.1.200.0/24
                               |
                             client

Each node is a network namespace of its own, each line a veth pair; the end
that node X has towards Y is called to-Y. IPv6 is the same picture with
2001:db8:N::/64 for 10.1.N.0/24. r1 and r2 share no subnet: their advertisements
cross the fabric, which routes them. The VIP belongs to none of the subnets.

The client's way to the VIP is decided at far, which has a link to each site,
so the device of far's kernel route says to which site the traffic goes. The
fabric is a client as well, whose way is OSPF's.

Nothing here is undone: the lab's run lives in namespaces that end with it.
"""

import contextlib
import os
import subprocess
from typing import NamedTuple

FAMILIES = ("ipv4", "ipv6")
VIP = {"ipv4": "10.1.255.1", "ipv6": "2001:db8:255::1"}
ROUTERS = ("r1", "r2")
# Who pings the VIP, and by which protocol its way there is learnt.
CLIENTS = {"client": "BGP", "fabric": "OSPF"}
CLIENTS_SUBNETS = ("10.1.200.0/24", "2001:db8:200::/64")
NODES = ("r1", "r2", "fabric", "far", "client")

# The address each VRRP router sends its advertisements from.
ADVERTISER = {
    "10.1.1.1": "r1",
    "2001:db8:1::1": "r1",
    "10.1.2.1": "r2",
    "2001:db8:2::1": "r2",
}

# Routes that show that the routing protocols have converged: node, route.
UNDERLAY = (
    ("r1", "10.1.2.0/24"),
    ("r1", "2001:db8:2::/64"),
    ("r1", "10.1.200.0/24"),
    ("r1", "2001:db8:200::/64"),
    ("r2", "10.1.1.0/24"),
    ("r2", "2001:db8:1::/64"),
    ("r2", "10.1.200.0/24"),
    ("r2", "2001:db8:200::/64"),
)


class Link(NamedTuple):
    """A subnet; the left node is host 1 in it, the right one host 254."""

    net: int
    left: str
    right: str


LINKS = (
    Link(1, "r1", "fabric"),
    Link(2, "r2", "fabric"),
    Link(101, "r1", "far"),
    Link(102, "r2", "far"),
    Link(200, "client", "far"),
)

SYSCTLS = {
    "ipv4/ip_forward": "1",
    "ipv4/ping_group_range": "0 0",
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv6/conf/all/forwarding": "1",
    "ipv6/conf/default/forwarding": "1",
    # a host that loses its links keeps its addresses, as its operator means it to
    "ipv6/conf/all/keep_addr_on_down": "1",
    "ipv6/conf/default/keep_addr_on_down": "1",
    # an address that may be used at once, without duplicate detection
    "ipv6/conf/default/accept_dad": "0",
}


def other(router):
    """The one of the two that it is not."""
    return ROUTERS[1 - ROUTERS.index(router)]


def vip_prefix(family):
    """The VIP as a host route."""
    return VIP[family] + ("/32" if family == "ipv4" else "/128")


@contextlib.contextmanager
def inside(node):
    """Within this block, sockets and children of this thread are node's."""
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{node}") as there:
        os.setns(there.fileno(), os.CLONE_NEWNET)
        try:
            yield
        finally:
            os.setns(home.fileno(), os.CLONE_NEWNET)


def run_ip(lines):
    """Runs ip commands, one a line, in one process."""
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)


def _addresses(node):
    """The ip commands that give node's links their addresses."""
    for link in LINKS:
        for host, own, peer in (
            (1, link.left, link.right),
            (254, link.right, link.left),
        ):
            if own == node:
                yield f"link set to-{peer} up"
                yield f"address add 10.1.{link.net}.{host}/24 dev to-{peer}"
                yield f"address add 2001:db8:{link.net}::{host}/64 dev to-{peer} nodad"


def _set_sysctls(node):
    """Before node's links are made, because they start with the defaults."""
    with inside(node):
        for name, value in SYSCTLS.items():
            with open(f"/proc/sys/net/{name}", "w") as sysctl:
                sysctl.write(value)


def _furnish(node, vip_device):
    """Gives node its addresses, and the client its way out."""
    lines = ["link set lo up", *_addresses(node)]
    if node == "client":
        lines.append("route add default via 10.1.200.254")
        lines.append("route add ::/0 via 2001:db8:200::254")
    elif node in ROUTERS and vip_device:
        lines += [f"link add vip0 type {vip_device}", "link set vip0 up"]
    with inside(node):
        run_ip(lines)


def build(vip_device=None):
    """Makes all nodes and links.

    vip_device is the kind of device to make for the VIPs, for kernels that
    have no dummy devices; without it vrrpd makes its own.
    """
    run_ip([f"netns add {node}" for node in NODES])
    for node in NODES:
        _set_sysctls(node)
    run_ip(
        f"link add to-{link.right} netns {link.left} type veth"
        f" peer name to-{link.left} netns {link.right}"
        for link in LINKS
    )
    for node in NODES:
        _furnish(node, vip_device)
