# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 600
"""
"vrrp N track …": an object of each kind moves the VIPs away and back, and nobody loses a packet
when it only lowers the priority.

Every test starts with r1 Active (priority 200), r2 Backup (priority 100), and nothing tracked.
"""
import os
import shutil
import time

import pytest

from helpers import moves, topology
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for

FAMILIES = ("v4", "v6")
LESS = 150
LINK = "tracked0"
PREFIX = "198.51.100.128/26"
SHORTER = "198.51.100.128/25"
DIRECTORY = "/tmp/vrrp-track"
FILE = f"{DIRECTORY}/deep/value"
PORT = 8080

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(moves.start(module.__name__))


def teardown_module():
    """Takes it down."""
    topology.stop()
    shutil.rmtree(DIRECTORY, ignore_errors=True)


@pytest.fixture(name="r1", autouse=True)
def fixture_r1():
    """r1 is Active; afterwards it tracks nothing."""
    r1 = NODES["r1"]
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    r1.run(f"ip link del {LINK}")
    r1.must_run(f"ip link add {LINK} type dummy && ip link set {LINK} up")
    for name in ("r1", "r2"):
        moves.typed(NODES, name, "drain 2000")
    moves.typed(NODES, "r1", "priority 200")
    moves.converge(NODES, "r1", "r2")
    yield r1
    for line in [line for line in r1.running_config() if " track " in line]:
        r1.configure(moves.GROUP["r1"], f"no {line.strip()}")
    wait_for("nothing is tracked", lambda: differs(objects(r1), {}))
    r1.run(f"ip link del {LINK}")


def objects(router):
    """What show vrrp track tells: {(kind, name): object}."""
    shown = router.show_json("vrrpd", "show vrrp track json")
    return {(one["kind"], one["name"]): one for one in shown}


def is_state(router, kind, name, state):
    """A check: the object is in that state."""
    return differs(objects(router).get((kind, name), {}).get("state"), state)


def priority(router):
    """What is in effect, of both families."""
    return [router.family(family)["effectivePriority"] for family in FAMILIES]


def track(line):
    """r1 tracks something."""
    return NODES["r1"].configure(moves.GROUP["r1"], f"vrrp 10 track {line}")


