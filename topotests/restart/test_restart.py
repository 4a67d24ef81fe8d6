# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 600
"""
A vrrpd that is started again, and nobody notices: it goes on where the one before it ended.

The network is that of topotests/crossvip, with one group more. h1, which reaches the VIPs by BGP and OSPF,
and core, which reaches them by OSPF alone, ask for them each millisecond. Every test starts with r1 Active,
r2 Backup, and r1 guarded.
"""
import os
import shlex

import pytest

from helpers import topology
from helpers.moves import GROUP, PREFIXES, VIPS, converge, start
from helpers.probes import Probes
from helpers.restart import command_line, end_without_a_farewell, restarted, start_script, watch
from helpers.wait import differs, wait_for, wait_logged

VRIDS = (10, 11)
STATE = "/run/frr/vrrpd-active"
NODES = {}
NEWLINE = "\n"
POSTINST = "/src/debian/frr-crossvip.postinst"


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(start(module.__name__))
    for name in GROUP:
        add_group(name, 11)
    r1 = NODES["r1"]
    r1.must_run("chown frr:frr /run/frr && chmod 755 /run/frr")  # as Debian has it
    words = [word for word in shlex.split(command_line(r1)) if word not in ("-d", "--daemon")]
    options = shlex.quote(shlex.join(words[1:]))
    lines = f"vrrpd=yes{NEWLINE}vrrpd_options={options}"
    r1.must_run(f"echo {shlex.quote(lines)} >/etc/frr/daemons")


def add_group(name, vrid):
    """As group 10, for IPv4."""
    lines = NODES[name].show("vrrpd", "show running-config").splitlines()
    words = ("priority", "source 192", "peer 192", "ttl-security", "announce")
    typed = [line.strip() for line in lines if line.startswith(" vrrp 10 ")]
    wanted = [line for line in typed if line.removeprefix("vrrp 10 ").startswith(words)]
    NODES[name].configure(
        GROUP[name],
        f"vrrp {vrid}",
        *[line.replace("vrrp 10", f"vrrp {vrid}") for line in wanted],
        f"vrrp {vrid} ip 203.0.113.{vrid}",
    )


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, converged on r1, with advertisements each second."""
    come_back(1000)
    return NODES


def come_back(msec):
    """r1 is Active, both advertise as often, everybody knows, and r1 starts with it from now on."""
    r1 = NODES["r1"]
    r1.revive("vrrpd")
    r1.configure("vrrp guardian", GROUP["r1"], "no vrrp 10 shutdown", *lines_of(200, msec))
    NODES["r2"].configure(GROUP["r2"], *lines_of(100, msec))
    converge(NODES, "r1", "r2")
    for family in VIPS.values():  # a longer one takes effect when nobody has typed for a while
        wait_for(
            f"r2 waits for an advertisement each {msec} ms, {family}",
            lambda f=family: differs(NODES["r2"].family(f)["masterAdverInterval"], msec),
        )
    r1.must_run("vtysh -c 'write memory'")


def lines_of(priority, msec):
    """What both groups have of a router."""
    values = (f"priority {priority}", f"advertisement-interval {msec}", "drain 2000")
    return [f"vrrp {vrid} {value}" for vrid in VRIDS for value in values]


def killed(router, between="true"):
    """kill -9, and whoever watches starts it at once."""
    again = start_script(router)
    router.must_run(f"kill -9 {router.pid('vrrpd')}; {between}; {again}")


def unguarded():
    """When r1 is killed from now on nobody speaks for it."""
    NODES["r1"].configure("no vrrp guardian")
    NODES["r1"].must_run("vtysh -c 'write memory'")


def upgraded(router):
    """The package's script, after its files have been replaced."""
    watch(router)
    before = router.pid("vrrpd")
    router.must_run(f"sh {POSTINST} configure 1.0 >/tmp/postinst 2>&1")
    assert router.alive("vrrpd") and router.pid("vrrpd") != before
    router.kill("watchfrr")


def one_of_three(act, wanted):
    """On a busy machine a start may take too long: act(), of three times, returns once what is wanted."""
    seen = []
    for _ in range(3):
        seen.append(act())
        if seen[-1] == wanted:
            return
        come_back(1000)
    raise AssertionError(f"wanted: {wanted}, seen: {seen}")


def lost(restart):
    """How many probes, until r1 is Active again."""
    with Probes((NODES["h1"], NODES["core"]), VIPS) as probes:
        restart(NODES["r1"])
        NODES["r1"].wait_state("Active")
    print(f"{restart.__name__}: (lost, sent): {probes.lost()}")
    return sum(lost for lost, _ in probes.lost().values())


def reasons(name="r1"):
    """Why that router is what it is."""
    return [NODES[name].family(family).get("lastReason") for family in ("v4", "v6")]


