# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 1500
"""
vrrpd is killed, and its guardian ends what it had: the others are told at once, and route and
addresses stay as long as it takes routing to learn of it.

The network is that of topotests/crossvip. h1, which reaches the VIPs by BGP and OSPF, and core,
which reaches them by OSPF alone, ask for both each millisecond. Every test starts with r1
Active and r2 Backup.
"""
import os
import signal
import time

import pytest

from helpers import topology
from helpers.events import Recorder
from helpers.moves import GROUP, NEXT_AS, PREFIXES, VIPS, start
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for, wait_logged

DRAIN_MSEC = 2000
SELDOM_MSEC = 500

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(start(module.__name__))


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, converged on r1, both guarded."""
    again()
    return NODES


def again():
    """Whatever was done to them."""
    for name in GROUP:
        NODES[name].revive("vrrpd")
        NODES[name].configure("vrrp guardian")
        drain(name, DRAIN_MSEC)
        seldom(name)
        wait_for(f"{name} has a guardian", lambda n=name: lacks_guardian(NODES[n]))
    converge("r1", "r2")
    for family in VIPS.values():
        wait_for(
            f"r2 waits for what is seldom, {family}",
            lambda f=family: differs(NODES["r2"].family(f)["masterAdverInterval"], SELDOM_MSEC),
        )


def seldom(name):
    """Others wait so long for that router that a guardian may be late on a busy machine."""
    NODES[name].configure(GROUP[name], f"vrrp 10 advertisement-interval {SELDOM_MSEC}")


def drain(name, msec):
    """That router drains for so long."""
    NODES[name].configure(GROUP[name], f"vrrp 10 drain {msec}")


def converge(active, backup):
    """The one is Active, the other has nothing left, and far knows."""
    NODES[active].wait_state("Active")
    wait_for(f"{backup} has nothing left", lambda: left(NODES[backup]))
    for prefix, family in PREFIXES.items():
        wait_for(
            f"far has {prefix} from {active} alone",
            lambda p=prefix, f=family: differs(origins(f, p), [NEXT_AS[active]]),
        )


def origins(family, prefix):
    """Whose paths far has."""
    found = NODES["far"].show_json("bgpd", f"show bgp {family} unicast {prefix} json")
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


def told(router):
    """What "show vrrp" says of the guardian."""
    return router.groups().get(10, {}).get("guardian", {})


def lacks_guardian(router):
    """A check: that there is a guardian, and that it is alive."""
    seen = told(router)
    return None if seen.get("alive") and is_process(seen["pid"]) else f"{seen}"


def is_process(pid):
    """One that runs, and is a guardian."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return "(vrrp-guardian) Z" not in file.read()
    except OSError:
        return False


def wait_gone(pid):
    """A guardian has ended."""
    wait_for(f"guardian {pid} has ended", lambda: "it runs" if is_process(pid) else None)


def killed():
    """kill -9; watchfrr does not run."""
    NODES["r1"].kill("vrrpd")


def lost_by(event):
    """Probes lost, and sent, from before the event until everybody knows of it."""
    with Probes((NODES["h1"], NODES["core"]), VIPS) as probes:
        event()
        converge("r2", "r1")
    return probes.lost()


def worst(lost):
    """The most probes that one client has lost."""
    return max(missing for missing, _ in lost.values())


def reasons():
    """Why r2 is Active, in both families."""
    return {NODES["r2"].family(family)["lastReason"] for family in VIPS.values()}


def test_without_a_guardian_others_notice_late_and_much_is_lost(net):
    """So the tests below see what there is to see."""
    pid = told(net["r1"])["pid"]
    net["r1"].configure("no vrrp guardian")
    wait_gone(pid)
    assert "no vrrp guardian" in net["r1"].running_config()
    assert told(net["r1"]) == {"enabled": False, "alive": False, "deaths": 0}
    lost = lost_by(killed)
    print(f"lost by kill -9 without the guardian: {lost}")
    assert worst(lost) > 20, lost
    assert reasons() == {"no-response"}


def test_a_kill_loses_nothing():
    """r2 is told, and not one probe of either client and family is lost."""
    seen = []
    for _ in range(3):
        again()
        seen.append(lost_by(killed))
        print(f"lost by kill -9 with the guardian: {seen[-1]}")
        assert reasons() == {"not-active"}
        if not worst(seen[-1]):
            break
    assert not worst(seen[-1]), seen


def test_nothing_is_left_when_the_drain_is_over(net):
    """Neither process, nor route, nor address; and not before the time."""
    r1, pid = net["r1"], told(net["r1"])["pid"]
    with Recorder(r1) as recorder:
        begun = time.monotonic()
        killed()
        wait_gone(pid)
    wait_for("r1 has nothing left", lambda: left(r1) or r1.link("vip-drain"))
    for prefix in PREFIXES:
        gone = recorder.first(r1, "del", "drained", prefix, begun)
        assert 0.9 < (gone.time - begun) * 1000 / DRAIN_MSEC, recorder.story(prefix)


