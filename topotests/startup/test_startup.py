# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 300
"""
When a virtual router with peers enters the election, and when it may preempt.

r1 has groups with the peer p1, or far1, which is p1 by the default route alone. p1
answers pings or not, and says of itself what a test wants; for one test it runs a vrrpd. Each
group that is configured is one that is about to leave Initialize.
"""
import threading
import time

import pytest

from helpers import packet
from helpers.frames import Echo
from helpers.namespace import Namespace, link
from helpers.recording import Recording
from helpers.wait import differs, stays, wait_for

R1, P1 = Namespace("r1"), Namespace("p1")
FAMILIES = ("v4", "v6")
OURS = {"v4": "192.0.2.1", "v6": "2001:db8:1::1"}
OTHER = "192.0.2.5"
PEER = {"v4": "192.0.2.2", "v6": "2001:db8:1::2"}
FAR = {"v4": "198.51.100.2", "v6": "2001:db8:2::2"}
INTERFACE = "interface r1-p1"
DEFAULT = ("ip route {} default via 192.0.2.2", "ip -6 route {} default via 2001:db8:1::2")
# less than a route has to be there with an election (3.6 s) after it, and much more than an
# election takes
SOON_SEC = 12
ROUTE_SEC = 10
# what p1 says of its interval: it may be late
SAID_CS = 100
# where nobody may move because a machine stalls
SELDOM_MSEC = 1000
HELD = "no-route-to-peers"


def setup_module():
    """A cable, zebra and vrrpd."""
    for machine in (R1, P1):
        machine.build()
    link("r1-p1", R1, "p1-r1", P1)
    R1.add_vip0()
    for machine, ifname, addresses in (
        (R1, "r1-p1", (*OURS.values(), OTHER)),
        (P1, "p1-r1", PEER.values()),
        (P1, "lo", FAR.values()),
    ):
        for address in addresses:
            length = "/64 nodad" if ":" in address else "/24"
            machine.must_run(f"ip address add {address}{length} dev {ifname}")
    for route in DEFAULT:
        R1.must_run(route.format("add"))
    R1.write_conf(f"ip router-id {OURS['v4']}")
    R1.start("mgmtd", "zebra", "staticd", "vrrpd")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, P1):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_nobody():
    """No groups, and p1 answers."""
    answering(True)
    yield
    R1.configure(INTERFACE, *(f"no vrrp {vrid}" for vrid in R1.groups()))


def answering(yes):
    """Whether p1 answers pings."""
    for name in ("ipv4.icmp_echo_ignore_all", "ipv6.icmp.echo_ignore_all"):
        P1.must_run(f"sysctl -qw net.{name}={int(not yes)}")


def vip(family, vrid):
    """Of a group."""
    return f"203.0.113.{vrid}" if family == "v4" else f"2001:db8:ffff::{vrid}"


def group(vrid, *more, peers=PEER, families=FAMILIES, msec=100):
    """Lines that configure one with a peer."""
    yield f"vrrp {vrid} advertisement-interval {msec}"
    yield from (f"vrrp {vrid} {line}" for line in more)
    for family in families:
        yield f"vrrp {vrid} peer {peers[family]}"
        yield f"vrrp {vrid} {'ip' if family == 'v4' else 'ipv6'} {vip(family, vrid)}"


def configure(*lines):
    """On the interface."""
    R1.configure(INTERFACE, *lines)


def holds(vrid, families=FAMILIES):
    """Of the families of a group."""
    return {R1.family(family, vrid).get("hold") for family in families}


def wait_held(vrid, hold=HELD, families=FAMILIES):
    """All families of a group are held by that."""
    wait_for(
        f"VRID {vrid} is held by {hold}",
        lambda: differs(holds(vrid, families), {hold}),
    )


def lines(words):
    """The lines of the log that have these words."""
    return [line for line in R1.log().splitlines() if words in line]


