# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 300
"""
What a router must not believe changes nothing, and is counted once.

r2 has a virtual router of each kind: multicast and unicast, IPv4 and IPv6, and one
of version 2. h1 sends it what comes from the wrong place, is damaged or is delivered
the wrong way, once as the best of all routers and once as one that leaves. Whether
r2 is Active or h1 is, all that r2 tells of itself stays as it was, but one counter.
What it warns of is another matter (topotests/reports).
"""
from collections import namedtuple

import pytest

from helpers import packet, rival, topology
from helpers.wait import differs, wait_for

NODES = {}
STRANGER = {"v4": "192.0.2.66", "v6": "2001:db8:1::66"}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
OURS = {"v4": "192.0.2.1", "v6": "2001:db8:1::1"}
GROUP = {"v4": "224.0.0.18", "v6": "ff02::12"}
SIDE = "198.51.100.9"

THREE, SIX, TWO = (10, "v4"), (20, "v6"), (30, "v4")
UNICAST4, UNICAST6 = (40, "v4"), (40, "v6")
VIPS = {
    THREE: ("192.0.2.10",),
    SIX: ("fe80::20", "2001:db8:1::20"),
    TWO: ("192.0.2.30",),
    UNICAST4: ("203.0.113.40",),
    UNICAST6: ("2001:db8:ffff::40",),
}
VERSION_3 = tuple(router for router in VIPS if router != TWO)
SIDES = ((70, "v4"), (70, "v6"))

# counter: of which verdict; blamed: is it the virtual router's, or of no one's;
# wrong: what is not as it should be (send() says what can be)
Forgery = namedtuple("Forgery", "router counter blamed wrong")


def build(tgen):
    """A router and a host on two links."""
    tgen.add_router("r2")
    tgen.add_host("h1", f"{HOST['v4']}/24", f"via {OURS['v4']}")
    for switch in ("lan", "side"):
        tgen.add_switch(switch)
        for name in ("r2", "h1"):
            topology.link(tgen, name, switch)


def setup_module(module):
    """Once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, {"r2": ("vrrpd",)}))
    h1 = NODES["h1"]
    h1.must_run(f"ip address add {STRANGER['v4']}/24 dev h1-lan")
    h1.must_run(f"ip address add {SIDE}/24 dev h1-side")
    for address in (HOST["v6"], STRANGER["v6"]):
        h1.must_run(f"ip -6 address add {address}/64 dev h1-lan nodad")
    for vrid, family in (*VIPS, *SIDES):
        NODES["r2"].wait_state("Active", [family], vrid)


def teardown_module():
    """Takes it down."""
    topology.stop()


def link_local(name, ifname):
    """The link-local address of a node on a link."""
    addresses = NODES[name].addresses(ifname)
    return next(a.split("/")[0] for a in addresses if a.startswith("fe80:"))


def is_unicast(router):
    """It has a peer."""
    return router in (UNICAST4, UNICAST6)


def honest_source(router, ifname):
    """Where an advertisement for it comes from."""
    if router[1] == "v6" and not is_unicast(router):
        return link_local("h1", ifname)
    return SIDE if ifname == "h1-side" else HOST[router[1]]


def source_of(router):
    """Where r2's advertisements come from."""
    if router[1] == "v6" and not is_unicast(router):
        return link_local("r2", "r2-lan")
    return OURS[router[1]]


def send(router, priority, **wrong):
    """
    h1 sends an advertisement; wrong overrides source, destination (to_source: r2's
    own), ttl, ifname, vrid, addresses, cut (octets that are missing), and what
    packet.advert() lets.
    """
    ifname = wrong.pop("ifname", "h1-lan")
    to_source = wrong.pop("to_source", is_unicast(router))
    destination = source_of(router) if to_source else GROUP[router[1]]
    destination = wrong.pop("destination", destination)
    source = wrong.pop("source", None) or honest_source(router, ifname)
    ttl, cut = wrong.pop("ttl", 255), wrong.pop("cut", 0)
    vrid = wrong.pop("vrid", router[0])
    addresses = wrong.pop("addresses", VIPS.get(router))
    if router == TWO:
        wrong = {"version": 2, "interval_cs": 100, **wrong}
    payload = packet.advert(source, destination, vrid, priority, addresses, **wrong)
    payload = payload[: len(payload) - cut]
    packet.send(NODES["h1"], source, destination, payload, ttl, ifname)


# The output of r2 about itself


