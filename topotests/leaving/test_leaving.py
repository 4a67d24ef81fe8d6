# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs macvlan ns veth
# timeout: 600
"""
Whatever makes an Active router give up: what it does, it does in the order that
doc/user/how-it-works.md promises.

    r1 == eth0 == r2
       == eth1 ==

The group is on eth0 of r1 and eth1 of r2. Its sources are on lo, and r1 and r2 reach each other
by eth1, so that r1 can still send priority 0 when its interface is down. Every test finds r1
Active and r2 Backup, and reads a record of what r1 said, withdrew and removed.
"""
import signal
from collections import namedtuple

import pytest

from helpers.ipvs import services as kernel_services
from helpers.namespace import Namespace, link
from helpers.order import Order
from helpers.wait import differs, wait_for

R1, R2 = Namespace("r1"), Namespace("r2")
VIPS = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
OWN = {R1: ("192.0.2.193", "2001:db8:a::1"), R2: ("192.0.2.194", "2001:db8:a::2")}
NUMBER = {R1: 1, R2: 2}
PRIORITY = {R1: 200, R2: 100}
GROUP = {R1: "interface eth0", R2: "interface eth1"}

ORDER = []

RELEASE, ROUTE, ADDRESS = "priority 0", "route withdrawn", "address gone"
SERVICE = "service gone"
LAST_WORD = f"priority {PRIORITY[R1]}"
STEPS = RELEASE, ROUTE, ADDRESS, SERVICE
HANDED_OVER = [RELEASE, ROUTE, ADDRESS, SERVICE]
# a link that goes down loses its IPv6 addresses, and one that is deleted all, at once
BY_KERNEL = [RELEASE, ROUTE, SERVICE]
GAVE_WAY = [ROUTE, ADDRESS, SERVICE, LAST_WORD]
# a service whose address no group has is always in the kernel
WITHOUT_GROUP = [RELEASE, ROUTE, ADDRESS]


def group(machine, peer):
    """The lines of one of the two routers."""
    yield f"vrrp 10 priority {PRIORITY[machine]}"
    yield "vrrp 10 advertisement-interval 1000"
    yield "vrrp 10 drain 0"
    for own, other in zip(OWN[machine], OWN[peer]):
        yield f"vrrp 10 source {own}"
        yield f"vrrp 10 peer {other}"
    yield "vrrp 10 ip 203.0.113.10"
    yield "vrrp 10 ipv6 2001:db8:ffff::10"


def services(machine):
    """A service on each VIP; a server that is the machine itself needs no forwarding."""
    for family, vip, own in zip(VIPS, VIPS.values(), OWN[machine]):
        yield f"ipvs service {family} tcp {vip} 80"
        yield f"ipvs service {family} server {own} 80"


def connect(machine, peer):
    """Addresses, and the way to the peer's."""
    own, other, (peer4, peer6) = NUMBER[machine], NUMBER[peer], OWN[peer]
    for address in OWN[machine]:
        machine.must_run(f"ip address add {address} dev lo")
    for n, ifname in enumerate(("eth0", "eth1")):
        machine.must_run(
            f"ip address add 192.0.2.{64 * n + own}/26 dev {ifname};"
            f"ip address add 2001:db8:{n}::{own}/64 dev {ifname} nodad"
        )
    machine.must_run(
        f"ip route add {peer4} via 192.0.2.{64 + other};"
        f"ip route add {peer6} via 2001:db8:1::{other}"
    )


def setup_module():
    """Two routers, and two links between them."""
    for machine in (R1, R2):
        machine.build()
    for ifname in ("eth0", "eth1"):
        link(ifname, R1, ifname, R2)
    for machine, peer in ((R1, R2), (R2, R1)):
        connect(machine, peer)
        machine.write_conf(
            GROUP[machine], *group(machine, peer), "exit", *services(machine)
        )
        machine.start("zebra", "vrrpd")
    ORDER.append(Order(R1, VIPS))


def teardown_module():
    """Nothing is left."""
    for order in ORDER:
        order.close()
    for machine in (R1, R2):
        machine.demolish()


def place(placement):
    """Both routers have their VIPs there, r1 is Active, and its zebra has the routes."""
    for machine in (R1, R2):
        if machine.family("v4").get("placement") != placement:
            machine.configure(GROUP[machine], f"vrrp 10 placement {placement}")
    R1.wait_state("Active")
    R2.wait_state("Backup")
    wait_for("zebra has the routes", lambda: differs(announced(), set(VIPS.values())))
    wait_for("IPVS has the services", lambda: differs(len(kernel_services(R1)), len(VIPS)))


def announced():
    """The VIPs that r1 has and announces."""
    shown = R1.show_json("vrrpd", "show vrrp vip json")
    return {vip["address"] for vip in shown if vip["installed"] and vip["announced"]}


# How to leave, and how to come back


def typed(*lines, on=R1):
    """Somebody who configures the group."""
    return lambda: on.configure(GROUP[on], *lines)


def ran(*commands):
    """Somebody who does something else to r1."""

    def run():
        for command in commands:
            R1.must_run(command)

    return run


def without_group():
    """frr-reload, with a file that has no group."""
    lines = "\\n".join(["interface eth0", "description none", "exit", *services(R1), ""])
    reload = "/usr/lib/frr/frr-reload.py --reload -N r1 --daemon vrrpd"
    R1.must_run(f"printf '{lines}' >/tmp/r1/none.conf; {reload} /tmp/r1/none.conf")


