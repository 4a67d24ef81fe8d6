# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth
"""
"vrrp check … command PATH": what a program may do, what is shown of it, and what is left of it.

r1 has a group that is shut down and tracks the check c.
"""
import os
import shutil

from helpers.namespace import Namespace, link
from helpers.wait import differs, wait_for

R1, H1 = Namespace("r1"), Namespace("h1")
GROUP = "interface eth0"
COMMANDS = "/tmp/vrrp-command"
CHILD = "sleep 3617"


def setup_module():
    """A link, for the group to be on."""
    for node in (R1, H1):
        node.build()
    link("eth0", R1, "eth0", H1)
    R1.write_conf(GROUP, " vrrp 10", " vrrp 10 shutdown", " vrrp 10 track check c decrement 1")
    R1.boot()


def teardown_module():
    """Takes it down."""
    for node in (R1, H1):
        node.demolish()
    shutil.rmtree(COMMANDS, ignore_errors=True)


def objects():
    """What show vrrp track tells: {name: object}."""
    return {one["name"]: one for one in R1.show_json("vrrpd", "show vrrp track json")}


def wait_c(state, reason=None):
    """The check c is in that state, and why."""

    def check():
        found = objects().get("c", {})
        return differs((found.get("state"), found.get("reason")), (state, reason))

    wait_for(f"c is {state}: {reason}", check)


# What they do; the state, and what is shown of it.
TIMEOUT = 2000
COMMAND_ROWS = {
    "says something": ("echo fine; echo more", "up", "fine"),
    "says nothing": ("exit 0", "up", None),
    "fails": ("echo a; exit 3", "down", "status 3: a"),
    "complains": ("echo out of order >&2; exit 255", "down", "status 255: out of order"),
    "is killed": ("kill -TERM $$", "down", "killed by signal 15"),
    "hangs": (f"{CHILD} & exec {CHILD}", "down", "no answer in 2 s"),
    "has left children": (f"{CHILD} & {CHILD} & echo left", "up", "left"),
    "stops": ("kill -STOP $$", "down", "no answer in 2 s"),
    "writes much": ("yes | head -c 1000000", "up", "y"),
    "closes its output": (f"exec >&- 2>&-; {CHILD}", "down", "no answer in 2 s"),
    "floods": ("yes", "down", "it has written more than 1 MiB"),
    "writes octets": ("printf 'a\\033\\377b\\n'", "up", "a??b"),
    "has no privileges": (
        "echo $(sed -n 's/^\\(CapPrm\\|CapAmb\\|NoNewPrivs\\):[^0-9]*/ /p' /proc/self/status)"
        " $(ls /proc/self/fd | wc -l) $(id -un) $(nice) $(pwd)",
        "up",
        f"{'0' * 16} {'0' * 16} 1 4 frr 0 /",
    ),
    "has an environment": ("echo $(env | grep -v PWD= | wc -l) $LC_ALL", "up", "2 C"),
}


def script(name, text):
    """Writes a program; returns its path."""
    os.makedirs(COMMANDS, exist_ok=True)
    path = f"{COMMANDS}/{name}"
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(f"#!/bin/sh\n{text}\n")
    os.chmod(f"{path}.new", 0o755)
    os.rename(f"{path}.new", path)
    return path


def running(words):
    """A check: no process has these words in its command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                line = file.read().replace("\0", " ")
        except OSError:
            continue
        if words in line:
            found.append(line)
    return found or None


def nothing_is_left():
    """Neither commands, nor what they have started, nor zombies."""
    wait_for("no command runs", lambda: running(COMMANDS))
    wait_for("no child of one runs", lambda: running(CHILD))
    zombies = f"ps -o pid=,stat=,args= --ppid {R1.pid('vrrpd')} | grep ' Z' || true"
    wait_for("there is no zombie", lambda: R1.must_run(zombies).strip() or None)


def test_commands():
    """What each does, and what is shown. Its group of processes ends with it."""
    for name, (text, state, shown) in COMMAND_ROWS.items():
        path = script(name.replace(" ", "-"), text)
        line = f"vrrp check c command {path} interval 200 timeout {TIMEOUT}"
        R1.configure(f"{line} fall 1")
        wait_c(state, shown)
        if "left" in name:
            R1.configure(line.replace("interval 200", "interval 3600000"))
            wait_c(state, shown)
            nothing_is_left()


def test_lines_are_kept():
    """Words and arguments, in vtysh's order."""
    path = script("c", 'echo "$# $*"')
    line = f"vrrp check c command {path} interval 500 timeout 400 fall 2 rise 2 arguments -a b *"
    R1.configure(line)
    assert line in R1.running_config()
    wait_c("up", "3 -a b *")