TIMES = ("since", "lastHeardMsec", "ageMsec")
# what "since" says, by a clock that others set
WALL_TIMES = ("stateSince",)
SENT = ("adverTx", "sent", "advertisementSent")
# it announces its addresses again from time to time (vrrp_repeat.h)
ANNOUNCED = ("garpTx", "neighborAdverTx", "announcementsSent")
# of how busy the machine is; and sentences about what was discarded
ASIDE = ("sentLate", "warnings")


def told(leaf=(), value=None):
    """All that r2 tells, as {path: value}."""
    if value is None:
        r2 = NODES["r2"]
        groups = {str(vrid): group for vrid, group in r2.groups().items()}
        statistics = r2.show_json("vrrpd", "show vrrp statistics json")
        value = {"groups": groups, "strays": statistics.get("strays", {})}
    if isinstance(value, list):
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        return {leaf: value}
    found = {}
    for name, item in value.items():
        if name in ASIDE:
            continue
        found.update(told((*leaf, name), "" if item is None else item))
    return found


def counter_path(forgery):
    """Where the counter of a forgery is."""
    vrid, family = forgery.router
    if forgery.blamed:
        return ("groups", str(vrid), family, "statistics", forgery.counter)
    return ("strays", "ipv4" if family == "v4" else "ipv6", forgery.counter)


def changes(before, after):
    """{path: (before, after)} of what is not time passing or r2 sending."""
    found = {}
    for path in {*before, *after}:
        old, new = before.get(path), after.get(path)
        if old == new or path[-1] in (*SENT, *ANNOUNCED, *WALL_TIMES):
            continue
        if path[-1] in TIMES and old is not None and new is not None and new > old:
            continue
        found[path] = (old, new)
    return found


def assert_counted_and_no_more(forgery):
    """As the best of all, and as one that leaves."""
    path = counter_path(forgery)
    before = told()
    for priority in (255, 0):
        send(forgery.router, priority, **forgery.wrong)
    count = before[path]
    wait_for(
        f"{forgery.counter} goes from {count} to {count + 2}",
        lambda: differs(told()[path], count + 2),
        timeout=20,
    )
    assert changes(before, told()) == {path: (count, count + 2)}


# Forgeries


def forgeries():
    """Those of version 3: {name: Forgery}."""
    found = {}
    for router, name in ((THREE, "multicast IPv4"), (SIX, "multicast IPv6")):
        found[f"{name} from further away"] = Forgery(
            router, "ipTtlErrors", False, {"ttl": 254}
        )
        found[f"{name} from another link"] = Forgery(
            router, "vridErrors", False, {"ifname": "h1-side"}
        )
        found[f"{name} by unicast"] = Forgery(
            router, "modeMismatchErrors", True, {"to_source": True}
        )
    found["multicast IPv6 by unicast to what is no source"] = Forgery(
        SIX, "modeMismatchErrors", True, {"destination": OURS["v6"]}
    )
    for router, name in ((UNICAST4, "unicast IPv4"), (UNICAST6, "unicast IPv6")):
        found[f"{name} from a stranger"] = Forgery(
            router, "peerSourceErrors", True, {"source": STRANGER[router[1]]}
        )
        found[f"{name} by multicast"] = Forgery(
            router, "modeMismatchErrors", True, {"destination": GROUP[router[1]]}
        )
    for name in list(found):
        router, kind = found[name].router, " ".join(name.split()[:2])
        found[f"{kind} with a bad checksum"] = Forgery(
            router, "checksumErrors", False, {"checksum": 0x1234}
        )
    return found


FORGERIES = forgeries()
FORGERIES_2 = {
    "wrong VRID": ("vridErrors", False, {"vrid": 99}),
    "version 3": ("versionErrors", True, {"version": 3}),
    "another type": ("invalidTypePktsRcvd", False, {"kind": 2}),
    "TTL 254": ("ipTtlErrors", False, {"ttl": 254}),
    "bad checksum": ("checksumErrors", False, {"checksum": 0x1234}),
    "authentication": ("authTypeErrors", True, {"auth": 1}),
    "no room for authentication": ("packetLengthErrors", False, {"cut": 8}),
    "another interval": ("intervalErrors", True, {"interval_cs": 200}),
    "unicast": ("modeMismatchErrors", True, {"to_source": True}),
}


def say_seldom(router):
    """h1 is better than r2, and seldom heard."""
    send(router, 254, interval_cs=rival.INTERVAL_CS)


