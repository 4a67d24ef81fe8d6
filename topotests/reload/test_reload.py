# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan ns veth
# timeout: 1500
"""
What frr-reload, and a change at the prompt, does to a group that is Active.

A is the group, VRID 10, Active because its priority is higher than r2's (bench.py).
"""
import copy

import pytest

import bench
import plan as plans
from bench import MULTICAST, R1, R2, SETTLE_SEC, Wire, apply, faults_of, unsettled
from helpers.wait import differs, stays, wait_for, wait_logged
from plan import DEAD, FAMILIES, LIVE, SOURCES


def setup_module():
    """Two routers."""
    bench.build()


def teardown_module():
    """Nothing is left."""
    bench.demolish()


VRID = 10
VIPS = {"v4": f"203.0.113.{4 * VRID}", "v6": f"2001:db8:ffff::{VRID:x}:1"}
A = plans.Group(
    VRID,
    priority=200,
    v4=plans.Family([VIPS["v4"]], [LIVE["v4"]]),
    v6=plans.Family([VIPS["v6"]], [LIVE["v6"]]),
)


def with_group(group):
    """A configuration of one group."""
    made = plans.Plan()
    made.groups[group.vrid] = group
    return made


def changed(**fields):
    """A, with other values; v4_peers stands for v4.peers."""
    group = copy.deepcopy(A)
    for name, value in fields.items():
        owner, _, leaf = name.rpartition("_") if name[:3] in ("v4_", "v6_") else ("", "", name)
        setattr(getattr(group, owner) if owner else group, leaf, value)
    return group


@pytest.fixture(name="wire")
def fixture_wire():
    """r1 has A, and r2 is its Backup."""
    apply(with_group(A))
    R2.wait_state("Backup", vrid=VRID)
    return Wire()


@pytest.mark.parametrize(
    "after",
    [
        changed(priority=150),
        changed(interval_ms=500),
        changed(v4_peers=[DEAD["v4"][0]], v6_peers=[DEAD["v6"][0]]),
        changed(v4_source=SOURCES["v4"][1], v6_source=SOURCES["v6"][1]),
        changed(v4_vips=[f"203.0.113.{4 * VRID + 1}"], v6_vips=[f"2001:db8:ffff::{VRID:x}:2"]),
        changed(placement="interface", metric=7, accept=False),
    ],
    ids=["priority", "interval", "peer", "source", "vip", "placement"],
)
def test_a_reload_changes_one_thing(wire, after):
    """There, and back again: nothing else is sent in between, and nothing is lost."""
    for old, new in ((A, after), (after, A)):
        assert not faults_of(with_group(old), with_group(new), wire)


def test_a_reload_removes_a_group_of_version_2(wire):
    """Its first line, taken back, means version 3; the group goes with its last line."""
    older = changed(version=2, v6_vips=[], v6_peers=[])
    apply(with_group(older))
    apply(plans.Plan())
    assert R1.groups() == {}


def effective():
    """The priority in effect."""
    return R1.family("v4", VRID)["effectivePriority"]


def test_at_the_prompt_more_is_at_once_and_less_when_it_has_settled(wire):
    """An operator is not kept waiting by a rule for reloads, but where it matters."""
    R1.configure("interface eth0", f"vrrp {VRID} priority 250")
    assert effective() == 250
    before = R1.transitions(VRID)
    R1.configure("interface eth0", f"no vrrp {VRID} priority")
    assert effective() == 250
    assert "take effect" in unsettled()
    wait_for("the priority is lowered", lambda: differs(effective(), 100))
    R1.wait_state("Backup", vrid=VRID)
    assert R1.transitions(VRID) == [count + 1 for count in before]
    assert {sent.priority for sent in wire.take()} <= {200, 250, 100}


def test_somebody_who_configures_something_else_is_waited_for(wire):
    """A reload of another daemon's lines enters the configuration mode of all daemons."""
    R1.configure("interface eth0", f"no vrrp {VRID} priority")
    for _ in range(4 * SETTLE_SEC):
        # what is typed next may take its time on a busy machine
        stays("the old priority counts", lambda: differs(effective(), 200), SETTLE_SEC / 4)
        R1.configure("no debug vrrp protocol")
    wait_for("the priority is lowered", lambda: differs(effective(), 100))


def hold(family):
    """Why r1 takes no part."""
    return R1.family(family, VRID).get("hold")


def names_missing_line(family):
    """A check: a warning says what to type."""
    said = R1.family(family, VRID)["warnings"]
    line = f"vrrp {VRID} peer {'A.B.C.D' if family == 'v4' else 'X:X::X:X'}"
    return None if any(line in sentence for sentence in said) else str(said)


def multicast_in(sent):
    """The multicast packets."""
    return [one for one in sent if one.destination in MULTICAST.values()]


def test_a_group_without_its_last_peer_is_held(wire):
    """It hands over to that peer, and is multicast only when somebody says so."""
    lines = [f"no vrrp {VRID} peer {LIVE[family]}" for family in FAMILIES]
    R1.configure("interface eth0", *lines)
    assert [R1.state(family, VRID) for family in FAMILIES] == ["Active", "Active"]
    for family in FAMILIES:
        wait_for(f"{family} is held", lambda f=family: differs(hold(f), "no-peers"))
        assert names_missing_line(family) is None
    wait_logged(R1, f"vrrp {VRID} peer A.B.C.D")
    R2.wait_state("Active", vrid=VRID)
    assert R2.family("v4", VRID)["lastReason"] == "not-active"
    assert not multicast_in(wire.take())
    R1.configure("interface eth0", f"vrrp {VRID} placement interface")
    R1.wait_state("Active", vrid=VRID)
    assert {s.family for s in multicast_in(wire.take())} == set(FAMILIES)


def test_a_group_with_peers_of_one_family_is_unicast_in_both(wire):
    """The other family is held and says why, until a LAN is meant."""
    apply(with_group(changed(v6_peers=[])))
    assert hold("v6") == "no-peers"
    assert names_missing_line("v6") is None
    assert not multicast_in(wire.take())
    R1.configure("interface eth0", f"vrrp {VRID} placement interface")
    R1.wait_state("Active", vrid=VRID)
    assert {s.family for s in multicast_in(wire.take())} == {"v6"}