def farewells(router):
    """How often it was told that another has left Active, by family."""
    shown = [router.family(family)["statistics"] for family in VIPS.values()]
    return [statistics["priorityZeroPktsRcvd"] for statistics in shown]


def test_a_planned_end_needs_no_guardian(net):
    """It says nothing, takes nothing away, and is gone."""
    pid, before = told(net["r1"])["pid"], farewells(net["r2"])
    net["r1"].stop("vrrpd")
    wait_gone(pid)
    assert not os.path.exists(net["r1"].path("/run/frr/vrrpd.guardian"))
    converge("r2", "r1")
    assert farewells(net["r2"]) == [count + 1 for count in before]


def test_killed_guardian_is_replaced(net):
    """It is counted and logged, and the next one does as well."""
    r1, first = net["r1"], told(net["r1"])
    os.kill(first["pid"], signal.SIGKILL)
    wait_for(
        "r1 has another guardian",
        lambda: lacks_guardian(r1) or (told(r1)["pid"] == first["pid"] or None),
    )
    assert told(r1)["deaths"] == first["deaths"] + 1
    wait_logged(r1, f"guardian {first['pid']}: died by signal 9")
    assert r1.state() == "Active" and left(r1)
    killed()
    net["r2"].wait_state("Active")
    assert reasons() == {"not-active"}


def test_both_are_killed(net):
    """Then it is as it was without a guardian."""
    r1, pid = net["r1"], told(net["r1"])["pid"]
    r1.signal("vrrpd", signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    killed()
    wait_gone(pid)
    converge("r2", "r1")
    assert reasons() == {"no-response"}


def test_guardian_is_killed_during_the_drain(net):
    """zebra withdraws what it held, and the kernel ends the addresses with their lease."""
    r1, pid = net["r1"], told(net["r1"])["pid"]
    drain("r1", 30 * DRAIN_MSEC)
    killed()
    net["r2"].wait_state("Active")
    begun = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    converge("r2", "r1")
    assert time.monotonic() - begun < 20 * DRAIN_MSEC / 1000


def test_frozen_daemon_keeps_what_it_has_for_the_lease(net):
    """Nobody is told, since it may go on; and it does, with all that it had."""
    r1, pid = net["r1"], told(net["r1"])["pid"]
    r1.signal("vrrpd", signal.SIGSTOP)
    net["r2"].wait_state("Active")
    assert reasons() == {"no-response"}
    converge("r2", "r1")
    assert is_process(pid)
    r1.signal("vrrpd", signal.SIGCONT)
    converge("r1", "r2")
    for prefix in PREFIXES:
        wait_for(f"{prefix} is back", lambda p=prefix: r1.has_address("vip0", p))


def test_new_daemon_within_the_drain_takes_over(net):
    """The earlier guardian ends when the new daemon has what it held, and takes nothing away later."""
    r1, pid = net["r1"], told(net["r1"])["pid"]
    drain("r1", 3 * DRAIN_MSEC)
    begun = time.monotonic()
    killed()
    r1.start("vrrpd")
    wait_for("the earlier guardian ends", lambda: "it runs" if is_process(pid) else None)
    r1.wait_state("Active")
    wait_for("r1 has a new guardian", lambda: lacks_guardian(r1))
    rest = 3 * DRAIN_MSEC / 1000 - (time.monotonic() - begun)
    for prefix in PREFIXES:
        wait_for(f"r1 has {prefix}", lambda p=prefix: r1.has_address("vip0", p))
    stays(
        "r1 has the VIPs",
        lambda: next(filter(None, (r1.has_address("vip0", p) for p in PREFIXES)), None),
        max(rest, 0) + 1,
    )
    converge("r1", "r2")


def oom_score(pid):
    """How gladly the kernel ends a process when it lacks memory."""
    with open(f"/proc/{pid}/oom_score_adj", encoding="ascii") as file:
        return file.read().strip()


def test_it_turns_away_who_calls_too_early(net):
    """Another vrrpd that only reads its configuration is not kept, and gets nothing."""
    r1, before = net["r1"], told(net["r1"])
    for _ in range(3):
        r1.must_run("timeout 20 /usr/lib/frr/vrrpd -C -f /dev/null")
    assert told(r1) == before and r1.state() == "Active"


def test_it_is_small_and_may_little(net):
    """Memory that is locked, one capability, a session of its own."""
    pid = told(net["r1"])["pid"]
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    assert int(status["VmRSS"].split()[0]) <= 3 * 1024, status["VmRSS"]
    assert status["VmLck"].split()[0] != "0", status["VmLck"]
    assert {status["CapPrm"], status["CapEff"]} == {f"{1 << 12:016x}"}, status
    assert {status["CapInh"], status["CapAmb"]} == {"0" * 16}, status
    assert status["NoNewPrivs"] == "1"
    assert oom_score(pid) == "-900" and oom_score(net["r1"].pid("vrrpd")) == "0"
    assert os.getsid(pid) != os.getsid(net["r1"].pid("vrrpd"))
