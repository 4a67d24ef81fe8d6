# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 900
"""
"vrrp switchover" and "vrrp drain": an operator gives the VIPs away, and nobody loses a packet.

Every test starts with r1 Active (priority 200) and r2 Backup (priority 100); both preempt.
"""
import signal
from contextlib import contextmanager

import pytest

from helpers import moves, topology
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for, wait_logged

FAMILIES = ("v4", "v6")
ADVERTISES = 200  # ms; some twelve of it are enough to see that nothing comes
QUIET_SEC = 3

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(moves.start(module.__name__))


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, converged on r1."""
    again()
    return NODES


def again():
    """Whatever was done to them."""
    for name, priority in (("r1", 200), ("r2", 100)):
        router = NODES[name]
        router.revive("vrrpd")
        moves.typed(NODES, name, "drain 2000")
        moves.typed(NODES, name, f"priority {priority}")
        router.must_run("vtysh -c 'no vrrp drain' -c 'clear vrrp switchover'")
    moves.converge(NODES, "r1", "r2")


def told(name, command):
    """What a router answers to a command that works."""
    status, output = NODES[name].vtysh(command)
    assert status == 0, output
    return output


def refused(name, command):
    """What it answers to one that fails."""
    status, output = NODES[name].vtysh(command)
    assert status != 0, output
    return output


def probed(command, active, backup, state="Backup"):
    """(lost, sent) of each probe around a command of r1, and what the command says."""
    with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
        output = told("r1", command)
        moves.converge(NODES, active, backup, state)
    return probes.lost(), output


def loses_nothing(measured):
    """One of three: a machine that is too busy for routing to converge is not the subject."""
    seen = []
    for _ in range(3):
        lost, output = measured()
        seen.append(lost)
        print(f"(lost, sent): {lost}")
        if not any(pair[0] for pair in lost.values()):
            return output
        again()
    raise AssertionError(f"(lost, sent): {seen}")


@contextmanager
def frozen(name):
    """Its vrrpd hears nothing and says nothing; its kernel answers echoes."""
    NODES[name].signal("vrrpd", signal.SIGSTOP)
    try:
        yield
    finally:
        NODES[name].signal("vrrpd", signal.SIGCONT)


def values(name, key):
    """A key of both families."""
    return [NODES[name].family(family).get(key) for family in FAMILIES]


def is_active(name):
    """A check: both families are."""
    return differs(values(name, "state"), ["Active", "Active"])


def releases(name):
    """How often it has advertised priority 0."""
    return [stats["priorityZeroPktsSent"] for stats in values(name, "statistics")]


# Switchover


def test_switchover_loses_nothing_and_is_not_undone():
    """Though r1 is the better router, and until r2 falls silent."""
    with moves.seldom(NODES):
        output = loses_nothing(lambda: probed("vrrp switchover", "r2", "r1"))
        assert "vrrp r1-core 10 IPv4: 192.0.2.194 is Active now" in output
        assert "vrrp r1-core 10 IPv6: 2001:db8:a::2 is Active now" in output
        assert values("r1", "lastReason") == ["handed-over"] * 2
        assert values("r1", "yields") == [True, True]
        stays("r2 is Active", lambda: is_active("r2"), QUIET_SEC)
    with frozen("r2"):
        NODES["r1"].wait_state("Active")
        assert values("r1", "yields") == [False, False]
    moves.converge(NODES, "r1", "r2")


def cleared():
    """clear vrrp switchover."""
    told("r1", "clear vrrp switchover")


def handed_back():
    """vrrp switchover on the other router."""
    told("r2", "vrrp switchover")


def restarted():
    """Another vrrpd knows nothing of it."""
    NODES["r1"].stop("vrrpd")
    NODES["r1"].start("vrrpd")


@pytest.mark.parametrize("undone", (cleared, handed_back, restarted))
def test_switchover_is_undone_by_command_or_restart(undone):
    """Then r1 is Active again, as it is configured."""
    told("r1", "vrrp switchover")
    stays("r2 is Active", lambda: is_active("r2"), 1)
    undone()
    moves.converge(NODES, "r1", "r2")


def test_filters_are_those_of_show(net):
    """One family; and an interface that has nothing."""
    told("r1", "vrrp switchover interface r1-core 10 ipv6")
    net["r1"].wait_state("Backup", ("v6",))
    assert net["r1"].state("v4") == "Active"
    told("r1", "vrrp switchover 10 ipv4")
    moves.converge(net, "r2", "r1")
    assert "vrrp lo: no such group" in refused("r1", "vrrp switchover interface lo")


def test_nobody_takes_over(net):
    """r1 stays Active all along, says so, and loses nothing."""

    def measured():
        before = net["r1"].transitions()
        with frozen("r2"):
            with Probes((net["h1"], net["core"]), moves.VIPS) as probes:
                output = refused("r1", "vrrp switchover")
            assert net["r1"].transitions() == before
            for sentences in values("r1", "warnings"):
                assert any("nobody took over: stays Active" in s for s in sentences)
        return probes.lost(), output

    output = loses_nothing(measured)
    for family in ("IPv4", "IPv6"):
        words = f"vrrp r1-core 10 {family}: nobody took over: stays Active"
        assert f"% {words}" in output
        wait_logged(net["r1"], words)
    told("r1", "clear vrrp switchover")
    assert not any("nobody" in s for w in values("r1", "warnings") for s in w)


# Refused before anything changes


def nothing_changes(name, command):
    """The answer to a command that is refused."""
    before = values(name, "state"), releases(name), NODES[name].transitions()
    output = refused(name, command)
    assert (values(name, "state"), releases(name), NODES[name].transitions()) == before
    return output


def test_switchover_of_a_backup_is_refused():
    """It has nothing."""
    output = nothing_changes("r2", "vrrp switchover")
    assert "% vrrp r2-core 10 IPv4: is Backup, and has nothing to hand over" in output


def test_switchover_of_an_owner_is_refused():
    """It would be Active again at once."""
    moves.typed(NODES, "r1", "priority 255")
    output = nothing_changes("r1", "vrrp switchover interface r1-core 10")
    assert "% vrrp r1-core 10 IPv4: has priority 255, and would take" in output


def test_switchover_of_no_group_is_refused():
    """The name that it does not have."""
    output = nothing_changes("r1", "vrrp switchover interface r1-core 99")
    assert "% vrrp r1-core 99: no such group" in output


@contextmanager
def a_lonely_group():
    """A group on r1, Active, with a peer that does not exist."""
    words = ("", " source 192.0.2.193", " peer 192.0.2.250", " startup-hold 0", " ip 203.0.113.20")
    NODES["r1"].configure(moves.GROUP["r1"], *(f"vrrp 20{word}" for word in words))
    NODES["r1"].wait_state("Active", ("v4",), 20)
    try:
        yield
    finally:
        NODES["r1"].configure(moves.GROUP["r1"], "no vrrp 20")


def test_switchover_to_nobody_is_refused():
    """And so is all of a command that concerns others as well."""
    with a_lonely_group():
        for command in ("vrrp switchover 20", "vrrp switchover"):
            output = nothing_changes("r1", command)
            assert "% vrrp r1-core 20 IPv4: nobody to hand over to" in output


# The whole host


def is_drained(name):
    """A check: it takes no part, and says why."""
    seen = values(name, "state"), values(name, "hold")
    return differs(seen, (["Initialize"] * 2, ["drained"] * 2))


def test_drain_loses_nothing_and_takes_nothing(net):
    """There and back; meanwhile not even when nobody else is there."""
    before = net["r1"].running_config()

    def there_and_back():
        lost, output = probed("vrrp drain", "r2", "r1", "Initialize")
        assert "The last virtual address is gone" in output
        back, _ = probed("no vrrp drain", "r1", "r2")
        return {key: tuple(map(sum, zip(lost[key], back[key]))) for key in lost}, output

    loses_nothing(there_and_back)
    told("r1", "vrrp drain")
    assert moves.left(net["r1"]) is None, "the command said that all is gone"
    assert is_drained("r1") is None
    assert net["r1"].groups()[10]["hostDrained"]
    assert "Host Drained" in net["r1"].show("vrrpd", "show vrrp")
    assert net["r1"].running_config() == before
    with frozen("r2"):
        stays("r1 takes nothing", lambda: is_drained("r1"), QUIET_SEC)


def test_drain_ends_with_the_daemon():
    """It is in no configuration."""
    told("r1", "vrrp drain")
    restarted()
    moves.converge(NODES, "r1", "r2")
    assert not NODES["r1"].groups()[10]["hostDrained"]


def test_an_owner_is_drained_as_well():
    """Since it does not come back by itself."""
    moves.typed(NODES, "r1", "priority 255")
    told("r1", "vrrp drain")
    moves.converge(NODES, "r2", "r1", "Initialize")
    stays("r1 takes nothing", lambda: is_drained("r1"), 1)


def test_what_nobody_takes_stays_until_somebody_can(net):
    """The command fails, and r2 takes it by itself when it can."""
    with frozen("r2"):
        output = refused("r1", "vrrp drain")
        assert "% vrrp r1-core 10 IPv4: nobody took over: stays Active" in output
        assert is_active("r1") is None
        assert values("r1", "effectivePriority") == [1, 1]
    net["r2"].wait_state("Active")
    wait_for("r1 is drained", lambda: is_drained("r1"))


def test_a_group_that_comes_meanwhile_is_held(net):
    """Or the host would take something."""
    told("r1", "vrrp drain")
    words = ("", " source 192.0.2.193", " peer 192.0.2.194", " startup-hold 0", " ip 203.0.113.20")
    net["r1"].configure(moves.GROUP["r1"], *(f"vrrp 20{word}" for word in words))
    wait_for(
        "it is held", lambda: differs(net["r1"].family("v4", 20).get("hold"), "drained")
    )
    told("r1", "no vrrp drain")
    net["r1"].wait_state("Active", ("v4",), 20)
    net["r1"].configure(moves.GROUP["r1"], "no vrrp 20")
