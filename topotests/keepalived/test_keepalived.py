# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 1200
"""
keepalived as the other router: it elects, yields and takes over with ours.

r1 runs our vrrpd with priority 150, k1 runs keepalived with 100 or 200, over
unicast, 100 ms advertisements, and all that follows at once: IPv6 (VRID 10), and
over IPv4 both dialects of the checksum. With a pseudo-header each (10), over the
message alone each (11), and ours with and keepalived's without (12).
"""
import math
import time

import pytest

from helpers import topology
from helpers.events import Recorder
from helpers.frames import Advert
from helpers.keepalived import EVERY_SEC, Instance, Keepalived
from helpers.peer_rules import HIGHER, LOWER, Match, PreemptionRules
from helpers.recording import Recording
from helpers.wait import differs, stays, wait_for
from helpers.wire import Wire

NODES = {}
V4 = {"family": "v4", "source": "192.0.2.2", "peer": "192.0.2.1"}
V6 = {"family": "v6", "source": "2001:db8:1::2", "peer": "2001:db8:1::1"}
PSEUDO = Instance("pseudo", 10, vip="203.0.113.10/32", as_v2=False, **V4)
MESSAGE = Instance("message", 11, vip="203.0.113.11/32", as_v2=True, **V4)
MIXED = Instance("mixed", 12, vip="203.0.113.12/32", as_v2=True, **V4)
SIX = Instance("six", 10, vip="2001:db8:ffff::10/128", as_v2=False, **V6)
INSTANCES = (PSEUDO, MESSAGE, MIXED, SIX)
VRIDS = sorted({instance.vrid for instance in INSTANCES})
DIALECT = "checksum-with-ipv4-pseudoheader"
LINK = "interface r1-k1"
# the intervals between which routers change: so long that a machine may stall for half a second
SHORT_SEC, LONG_SEC = 0.2, 2
# what is configured takes effect after 3 s at the latest, and who is not heard for 7.2 s is missed
NOTICED_SEC = 11
# of such changes, if the machine was too busy for the one before
TRIES = 5


def build(tgen):
    """Two routers on a link."""
    tgen.add_router("r1")
    tgen.add_host("k1", "192.0.2.2/24", "via 192.0.2.1")
    topology.link(tgen, "r1", "k1")


def setup_module(module):
    """Starts r1; each test starts keepalived as it wants it."""
    NODES.update(topology.start(build, module.__name__, {"r1": ("vrrpd",)}))
    NODES["k1"].must_run("ip -6 address add 2001:db8:1::2/64 dev k1-r1 nodad")


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="k1", scope="module")
def fixture_k1():
    """keepalived's host."""
    return Keepalived(NODES["k1"], "k1-r1", INSTANCES)


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """keepalived's link."""
    return Wire(NODES["k1"], "k1-r1")


@pytest.fixture(name="match", autouse=True)
def fixture_match(k1):
    """Our router, alive and Active alone; keepalived is off before and after."""
    NODES["r1"].revive("vrrpd")
    match = Match(NODES["r1"], k1, "r1-k1", heard_sec=3)
    match.wait_state("Active")
    yield match
    if k1.running():
        k1.stop()


@pytest.fixture(name="r1")
def fixture_r1():
    """Our router."""
    return NODES["r1"]


def family_of(r1, instance):
    """r1's output about its side of an instance."""
    return r1.family(instance.family, instance.vrid)


class TestKeepalived(PreemptionRules):
    """Rules for every peer."""


def dialects_heard(r1, instance):
    """The dialects of the advertisements that r1 accepted: {counter: count}."""
    counters = family_of(r1, instance)["statistics"]
    keys = ("checksumMessageRcvd", "checksumPseudoHeaderRcvd", "checksumErrors")
    return {key: counters[key] for key in keys if counters[key]}


def test_each_dialect_of_the_checksum_is_accepted_and_counted(match, r1, k1):
    """The counters tell which of them keepalived sends."""
    r1.must_run("vtysh -c 'clear vrrp statistics'")
    k1.start(HIGHER)
    match.wait_theirs()
    assert set(dialects_heard(r1, PSEUDO)) == {"checksumPseudoHeaderRcvd"}
    assert set(dialects_heard(r1, MESSAGE)) == {"checksumMessageRcvd"}
    assert set(dialects_heard(r1, MIXED)) == {"checksumMessageRcvd"}
    assert set(dialects_heard(r1, SIX)) == {"checksumPseudoHeaderRcvd"}


def test_each_dialect_of_the_checksum_is_sent_as_configured(r1, wire):
    """Whatever the peer sends."""
    seen = wire.adverts(1)
    assert r1.state() == "Active"
    assert {a.checksum for a in seen if a.vrid == MESSAGE.vrid} == {"message"}
    assert {a.checksum for a in seen if a.vrid != MESSAGE.vrid} == {"pseudo"}


