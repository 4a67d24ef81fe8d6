# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 900
"""
"vrrp N track …": an object of each kind moves the VIPs of its group away and back, and nobody
loses a packet when it only lowers the priority.

ROUNDS says how many steps the random walk has, and ROUNDS_SEED where chance begins.

Every test starts with r1 Active (priority 200), r2 Backup (priority 100), and nothing tracked. The
group with the VRID 10 has both families.
"""
import json
import os
import random
import shutil
import time

import pytest

from helpers import moves, topology
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for

FAMILIES = ("v4", "v6")
TRIES = 6
LESS = 150
LINK, OTHER_LINK = "tracked0", "tracked1"
PREFIX = "198.51.100.128/26"
SHORTER = "198.51.100.128/25"
DIRECTORY = "/tmp/vrrp-track"
FILE = f"{DIRECTORY}/deep/value"
SERVER = "192.0.2.193"
SERVICE_PORT, CHECK_PORT = 8080, 8081
ROUNDS = int(os.environ.get("ROUNDS", 6))
SEED = int(os.environ.get("ROUNDS_SEED", 1))

# What the group with this VRID tracks when all move.
OBJECTS = {
    10: ("interface", LINK),
    11: ("route", PREFIX),
    12: ("file", FILE),
    13: ("service", "web"),
    14: ("check", "web"),
    15: ("check", "flag"),
}
VIPS = {vrid: f"203.0.113.{vrid}" for vrid in OBJECTS}
SOURCES = {"r1": SERVER, "r2": "192.0.2.194"}

FLAG = "/tmp/vrrp-track-flag"

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(moves.start(module.__name__))
    for name, peer, priority in (("r1", "r2", 200), ("r2", "r1", 100)):
        NODES[name].configure(
            moves.GROUP[name],
            "vrrp 10 drain 2000",
            *(line for vrid in list(OBJECTS)[1:] for line in group(vrid, name, peer, priority)),
        )
    all_settled("r1", "r2")


def group(vrid, name, peer, priority):
    """The configuration of another group, of IPv4."""
    return (
        f"vrrp {vrid} priority {priority}",
        f"vrrp {vrid} drain 2000",
        f"vrrp {vrid} advertisement-interval 200",
        f"vrrp {vrid} source {SOURCES[name]}",
        f"vrrp {vrid} peer {SOURCES[peer]}",
        f"vrrp {vrid} announce metric 50 tag 112",
        f"vrrp {vrid} ip {VIPS[vrid]}",
    )


def teardown_module():
    """Takes it down."""
    topology.stop()
    shutil.rmtree(DIRECTORY, ignore_errors=True)


@pytest.fixture(name="r1", autouse=True)
def fixture_r1():
    """r1 is Active, and has LINK; afterwards it tracks nothing."""
    r1 = NODES["r1"]
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    r1.must_run(f"ip link add {LINK} type dummy && ip link set {LINK} up")
    wait_for("r1 is Active", lambda: differs(states("r1"), dict.fromkeys(OBJECTS, "Active")))
    yield r1
    lines = [line.strip() for line in r1.running_config() if " track " in line]
    r1.configure(moves.GROUP["r1"], *(f"no {line}" for line in lines))
    wait_for("nothing is tracked", lambda: differs(objects(r1), {}))
    r1.run(f"ip link del {LINK}")


def states(name):
    """Of all groups of a router, those of IPv4."""
    return {vrid: found["v4"]["state"] for vrid, found in NODES[name].groups().items()}


def all_settled(active, backup):
    """All VIPs are on the one router, and far knows."""
    for name, state in ((active, "Active"), (backup, "Backup")):
        wait_for(
            f"all groups of {name} are {state}",
            lambda n=name, s=state: differs(states(n), dict.fromkeys(OBJECTS, s)),
        )
    moves.converge(NODES, active, backup)
    for vip in VIPS.values():
        wait_for(
            f"{backup} has {vip} no more",
            lambda v=vip: NODES[backup].must_run(f"ip -o address show to {v}").strip() or None,
        )
        wait_for(
            f"far has {vip} from {active} alone",
            lambda v=vip: differs(
                moves.origins(NODES["far"], "ipv4", f"{v}/32"), [moves.NEXT_AS[active]]
            ),
        )


