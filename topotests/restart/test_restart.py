# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 900
"""
A vrrpd that is started again, and nobody notices: it goes on where the one before it ended.

The network is that of topotests/crossvip, with more groups. h1, which reaches the VIPs by BGP, from zebra's
table, and core, which reaches them by OSPF, from the addresses, ask for them each millisecond. Every test
starts with r1 Active and r2 Backup, both guarded.
"""
import shlex

import pytest

from helpers import topology
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for

DAEMONS = {
    "r1": ("ospfd", "ospf6d", "bgpd", "vrrpd"),
    "r2": ("ospfd", "ospf6d", "bgpd", "vrrpd"),
    "core": ("staticd", "ospfd", "ospf6d"),
    "far": ("staticd", "bgpd"),
}
LINKS = (("r1", "core"), ("r2", "core"), ("core", "far"), ("far", "h1"))
CLIENT = (
    "ip -6 address add 2001:db8:4::2/64 dev h1-far nodad",
    "ip -6 route add default via 2001:db8:4::1",
)
VIPS = ("203.0.113.10", "2001:db8:ffff::10", "203.0.113.12")
MORE_GROUPS = (11, 12)
PREFIXES = {"203.0.113.10/32": "ipv4", "2001:db8:ffff::10/128": "ipv6"}
NEXT_AS = {"r1": "65001", "r2": "65002"}
GROUP = {"r1": "interface r1-core", "r2": "interface r2-core"}
STATE = "/run/frr/vrrpd-active"
NODES = {}
NEWLINE = "\n"
POSTINST = "/src/debian/frr-crossvip.postinst"


def build(tgen):
    """That of topotests/crossvip."""
    for name in DAEMONS:
        tgen.add_router(name)
    tgen.add_host("h1", "192.0.2.130/26", "via 192.0.2.129")
    for pair in LINKS:
        topology.link(tgen, *pair)


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, DAEMONS))
    for command in CLIENT:
        NODES["h1"].must_run(command)
    for name in GROUP:
        NODES[name].must_run("chown frr:frr /run/frr && chmod 755 /run/frr")  # as Debian has it
        for vrid in MORE_GROUPS:
            add_group(name, vrid)
        command = shlex.split(command_line(NODES[name]))
        options = shlex.join(word for word in command[1:] if word not in ("-d", "--daemon"))
        NODES[name].must_run(
            f"echo {shlex.quote(f'vrrpd=yes{NEWLINE}vrrpd_options={shlex.quote(options)}')}"
            " >/etc/frr/daemons"
        )


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
    for name in GROUP:
        NODES[name].revive("vrrpd")
    advertise_each(1000)
    come_back()
    return NODES


def typed(name, *lines):
    """Somebody configures the groups of a router."""
    vrids = (10, *MORE_GROUPS)
    NODES[name].configure(GROUP[name], *[f"vrrp {n} {line}" for line in lines for n in vrids])


def advertise_each(msec):
    """Both routers, and it is what they start with from now on."""
    for name in GROUP:
        typed(name, f"advertisement-interval {msec}", "drain 2000")


def come_back():
    """r1 is Active, and everybody knows."""
    NODES["r1"].configure("vrrp guardian")
    NODES["r1"].configure(GROUP["r1"], "no vrrp 10 shutdown")
    typed("r1", "priority 200")
    typed("r2", "priority 100")
    NODES["r1"].wait_state("Active")
    NODES["r2"].wait_state("Backup")
    for prefix, family in PREFIXES.items():
        wait_for(
            f"far has {prefix} from r1 alone",
            lambda p=prefix, f=family: differs(origins(f, p), [NEXT_AS["r1"]]),
        )
        wait_for(
            f"r2 has not {prefix}", lambda p=prefix: NODES["r2"].has_not_address("vip0", p)
        )
    for name in GROUP:
        NODES[name].must_run("vtysh -c 'write memory'")


def origins(family, prefix):
    """Whose paths far has."""
    found = NODES["far"].show_json("bgpd", f"show bgp {family} unicast {prefix} json")
    return [path["aspath"]["string"] for path in found.get("paths", [])]


def command_line(router):
    """How its vrrpd was started."""
    with open(f"/proc/{router.pid('vrrpd')}/cmdline", encoding="utf-8") as file:
        return shlex.join(file.read().rstrip("\0").split("\0"))


def start_script(router):
    """What watchfrr.sh does: the daemon, and its part of frr.conf."""
    return f"{command_line(router)} >/dev/null 2>&1; vtysh -b -d vrrpd"


def killed(router, between="true"):
    """kill -9, and whoever watches starts it at once."""
    again = start_script(router)
    router.must_run(f"kill -9 {router.pid('vrrpd')}; {between}; {again}")