def test_keepalived_by_default_hears_the_pseudo_header_alone(match, r1, k1):
    """Which is why it is our default too; we hear keepalived all the while."""
    r1.configure(LINK, f"no vrrp {PSEUDO.vrid} {DIALECT}")
    try:
        k1.start(LOWER)
        wait_for(f"keepalived has {PSEUDO.vip}", lambda: k1.is_active(PSEUDO))
        assert family_of(r1, PSEUDO)["state"] == "Active"
        assert k1.is_not_active(SIX) is None, "the dialect is IPv4's alone"
    finally:
        r1.configure(LINK, f"vrrp {PSEUDO.vrid} {DIALECT}")
    match.wait_ours()


def configure_interval(r1, sec):
    """Ours, of all."""
    r1.configure(LINK, *(f"vrrp {v} advertisement-interval {1000 * sec:.0f}" for v in VRIDS))


def moved_by(changes, state, told):
    """
    What moved while the interval was changed to LONG_SEC and back, by these functions in turn;
    None if nothing did. state(): what must not change; told(): the intervals they go by.
    """
    before = state()

    def watch(when):
        stays(f"nothing moves {when}", lambda: differs(state(), before), NOTICED_SEC)

    try:
        watch("at first")
        for sec in (LONG_SEC, SHORT_SEC):
            for change in changes:
                change(sec)
                watch(f"after {change.__name__} is {sec} s")
            assert told() == {1000 * sec}
    except AssertionError as moved:
        for change in changes:
            change(SHORT_SEC)
        return moved
    return None


def was_starved(seen, gave_up):
    """
    Did somebody who says SHORT_SEC send nothing for 2.5 of it, as on a machine that is too busy?
    gave_up: {source: when it first gave up a VIP}; who did is silent for that. Whoever says
    LONG_SEC meanwhile does so for longer than NOTICED_SEC.
    """
    last = {}
    for advert, time in ((s.what, s.time) for s in seen if isinstance(s.what, Advert)):
        key = (advert.source, advert.vrid, advert.timing)
        gap = time - last.get(key, time)
        last[key] = time
        is_short = int.from_bytes(advert.timing, "big") == 100 * SHORT_SEC
        if is_short and 2.5 * SHORT_SEC < gap < NOTICED_SEC:
            if time < gave_up.get(advert.source, math.inf):
                return True
    return False


def first_given_up(events):
    """{source: when the router that sends from it first gave up a VIP, as a recording tells}"""
    ahead = time.time() - time.monotonic()
    found = {}
    for event in events:
        if (event.verb, event.kind) == ("del", "address"):
            for instance in INSTANCES:
                source = instance.peer if event.node == "r1" else instance.source
                found.setdefault(source, event.time + ahead)
    return found


@pytest.mark.parametrize(
    "priority, first", ((LOWER, "ours"), (HIGHER, "ours"), (HIGHER, "theirs"))
)
def test_an_interval_changes_on_one_router_after_the_other(match, k1, priority, first):
    """A short one, a long one and back, whoever is Active: nobody moves, or loses a VIP."""

    def ours(sec):
        configure_interval(match.r1, sec)

    def theirs(sec):
        k1.reload(priority, sec)

    def state():
        return match.transitions(), k1.log().count("Entering MASTER")

    def told():
        return {family_of(match.r1, i)["masterAdverInterval"] for i in INSTANCES}

    changes = (ours, theirs) if first == "ours" else (theirs, ours)
    ours(SHORT_SEC)
    k1.start(priority, interval=SHORT_SEC)
    for _ in range(TRIES):
        (match.wait_ours if priority == LOWER else match.wait_theirs)()
        recording = Recording(k1.node, "k1-r1")
        with Recorder(match.r1, k1.node) as record:
            moved = moved_by(changes, state, told)
        lost = first_given_up(record.events)
        if not (moved and was_starved(recording.take(), lost)):
            break
    ours(EVERY_SEC)
    assert not moved, moved
    assert not lost, record.events


def test_keepalived_forgets_at_a_reload_what_it_has_heard(match, r1, k1):
    """A Backup with a shorter interval is Active until ours answers; ours stays."""
    configure_interval(r1, 1)
    try:
        k1.start(LOWER)
        before = match.transitions()
        for _ in range(10):
            k1.reload(LOWER, 1)
            match.wait_ours()
            match.wait_heard()
            entered = k1.log().count("Entering MASTER")
            k1.reload(LOWER, 0.1)
            match.wait_heard()
            # not if it heard ours of all four within 0.36 s of the reload
            if k1.log().count("Entering MASTER") > entered:
                break
        else:
            raise AssertionError("keepalived never was Active")
        match.wait_ours()
        assert match.transitions() == before
    finally:
        configure_interval(r1, EVERY_SEC)