def write(text, path=FILE):
    """A new file takes the place of the old one, as an editor does it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(f"{path}.new", 0o644)
    os.rename(f"{path}.new", path)


def loses_nothing(worse, better):
    """Away and back, both without loss; a machine too busy for routing to converge tries again."""
    seen = []
    for _ in range(3):
        with Probes((NODES["h1"], NODES["core"]), moves.VIPS) as probes:
            worse()
            moves.converge(NODES, "r2", "r1")
            assert priority(NODES["r1"]) == [200 - LESS] * 2
            better()
            moves.converge(NODES, "r1", "r2")
        lost = probes.lost()
        print(f"(lost, sent): {lost}")
        seen.append(lost)
        if not any(pair[0] for pair in lost.values()):
            return
    raise AssertionError(f"(lost, sent): {seen}")


def test_interface(r1):
    """A link that is set down, and up again."""
    track(f"interface {LINK} decrement {LESS}")
    wait_for("it is up", lambda: is_state(r1, "interface", LINK, "up"))
    loses_nothing(
        lambda: r1.must_run(f"ip link set {LINK} down"),
        lambda: r1.must_run(f"ip link set {LINK} up"),
    )
    part = r1.groups()[10]["track"][0]
    assert (part["priorityDecrement"], part["subtracted"], part["holds"]) == (LESS, 0, False)
    r1.must_run(f"ip link del {LINK}")
    wait_for(
        "it is gone",
        lambda: differs(objects(r1)["interface", LINK].get("reason"), "there is no such interface"),
    )


def test_route(r1):
    """A route that goes, while a shorter one stays and does not stand for it."""
    for prefix in (PREFIX, SHORTER):
        r1.must_run(f"ip route add {prefix} dev {LINK}")
    track(f"route {PREFIX} decrement {LESS}")
    wait_for("there is the route", lambda: is_state(r1, "route", PREFIX, "up"))
    loses_nothing(
        lambda: r1.must_run(f"ip route del {PREFIX}"),
        lambda: r1.must_run(f"ip route add {PREFIX} dev {LINK}"),
    )
    track(f"route {PREFIX} protocol bgp decrement 1")
    wait_for(
        "bgp has none",
        lambda: differs(
            objects(r1)["route", PREFIX].get("reason"), "its route is another protocol's"
        ),
    )
    track(f"route {PREFIX} protocol kernel decrement 1")
    wait_for("the kernel has", lambda: is_state(r1, "route", PREFIX, "up"))


def test_file(r1):
    """A number in a file, written before its directory existed, and by renaming."""
    track(f"file {FILE} decrement 1 delay up 0 down 0")
    wait_for("there is no file", lambda: is_state(r1, "file", FILE, "down"))
    wait_for("1 is subtracted", lambda: differs(priority(r1), [199] * 2))
    write("0\n")
    wait_for("it is read", lambda: is_state(r1, "file", FILE, "up"))
    loses_nothing(lambda: write(f"  {LESS}\n"), lambda: write("0"))
    write("20 is what the first number says\n")
    wait_for("20 are subtracted", lambda: differs(priority(r1), [180] * 2))
    for wrong in ("255\n", "none\n", "", "7up\n", "99999999999999999999\n"):
        write("2\n")
        wait_for("2 are subtracted", lambda: differs(priority(r1), [198] * 2))
        write(wrong)
        wait_for(f"{wrong!r} is no number", lambda: differs(priority(r1), [199] * 2))
    write("3\n")
    wait_for("3 are subtracted", lambda: differs(priority(r1), [197] * 2))
    shutil.rmtree(DIRECTORY)
    wait_for("it is gone", lambda: differs(priority(r1), [199] * 2))
    write("4\n")
    wait_for("4 are subtracted", lambda: differs(priority(r1), [196] * 2))


def serve(r1):
    """A server on r1 itself; returns its process id."""
    command = f"python3 -m http.server --bind 192.0.2.193 {PORT} >/dev/null 2>&1 & echo $!"
    return int(r1.must_run(command))


def test_service_of_its_own_vip(r1):
    """The director without servers gives its VIP away, and takes it when they are back."""
    service = "ipvs service web"
    pid = [serve(r1)]
    r1.configure(
        f"{service} tcp 203.0.113.10 {PORT}",
        f"{service} server 192.0.2.193 {PORT}",
        f"{service} check tcp interval 1 timeout 1 fall 1 rise 1",
    )
    try:
        track(f"service web decrement {LESS}")
        wait_for("it has its server", lambda: is_state(r1, "service", "web", "up"))
        loses_nothing(
            lambda: r1.must_run(f"kill {pid[0]}"),
            lambda: pid.__setitem__(0, serve(r1)),
        )
        output = r1.configure(f"no {service}")
        assert "ipvs service web: 1 groups track it, for which it is down now" in output
        wait_for("it is down", lambda: is_state(r1, "service", "web", "down"))
    finally:
        r1.run(f"kill {pid[0]}")
        r1.vtysh("configure terminal", moves.GROUP["r1"], "no vrrp 10 track service web")
        r1.configure(f"no {service}")


def test_check(r1):
    """A server that answers no more, noticed within some hundred milliseconds."""
    pid = [serve(r1)]
    r1.configure(f"vrrp check web tcp 192.0.2.193 {PORT} interval 100 timeout 500 fall 2")
    try:
        track(f"check web decrement {LESS}")
        wait_for("it answers", lambda: is_state(r1, "check", "web", "up"))
        loses_nothing(
            lambda: r1.must_run(f"kill {pid[0]}"),
            lambda: pid.__setitem__(0, serve(r1)),
        )
        line = f"vrrp check web http 192.0.2.193 {PORT} / interval 200 status 404"
        r1.configure(line)
        assert line in r1.running_config()
        wait_for("it is 200", lambda: is_state(r1, "check", "web", "down"))
        assert "200" in objects(r1)["check", "web"]["reason"]
        output = r1.configure("no vrrp check web")
        assert "vrrp check web: 1 groups track it, for which it is down now" in output
    finally:
        r1.run(f"kill {pid[0]}")
        r1.configure(moves.GROUP["r1"], "no vrrp 10 track check web")
        r1.configure("no vrrp check web")


def test_without_decrement_it_leaves_and_returns(r1):
    """The hold names the object."""
    track(f"interface {LINK}")
    r1.must_run(f"ip link set {LINK} down")
    moves.converge(NODES, "r2", "r1", "Initialize")
    assert [r1.family(family)["hold"] for family in FAMILIES] == ["tracking"] * 2
    said = [r1.family(family)["holdDetails"] for family in FAMILIES]
    assert said == [[f"interface {LINK} is down: it is set down"]] * 2
    r1.must_run(f"ip link set {LINK} up")
    moves.converge(NODES, "r1", "r2")


def test_equal_losses_move_nothing(r1):
    """Both lose as much: r1 stays."""
    for name in ("r1", "r2"):
        NODES[name].configure(moves.GROUP[name], "vrrp 10 track file /tmp/none decrement 90")
    try:
        wait_for("r1 is lowered", lambda: differs(priority(r1), [110] * 2))
        wait_for("r2 is lowered", lambda: differs(priority(NODES["r2"]), [10] * 2))
        stays("r1 is Active", lambda: differs(r1.family("v4")["state"], "Active"), 2)
    finally:
        NODES["r2"].configure(moves.GROUP["r2"], "no vrrp 10 track file /tmp/none")


def transitions(router):
    """Of both families."""
    return [router.family(family)["stats"]["transitions"] for family in FAMILIES]


def test_flapping_moves_once(r1):
    """Ten changes a second, down at once, up only when it lasts: the VIPs go, and stay away."""
    write("0\n")
    track(f"file {FILE} delay up 20 down 0")
    wait_for("it is up", lambda: is_state(r1, "file", FILE, "up"))
    before = transitions(r1)
    for turn in range(40):
        write("0\n" if turn % 2 else f"{LESS}\n")
        time.sleep(0.1)
    moves.converge(NODES, "r2", "r1")
    assert transitions(r1) == [count + 1 for count in before]
    assert priority(r1) == [200 - LESS] * 2


def test_lines_are_kept(r1):
    """What is typed is in the running configuration, and in vtysh's order of words."""
    lines = (
        f" vrrp 10 track interface {LINK} decrement 3 delay up 1 down 2",
        " vrrp 10 track route 0.0.0.0/0",
        " vrrp 10 track route 2001:db8::/32 vrf red protocol bgp delay up 0 down 5",
        " vrrp 10 track file /tmp/a decrement 1",
        " vrrp 10 track service web decrement 2",
    )
    r1.configure(moves.GROUP["r1"], *(line.strip() + " decrement 1" for line in lines[1:2]))
    r1.configure(moves.GROUP["r1"], *(line.strip() for line in lines))
    assert {line for line in r1.running_config() if " track " in line} == set(lines)


def test_route_after_zebra_returned(r1):
    """What was registered is registered anew. The last test: r1 knows no way to r2 for a while."""
    r1.must_run(f"ip route add {PREFIX} dev {LINK}")
    track(f"route {PREFIX} decrement 1")
    wait_for("there is the route", lambda: is_state(r1, "route", PREFIX, "up"))
    r1.kill("zebra")
    r1.must_run(f"ip route del {PREFIX}")
    r1.start("zebra")
    wait_for("it has gone", lambda: is_state(r1, "route", PREFIX, "down"))
    r1.must_run(f"ip route add {PREFIX} dev {LINK}")
    wait_for("it is back", lambda: is_state(r1, "route", PREFIX, "up"))