class Adverts(threading.Thread):
    """p1 is Active for VRID 10, with that priority, while the with-block runs."""

    def __init__(self, priority, sources=None):
        super().__init__(daemon=True)
        self.priority, self.ended = priority, threading.Event()
        self.sources = sources or PEER

    def run(self):
        while not self.ended.wait(0.1):
            advertise(self.priority, self.sources)

    def __enter__(self):
        self.start()

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def advertise(priority, sources):
    """One advertisement of p1 for each family of VRID 10."""
    for family in FAMILIES:
        source, destination = sources[family], OURS[family]
        vips = [vip(family, 10)]
        octets = packet.advert(
            source, destination, 10, priority, vips, interval_cs=SAID_CS
        )
        packet.send(P1, source, destination, octets, ttl=255)


def test_peer_that_answers_lets_it_enter_at_once():
    """By an echo each family sends, long before its route would count."""
    logged = len(lines("goes on alone"))
    answering(False)
    configure(*group(10))
    wait_held(10)
    answering(True)
    R1.wait_state("Active", timeout=SOON_SEC)
    assert len(lines("goes on alone")) == logged


def test_peer_that_is_the_router_itself_proves_nothing():
    """As a file may say: its own echo and its own advertisements are no other router's."""
    path = f"{R1.log_directory}/self.conf"
    own = group(10, "startup-hold 10", peers=OURS)
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join((INTERFACE, *own)) + "\n")
    R1.must_run(f"vtysh -N r1 -d vrrpd -f {path}")
    wait_held(10)
    stays("it is held", lambda: differs(holds(10), {HELD}), 2)
    R1.wait_state("Active")
    wait_for("it hears itself", lambda: differs(heard(10), {True}))
    for family in FAMILIES:
        warnings = R1.family(family, 10)["warnings"]
        assert any("is an address of this host" in w for w in warnings), warnings
        assert not any("reflects them" in w for w in warnings), warnings


def test_router_that_loses_its_way_before_it_hears_anybody_waits_again():
    """
    As when OSPF takes a route back, of r1 or of p1; one that has heard an Active router
    does not.
    """
    before = waited_again()
    own_route("")
    for show in (f"ip -4 route show {FAR['v4']}/32", f"ip -6 route show {FAR['v6']}/128"):
        wait_for("it is there", lambda s=show: None if R1.must_run(s) else f"{s}: nothing")
    configure(*group(10, "advertisement-interval 3000", peers=FAR))
    R1.wait_state("Backup", timeout=SOON_SEC)
    own_route("no ")
    wait_for("both wait again", lambda: differs(waited_again(), before + 2))
    R1.wait_state("Backup", timeout=SOON_SEC)  # by the default
    answering(False)
    wait_held(10)
    answering(True)
    R1.wait_state("Backup", timeout=SOON_SEC)
    with Adverts(200, FAR):
        wait_for("p1 is heard", lambda: differs(heard(10), {True}))
        answering(False)
        stays("it is Backup", lambda: differs(states(10), {"Backup"}), 3)
    assert waited_again() == before + 4


def waited_again():
    """How often a family did so far."""
    return len(lines("waits again: the way to its peers has gone"))


def own_route(no):
    """One to far1 of FRR's own comes, or goes; what is left is the default."""
    R1.configure_all(
        *(
            f"{no}{ip} route {FAR[family]}/{length} {PEER[family]}"
            for family, ip, length in (("v4", "ip", 32), ("v6", "ipv6", 128))
        )
    )


def default_route(verb):
    """It goes, or comes, and far1 with it."""
    for route in DEFAULT:
        R1.must_run(route.format(verb))


def heard(vrid):
    """Whether the peers of its families were."""
    return {R1.family(f, vrid)["peers"][0]["received"] > 0 for f in FAMILIES}


