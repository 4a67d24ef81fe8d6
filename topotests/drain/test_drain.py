# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 1500
"""
A move that loses nothing: who leaves Active announces and answers until the others know.

The network is that of topotests/crossvip. h1, which reaches the VIPs by BGP and OSPF, and core,
which reaches them by OSPF alone, ask for both each millisecond. Every test starts with r1
Active and r2 Backup.
"""
import re
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

from helpers import moves, topology
from helpers.probes import Probes
from helpers.wait import differs, wait_for

DRAIN_MSEC = 2000
# of each kind, each way; more are made where the machine was too busy to tell
MOVES_EACH, MOVES_AT_MOST = 3, 9
DRAIN_LINK = "vip-drain"
ROUND_TRIPS = 5
SETTLE_MSEC, LONG_MSEC = 300, 60000
METRIC, STANDBY_METRIC, STANDBY_TAG = 50, 90, 113
LOCAL_ROUTE = re.compile(
    r"(?P<deleted>Deleted )?local (?P<vip>\S+) dev (?P<link>\S+) table local"
)

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(moves.start(module.__name__))


def teardown_module():
    """Takes it down, with a drain that ends before topotest loses patience with vrrpd."""
    revive()
    drain(DRAIN_MSEC)
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, converged on r1."""
    fixture_again()
    return NODES


def fixture_again():
    """Whatever was done to them."""
    revive()
    drain(DRAIN_MSEC)
    come_back()


def revive():
    """vrrpd runs on both."""
    for name in moves.GROUP:
        NODES[name].revive("vrrpd")


def typed(name, line):
    """Somebody configures the group of a router."""
    moves.typed(NODES, name, line)


def untyped(name, line):
    """... and takes it back."""
    NODES[name].configure(moves.GROUP[name], f"no vrrp 10 {line}")


def drain(msec):
    """Both routers drain for so long; DRAIN_MSEC is the default."""
    for name in moves.GROUP:
        if msec == DRAIN_MSEC:
            untyped(name, "drain")
        else:
            typed(name, f"drain {msec}")


def come_back():
    """r1 is Active, everybody knows, and nothing is drained any more."""
    untyped("r1", "shutdown")
    typed("r1", "priority 200")
    typed("r2", "priority 100")
    converge("r1", "r2")


def converge(active, backup):
    """The one is Active, the other has nothing left, and far knows."""
    moves.converge(NODES, active, backup, state=None)


def phases(router):
    """What "show vrrp vip" says of the drain of both VIPs."""
    shown = router.show_json("vrrpd", "show vrrp vip json")
    return [vip.get("draining") for vip in shown]


# Moves


def shut_down():
    """vrrp N shutdown."""
    typed("r1", "shutdown")


def lowered():
    """Its priority is below that of r2."""
    typed("r1", "priority 50")


def preempted():
    """r2 is better now, and has known all routes for long."""
    typed("r2", "priority 250")


def terminated():
    """SIGTERM."""
    NODES["r1"].stop("vrrpd")


def test_daemon_that_ends_does_not_come_back_whatever_is_typed():
    """It ends when its drain is over, though somebody takes a shutdown back and adds a group meanwhile."""
    r1 = NODES["r1"]
    drain(10000)
    try:
        converge("r1", "r2")
        r1.signal("vrrpd", signal.SIGTERM)
        r1.configure(moves.GROUP["r1"], "vrrp 10 shutdown", "no vrrp 10 shutdown", "vrrp 12 ip 203.0.113.12")
        wait_for("it ends", lambda: "alive" if r1.alive("vrrpd") else None)
        assert "Initialize ->" not in r1.log().split("Terminating on signal")[-1]
    finally:
        revive()
        drain(DRAIN_MSEC)
        come_back()


def test_group_that_was_removed_may_be_typed_again_while_it_is_drained():
    """Its addresses are on the link of drains, which are no addresses of the host's own."""
    r1 = NODES["r1"]
    lines = [line for line in r1.running_config() if line.startswith(" vrrp 10")]
    drain(10000)
    try:
        r1.configure(moves.GROUP["r1"], "no vrrp 10")
        wait_for(
            "zebra knows the drained addresses",
            lambda: None if "vip-drain" in r1.show("zebra", "show ip route connected") else "no",
        )
        r1.configure(moves.GROUP["r1"], *lines)
    finally:
        drain(DRAIN_MSEC)
        come_back()


MOVES = {move.__name__: move for move in (shut_down, lowered, preempted, terminated)}


def measured(move, active, backup):
    """What the probes say from before the move until everybody knows of it."""
    with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
        move()
        converge(active, backup)
    return probes.results()


def there_and_back(name):
    """The results of the move, and of the one that brings r1 back, which preempts."""
    yield measured(MOVES[name], "r2", "r1")
    yield measured(fixture_again, "r1", "r2")