@pytest.fixture(name="role", scope="module", params=("Active", "Backup"))
def fixture_role(request):
    """r2's; as Backup it goes by an h1 that is seldom heard."""
    if request.param == "Active":
        yield "Active"
        return
    rival.follow(NODES["r2"], VERSION_3, say_seldom)
    yield "Backup"
    for router in VERSION_3:
        send(router, 254, interval_cs=10)
        send(router, 0)
        NODES["r2"].wait_state("Active", [router[1]], router[0])


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_advertisement_changes_nothing_and_is_counted(role, name):
    """In either role."""
    vrid, family = FORGERIES[name].router
    if role == "Backup":
        rival.remind(NODES["r2"], VERSION_3, say_seldom)
    assert NODES["r2"].state(family, vrid) == role
    assert_counted_and_no_more(FORGERIES[name])


@pytest.mark.parametrize("name", FORGERIES_2)
def test_version_2_advertisement_that_is_not_as_ours_is_counted(name):
    """While r2 is Active."""
    assert NODES["r2"].state("v4", TWO[0]) == "Active"
    assert_counted_and_no_more(Forgery(TWO, *FORGERIES_2[name]))


def test_version_2_advertisement_of_other_addresses_is_counted():
    """Unless the owner sends it."""
    path = counter_path(Forgery(TWO, "addressListErrors", True, {}))
    before = told()
    send(TWO, 254, addresses=("192.0.2.31",))
    wait_for("it is counted", lambda: differs(told()[path], before[path] + 1))
    assert changes(before, told()) == {path: (before[path], before[path] + 1)}
    send(TWO, 255, addresses=("192.0.2.31",))
    NODES["r2"].wait_state("Backup", ["v4"], TWO[0])
    NODES["r2"].wait_state("Active", ["v4"], TWO[0])


def test_version_2_advertisement_as_ours_is_believed():
    """So that the others mean something."""
    send(TWO, 254)
    NODES["r2"].wait_state("Backup", ["v4"], TWO[0])
    NODES["r2"].wait_state("Active", ["v4"], TWO[0])


def mode_mismatches(vrid):
    """{interface: how often its virtual router of that VRID was hit by the wrong mode}."""
    told = NODES["r2"].show_json("vrrpd", "show vrrp statistics json")["routers"]
    return {
        router["interface"]: router["statistics"]["modeMismatchErrors"]
        for router in told
        if router["vrid"] == vrid
    }


def test_a_source_that_two_links_have_is_blamed_on_its_own():
    """A link-local one; routers often have the same on each link."""
    r2, vrid, same = NODES["r2"], 21, "fe80::1"
    for ifname in ("r2-lan", "r2-side"):
        r2.must_run(f"ip -6 address add {same}/64 dev {ifname} nodad")
        r2.configure(
            f"interface {ifname}",
            f"vrrp {vrid} source {same}",
            f"vrrp {vrid} ipv6 fe80::{vrid}",
        )
    expected = {"r2-lan": 0, "r2-side": 0}
    wait_for("both are there", lambda: differs(mode_mismatches(vrid), expected))
    wait_for(f"both send from {same}", lambda: differs(sources(vrid), [same, same]))
    for ifname in ("lan", "side", "side"):
        expected[f"r2-{ifname}"] += 1
        send(
            (vrid, "v6"),
            200,
            ifname=f"h1-{ifname}",
            destination=same,
            addresses=(f"fe80::{vrid}",),
        )
        wait_for("it is counted", lambda: differs(mode_mismatches(vrid), expected))


def sources(vrid):
    """Where the advertisements of each Active virtual router of that VRID come from."""
    groups = NODES["r2"].show_json("vrrpd", "show vrrp json")
    routers = [group["v6"] for group in groups if group["vrid"] == vrid]
    return [r["primaryAddress"] for r in routers if r["state"] == "Active"]


MANY = range(100, 125)


def test_more_multicast_routers_than_one_socket_can_join():
    """The kernel lets a socket join on 20 links, unless FRR's test framework is about."""
    r2 = NODES["r2"]
    r2.must_run("sysctl -w net.ipv4.igmp_max_memberships=20")
    for vrid in MANY:
        r2.configure(
            "interface r2-side",
            f"vrrp {vrid} advertisement-interval 100",
            f"vrrp {vrid} ip 198.51.100.{vrid}",
        )
    for vrid in MANY:
        r2.wait_state("Active", ["v4"], vrid)
    for vrid in (MANY[0], MANY[-1]):
        wait_for(f"VRID {vrid} hears h1", lambda v=vrid: is_deaf(v))


def is_deaf(vrid):
    """A check, which says anew that h1 is better: r2 has heard it, and is Backup for a moment."""
    vips = (f"198.51.100.{vrid}",)
    send((vrid, "v4"), 254, ifname="h1-side", addresses=vips, interval_cs=rival.INTERVAL_CS)
    return differs(NODES["r2"].state("v4", vrid), "Backup")