def objects(router):
    """What show vrrp track tells: {(kind, name): object}."""
    shown = router.show_json("vrrpd", "show vrrp track json")
    return {(one["kind"], one["name"]): one for one in shown}


def is_state(router, kind, name, state):
    """A check: the object is in that state."""
    return differs(objects(router).get((kind, name), {}).get("state"), state)


def wait_reason(router, kind, name, words):
    """The object is down, for that reason."""
    wait_for(
        f"{kind} {name}: {words}",
        lambda: differs(objects(router).get((kind, name), {}).get("reason"), words),
    )


def priority(router):
    """What is in effect, of both families."""
    return [router.family(family)["effectivePriority"] for family in FAMILIES]


def wait_priority(what, value):
    """r1 has this priority."""
    wait_for(what, lambda: differs(priority(NODES["r1"]), [value] * 2))


def track(line, vrid=10):
    """r1 tracks something."""
    return NODES["r1"].configure(moves.GROUP["r1"], f"vrrp {vrid} track {line}")


def write(text, path=FILE):
    """A new file takes the place of the old one, as an editor does it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(f"{path}.new", 0o644)
    os.rename(f"{path}.new", path)


class Servers:
    """Of HTTP on r1 itself, on some ports."""

    def __init__(self, *ports):
        self._ports, self._pids = ports, []

    def start(self):
        """All of them."""
        for port in self._ports:
            command = f"python3 -m http.server --bind {SERVER} {port} >/dev/null 2>&1 & echo $!"
            self._pids.append(NODES["r1"].must_run(command).strip())

    def stop(self):
        """All of them."""
        if self._pids:
            NODES["r1"].must_run(f"kill {' '.join(self._pids)}")
        self._pids = []


SERVICE = (
    f"ipvs service web tcp {VIPS[13]} {SERVICE_PORT}",
    f"ipvs service web server {SERVER} {SERVICE_PORT}",
    "ipvs service web check tcp interval 1 timeout 1 fall 1 rise 1",
)
CHECK = f"vrrp check web tcp {SERVER} {CHECK_PORT} interval 100 timeout 500 fall 2"
COMMAND = f"vrrp check flag command /usr/bin/test interval 500 fall 2 arguments -e {FLAG}"


TRACKED_LINES = (
    moves.GROUP["r1"],
    "no vrrp 10 track check web",
    "no vrrp 10 track service web",
    "exit",
)
NAMED_LINES = ("no ipvs service web", "no vrrp check web")


def get_worse(r1, servers):
    """Each object goes down, or says that it is to be subtracted."""
    r1.must_run(f"ip link set {LINK} down; ip route del {PREFIX}")
    write(f"  {LESS}\n")
    os.remove(FLAG)
    servers.stop()


def get_better(r1, servers):
    """And comes back."""
    servers.start()
    r1.must_run(f"ip link set {LINK} up; ip route add {PREFIX} dev {OTHER_LINK}")
    write("0")
    write("", FLAG)


def is_all(router, state):
    """A check: all objects are in that state; the file is up, whatever it says."""
    wanted = {key: "up" if key[0] == "file" else state for key in OBJECTS.values()}
    return differs({key: one["state"] for key, one in objects(router).items()}, wanted)


def move_away_and_back(r1, servers):
    """By all objects at once."""
    get_worse(r1, servers)
    all_settled("r2", "r1")
    assert is_all(r1, "down") is None
    lowered = {vrid: found["v4"]["effectivePriority"] for vrid, found in r1.groups().items()}
    assert lowered == dict.fromkeys(OBJECTS, 200 - LESS)
    get_better(r1, servers)
    all_settled("r1", "r2")


def without_loss(act, *vips):
    """What act() does costs none of them a packet, in one of some tries."""
    seen = []
    for _ in range(TRIES):  # a machine too busy for routing to converge tries again
        with Probes((NODES["h1"],), vips) as probes:
            act()
        seen.append(probes.lost())
        print(f"(lost, sent): {seen[-1]}")
        if not any(lost for lost, _ in seen[-1].values()):
            return
    raise AssertionError(f"(lost, sent): {seen}")


def test_each_kind_moves_its_vip_away_and_back_without_loss(r1):
    """The service is that of its group's own VIP: a director without servers gives it away."""
    servers = Servers(SERVICE_PORT, CHECK_PORT)
    r1.must_run(f"ip link add {OTHER_LINK} type dummy && ip link set {OTHER_LINK} up")
    try:
        get_better(r1, servers)
        r1.configure(*SERVICE, CHECK, COMMAND)
        for vrid, (kind, name) in OBJECTS.items():
            track(f"{kind} {name} decrement {LESS}", vrid)
        wait_for("all are up", lambda: is_all(r1, "up"))
        without_loss(
            lambda: move_away_and_back(r1, servers), *VIPS.values(), "2001:db8:ffff::10"
        )
    finally:
        servers.stop()
        r1.run(f"ip link del {OTHER_LINK}; rm -f {FLAG}")
        r1.configure(
            moves.GROUP["r1"],
            "no vrrp 13 track service web",
            "no vrrp 14 track check web",
            "no vrrp 15 track check flag",
        )
        r1.configure("no ipvs service web", "no vrrp check web", "no vrrp check flag")