def lost(results):
    """Of all clients and families."""
    return sum(result.lost for result in results.values())


def counts(results):
    """
    Nothing was lost; or something, on a machine that was not so busy that its probes left late:
    there routing has not the time that a drain gives it, which is no fault of the drain.
    """
    return not lost(results) or not any(result.late for result in results.values())


@pytest.mark.parametrize("name", MOVES)
def test_nothing_is_lost(name):
    """
    Not one probe, of either client and family, in MOVES_EACH moves there and back that count, of
    MOVES_AT_MOST.
    """
    ways = {"there": [], "back": []}
    for _ in range(MOVES_AT_MOST):
        for way, results in zip(ways, there_and_back(name)):
            tell(name, way, results)
            if counts(results):
                ways[way].append(results)
        if min(map(len, ways.values())) >= MOVES_EACH:
            break
    counted = {way: len(all_results) for way, all_results in ways.items()}
    assert min(counted.values()) >= MOVES_EACH, f"too busy a machine; so many count: {counted}"
    losses = {way: [lost(results) for results in ways[way]] for way in ways}
    assert not any(map(sum, losses.values())), f"lost in each move: {losses}"


def tell(name, way, results):
    """The numbers of one move, for whoever reads the log."""
    for (node, address), result in results.items():
        print(
            f"{name}, {way}: {node} to {address}: {result.lost} of {result.sent} lost,"
            f" {result.late} sent late, the latest by {result.latest_msec:.0f} ms",
            flush=True,
        )


@pytest.mark.parametrize("name", MOVES)
def test_much_is_lost_without_a_drain(name):
    """So the probes see what there is to see: each of these moves, as it was before."""
    drain(0)
    results = measured(MOVES[name], "r2", "r1")
    tell(name, "without a drain", results)
    assert lost(results)


def assert_loses_nothing(move):
    """Once, when it counts."""
    for _ in range(MOVES_AT_MOST):
        results = move()
        tell(move.__name__, "once", results)
        if counts(results):
            assert not lost(results), results
            return
        fixture_again()
    raise AssertionError("too busy a machine")


# The whole of it, and its ends


def test_phases_are_told(net):
    """First route and address, then the address alone, elsewhere; then nothing."""
    r1 = net["r1"]
    drain(3 * DRAIN_MSEC)  # time to look at each
    typing = threading.Thread(target=shut_down)  # looked at all the while
    with frozen(net["r2"]):
        typing.start()
        wait_phase(r1, "announcing")
        assert not r1.addresses(DRAIN_LINK)
        wait_phase(r1, "answering")
        told = r1.show_json("vrrpd", "show vrrp vip json")
        assert {vip["link"] for vip in told} == {DRAIN_LINK}
        assert all(vip["installed"] and not vip["announced"] for vip in told), told
        assert all(0 < vip["drainLeft"] <= 3 * DRAIN_MSEC for vip in told), told
        assert set(moves.PREFIXES) <= set(r1.addresses(DRAIN_LINK))
        assert not set(moves.PREFIXES) & set(r1.addresses("vip0"))
    typing.join()
    wait_phase(r1, None)
    wait_for("r1 has nothing left", lambda: moves.left(r1))


@contextmanager
def frozen(router):
    """It hears nothing and says nothing, so that r1 announces for a second."""
    router.signal("vrrpd", signal.SIGSTOP)
    try:
        yield
    finally:
        router.signal("vrrpd", signal.SIGCONT)


def wait_phase(router, phase):
    """Both VIPs are that far, seen as soon as it is so."""
    deadline = time.monotonic() + 10
    while phases(router) != [phase, phase]:
        assert time.monotonic() < deadline, f"not {phase}: {phases(router)}"


def taken_back_at_once():
    """The owner is Active again before r2 has taken over, and lets go of nothing."""
    typed("r1", "priority 255")
    with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
        NODES["r1"].configure(moves.GROUP["r1"], "vrrp 10 shutdown", "no vrrp 10 shutdown")
        wait_phase(NODES["r1"], None)
        NODES["r1"].wait_state("Active")
    return probes.results()


def taken_back_from_another():
    """r2 is Active and everybody knows, while r1 still answers."""
    drain(20000)
    with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
        lowered()
        wait_phase(NODES["r1"], "answering")
        moves.wait_far_has(NODES, "r2")
        typed("r1", "priority 200")
        NODES["r1"].wait_state("Active")
        wait_phase(NODES["r1"], None)
        wait_for("it is drained no more", lambda: NODES["r1"].addresses(DRAIN_LINK) or None)
        moves.wait_far_has(NODES, "r1")
    return probes.results()


@pytest.mark.parametrize("taken_back", (taken_back_at_once, taken_back_from_another))
def test_active_again_within_the_drain_has_no_hole(taken_back):
    """It goes on with what it still has, and that ends the drain."""
    assert_loses_nothing(taken_back)