def all_of_it():
    """The whole group anew."""
    R1.configure(GROUP[R1], *group(R1, R2))


def another_link_for_vip0():
    """Something that cannot carry VIPs has its name, before anybody sees that vip0 went."""
    R1.signal("vrrpd", signal.SIGSTOP)
    try:
        R1.must_run("ip link delete vip0; ip link add vip0 type veth peer name veth9")
    finally:
        R1.signal("vrrpd", signal.SIGCONT)


def as_an_advertisement_is_due():
    """vip0 goes down, and is seen to have, together with the alarm for an advertisement."""
    R1.signal("vrrpd", signal.SIGSTOP)
    try:
        wait_for("r2 misses one", lambda: None if silent_msec() > 1000 else silent_msec())
        R1.must_run("ip link set vip0 down")
    finally:
        R1.signal("vrrpd", signal.SIGCONT)


def silent_msec():
    """So long r2 has not heard r1."""
    return min(R2.family(family)["peers"][0]["ageMsec"] for family in VIPS)


def stopped():
    """SIGTERM."""
    R1.stop("vrrpd")
    assert not R1.has_logged("Received signal"), "it crashed"


def started():
    """And again."""
    R1.start("vrrpd")


def on_sources(verb):
    """Both sources come or go."""
    return ran(*(f"ip address {verb} {address} dev lo" for address in OWN[R1]))


Way = namedtuple("Way", "leave back v4 v6")
WAYS = {
    "preempted": Way(
        typed("vrrp 10 priority 254", on=R2),
        typed("vrrp 10 priority 100", on=R2),
        GAVE_WAY,
        GAVE_WAY,
    ),
    "priority lowered": Way(
        typed("vrrp 10 priority 50"),
        typed("vrrp 10 priority 200"),
        [ROUTE, ADDRESS, SERVICE, "priority 50"],
        [ROUTE, ADDRESS, SERVICE, "priority 50"],
    ),
    "shutdown": Way(
        typed("vrrp 10 shutdown"), typed("no vrrp 10 shutdown"), HANDED_OVER, HANDED_OVER
    ),
    "removed by command": Way(typed("no vrrp 10"), all_of_it, WITHOUT_GROUP, WITHOUT_GROUP),
    "removed by file": Way(without_group, all_of_it, WITHOUT_GROUP, WITHOUT_GROUP),
    "peers removed": Way(
        typed(*(f"no vrrp 10 peer {address}" for address in OWN[R2])),
        typed(*(f"vrrp 10 peer {address}" for address in OWN[R2])),
        HANDED_OVER,
        HANDED_OVER,
    ),
    "VIPs removed": Way(
        typed("no vrrp 10 ip 203.0.113.10", "no vrrp 10 ipv6 2001:db8:ffff::10"),
        typed("vrrp 10 ip 203.0.113.10", "vrrp 10 ipv6 2001:db8:ffff::10"),
        HANDED_OVER,
        HANDED_OVER,
    ),
    "daemon stopped": Way(stopped, started, HANDED_OVER, HANDED_OVER),
    "interface down": Way(
        ran("ip link set eth0 down"),
        ran("ip link set eth0 up"),
        HANDED_OVER,
        HANDED_OVER,
    ),
    # from an address that the host has not got it says nothing
    "source gone": Way(
        on_sources("delete"),
        on_sources("add"),
        [ROUTE, ADDRESS, SERVICE],
        [ROUTE, ADDRESS, SERVICE],
    ),
    "vip0 down": Way(
        ran("ip link set vip0 down"),
        ran("ip link set vip0 up"),
        HANDED_OVER,
        BY_KERNEL,
    ),
    "vip0 down, an advertisement due": Way(
        as_an_advertisement_is_due,
        ran("ip link set vip0 up"),
        HANDED_OVER,
        BY_KERNEL,
    ),
    "vip0 deleted": Way(
        another_link_for_vip0,
        ran("ip link delete vip0"),
        BY_KERNEL,
        BY_KERNEL,
    ),
}

ON_DUMMY = [("vip-interface", name) for name in WAYS]
ON_LAN = [
    (placement, name)
    for placement in ("interface", "vmac")
    for name in ("preempted", "shutdown", "daemon stopped", "interface down")
]


@pytest.mark.parametrize("placement,name", ON_DUMMY + ON_LAN)
def test_order_of_leaving(placement, name):
    """Said first, then withdrawn, then removed; nothing twice, and nothing left out."""
    place(placement)
    way = WAYS[name]
    expected = {"v4": way.v4, "v6": way.v6}
    if (placement, name) == ("interface", "interface down"):
        expected["v6"] = BY_KERNEL
    with ORDER[0] as order:
        way.leave()
        try:
            R2.wait_state("Active")
            wait_for("r1 has done it all", lambda: differs(stories(order, expected), expected))
        finally:
            way.back()
    R1.wait_state("Active")


def stories(order, expected):
    """The records of both families from the first step of leaving on."""
    return {f: left(order.story(f), ADDRESS in expected[f]) for f in VIPS}


def left(story, with_addresses):
    """The end of a story; when the kernel takes addresses, when is not asked."""
    told = [what for what in story if with_addresses or what != ADDRESS]
    first = next((n for n, what in enumerate(told) if what in STEPS), len(told))
    return told[first:]