@pytest.mark.parametrize("restart", (restarted, upgraded))
def test_nobody_notices_a_restart(restart):
    """Not a probe is lost, and the peer stays Backup."""

    def act():
        before = NODES["r2"].transitions()
        return lost(restart), NODES["r2"].transitions() == before, reasons()

    one_of_three(act, (0, True, ["resumed", "resumed"]))


def test_without_the_file_the_addresses_stay_until_it_is_decided():
    """It starts as Backup, and goes on answering meanwhile."""

    def restart(r1):
        restarted(r1, f"rm {STATE}")
        r1.wait_state("Backup")
        for prefix in PREFIXES:
            assert r1.has_address("vip0", prefix) is None

    one_of_three(lambda: lost(restart), 0)


SLOW = "sleep 3"  # a start that takes many intervals


def restarted_slowly(router):
    """Nobody is there for longer than others wait."""
    restarted(router, SLOW)


@pytest.mark.parametrize("msec", (100, 1000))
def test_nobody_notices_a_slow_start(msec):
    """The guardian repeats what the daemon said, so that the peer stays Backup, for long too."""

    def act():
        come_back(msec)
        before = NODES["r2"].transitions()
        return lost(restarted_slowly), NODES["r2"].transitions() == before, reasons()

    one_of_three(act, (0, True, ["resumed", "resumed"]))


def guardian_of(router):
    """Its process; None when there is none."""
    return router.groups()[10]["guardian"].get("pid")


def test_nobody_starts_it_again():
    """The guardian speaks for a while, and then it is as if vrrpd had been killed: nothing is lost."""
    r1, r2 = NODES["r1"], NODES["r2"]

    def abandoned(r1):
        guardian, before = guardian_of(r1), heard(r2)
        end_without_a_farewell(r1)
        wait_for("r1 is spoken for", lambda: None if heard(r2) > before + 5 else heard(r2))
        assert states(r2) == {"Backup"}
        r2.wait_state("Active")
        proc = f"/proc/{guardian}"
        wait_for("the guardian ends", lambda: proc if os.path.exists(proc) else None)
        converge(NODES, "r2", "r1", state=None)

    with Probes((NODES["h1"], NODES["core"]), VIPS) as probes:
        abandoned(r1)
    assert reasons("r2") == ["not-active", "not-active"]
    assert not sum(missing for missing, _ in probes.lost().values()), probes.lost()


def heard(router):
    """Advertisements so far, of group 10 and IPv4."""
    return router.family("v4")["stats"]["adverRx"]


KEYS = (
    "key chain k",
    "key 1",
    f"key-string {32 * 'x'}",
    "cryptographic-algorithm hmac-sha-256",
    "exit",
    "exit",
)


def test_nobody_speaks_for_a_router_that_signs():
    """Signatures would be old ones: the peer takes over by itself, and nothing is lost."""
    for name in GROUP:
        NODES[name].configure(
            *KEYS, GROUP[name], *[f"vrrp {vrid} authentication key-chain k" for vrid in VRIDS]
        )
    converge(NODES, "r1", "r2")
    NODES["r1"].must_run("vtysh -c 'write memory'")
    try:
        assert lost(restarted_slowly) == 0
        assert "resumed" not in reasons()
    finally:
        for name in GROUP:
            NODES[name].configure(
                GROUP[name], *[f"no vrrp {vrid} authentication" for vrid in VRIDS]
            )
            NODES[name].configure("no key chain k")


def test_what_is_shut_down_meanwhile_is_not_spoken_for_any_more():
    """As soon as the configuration has been read."""
    r1, r2 = NODES["r1"], NODES["r2"]
    restarted(r1, "sed -i 's/^ vrrp 10 priority.*/&\\n vrrp 10 shutdown/' /etc/frr/frr.conf")
    r1.wait_state("Initialize")
    r2.wait_state("Active")
    converge(NODES, "r2", "r1", state=None)


def test_a_better_router_that_came_during_a_slow_start_is_respected():
    """Both are Active until r1 is back and hears it."""
    r1, r2 = NODES["r1"], NODES["r2"]
    before = r2.transitions()
    again = end_without_a_farewell(r1)
    r2.configure(GROUP["r2"], *lines_of(255, 1000))
    r2.wait_state("Active")
    r1.must_run(again)
    r1.wait_state("Backup")
    converge(NODES, "r2", "r1")
    assert [now - then for now, then in zip(r2.transitions(), before)] == [1, 1]