def test_file_that_is_wrong():
    """It is refused when it is typed, and fails when it becomes so."""
    path = script("c", "exit 0")
    for mode, words in (
        (0o775, "others than its owner can write the file"),
        (0o757, "others than its owner can write the file"),
        (0o644, "vrrpd's user may not run the file"),
    ):
        os.chmod(path, mode)
        status, output = R1.vtysh("configure terminal", f"vrrp check c command {path}")
        assert status != 0 and f"vrrp check c: {words}" in output
    os.chmod(path, 0o755)
    R1.configure(f"vrrp check c command {path} interval 100")
    wait_c("up")
    os.chmod(path, 0o777)
    wait_c("down", "status 126: others than its owner can write the file")
    os.chmod(path, 0o755)
    wait_c("up")
    os.remove(path)
    wait_c("down", "status 126: there is no such file")


def test_one_that_runs_while_it_is_changed_and_while_vrrpd_ends():
    """With it goes its group, however vrrpd ends."""
    hangs, good = script("c", f"{CHILD} & exec {CHILD}"), script("d", "exit 0")
    for end in (None, R1.stop, R1.kill):
        R1.configure(f"vrrp check c command {hangs} interval 100 timeout 3600000")
        wait_for("it runs", lambda: None if running(CHILD) else "not")
        if not end:
            R1.configure(f"vrrp check c command {good} interval 100")
            wait_c("up")
        else:
            end("vrrpd")
        wait_for("nothing is left", lambda: running(CHILD))
        if end:
            R1.start("vrrpd")


def test_one_that_is_tracked_no_more_while_it_runs():
    """Nor is there anything left when the check goes; it may be there again at once."""
    good, path = script("d", "exit 0"), script("c", f"{CHILD} & exec {CHILD}")
    R1.configure(f"vrrp check c command {good}")
    wait_c("up")
    R1.configure(f"vrrp check c command {path} timeout 3600000")
    wait_for("it runs", lambda: None if running(CHILD) else "not")
    R1.configure("no vrrp check c")
    wait_c("down", "there is no such check")
    nothing_is_left()
    R1.configure(f"vrrp check c command {good}")
    wait_c("up")


def events():
    """What happened to the group 11, oldest first: (event, hold, to)."""
    return [
        (one["event"], one.get("hold"), one.get("to"))
        for one in R1.show_json("vrrpd", "show vrrp history json")
        if one["vrid"] == 11
    ]


def test_nobody_enters_before_what_is_tracked_is_known():
    """After ten seconds it is taken for down; who takes part stays until then."""
    hangs = script("c", f"exec {CHILD}")
    R1.configure(f"vrrp check slow command {hangs} timeout 3600000")
    R1.must_run("ip address add 192.0.2.1/24 dev eth0")
    group = ("vrrp 11", "vrrp 11 advertisement-interval 200", "vrrp 11 placement interface")
    R1.configure(
        GROUP, *group, "vrrp 11 track check slow decrement 50", "vrrp 11 ip 192.0.2.11"
    )
    try:
        R1.wait_state("Active", ["v4"], 11)
        assert R1.family("v4", 11)["effectivePriority"] == 50
        assert [state for event, _, state in events() if event == "transition"] == [
            "Backup",
            "Active",
        ]
        assert [hold for event, hold, _ in events() if event == "hold"][-2:] == ["tracking", "none"]
    finally:
        R1.configure(GROUP, "no vrrp 11")
        R1.configure("no vrrp check slow")
    nothing_is_left()


def test_a_hundred():
    """About 32 run at a time, each in its turn."""
    names = [f"c{number}" for number in range(100)]
    path, counts = script("c", "sleep 0.5"), []

    def check():
        counts.append(len(running(f"/bin/sh {path}") or ()))
        seen = {name: one["state"] for name, one in objects().items()}
        return [name for name in names if seen.get(name) != "up"] or None

    R1.configure(*(f"vrrp check {name} command {path} timeout 60000" for name in names))
    R1.configure(GROUP, *(f"vrrp 10 track check {name} decrement 1" for name in names))
    wait_for("all are up", check)
    # a look takes a moment, in which some end and others begin; tests/nl_probe counts exactly
    assert 0 < max(counts) < 40
    R1.configure(GROUP, *(f"no vrrp 10 track check {name}" for name in names))
    wait_for("they are gone", lambda: None if len(objects()) == 1 else "not all")
    nothing_is_left()