def test_preempt_delay_counts_from_when_the_way_opens():
    """Though r1 went on alone meanwhile, with a higher priority than p1, which is Active."""
    delay_sec = 5
    P1.add_vip0()
    P1.write_conf(f"ip router-id {FAR['v4']}")
    P1.start("zebra", "vrrpd")
    default_route("delete")
    P1.must_run("ip route add blackhole 192.0.2.1/32")
    try:
        P1.configure("interface p1-r1", *of_far())
        P1.wait_state("Active", ["v4"])
        more = ("priority 250", f"preempt delay {delay_sec}", "startup-hold 1")
        configure(*group(10, *more, peers=FAR, families=["v4"], msec=SELDOM_MSEC))
        R1.wait_state("Active", ["v4"])
        alone = R1.family("v4")
        P1.must_run("ip route delete blackhole 192.0.2.1/32")
        began = time.monotonic()
        default_route("add")
        R1.wait_state("Backup", ["v4"], timeout=SOON_SEC)
        before = P1.transitions()
        R1.wait_state("Active", ["v4"])
        assert time.monotonic() - began >= delay_sec
        assert before == [2, 0], "p1 stayed Active"
        assert R1.family("v4")["lastReason"] == "preempted"
        assert [seen["effectivePriority"] for seen in (alone, R1.family("v4"))] == [1, 250]
        assert "advertises priority 1" in " ".join(alone["warnings"])
    finally:
        P1.run("ip route delete blackhole 192.0.2.1/32")
        for route in DEFAULT:
            R1.run(route.format("replace"))
        P1.stop("vrrpd")
        P1.stop("zebra")


def of_far():
    """The group of p1, which says what far1 does."""
    yield f"vrrp 10 source {FAR['v4']}"
    yield f"vrrp 10 peer {OURS['v4']}"
    yield f"vrrp 10 ip {vip('v4', 10)}"
    yield f"vrrp 10 advertisement-interval {SELDOM_MSEC}"
    yield "vrrp 10 startup-hold 0"


def test_route_counts_after_ten_seconds_and_the_default_never():
    """With echoes filtered; a group that nothing helps goes on at the end of its hold."""
    hold_sec = ROUTE_SEC + 6
    answering(False)
    began = time.monotonic()
    configure(*group(10), *group(20, f"startup-hold {hold_sec}", peers=FAR))
    for vrid, peers, route in ((10, PEER, "192.0.2.0/24"), (20, FAR, "0.0.0.0/0")):
        wait_held(vrid)
        wait_for(
            f"VRID {vrid} says what it waits for",
            lambda v=vrid, p=peers, r=route: told_of(v, p["v4"], r),
        )
    R1.wait_state("Active", vrid=10)
    # the way may be known since the test before, which ended less than a second ago
    assert time.monotonic() - began >= ROUTE_SEC - 1
    assert holds(20) == {HELD}
    R1.wait_state("Active", vrid=20)
    assert time.monotonic() - began >= hold_sec
    for vrid, why in ((10, "after 10 s with a route"), (20, "its startup-hold is over")):
        words = f"vrrp r1-p1 {vrid} IPv4: no peer has answered an ICMP echo: goes on alone"
        wait_for("the log has it", lambda w=words: None if lines(w) else "nothing")
        assert why in lines(words)[-1]


def told_of(vrid, peer, route):
    """A check: the details of the hold name time, peer, route and echoes."""
    details = R1.family("v4", vrid).get("holdDetails", [])
    wanted = ("goes on alone in", f"peer {peer}: route {route}, ")
    missing = [w for w in wanted if not any(w in sentence for sentence in details)]
    return details if missing else None


def test_held_router_is_backup_of_who_is_active_and_does_not_preempt_unheard():
    """Then an answer comes, and it does. A farewell is no Active router."""
    answering(False)
    configure(*group(10, "priority 200"))
    wait_held(10)
    advertise(0, PEER)
    stays("it is held", lambda: differs(holds(10), {HELD}), 1)
    with Adverts(100):
        R1.wait_state("Backup", timeout=SOON_SEC)
        stays("it is Backup", lambda: differs(states(10), {"Backup"}), 2)
        assert "does not preempt" in " ".join(R1.family("v4")["warnings"])
        answering(True)
        R1.wait_state("Active", timeout=SOON_SEC)
    assert R1.family("v4")["lastReason"] == "preempted"
    assert "does not preempt" not in " ".join(R1.family("v4")["warnings"])