@contextmanager
def monitored(router):
    """The file in which "ip monitor" notes IPv6 routes of a router."""
    path = f"{router.log_directory}/monitor"
    enter = ["nsenter", f"--net={router.net()}", "--"]
    with open(path, "w", encoding="ascii") as file:
        process = subprocess.Popen(enter + ["ip", "-6", "monitor", "route"], stdout=file)
    try:
        hint = "ip -6 route replace blackhole 2001:db8:dead::/48"  # again until it listens
        wait_for("the monitor hears", lambda: None if read(path) else router.must_run(hint))
        yield path
    finally:
        router.run("ip -6 route del blackhole 2001:db8:dead::/48")
        process.terminate()
        process.wait()


def read(path):
    """The lines of a file."""
    with open(path, encoding="ascii") as file:
        return file.readlines()


def on_no_link(lines, vip):
    """How many times a VIP had no local route, and how many times one was removed."""
    links, holes, removals = {"vip0"}, 0, 0
    for line in lines:
        found = LOCAL_ROUTE.match(line)
        if not found or found["vip"] != vip:
            continue
        if found["deleted"]:
            links.discard(found["link"])
            removals += 1
            holes += not links
        else:
            links.add(found["link"])
    return holes, removals


def test_ipv6_address_is_on_a_link_at_any_time(net):
    """The kernel tells of the local route on one link before it loses that on the other."""
    vip, r1 = "2001:db8:ffff::10", net["r1"]
    drain(20000)
    with monitored(r1) as path:
        for _ in range(ROUND_TRIPS):
            lowered()
            wait_for("it is drained", lambda: differs(holds(r1, vip), DRAIN_LINK))
            typed("r1", "priority 200")
            r1.wait_state("Active")
            wait_for("it is back", lambda: differs(holds(r1, vip), "vip0"))
        wait_for(
            "the monitor has it all",
            lambda: differs(on_no_link(read(path), vip)[1], 2 * ROUND_TRIPS),
        )
        assert on_no_link(read(path), vip)[0] == 0


# What comes before a preemption, and while Backup


@contextmanager
def settling(msec):
    """r2 is Active, and r1 would preempt after its routes have settled for so long."""
    lowered()
    converge("r2", "r1")
    typed("r1", f"preempt settle {msec}")
    try:
        yield
    finally:
        untyped("r1", "preempt settle")


def shown(router):
    """show vrrp vip json: the states, and what is installed and announced, of all VIPs."""
    vips = router.show_json("vrrpd", "show vrrp vip json")
    return {(vip.get("state"), vip["installed"], vip["announced"]) for vip in vips}


def wait_warned(router, text):
    """Both virtual routers warn of it in "show vrrp"."""
    for family in ("v4", "v6"):
        wait_for(
            f"{router.name} says '{text}', {family}",
            lambda f=family: lacks(router.family(f).get("warnings", []), text),
        )


def lacks(sentences, text):
    """A check: one of the sentences has that text."""
    return None if any(text in sentence for sentence in sentences) else f"{sentences}"


def settled_and_preempted():
    """r1 announces while r2 is Active, and then preempts."""
    with settling(LONG_MSEC):
        with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
            typed("r1", "priority 200")
            wait_for(
                "r1 announces while it is Backup",
                lambda: differs(shown(NODES["r1"]), {("Backup", True, True)}),
            )
            wait_both_paths()
            wait_warned(NODES["r1"], "announces its virtual addresses already")
            assert NODES["r1"].state() == "Backup"
            typed("r1", f"preempt settle {SETTLE_MSEC}")
            converge("r1", "r2")
    return probes.results()


def wait_both_paths():
    """far has the VIPs from both routers."""
    for prefix, family in moves.PREFIXES.items():
        wait_for(
            f"far has {prefix} from both",
            lambda p=prefix, f=family: differs(
                set(moves.origins(NODES["far"], f, p)), set(moves.NEXT_AS.values())
            ),
        )


def test_preemption_waits_until_routes_have_settled():
    """far has both paths before r1 is Active, and nothing is lost."""
    assert_loses_nothing(settled_and_preempted)


def test_preemption_waits_for_zebra(net):
    """A router with routes that zebra refuses does not preempt, and says so."""
    r1 = net["r1"]
    refused = ("ip protocol table route-map DENY", "ipv6 protocol table route-map DENY")
    with settling(10):
        r1.configure("route-map DENY deny 10", *refused)
        try:
            typed("r1", "priority 200")
            wait_warned(r1, "zebra does not take it into table")
            wait_warned(r1, "does not preempt, since zebra")
            assert r1.state() == "Backup" and net["r2"].state() == "Active"
        finally:
            r1.configure(*(f"no {line}" for line in refused), "no route-map DENY")
        converge("r1", "r2")


