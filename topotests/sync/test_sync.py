# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan ns veth
# timeout: 600
"""
Sync groups: the firewall pair of doc/user/sync.md, booted, whose outside (both families, unicast)
and inside (a LAN) are Active together.

Every test starts with r1 Active, r2 Backup, and the group "fw" as the guide has it.
"""
import pytest

from helpers.namespace import Namespace, link
from helpers.recipe import complete
from helpers.wait import differs, stays, wait_for

PAIR = complete("The firewall pair", "doc/user/sync.md").configuration
PAIRED = ("r1", "r2")
NODES = {name: Namespace(name) for name in (*PAIRED, "r3")}
ADDRESSES = {
    "r1": ("192.0.2.193/26", "2001:db8:a::1/64", "198.51.100.193/26"),
    "r2": ("192.0.2.194/26", "2001:db8:a::2/64", "198.51.100.194/26"),
}
OTHER = {"r1": "r2", "r2": "r1"}
OUTSIDE, INSIDE = "interface eth0", "interface eth1"
MEMBERS = ((10, "v4"), (10, "v6"), (20, "v4"))
FAMILIES = MEMBERS[:2]
LINK = "tracked0"


def setup_module():
    """Two routers with two cables between them; and one that has a cable to r1."""
    for router in NODES.values():
        router.build()
    for ifname in ("eth0", "eth1"):
        link(ifname, NODES["r1"], ifname, NODES["r2"])
    link("eth2", NODES["r1"], "eth2", NODES["r3"])
    for name, host in (("r1", 1), ("r3", 3)):
        NODES[name].must_run(f"ip address add 192.0.2.{host}/26 dev eth2")
    NODES["r3"].add_vip0()
    NODES["r3"].start("zebra", "vrrpd")
    for name in PAIRED:
        router = NODES[name]
        v4, v6, inside = ADDRESSES[name]
        router.must_run(
            f"ip address add {v4} dev eth0; ip address add {v6} dev eth0 nodad;"
            f"ip address add {inside} dev eth1;"
            f"ip link add {LINK} type ifb && ip link set {LINK} up"
        )
        router.add_vip0()
        router.write_conf(*PAIR[name].splitlines())
        router.start("zebra", "vrrpd")
    both(OUTSIDE, "vrrp 10 startup-hold 0", "vrrp 10 advertisement-interval 200")
    both(INSIDE, "vrrp 20 advertisement-interval 200")


def teardown_module():
    """Nothing is left."""
    for router in NODES.values():
        router.demolish()


def both(*lines):
    """Both routers are configured so."""
    for name in PAIRED:
        NODES[name].configure(*lines)


@pytest.fixture(name="r1", autouse=True)
def fixture_r1():
    """All of r1 is Active, and all of r2 Backup."""
    for router in (NODES["r1"], NODES["r2"]):
        router.revive("vrrpd")
    all_are("r1")
    return NODES["r1"]


def states(name, members=MEMBERS):
    """The state of each member."""
    groups = NODES[name].groups()
    return {m: groups.get(m[0], {}).get(m[1], {}).get("state") for m in members}


def are(name, state):
    """A check: all members of a router are in that state."""
    return differs(states(name), dict.fromkeys(MEMBERS, state))


def all_are(active, other_state="Backup"):
    """All members are Active on that router, and in that state on the other."""
    wait_for(f"all of {active} is Active", lambda: are(active, "Active"))
    other = OTHER[active]
    wait_for(f"all of {other} is {other_state}", lambda: are(other, other_state))


def reasons(name):
    """The reason for the state of each member."""
    groups = NODES[name].groups()
    return {m: groups[m[0]][m[1]]["lastReason"] for m in MEMBERS}


def transitions(name):
    """How often each member became Active, or left it."""
    groups = NODES[name].groups()
    return {m: groups[m[0]][m[1]]["stats"]["transitions"] for m in MEMBERS}


def history(name):
    """What happened to virtual routers of a router, oldest first."""
    return NODES[name].show_json("vrrpd", "show vrrp history json")


def save(name):
    """It starts with what it has now."""
    lines = NODES[name].running_config()
    NODES[name].write_conf(*(line for line in lines if line != "Current configuration:"))