PAIR = (11, 12)


def on(name, *vrids):
    """Of these groups, the router is Active for all, and the other one Backup; far knows."""
    other = "r2" if name == "r1" else "r1"
    for router, state in ((name, "Active"), (other, "Backup")):
        wait_for(
            f"{vrids} of {router} are {state}",
            lambda r=router, s=state: differs([states(r)[v] for v in vrids], [s] * len(vrids)),
        )
    for vrid in vrids:
        wait_for(
            f"far has {VIPS[vrid]} from {name} alone",
            lambda v=vrid: differs(
                moves.origins(NODES["far"], "ipv4", f"{VIPS[v]}/32"), [moves.NEXT_AS[name]]
            ),
        )


def test_sync_members_move_together_without_loss(r1):
    """One of two tracks something; both go to r2 and come back."""
    members = [f"vrrp {vrid} sync-group pair" for vrid in PAIR]
    for name in ("r1", "r2"):
        NODES[name].configure(moves.GROUP[name], *members)
    track(f"interface {LINK} decrement {LESS}", PAIR[0])

    def away_and_back():
        r1.must_run(f"ip link set {LINK} down")
        on("r2", *PAIR)
        r1.must_run(f"ip link set {LINK} up")
        on("r1", *PAIR)

    try:
        on("r1", *PAIR)
        without_loss(away_and_back, *(VIPS[vrid] for vrid in PAIR))
        assert states("r1")[10] == "Active", "what is no member has moved as well"
    finally:
        for name in ("r1", "r2"):
            NODES[name].configure(moves.GROUP[name], *(f"no {line}" for line in members))