def given_up():
    """r1 has gone ahead, and does not preempt after all."""
    with settling(LONG_MSEC):
        typed("r1", "priority 200")
        wait_both_paths()
        with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
            lowered()
            wait_phase(NODES["r1"], "answering")
            converge("r2", "r1")
    return probes.results()


def test_preemption_that_is_given_up_is_drained():
    """The route goes at once, and what far still sends to r1 is answered."""
    assert_loses_nothing(given_up)


@contextmanager
def standing_by():
    """Both announce while Backup as well, which far prefers less."""
    for name, asn in moves.NEXT_AS.items():
        NODES[name].configure(
            "route-map VRRP-TAG permit 20",
            f"match tag {STANDBY_TAG}",
            f"set as-path prepend {asn} {asn}",
        )
        typed(name, f"announce standby metric {STANDBY_METRIC} tag {STANDBY_TAG}")
    try:
        yield
    finally:
        for name in moves.NEXT_AS:
            untyped(name, "announce standby")
            NODES[name].configure("no route-map VRRP-TAG permit 20")


def far_paths(prefix, family):
    """(AS path, metric) of each path that far has."""
    command = f"show bgp {family} unicast {prefix} json"
    found = NODES["far"].show_json("bgpd", command).get("paths", [])
    return {(path["aspath"]["string"], path.get("metric")) for path in found}


def wait_standby(active, backup):
    """far has the route of the Active router, and the worse one of the Backup."""
    asn = moves.NEXT_AS[backup]
    expected = {(moves.NEXT_AS[active], METRIC), (f"{asn} {asn} {asn}", STANDBY_METRIC)}
    for prefix, family in moves.PREFIXES.items():
        wait_for(
            f"far has {prefix} from {active}, and a worse path from {backup}",
            lambda p=prefix, f=family: differs(far_paths(p, f), expected),
        )


def wait_stands_by(active, backup):
    """... and the Backup has no more than that."""
    NODES[active].wait_state("Active")
    wait_standby(active, backup)
    wait_for(
        f"{backup} announces, and has not the addresses",
        lambda: differs(shown(NODES[backup]), {("Backup", False, True)}),
    )


def test_standby_route_becomes_the_active_one(net):
    """One route, with other attributes; the Backup does not have the address."""
    r2 = net["r2"]
    with standing_by():
        wait_stands_by("r1", "r2")
        assert all(vip["standby"] for vip in r2.show_json("vrrpd", "show vrrp vip json"))
        lowered()
        wait_stands_by("r2", "r1")
    converge("r2", "r1")


def killed_with_a_standby_route():
    """Without a guardian zebra withdraws r1's route at once, while r1 still answers."""
    r1, r2 = NODES["r1"], NODES["r2"]
    r1.configure("no vrrp guardian")
    try:
        with standing_by():
            wait_standby("r1", "r2")
            with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
                r1.kill("vrrpd")
                r2.wait_state("Active")
                moves.wait_far_has(NODES, "r2")
            r1.start("vrrpd")
            r1.wait_state("Active")
    finally:
        r1.configure("vrrp guardian")
    return probes.results()


def test_standby_route_is_there_when_the_active_router_is_killed():
    """far goes on to r2, which knows the way to r1 by OSPF, until r2 is Active."""
    assert_loses_nothing(killed_with_a_standby_route)


def test_second_signal_does_not_wait(net):
    """The daemon lives through the drain, unless it is told twice."""
    r1 = net["r1"]
    drain(60000)
    r1.signal("vrrpd", signal.SIGTERM)
    wait_phase(r1, "answering")
    r1.stop("vrrpd")
    assert r1.link(DRAIN_LINK) is None and r1.link("vip0") is None
    converge("r2", "r1")


@pytest.mark.parametrize("removes", ("vrrp 10", "vrrp 10 peer 192.0.2.194"))
def test_what_is_removed_is_drained_as_well(net, removes):
    """A group, or the last peer of a family, that is not configured any more."""
    r1 = net["r1"]
    lines = [line for line in r1.running_config() if line.startswith(" vrrp 10")]

    def removed():
        with Probes((net["h1"], net["core"]), ["203.0.113.10"]) as probes:
            r1.configure(moves.GROUP["r1"], f"no {removes}")
            wait_for("r2 is Active", lambda: differs(net["r2"].state(), "Active"))
            wait_for("r1 has nothing left", lambda: holds(r1, "203.0.113.10"))
        r1.configure(moves.GROUP["r1"], *lines)
        return probes.results()

    assert_loses_nothing(removed)


def holds(router, vip):
    """A check: the links on which the router has a VIP."""
    shown = router.must_run(f"ip -o address show to {vip}")
    return " ".join(line.split()[1] for line in shown.splitlines()) or None
