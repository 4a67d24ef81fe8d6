# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 300
"""
keepalived as the other router: it elects, yields and takes over with ours.

r1 runs our vrrpd with priority 150, k1 runs keepalived with 100 or 200, over
unicast, 100 ms advertisements, and all that follows at once: IPv6 (VRID 10), and
over IPv4 both dialects of the checksum. With a pseudo-header each (10), over the
message alone each (11), and ours with and keepalived's without (12).
"""
import pytest

from helpers import topology
from helpers.keepalived import Instance, Keepalived
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
DIALECT = "checksum-with-ipv4-pseudoheader"
LOWER, HIGHER = 100, 200


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


@pytest.fixture(name="r1", autouse=True)
def fixture_r1(k1):
    """Our router, alive and Active alone; keepalived is off before and after."""
    NODES["r1"].revive("vrrpd")
    wait_state(NODES["r1"], "Active")
    yield NODES["r1"]
    if k1.running():
        k1.stop()


def wait_state(r1, expected):
    """r1 is in that state for all."""
    for instance in INSTANCES:
        r1.wait_state(expected, [instance.family], instance.vrid)


def family_of(r1, instance):
    """What r1 tells of its side of an instance."""
    return r1.family(instance.family, instance.vrid)


def transitions(r1):
    """Changes of state so far."""
    return [family_of(r1, i)["stats"]["transitions"] for i in INSTANCES]


def wait_keepalived_has_vips(k1):
    """It is Active for all."""
    for instance in INSTANCES:
        wait_for(f"keepalived has {instance.vip}", lambda i=instance: k1.has_vip(i))


def wait_ours(r1, k1):
    """r1 is Active and keepalived has no VIP."""
    wait_state(r1, "Active")
    for instance in INSTANCES:
        wait_for(
            f"keepalived gave up {instance.vip}", lambda i=instance: k1.has_not_vip(i)
        )
        wait_for(
            f"r1 has {instance.vip}", lambda i=instance: r1.has_address("vip0", i.vip)
        )
        assert family_of(r1, instance)["state"] == "Active"


def wait_theirs(r1, k1):
    """keepalived has the VIPs and r1 is Backup without them."""
    wait_state(r1, "Backup")
    wait_keepalived_has_vips(k1)
    for instance in INSTANCES:
        wait_for(
            f"r1 gave up {instance.vip}",
            lambda i=instance: r1.has_not_address("vip0", i.vip),
        )


def wait_heard(r1):
    """keepalived listened to ours: r1 goes on unmoved for some intervals."""
    before = transitions(r1)
    stays(
        "r1 does not change its state",
        lambda: differs(transitions(r1), before),
        seconds=3,
    )


def dialects_heard(r1, instance):
    """The dialects of the advertisements that r1 accepted: {counter: count}."""
    counters = family_of(r1, instance)["statistics"]
    keys = ("checksumMessageRcvd", "checksumPseudoHeaderRcvd", "checksumErrors")
    return {key: counters[key] for key in keys if counters[key]}


def test_lower_keepalived_stays_backup(r1, k1):
    """It accepts our checksum and our advertisements."""
    k1.start(LOWER)
    wait_heard(r1)
    wait_ours(r1, k1)


def test_higher_keepalived_takes_over_and_hands_back_when_stopped(r1, k1):
    """We yield to it, and hear its priority 0."""
    k1.start(HIGHER)
    wait_theirs(r1, k1)
    before = transitions(r1)
    k1.stop()
    wait_ours(r1, k1)
    assert transitions(r1) == [count + 1 for count in before]


def test_we_take_over_from_a_killed_keepalived(r1, k1):
    """Active_Down_Interval after its last advertisement."""
    k1.start(HIGHER)
    wait_theirs(r1, k1)
    k1.kill()
    wait_ours(r1, k1)


def test_keepalived_takes_over_from_our_killed_daemon_and_yields_again(r1, k1):
    """Both roles of a crash, and preemption by ours."""
    k1.start(LOWER)
    wait_heard(r1)
    r1.kill("vrrpd")
    wait_keepalived_has_vips(k1)
    r1.start("vrrpd")
    wait_ours(r1, k1)


def test_keepalived_takes_over_from_our_stopped_daemon_and_yields_again(r1, k1):
    """It hears our priority 0."""
    k1.start(LOWER)
    wait_heard(r1)
    r1.stop("vrrpd")
    wait_keepalived_has_vips(k1)
    r1.start("vrrpd")
    wait_ours(r1, k1)


def test_without_preemption_we_leave_a_lower_keepalived_active(r1, k1):
    """And take over once preemption is allowed."""
    r1.configure("interface r1-k1", *preempt_lines("no "))
    r1.must_run("vtysh -c 'write memory'")
    try:
        k1.start(LOWER)
        r1.stop("vrrpd")
        wait_keepalived_has_vips(k1)
        r1.start("vrrpd")
        wait_theirs(r1, k1)
        wait_heard(r1)
    finally:
        r1.configure("interface r1-k1", *preempt_lines(""))
        r1.must_run("vtysh -c 'write memory'")
    wait_ours(r1, k1)


def preempt_lines(prefix):
    """Preemption of all virtual routers, as configuration."""
    return [f"{prefix}vrrp {vrid} preempt" for vrid in {i.vrid for i in INSTANCES}]


def test_keepalived_without_preemption_leaves_us_active(r1, k1):
    """A higher one that does not preempt listens."""
    k1.start(HIGHER, preempt=False)
    wait_heard(r1)
    wait_ours(r1, k1)


def test_each_dialect_of_the_checksum_is_accepted_and_counted(r1, k1):
    """The counters tell which of them keepalived sends."""
    r1.must_run("vtysh -c 'clear vrrp statistics'")
    k1.start(HIGHER)
    wait_theirs(r1, k1)
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


def test_keepalived_by_default_hears_the_pseudo_header_alone(r1, k1):
    """Which is why it is our default too; we hear keepalived all the while."""
    r1.configure("interface r1-k1", f"no vrrp {PSEUDO.vrid} {DIALECT}")
    try:
        k1.start(LOWER)
        wait_for(f"keepalived has {PSEUDO.vip}", lambda: k1.has_vip(PSEUDO))
        assert family_of(r1, PSEUDO)["state"] == "Active"
        assert k1.has_not_vip(SIX) is None, "the dialect is IPv4's alone"
    finally:
        r1.configure("interface r1-k1", f"vrrp {PSEUDO.vrid} {DIALECT}")
    wait_ours(r1, k1)