def test_interface(r1):
    """Its reasons, and its part in show vrrp."""
    track(f"interface {LINK} decrement {LESS - 90}")
    wait_for("it is up", lambda: is_state(r1, "interface", LINK, "up"))
    part = r1.groups()[10]["track"][0]
    assert (part["priorityDecrement"], part["subtracted"], part["holds"]) == (60, 0, False)
    r1.must_run(f"ip link set {LINK} down")
    wait_reason(r1, "interface", LINK, "it is set down")
    r1.must_run(f"ip link set {LINK} up")
    wait_for("it is up again", lambda: is_state(r1, "interface", LINK, "up"))
    r1.must_run(f"ip link set {LINK} name {OTHER_LINK}")
    wait_reason(r1, "interface", LINK, "there is no such interface")
    r1.must_run(f"ip link set {OTHER_LINK} name {LINK}")
    wait_for("it has its name again", lambda: is_state(r1, "interface", LINK, "up"))
    r1.must_run(f"ip link del {LINK}")
    wait_reason(r1, "interface", LINK, "there is no such interface")
    wait_priority("it is lowered", 140)
    part = r1.groups()[10]["track"][0]
    assert (part["priorityDecrement"], part["subtracted"], part["holds"]) == (60, 60, False)


def test_what_holds_it_is_named_wherever_it_is_shown(r1):
    """In history, health and the table; and the priority is that of the configuration as it is now."""
    track(f"interface {LINK}")
    wait_for("it is up", lambda: is_state(r1, "interface", LINK, "up"))
    r1.must_run(f"ip link set {LINK} down")
    why = f"interface {LINK} is down: it is set down"
    wait_for("it is held", lambda: differs(r1.family("v4", 10).get("holdDetails"), [why]))
    held = [
        event["text"]
        for event in r1.show_json("vrrpd", "show vrrp history 10 json")
        if event.get("hold") == "tracking"
    ]
    assert held[-1:] == [why]
    assert why in r1.vtysh("show vrrp health")[1]
    (alert, *_) = json.loads(r1.vtysh("show vrrp health json")[1])["alerts"]
    assert (alert["vrid"], alert["reasons"]) == (10, [why])
    r1.configure(moves.GROUP["r1"], "vrrp 10 priority 190")
    try:
        wait_priority("it is the configured one", 190)
    finally:
        r1.configure(moves.GROUP["r1"], "vrrp 10 priority 200")


def test_delay_that_runs_is_shown(r1):
    """With what is left of it."""
    track(f"interface {LINK} decrement 60 delay up 0 down 3600")
    wait_for("it is up", lambda: is_state(r1, "interface", LINK, "up"))
    r1.must_run(f"ip link set {LINK} down")
    wait_for(
        "it is shown",
        lambda: differs("up; a change counts in 3" in r1.show("vrrpd", "show vrrp"), True),
    )


def test_route(r1):
    """A shorter one, or one of another protocol, does not stand for it."""
    r1.must_run(f"ip route add {SHORTER} dev {LINK}")
    track(f"route {PREFIX} decrement 1")
    wait_reason(r1, "route", PREFIX, "only a shorter prefix has a route")
    r1.must_run(f"ip route add {PREFIX} dev {LINK}")
    wait_for("there is the route", lambda: is_state(r1, "route", PREFIX, "up"))
    track(f"route {PREFIX} protocol bgp decrement 1")
    wait_reason(r1, "route", PREFIX, "its route is another protocol's")
    track(f"route {PREFIX} protocol kernel decrement 1")
    wait_for("the kernel has", lambda: is_state(r1, "route", PREFIX, "up"))


@pytest.mark.parametrize("prefix, process", (("0.0.0.0/0", "ospf"), ("::/0", "ospf6")))
def test_default_route(r1, prefix, process):
    """That one as well, although zebra leads no address by it unless it is told to."""
    core, line = NODES["core"], "default-information originate always"
    assert "resolve-via-default" not in "".join(r1.running_config("zebra"))
    track(f"route {prefix} decrement 1")
    wait_reason(r1, "route", prefix, "there is no route")
    try:
        core.configure(f"router {process}", line)
        wait_for("it has come", lambda: is_state(r1, "route", prefix, "up"))
    finally:
        core.configure(f"router {process}", f"no {line}")
    wait_reason(r1, "route", prefix, "there is no route")