def unguarded(name):
    """A killed one is not replaced by its guardian from now on."""
    NODES[name].configure("no vrrp guardian")
    NODES[name].must_run("vtysh -c 'write memory'")


def watch(router):
    """watchfrr runs, which would be too slow to start it again."""
    if not router.alive("watchfrr"):
        router.must_run(
            "/usr/lib/frr/watchfrr -d -r '/bin/false %s' mgmtd zebra vrrpd >/dev/null 2>&1"
        )
        wait_for(
            "watchfrr has seen vrrpd",
            lambda: None if "vrrpd" in (out := watchfrr_says(router)) and "Up" in out else out,
        )


def restarted(router, between="true"):
    """Someone types "vrrp restart", and starts it again."""
    watch(router)
    again = start_script(router)
    router.must_run(f"vtysh -d vrrpd -c 'vrrp restart' && {between}; {again}")
    router.kill("watchfrr")  # "write memory" would go by it


def upgraded(router):
    """The package's script, after its files have been replaced."""
    watch(router)
    before = router.pid("vrrpd")
    router.must_run(f"sh {POSTINST} configure 1.0 >/tmp/postinst 2>&1")
    assert router.alive("vrrpd") and router.pid("vrrpd") != before
    router.kill("watchfrr")


def watchfrr_says(router):
    """Its view of vrrpd."""
    shown = router.run("vtysh -d watchfrr -c 'show watchfrr'")[1]
    lines = [line for line in shown.splitlines() if line.split()[:1] == ["vrrpd"]]
    return " ".join(lines)


RESTARTS = {restart.__name__: restart for restart in (restarted, upgraded)}


def restart_under_probes(restart):
    """Probes lost and sent, transitions at r2, and why r1 is Active now."""
    r1, r2 = NODES["r1"], NODES["r2"]
    before = r2.transitions()
    with Probes((NODES["h1"], NODES["core"]), VIPS) as probes:
        restart(r1)
        r1.wait_state("Active")
        stays("r2 is Backup", lambda: differs(r2.state(), "Backup"), seconds=1)
    moved = [now - then for now, then in zip(r2.transitions(), before)]
    reasons = [r1.family(family).get("lastReason") for family in ("v4", "v6")]
    return probes.lost(), moved, reasons


@pytest.mark.parametrize("restart", RESTARTS)
@pytest.mark.parametrize("msec", (1000, 500))
def test_nobody_notices_a_restart(restart, msec):
    """Not a probe is lost, and the peer stays Backup: one of three, on a busy machine."""
    advertise_each(msec)
    come_back()
    seen = []
    for _ in range(3):
        seen.append(restart_under_probes(RESTARTS[restart]))
        print(f"{restart}, {msec} ms: (lost, sent) {seen[-1]}")
        lost, moved, reasons = seen[-1]
        if not any(pair[0] for pair in lost.values()) and moved == [0, 0]:
            assert reasons == ["resumed", "resumed"]
            return
        come_back()
    raise AssertionError(f"(lost, sent), transitions of r2, reasons: {seen}")


def assert_one_loses_nothing(what, restart):
    """One of three, with a converged network before each."""
    seen = []
    for _ in range(3):
        with Probes((NODES["h1"], NODES["core"]), VIPS) as probes:
            restart()
            NODES["r1"].wait_state("Active")
        seen.append(probes.lost())
        print(f"{what}: (lost, sent) {seen[-1]}")
        if not any(lost for lost, _ in seen[-1].values()):
            return
        come_back()
    raise AssertionError(f"{what}: (lost, sent) {seen}")


def test_without_the_file_the_addresses_stay_until_it_is_decided():
    """It starts as Backup, and goes on answering meanwhile."""

    def restart():
        restarted(NODES["r1"], f"rm {STATE}")
        assert NODES["r1"].state() == "Backup"
        for prefix in PREFIXES:
            assert NODES["r1"].has_address("vip0", prefix) is None

    assert_one_loses_nothing("without the file", restart)


def test_a_restart_that_may_come_too_late_loses_nothing_either():
    """300 ms are little for a start on this machine: the peer takes over, and gives back."""
    advertise_each(100)
    come_back()
    assert_one_loses_nothing("restarted, 100 ms", lambda: restarted(NODES["r1"]))