def wait_interval(msec, *members):
    """r2 goes by it: values that are weaker than before wait until nobody configures."""
    for vrid, family in members:
        wait_for(
            f"{vrid} {family} goes by {msec} ms",
            lambda f=family, v=vrid: differs(
                NODES["r2"].family(f, v).get("masterAdverInterval"), msec
            ),
        )


def test_held_member_takes_the_others_along_and_back(r1):
    """Each says who is held and why; the other router has all of them meanwhile."""
    r1.configure(INSIDE, f"vrrp 20 track interface {LINK}")
    try:
        r1.must_run(f"ip link set {LINK} down")
        all_are("r2", "Initialize")
        assert r1.family("v4", 20)["hold"] == "tracking"
        assert set(reasons("r1").values()) == {"held"}
        for family in ("v4", "v6"):
            found = r1.family(family)
            assert found["hold"] == "sync", found
            assert "vrrp eth1 20 IPv4, which is held: tracking" in str(found["holdDetails"]), found
        r1.must_run(f"ip link set {LINK} up")
        all_are("r1")
    finally:
        r1.must_run(f"ip link set {LINK} up")
        r1.configure(INSIDE, f"no vrrp 20 track interface {LINK}")
    holds = [one for one in history("r1") if one["event"] == "hold" and one.get("hold") == "sync"]
    assert {(one["vrid"], one["family"]) for one in holds} >= {(10, "ipv4"), (10, "ipv6")}


def test_lowered_priority_of_one_moves_all(r1):
    """Each advertises the lowest."""
    r1.configure(INSIDE, f"vrrp 20 track interface {LINK} decrement 150")
    try:
        r1.must_run(f"ip link set {LINK} down")
        all_are("r2")
        found = {m: r1.family(m[1], m[0])["effectivePriority"] for m in MEMBERS}
        assert found == dict.fromkeys(MEMBERS, 50)
        r1.must_run(f"ip link set {LINK} up")
        all_are("r1")
    finally:
        r1.must_run(f"ip link set {LINK} up")
        r1.configure(INSIDE, f"no vrrp 20 track interface {LINK}")


def test_switchover_of_one_takes_all(r1):
    """And they come back together."""
    assert r1.vtysh("vrrp switchover interface eth1 20")[0] == 0
    all_are("r2")
    assert r1.vtysh("clear vrrp switchover interface eth1 20")[0] == 0
    all_are("r1")


@pytest.mark.parametrize(
    "slow, quick",
    (
        ("vrrp 20 preempt delay 3600", "no vrrp 20 preempt delay"),
        ("no vrrp 20 preempt", "vrrp 20 preempt"),
    ),
)
def test_members_that_preempt_differently_wait_for_each_other(r1, slow, quick):
    """The longest delay counts, and one that does not preempt keeps all from it."""
    r1.configure(INSIDE, f"vrrp 20 track interface {LINK}", slow)
    try:
        wait_for("that is in effect", lambda: unsettled(r1))
        r1.must_run(f"ip link set {LINK} down")
        all_are("r2", "Initialize")
        r1.must_run(f"ip link set {LINK} up")
        all_are("r2")
        wait_for("both of 10 are ready", lambda: wait_for_20(r1))
        stays("r2 has all", lambda: are("r2", "Active"), 2)
        assert are("r1", "Backup") is None
        r1.configure(INSIDE, quick)
        all_are("r1")
    finally:
        r1.must_run(f"ip link set {LINK} up")
        r1.configure(INSIDE, quick, f"no vrrp 20 track interface {LINK}")


def warnings(router, members=MEMBERS):
    """Of each member."""
    groups = router.groups()
    return {m: groups.get(m[0], {}).get(m[1], {}).get("warnings", []) for m in members}


def unsettled(router):
    """A check: nothing that was configured waits to take effect."""
    return [text for told in warnings(router).values() for text in told if "take effect" in text] or None


def wait_for_20(router):
    """A check: both members of 10 would take over, and wait for 20."""
    told = warnings(router, FAMILIES).values()
    is_said = [any("waits for vrrp eth1 20 IPv4" in text for text in one) for one in told]
    return None if all(is_said) else str(told)


def test_settling_that_has_no_effect_is_told(r1):
    """... by the members that have it."""
    words = "preempt settle has no effect on a member of a sync group"

    def told():
        return [member for member, found in warnings(r1).items() if words in found]

    assert told() == []
    r1.configure(OUTSIDE, "vrrp 10 preempt settle 1000")
    try:
        assert told() == list(FAMILIES)
        r1.configure(OUTSIDE, "no vrrp 10 sync-group")
        wait_for("10 is by itself", lambda: differs(told(), []))
    finally:
        r1.configure(OUTSIDE, "no vrrp 10 preempt settle", "vrrp 10 sync-group fw")
    wait_for("nothing is told any more", lambda: differs(told(), []))