def test_file(r1):
    """A number in a file, written before its directory existed, and by renaming."""
    track(f"file {FILE} decrement 1 delay up 0 down 0")
    wait_for("there is no file", lambda: is_state(r1, "file", FILE, "down"))
    wait_priority("1 is subtracted", 199)
    write("20 is what the first number says\n")
    wait_priority("20 are subtracted", 180)
    for wrong in ("255\n", "none\n", "", "7up\n", "99999999999999999999\n"):
        write("2\n")
        wait_priority("2 are subtracted", 198)
        write(wrong)
        wait_priority(f"{wrong!r} is no number", 199)
    write("3\n")
    wait_priority("3 are subtracted", 197)
    shutil.rmtree(DIRECTORY)
    wait_priority("it is gone", 199)
    write("4\n")
    wait_priority("4 are subtracted", 196)
    assert is_state(r1, "file", FILE, "up") is None


def test_file_behind_symbolic_links(r1):
    """As Kubernetes has it: a link to a link to a directory, which is replaced; and a link above both."""
    for number in (3, 4, 5):
        write(f"{number}\n", f"{DIRECTORY}/data{number}/value")
    for link, target in (("deep", "real"), ("real/..data", "../data3"), ("real/value", "..data/value")):
        os.makedirs(os.path.dirname(f"{DIRECTORY}/{link}"), exist_ok=True)
        os.symlink(target, f"{DIRECTORY}/{link}")
    track(f"file {FILE}")
    wait_priority("3 are subtracted", 197)
    os.symlink("../data4", f"{DIRECTORY}/real/..new")
    os.rename(f"{DIRECTORY}/real/..new", f"{DIRECTORY}/real/..data")
    wait_priority("4 are subtracted", 196)
    write("6\n", f"{DIRECTORY}/data4/value")
    wait_priority("6 are subtracted", 194)
    os.symlink("data5", f"{DIRECTORY}/new")
    os.rename(f"{DIRECTORY}/new", f"{DIRECTORY}/deep")
    wait_priority("5 are subtracted", 195)
    write("7\n", f"{DIRECTORY}/data4/value")
    write("8\n")
    wait_priority("8 are subtracted", 192)
    os.remove(f"{DIRECTORY}/deep")
    os.symlink("deep", f"{DIRECTORY}/deep")
    wait_reason(r1, "file", FILE, "it cannot be read")


def test_file_that_is_none_is_warned_of(r1):
    """When it is typed; a directory, and one that does not begin with a number."""
    os.makedirs(FILE)
    assert f"track file {FILE}: it is not a regular file; it is down until that changes" in track(
        f"file {FILE} decrement 1"
    )
    os.rmdir(FILE)
    write("many")
    assert f"track file {FILE}: it does not begin with a number" in track(
        f"file {FILE} decrement 1"
    )
    wait_priority("1 is subtracted", 199)


def test_check_from_a_vip_is_warned_of(r1):
    """By the group that tracks it: its own check, or one of a service."""
    vip = VIPS[11]

    def warned(kind):
        words = f"tracks {kind} web, which is looked at from the virtual address {vip}"
        said = r1.family("v4").get("warnings", [])
        return None if any(words in sentence for sentence in said) else said

    r1.configure(*SERVICE[:2], f"{SERVICE[2]} source {vip}", f"{CHECK} source {vip}")
    try:
        for kind in ("check", "service"):
            track(f"{kind} web decrement 1")
            wait_for(f"{kind} web is warned of", lambda k=kind: warned(k))
    finally:
        r1.configure(*TRACKED_LINES, *NAMED_LINES)


