# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 300
"""
keepalived as the other router: it elects, yields and takes over with ours.

r1 runs our vrrpd with priority 150, k1 runs keepalived with 100 or 200, over
unicast, both families, 100 ms advertisements.
"""
import pytest

from helpers import topology
from helpers.keepalived import Instance, Keepalived
from helpers.wait import differs, stays, wait_for

NODES = {}
INSTANCES = {
    "v4": Instance("four", "v4", "192.0.2.2", "192.0.2.1", "203.0.113.10/32"),
    "v6": Instance(
        "six", "v6", "2001:db8:1::2", "2001:db8:1::1", "2001:db8:ffff::10/128"
    ),
}
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
    return Keepalived(NODES["k1"], "k1-r1", 10, INSTANCES.values())


@pytest.fixture(name="r1", autouse=True)
def fixture_r1(k1):
    """Our router, alive and Active alone; keepalived is off before and after."""
    NODES["r1"].revive("vrrpd")
    NODES["r1"].wait_state("Active")
    yield NODES["r1"]
    if k1.running():
        k1.stop()


def wait_ours(r1, k1):
    """r1 is Active and keepalived has no VIP, in both families."""
    r1.wait_state("Active")
    for family, instance in INSTANCES.items():
        wait_for(
            f"keepalived gave up {instance.vip}", lambda i=instance: k1.has_not_vip(i)
        )
        wait_for(
            f"r1 has {instance.vip}", lambda i=instance: r1.has_address("vip0", i.vip)
        )
        assert r1.family(family)["state"] == "Active"


def wait_theirs(r1, k1):
    """keepalived has the VIPs and r1 is Backup without them."""
    r1.wait_state("Backup")
    for instance in INSTANCES.values():
        wait_for(f"keepalived has {instance.vip}", lambda i=instance: k1.has_vip(i))
        wait_for(
            f"r1 gave up {instance.vip}",
            lambda i=instance: r1.has_not_address("vip0", i.vip),
        )


def wait_heard(r1):
    """keepalived listened to ours: r1 goes on unmoved for some intervals."""
    before = r1.transitions()
    stays(
        "r1 does not change its state",
        lambda: differs(r1.transitions(), before),
        seconds=3,
    )


def test_lower_keepalived_stays_backup(r1, k1):
    """It accepts our checksum and our advertisements."""
    k1.start(LOWER)
    wait_heard(r1)
    wait_ours(r1, k1)


def test_higher_keepalived_takes_over_and_hands_back_when_stopped(r1, k1):
    """We yield to it, and hear its priority 0."""
    k1.start(HIGHER)
    wait_theirs(r1, k1)
    before = r1.transitions()
    k1.stop()
    wait_ours(r1, k1)
    assert r1.transitions() == [count + 1 for count in before]


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
    for instance in INSTANCES.values():
        wait_for(f"keepalived has {instance.vip}", lambda i=instance: k1.has_vip(i))
    r1.start("vrrpd")
    wait_ours(r1, k1)


def test_keepalived_takes_over_from_our_stopped_daemon_and_yields_again(r1, k1):
    """It hears our priority 0."""
    k1.start(LOWER)
    wait_heard(r1)
    r1.stop("vrrpd")
    for instance in INSTANCES.values():
        wait_for(f"keepalived has {instance.vip}", lambda i=instance: k1.has_vip(i))
    r1.start("vrrpd")
    wait_ours(r1, k1)


def test_without_preemption_we_leave_a_lower_keepalived_active(r1, k1):
    """And take over once preemption is allowed."""
    r1.configure("interface r1-k1", "no vrrp 10 preempt")
    r1.must_run("vtysh -c 'write memory'")
    try:
        k1.start(LOWER)
        r1.stop("vrrpd")
        for instance in INSTANCES.values():
            wait_for(f"keepalived has {instance.vip}", lambda i=instance: k1.has_vip(i))
        r1.start("vrrpd")
        wait_theirs(r1, k1)
        wait_heard(r1)
    finally:
        r1.configure("interface r1-k1", "vrrp 10 preempt")
        r1.must_run("vtysh -c 'write memory'")
    wait_ours(r1, k1)


def test_keepalived_without_preemption_leaves_us_active(r1, k1):
    """A higher one that does not preempt listens."""
    k1.start(HIGHER, preempt=False)
    wait_heard(r1)
    wait_ours(r1, k1)