def test_held_router_takes_over_from_whom_it_heard_after_a_farewell_alone():
    """Silence may be a way that has gone, and it was never told that anybody hears it."""
    answering(False)
    configure(*group(10, "priority 200", peers=FAR))
    wait_held(10)
    for _ in range(2):
        with Adverts(100, FAR):
            R1.wait_state("Backup", timeout=SOON_SEC)
        wait_held(10)
    with Adverts(100, FAR):
        R1.wait_state("Backup", timeout=SOON_SEC)
    advertise(0, FAR)
    R1.wait_state("Active", timeout=SOON_SEC)


def states(vrid):
    """Of both families of a group."""
    return {R1.state(family, vrid) for family in FAMILIES}


def test_one_echo_a_second_for_each_pair_of_addresses():
    """Whatever the number of groups."""
    vrids, seconds = range(30, 40), 5
    answering(False)
    configure(*(line for vrid in vrids for line in group(vrid, "startup-hold 3600")))
    for vrid in vrids:
        wait_held(vrid)
    began = time.monotonic()
    recording = Recording(P1, "p1-r1")
    stays("all wait", lambda: differs(holds(vrids[0]), {HELD}), seconds)
    asked = [
        (seen.what.source, seen.what.destination)
        for seen in recording.take()
        if isinstance(seen.what, Echo) and seen.what.kind == "request"
    ]
    lasted = time.monotonic() - began
    for family in FAMILIES:
        count = asked.count((OURS[family], PEER[family]))
        assert seconds - 2 <= count <= lasted + 1, f"{count} echoes in {lasted} s, {family}"


def test_router_whose_source_is_back_waits_again_and_not_after_another_version():
    """The way may have gone with the source; a restart by configuration knows better."""
    configure(*group(10, f"source {OTHER}", families=["v4"]))
    R1.wait_state("Active", ["v4"], timeout=SOON_SEC)
    answering(False)
    configure("vrrp 10 advertisement-interval 1000", "vrrp 10 version 2")
    R1.wait_state("Active", ["v4"], timeout=SOON_SEC)
    R1.must_run(f"ip address delete {OTHER}/24 dev r1-p1")
    wait_held(10, "no-source-address", ["v4"])
    R1.must_run(f"ip address add {OTHER}/24 dev r1-p1")
    wait_held(10, families=["v4"])
    answering(True)
    R1.wait_state("Active", ["v4"], timeout=SOON_SEC)


def test_owner_does_not_wait():
    """RFC 9568 section 6.4.1; it has the addresses anyway."""
    answering(False)
    configure(*group(10, "priority 255"), *group(20))
    R1.wait_state("Active", timeout=SOON_SEC)
    wait_held(20)  # another does


def test_active_router_without_a_way_to_its_peers_says_so():
    """It stays Active: it may be the only one that clients reach."""
    words = "has no way to any of its peers: stays Active"
    logged = len(lines(words))
    configure(*group(20, peers=FAR))
    R1.wait_state("Active", vrid=20, timeout=SOON_SEC)
    default_route("delete")
    try:
        wait_for("both families say so", lambda: differs(cut_off(), 2))
        assert states(20) == {"Active"}
        wait_for("it is logged of both", lambda: differs(len(lines(words)), logged + 2))
    finally:
        default_route("add")
    wait_for("they do so no more", lambda: differs(cut_off(), 0))


def cut_off():
    """How many families of VRID 20 warn that they have no way."""
    told = [w for f in FAMILIES for w in R1.family(f, 20).get("warnings", [])]
    return sum("there is no way to any peer" in warning for warning in told)


def test_nobody_enters_the_election_before_the_startup_delay_is_over():
    """Counted from the daemon's start, also for a group without peers to wait for."""
    delay_sec = 8
    R1.write_conf(
        f"vrrp startup-delay {delay_sec}", INTERFACE, *group(10), *group(20, "startup-hold 0")
    )
    R1.stop("vrrpd")
    began = time.monotonic()
    R1.start("vrrpd")
    try:
        for vrid in (10, 20):
            wait_held(vrid, "startup-delay")
        for vrid in (10, 20):
            R1.wait_state("Active", vrid=vrid)
            assert time.monotonic() - began >= delay_sec
    finally:
        R1.configure("no vrrp startup-delay")