def test_service_and_check_that_change_and_go_while_they_are_tracked(r1):
    """A check that is another one is tried anew; of one that is removed there is a warning."""
    servers = Servers(SERVICE_PORT, CHECK_PORT)
    servers.start()
    r1.configure(*SERVICE, CHECK)
    try:
        track("service web decrement 1")
        track("check web decrement 2")
        for kind in ("service", "check"):
            wait_for(f"{kind} web is up", lambda k=kind: is_state(r1, k, "web", "up"))
        line = f"vrrp check web http {SERVER} {CHECK_PORT} / interval 200 status 404"
        r1.configure(line)
        assert line in r1.running_config()
        wait_for(
            "it is 200",
            lambda: is_state(r1, "check", "web", "down")
            or differs("200" in objects(r1)["check", "web"]["reason"], True),
        )
        for kind in ("vrrp check", "ipvs service"):
            output = r1.configure(f"no {kind} web")
            assert f"{kind} web: a group tracks it, and takes it for down without it" in output
        wait_reason(r1, "service", "web", "there is no such service")
        wait_reason(r1, "check", "web", "there is no such check")
        wait_priority("both count", 197)
    finally:
        servers.stop()
        r1.configure(
            moves.GROUP["r1"], "no vrrp 10 track check web", "no vrrp 10 track service web"
        )
        r1.configure("no ipvs service web", "no vrrp check web")


@pytest.mark.parametrize(
    "lines", (TRACKED_LINES + NAMED_LINES, NAMED_LINES + TRACKED_LINES), ids=("first", "last")
)
def test_what_goes_together_with_its_line_moves_nothing(r1, lines):
    """Whichever is typed first: the group lets go of a check before that goes."""
    servers = Servers(SERVICE_PORT, CHECK_PORT)
    servers.start()
    r1.configure(*SERVICE, CHECK)
    try:
        for kind in ("service", "check"):
            track(f"{kind} web")
            wait_for(f"{kind} web is up", lambda k=kind: is_state(r1, k, "web", "up"))
        before = r1.show_json("vrrpd", "show vrrp history json")
        output = r1.configure(*lines)
        assert ("tracks it" in output) == (lines[0] in NAMED_LINES)
        wait_for("nothing is tracked", lambda: differs(objects(r1), {}))
        wait_for(
            "there is no service",
            lambda: differs(r1.show_json("vrrpd", "show ipvs json")["leaving"], []),
        )
        assert r1.show_json("vrrpd", "show vrrp history json") == before
        assert states("r1")[10] == "Active"
    finally:
        servers.stop()
        r1.vtysh("configure terminal", *NAMED_LINES)


def test_service_of_the_own_vip_locks_nobody_out(r1):
    """Without a decrement: its servers are checked where the VIP is not, too."""
    servers = Servers(SERVICE_PORT)
    servers.start()
    r1.configure(*SERVICE)
    try:
        track("service web", 13)
        wait_for("it is up", lambda: is_state(r1, "service", "web", "up"))
        servers.stop()
        for router, state in (("r1", "Initialize"), ("r2", "Active")):
            wait_for(f"{router}: {state}", lambda n=router, s=state: differs(states(n)[13], s))
        servers.start()
        for router, state in (("r1", "Active"), ("r2", "Backup")):
            wait_for(f"{router}: {state}", lambda n=router, s=state: differs(states(n)[13], s))
    finally:
        servers.stop()
        r1.configure(moves.GROUP["r1"], "no vrrp 13 track service web")
        r1.configure("no ipvs service web")


def test_equal_losses_move_nothing(r1):
    """Both lose as much: r1 stays."""
    for name in ("r1", "r2"):
        NODES[name].configure(moves.GROUP[name], "vrrp 10 track file /tmp/none decrement 90")
    try:
        wait_priority("r1 is lowered", 110)
        wait_for("r2 is lowered", lambda: differs(priority(NODES["r2"]), [10] * 2))
        stays("r1 is Active", lambda: differs(r1.family("v4")["state"], "Active"), 2)
    finally:
        NODES["r2"].configure(moves.GROUP["r2"], "no vrrp 10 track file /tmp/none")


def flap():
    """Ten changes a second of what r1 tracks, down at once, up only when it lasts; in the end down."""
    wait_for("it is up", lambda: is_state(NODES["r1"], "file", FILE, "up"))
    for turn in range(41):
        write("0\n" if turn % 2 else "none\n")
        time.sleep(0.1)