@pytest.mark.parametrize("where, vrid", ((INSIDE, 20), (OUTSIDE, 10)))
def test_shutdown_of_one_holds_all(r1, where, vrid):
    """Though nothing is wrong with the others."""
    r1.configure(where, f"vrrp {vrid} shutdown")
    try:
        all_are("r2", "Initialize")
        of_others = {reason for m, reason in reasons("r1").items() if m[0] != vrid}
        assert of_others == {"held"}
        assert {reasons("r1")[m] for m in MEMBERS if m[0] == vrid} == {"shutdown"}
    finally:
        r1.configure(where, f"no vrrp {vrid} shutdown")
    all_are("r1")


def test_host_that_is_drained_gives_all_away(r1):
    """And takes all back."""
    assert r1.vtysh("vrrp drain")[0] == 0
    wait_for("all of r2 is Active", lambda: are("r2", "Active"))
    wait_for("r1 has none", lambda: has_active("r1"))
    assert r1.vtysh("no vrrp drain")[0] == 0
    all_are("r1")


def has_active(name):
    """A check: no member is Active there."""
    found = states(name)
    return found if "Active" in found.values() else None


def test_better_router_of_one_member_takes_all_away(r1):
    """r3 has the election 30 alone, of r1: r1 gives up all, and r2 takes what it has."""
    r3 = NODES["r3"]
    r3.must_run("ip link set eth2 up")
    third = ("interface eth2", "vrrp 30", "vrrp 30 ip 203.0.113.30", "vrrp 30 advertisement-interval 200")
    r3.configure(*third, "vrrp 30 peer 192.0.2.1", "vrrp 30 priority 250", "vrrp 30 shutdown")
    r1.configure(*third, "vrrp 30 startup-hold 0", "vrrp 30 peer 192.0.2.3", "vrrp 30 priority 200")
    try:
        r1.wait_state("Active", ("v4",), 30)
        r1.configure("interface eth2", "vrrp 30 sync-group fw")
        assert are("r1", "Active") is None
        r3.configure("interface eth2", "no vrrp 30 shutdown")
        r3.wait_state("Active", ("v4",), 30)
        all_are("r2")
        r1.wait_state("Backup", ("v4",), 30)
        assert r1.family("v4", 20)["lastReason"] == "sync"
        r3.configure("interface eth2", "vrrp 30 shutdown")
        all_are("r1")
        r1.wait_state("Active", ("v4",), 30)
    finally:
        for router in (r1, r3):
            router.configure("interface eth2", "no vrrp 30")


def test_slowest_member_decides_when_a_router_dies(r1):
    """Nobody takes a part of it: all become Active within one tick."""
    r2 = NODES["r2"]
    both(INSIDE, "vrrp 20 advertisement-interval 1000")
    r1.configure("no vrrp guardian")
    try:
        wait_interval(1000, (20, "v4"))
        all_are("r1")
        save("r1")
        r1.kill("vrrpd")
        wait_for("all of r2 is Active", lambda: are("r2", "Active"))
        taken = [one for one in history("r2") if one.get("to") == "Active"][-len(MEMBERS) :]
        assert {(one["vrid"], one["family"]) for one in taken} == {
            (10, "ipv4"),
            (10, "ipv6"),
            (20, "ipv4"),
        }
        r2_last = [one["time"][:19] for one in taken]
        assert len(set(r2_last)) <= 2, r2_last  # seconds; alone, 10 would be 2.4 s earlier
    finally:
        r1.revive("vrrpd")
        r1.configure("vrrp guardian")
        both(INSIDE, "vrrp 20 advertisement-interval 200")