HOSTILE = {
    "garbage": f"head -c 500 /dev/urandom >{STATE}",
    "truncated": f"truncate -s -1 {STATE}",
    "empty": f"truncate -s 0 {STATE}",
    "another boot": f"sed -i 's/boot ..../boot 0000/' {STATE}",
    "another version": f"sed -i 's/format 1/format 9/' {STATE}",
    "symlink": f"mv {STATE} /run/frr/elsewhere; ln -s elsewhere {STATE}",
    "directory": f"rm {STATE}; mkdir {STATE}",
    "pipe": f"rm {STATE}; mkfifo {STATE}",
    "huge": f"truncate -s 10G {STATE}",
    "unreadable": f"chown root {STATE}; chmod 0 {STATE}",
    "foreign": f"chown nobody {STATE}; chmod 644 {STATE}",
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_file_that_is_not_ours_is_ignored_and_said(hostile):
    """It starts as if there was none, and writes its own as soon as it can."""
    r1 = NODES["r1"]
    unguarded("r1")
    since = len(r1.log())
    killed(r1, HOSTILE[hostile])
    wait_for("it is said", lambda: said(f"{STATE} is ignored: ", since))
    r1.wait_state("Active")
    assert "resumed" not in (r1.family("v4")["lastReason"], r1.family("v6")["lastReason"])
    if hostile == "directory":
        wait_for("it is said", lambda: said(f"{STATE} cannot be written: ", since))
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


def said(sentence, since):
    """A check: r1 has logged it."""
    log = NODES["r1"].log()[since:]
    return None if sentence in log else log


def test_too_late_it_does_not_resume():
    """The peer is Active, and hands over by the ordinary rules."""
    unguarded("r1")
    r1, r2 = NODES["r1"], NODES["r2"]
    again, since = start_script(r1), len(r1.log())
    r1.kill("vrrpd")
    wait_for("r2 is Active for all", lambda: differs(states(r2), {"Active"}))
    r1.must_run(again)
    wait_for("it is said", lambda: said("too long ago to resume", since))
    r1.wait_state("Active")
    assert r1.family("v4")["lastReason"] == "preempted"


def test_a_better_router_that_came_meanwhile_is_respected():
    """Both are Active until the first advertisement, and one is then."""
    unguarded("r1")
    r1, r2 = NODES["r1"], NODES["r2"]
    again = start_script(r1)
    before = r2.transitions()
    r1.kill("vrrpd")
    typed("r2", "priority 255")
    r1.must_run(again)
    r1.wait_state("Backup")
    r2.wait_state("Active")
    assert [now - then for now, then in zip(r2.transitions(), before)] == [1, 1]
    for prefix in PREFIXES:
        wait_for(f"r1 lets go of {prefix}", lambda p=prefix: r1.has_not_address("vip0", p))


def test_what_is_shut_down_meanwhile_does_not_resume():
    """And its addresses go when the configuration has been read."""
    unguarded("r1")
    r1, r2 = NODES["r1"], NODES["r2"]
    killed(r1, "sed -i 's/^ vrrp 10 priority.*/&\\n vrrp 10 shutdown/' /etc/frr/frr.conf")
    r1.wait_state("Initialize")
    for prefix in PREFIXES:
        wait_for(f"r1 has not {prefix}", lambda p=prefix: r1.has_not_address("vip0", p), 3)
    r2.wait_state("Active")


def test_a_killed_one_resumes_without_a_guardian():
    """Nobody has told r2 of it."""
    unguarded("r1")
    r1, r2 = NODES["r1"], NODES["r2"]
    before = r2.transitions()
    killed(r1)
    r1.wait_state("Active")
    assert [r1.family(family)["lastReason"] for family in ("v4", "v6")] == ["resumed"] * 2
    assert r2.transitions() == before


def test_a_killed_one_whose_guardian_has_spoken_does_not_resume():
    """r2 has been told to take over, and gives back by the ordinary rules; nothing is lost."""

    def restart():
        killed(NODES["r1"])
        NODES["r1"].wait_state("Active")
        assert NODES["r1"].family("v4")["lastReason"] != "resumed"

    assert_one_loses_nothing("killed", restart)


def test_without_watchfrr_it_is_refused():
    """Nobody would start it again."""
    r1 = NODES["r1"]
    if r1.alive("watchfrr"):
        r1.kill("watchfrr")
    before = r1.pid("vrrpd")
    status, told = r1.vtysh("vrrp restart")
    assert status != 0 and "nothing would start vrrpd again" in told
    assert r1.alive("vrrpd") and r1.pid("vrrpd") == before


def test_a_planned_end_leaves_no_file():
    """Nothing is to be resumed."""
    r1 = NODES["r1"]
    wait_for("there is a file", lambda: own_file(r1))
    r1.stop("vrrpd")
    assert r1.run(f"test -e {STATE}")[0] != 0
    NODES["r2"].wait_state("Active")