def test_lowered_it_moves_once_however_the_object_flaps(r1):
    """To r2, and back when it is up for long enough."""
    write("0\n")
    track(f"file {FILE} decrement {LESS} delay up 5 down 0")
    before = r1.transitions()
    flap()
    moves.converge(NODES, "r2", "r1")
    assert r1.transitions() == [count + 1 for count in before]
    write("0\n")
    moves.converge(NODES, "r1", "r2")
    assert r1.transitions() == [count + 2 for count in before]


def test_without_decrement_it_leaves_once_however_the_object_flaps(r1):
    """The hold names the object."""
    write("0\n")
    track(f"file {FILE} delay up 5 down 0")
    before = r1.transitions()
    flap()
    moves.converge(NODES, "r2", "r1", "Initialize")
    assert r1.transitions() == [count + 1 for count in before]
    assert [r1.family(family)["hold"] for family in FAMILIES] == ["tracking"] * 2
    said = [r1.family(family)["holdDetails"] for family in FAMILIES]
    why = "it does not begin with a number from 0 to 254"
    assert said == [[f"file {FILE} is down: {why}"]] * 2
    write("0\n")
    moves.converge(NODES, "r1", "r2")


class Walk:
    """Lines of r1, and the state of what they name, at random; never enough to move a VIP."""

    NAMES = {"interface": LINK, "route": PREFIX, "file": FILE}

    def __init__(self, r1):
        self._r1, self._rng = r1, random.Random(SEED)
        self._lines = {}  # decrements, by kind
        self._badness = {"interface": 0, "route": 255, "file": 255}

    def step(self):
        """Some changes of both, in any order; returns the priority that must follow."""
        commands = []
        for _ in range(self._rng.randint(1, 6)):
            kind = self._rng.choice(list(self.NAMES))
            roll = self._rng.random()
            if roll < 0.3:
                commands.append(f"no vrrp 10 track {kind} {self.NAMES[kind]}")
                self._lines.pop(kind, None)
            elif roll < 0.7:
                self._lines[kind] = self._rng.randint(1, 30)
                commands += [line.strip() for line in self.lines() if f" {kind} " in line]
            else:
                self._change(kind)
        if commands:
            self._r1.configure(moves.GROUP["r1"], *commands)
        return 200 - sum(
            less if self._badness[kind] == 255 else self._badness[kind]
            for kind, less in self._lines.items()
        )

    def lines(self):
        """As the running configuration has them."""
        return {
            f" vrrp 10 track {kind} {self.NAMES[kind]} decrement {less}"
            for kind, less in self._lines.items()
        }

    def _change(self, kind):
        bad = self._badness[kind] == 255
        if kind == "file":
            self._badness[kind] = self._rng.choice((0, self._rng.randint(1, 30), 255))
            write("none" if self._badness[kind] == 255 else str(self._badness[kind]))
            return
        self._badness[kind] = 0 if bad else 255
        if kind == "interface":
            self._r1.must_run(f"ip link set {LINK} {'up' if bad else 'down'}")
        else:
            self._r1.must_run(f"ip route {'add' if bad else 'del'} {PREFIX} dev {OTHER_LINK}")


def test_a_random_walk_ends_in_what_is_configured(r1):
    """Whatever came before, the priority follows from the lines and from what they name."""
    r1.must_run(f"ip link add {OTHER_LINK} type dummy && ip link set {OTHER_LINK} up")
    walk = Walk(r1)
    try:
        for number in range(ROUNDS):
            wanted = walk.step()
            wait_priority(f"seed {SEED}, round {number}: the priority of {walk.lines()}", wanted)
            assert {line for line in r1.running_config() if " track " in line} == walk.lines()
    finally:
        r1.run(f"ip link del {OTHER_LINK}")


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