HOSTILE = {
    "truncated": f"truncate -s -1 {STATE}",
    "directory": f"rm {STATE}; mkdir {STATE}",
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_file_that_is_not_ours_is_ignored_and_said(hostile):
    """It starts as if there was none, and writes its own as soon as it can (see test_state_file)."""
    r1 = NODES["r1"]
    unguarded()
    killed(r1, HOSTILE[hostile])
    wait_logged(r1, f"{STATE} is ignored: ")
    r1.wait_state("Active")
    assert "resumed" not in reasons()
    if hostile == "directory":
        wait_logged(r1, f"{STATE} cannot be written: ")
        assert f"{STATE} cannot be written" in r1.show("vrrpd", "show vrrp")
        r1.must_run(f"rmdir {STATE}")
    wait_for("a file of its own", lambda: own_file(r1))


def states(router):
    """Of all its groups, for IPv4."""
    return {group["v4"]["state"] for group in router.show_json("vrrpd", "show vrrp json")}


def own_file(router):
    """A check: there is one, and it is whole."""
    is_file = f"test -f {STATE} -a ! -h {STATE}"  # not a pipe, from which grep would wait to read
    status, _ = router.run(f"{is_file} && grep -aq 'format 1' {STATE}")
    return f"status {status}" if status else None


def test_too_late_it_does_not_resume():
    """The peer is Active, and hands over by the ordinary rules."""
    unguarded()
    r1, r2 = NODES["r1"], NODES["r2"]
    again = start_script(r1)
    r1.kill("vrrpd")
    wait_for("r2 is Active for all", lambda: differs(states(r2), {"Active"}))
    r1.must_run(again)
    wait_logged(r1, "too long ago to resume")
    r1.wait_state("Active")
    assert reasons() == ["preempted", "preempted"]


def test_a_better_router_that_came_meanwhile_is_respected():
    """Both are Active until the first advertisement, and one is then."""
    unguarded()
    r1, r2 = NODES["r1"], NODES["r2"]
    again = start_script(r1)
    before = r2.transitions()
    r1.kill("vrrpd")
    r2.configure(GROUP["r2"], *lines_of(255, 1000))
    r1.must_run(again)
    r1.wait_state("Backup")
    r2.wait_state("Active")
    assert [now - then for now, then in zip(r2.transitions(), before)] == [1, 1]
    for prefix in PREFIXES:
        wait_for(f"r1 lets go of {prefix}", lambda p=prefix: r1.has_not_address("vip0", p))


def test_what_is_shut_down_meanwhile_does_not_resume():
    """And its addresses go when the configuration has been read."""
    unguarded()
    r1, r2 = NODES["r1"], NODES["r2"]
    killed(r1, "sed -i 's/^ vrrp 10 priority.*/&\\n vrrp 10 shutdown/' /etc/frr/frr.conf")
    r1.wait_state("Initialize")
    for prefix in PREFIXES:
        wait_for(f"r1 has not {prefix}", lambda p=prefix: r1.has_not_address("vip0", p), 3)
    r2.wait_state("Active")


def test_a_killed_one_resumes_without_a_guardian():
    """Nobody has told r2 of it."""
    r1, r2 = NODES["r1"], NODES["r2"]

    def act():
        unguarded()
        before = r2.transitions()
        killed(r1)
        r1.wait_state("Active")
        return reasons(), r2.transitions() == before

    one_of_three(act, (["resumed", "resumed"], True))


def test_a_killed_one_whose_guardian_has_spoken_does_not_resume():
    """r2 has been told to take over, and gives back by the ordinary rules; nothing is lost."""

    def act():
        return lost(killed), "resumed" in reasons()

    one_of_three(act, (0, False))


def test_without_watchfrr_it_is_refused():
    """Nobody would start it again."""
    r1 = NODES["r1"]
    if r1.alive("watchfrr"):
        r1.kill("watchfrr")
    before = r1.pid("vrrpd")
    status, told = r1.vtysh("vrrp restart")
    assert status != 0 and "nothing would start vrrpd again" in told
    assert r1.alive("vrrpd") and r1.pid("vrrpd") == before


def test_in_the_foreground_it_is_left_to_who_runs_it():
    """A container, or systemd: it ends, and is resumed when it is started again."""
    r1 = NODES["r1"]
    before = start_script(r1)
    words = [word for word in shlex.split(command_line(r1)) if word not in ("-d", "--daemon")]
    r1.stop("vrrpd")
    r1.must_run(f"nohup {shlex.join(words)} >/dev/null 2>&1 & echo started")
    wait_for("vtysh comes in", lambda: differs(r1.vtysh("show vrrp")[0], 0))
    r1.must_run("vtysh -b -d vrrpd")
    r1.wait_state("Active")
    try:
        status, told = r1.vtysh("vrrp restart")
        assert status == 0 and "whoever runs it must start it again" in told, told
        wait_for("it ends", lambda: "alive" if r1.alive("vrrpd") else None)
    finally:
        r1.must_run(before)


def test_a_planned_end_leaves_no_file():
    """Nothing is to be resumed."""
    r1 = NODES["r1"]
    wait_for("there is a file", lambda: own_file(r1))
    r1.stop("vrrpd")
    assert r1.run(f"test -e {STATE}")[0] != 0
    NODES["r2"].wait_state("Active")
