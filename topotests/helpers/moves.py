# SPDX-License-Identifier: GPL-2.0-or-later
"""
The network of topotests/crossvip, to move VIPs between its routers r1 and r2.

h1 reaches the VIPs by BGP and OSPF, core by OSPF alone. A test folder that uses it has links to
the configurations of topotests/crossvip.
"""
from contextlib import contextmanager

from helpers import topology
from helpers.wait import differs, wait_for

DAEMONS = {
    "r1": ("ospfd", "ospf6d", "bgpd", "vrrpd"),
    "r2": ("ospfd", "ospf6d", "bgpd", "vrrpd"),
    "core": ("staticd", "ospfd", "ospf6d"),
    "far": ("staticd", "bgpd"),
}
LINKS = (("r1", "core"), ("r2", "core"), ("core", "far"), ("far", "h1"))
CLIENT = (
    "ip -6 address add 2001:db8:4::2/64 dev h1-far nodad",
    "ip -6 route add default via 2001:db8:4::1",
)
VIPS = {"203.0.113.10": "v4", "2001:db8:ffff::10": "v6"}
PREFIXES = {"203.0.113.10/32": "ipv4", "2001:db8:ffff::10/128": "ipv6"}
NEXT_AS = {"r1": "65001", "r2": "65002"}
# as their files have it
ADVERTISES_MSEC = 200
SELDOM_MSEC = 1000
GROUP = {"r1": "interface r1-core", "r2": "interface r2-core"}


def build(tgen):
    """That of topotests/crossvip."""
    for name in DAEMONS:
        tgen.add_router(name)
    tgen.add_host("h1", "192.0.2.130/26", "via 192.0.2.129")
    for pair in LINKS:
        topology.link(tgen, *pair)


def start(modname):
    """Starts it all; returns the nodes by name."""
    nodes = topology.start(build, modname, DAEMONS)
    for command in CLIENT:
        nodes["h1"].must_run(command)
    return nodes


def typed(nodes, name, line):
    """Somebody configures the group of a router."""
    nodes[name].configure(GROUP[name], f"vrrp 10 {line}")


@contextmanager
def seldom(nodes):
    """Both advertise each second, so that nobody moves because a machine stalls."""
    for name in GROUP:
        typed(nodes, name, f"advertisement-interval {SELDOM_MSEC}")
    try:
        for name in GROUP:  # which takes effect when nobody has typed for a while
            wait_for(f"{name} has settled", lambda n=name: unsettled(nodes[n]))
        yield
    finally:
        for name in GROUP:
            typed(nodes, name, f"advertisement-interval {ADVERTISES_MSEC}")


def unsettled(router):
    """A check: both families go by SELDOM_MSEC, and nothing waits to take effect."""
    told = [router.family(family) for family in VIPS.values()]
    waiting = [text for one in told for text in one["warnings"] if "take effect" in text]
    return waiting or differs({one["masterAdverInterval"] for one in told}, {SELDOM_MSEC})


def converge(nodes, active, backup, state="Backup"):
    """
    The one is Active, the other in that state (None: whichever, if any) and has nothing left, and
    far knows.
    """
    nodes[active].wait_state("Active")
    if state:
        nodes[backup].wait_state(state)
    wait_for(f"{backup} has nothing left", lambda: left(nodes[backup]))
    wait_far_has(nodes, active)


def wait_far_has(nodes, name):
    """far has the VIPs from that router alone."""
    for prefix, family in PREFIXES.items():
        wait_for(
            f"far has {prefix} from {name} alone",
            lambda p=prefix, f=family: differs(
                origins(nodes["far"], f, p), [NEXT_AS[name]]
            ),
        )


def origins(far, family, prefix):
    """Whose paths far has."""
    found = far.show_json("bgpd", f"show bgp {family} unicast {prefix} json")
    return [path["aspath"]["string"] for path in found.get("paths", [])]


def left(router):
    """A check: what the router has of the VIPs in kernel and zebra."""
    for vip in VIPS:
        found = router.must_run(f"ip -o address show to {vip}")
        found += router.must_run(f"ip route show table all match {vip} proto 112")
        if found.strip():
            return found
    shown = router.must_run(
        "vtysh -d zebra -c 'show ip route table 112' -c 'show ipv6 route table 112'"
    )
    return shown if "203.0.113.10" in shown or "2001:db8:ffff" in shown else None