def test_restart_moves_nothing(r1):
    """Each resumes, though the others may not be configured yet."""
    r1.configure("no vrrp guardian")
    slow = ("advertisement-interval 4000", "advertisement-interval 200")
    both(OUTSIDE, f"vrrp 10 {slow[0]}", INSIDE, f"vrrp 20 {slow[0]}")
    try:
        wait_interval(4000, *MEMBERS)
        all_are("r1")
        save("r1")
        before = transitions("r2")
        r1.kill("vrrpd")
        r1.start("vrrpd")
        wait_for("all of r1 is Active", lambda: are("r1", "Active"))
        assert reasons("r1") == dict.fromkeys(MEMBERS, "resumed")
        stays("r2 has not moved", lambda: differs(transitions("r2"), before), 2)
    finally:
        both(OUTSIDE, f"vrrp 10 {slow[1]}", INSIDE, f"vrrp 20 {slow[1]}")
        r1.configure("vrrp guardian")


def test_guardian_gives_all_of_a_killed_router_away(r1):
    """By priority 0 of each."""
    save("r1")
    r1.kill("vrrpd")
    wait_for("all of r2 is Active", lambda: are("r2", "Active"))
    assert set(reasons("r2").values()) == {"not-active"}


def test_member_that_is_added_and_removed_moves_nobody(r1):
    """Not even while it is typed."""
    before = {name: transitions(name) for name in OTHER}
    for name, priority in (("r1", 200), ("r2", 100)):
        NODES[name].configure(
            INSIDE,
            "vrrp 21",
            "vrrp 21 sync-group fw",
            f"vrrp 21 priority {priority}",
            "vrrp 21 ip 198.51.100.253",
        )
    wait_for("21 has joined", lambda: differs(r1.state(vrid=21), "Active"))
    wait_for("21 is Backup", lambda: differs(NODES["r2"].state(vrid=21), "Backup"))
    both(INSIDE, "no vrrp 21")
    assert {name: transitions(name) for name in OTHER} == before


def test_rest_is_taken_from_a_lower_router_whatever_preempt_says(r1):
    """r2 has 21 alone, and in no sync group; r1 adds it to what is Active there."""
    r2, lines = NODES["r2"], ("vrrp 21", "vrrp 21 ip 198.51.100.253")
    r2.configure(INSIDE, *lines)
    r2.wait_state("Active", ("v4",), 21)
    r1.configure(INSIDE, *lines, "vrrp 21 priority 200", "no vrrp 21 preempt")
    try:
        r1.wait_state("Backup", ("v4",), 21)
        wait_for(
            "it follows r2",
            lambda: differs(
                r1.family("v4", 21).get("active", {}).get("address"), ADDRESSES["r2"][2].split("/")[0]
            ),
        )
        before = transitions("r1")
        r1.configure(INSIDE, "vrrp 21 sync-group fw")
        r1.wait_state("Active", ("v4",), 21)
        r2.wait_state("Backup", ("v4",), 21)
        assert r1.family("v4", 21)["lastReason"] == "sync"
        assert differs(transitions("r1"), before) is None
    finally:
        both(INSIDE, "no vrrp 21")


def test_families_are_split_after_a_restart_and_sync_families_cures_it(r1):
    """r2 does not hear r1's IPv6: without sync it is Active for that alone."""
    r2 = NODES["r2"]
    both(OUTSIDE, "no vrrp 10 sync-group", INSIDE, "no vrrp 20 sync-group")
    save("r2")
    r1.must_run("ip -6 route add unreachable 2001:db8:a::2/128 metric 1")
    try:
        r2.stop("vrrpd")
        r2.start("vrrpd")
        split = {(10, "v4"): "Backup", (10, "v6"): "Active"}
        wait_for("the families are split", lambda: differs(states("r2", FAMILIES), split))
        both(OUTSIDE, "vrrp 10 sync-families")
        backup = dict.fromkeys(FAMILIES, "Backup")
        wait_for("it is cured", lambda: differs(states("r2", FAMILIES), backup))
        save("r2")
        r2.stop("vrrpd")
        r2.start("vrrpd")
        wait_for(
            "IPv6 waits for IPv4",
            lambda: None
            if any("waits for vrrp eth0 10 IPv4" in w for w in r2.family("v6").get("warnings", []))
            else r2.family("v6"),
        )
        stays("both are Backup", lambda: differs(states("r2", FAMILIES), backup), 2)
        assert states("r1", FAMILIES) == dict.fromkeys(FAMILIES, "Active")
    finally:
        r1.must_run("ip -6 route del unreachable 2001:db8:a::2/128 metric 1")
        both(OUTSIDE, "no vrrp 10 sync-families", "vrrp 10 sync-group fw")
        both(INSIDE, "vrrp 20 sync-group fw")
