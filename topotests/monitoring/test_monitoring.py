# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb nft ns veth
# timeout: 600
"""
What other programs read: the file of metrics, and the stream of events.

r1 is Active for VRID 10 in unicast with the peer p1, which sends what it is told to.
"""
import json
import os
import pwd
import re
import socket
import threading

import pytest

from helpers import packet
from helpers.namespace import Namespace, link
from helpers.wait import differs, wait_for, wait_logged

R1, P1 = Namespace("r1"), Namespace("p1")
OURS, PEER, VIP = "192.0.2.1", "192.0.2.2", "203.0.113.10"
INTERFACE = "interface r1-p1"
PLACE = "/run/frr/r1"
EVENTS, METRICS = f"{PLACE}/vrrp.events", f"{PLACE}/vrrp.prom"
TIMEOUT_SEC = 60
READERS = 256
# Enough for more events than the history keeps, and a socket holds.
CROWD, FLAPS = range(101, 201), 6
LABELS = 'interface="r1-p1",vrid="10",family="ipv4"'


def setup_module():
    """A cable, mgmtd, zebra and vrrpd."""
    for machine in (R1, P1):
        machine.build()
    link("r1-p1", R1, "p1-r1", P1)
    R1.must_run(f"ip address add {OURS}/24 dev r1-p1")
    R1.add_vip0()
    P1.must_run(f"ip address add {PEER}/24 dev p1-r1")
    R1.start("mgmtd", "zebra")
    R1.configure_all(f"ip router-id {OURS}")
    R1.start("vrrpd")
    R1.configure(
        INTERFACE,
        "vrrp 10 advertisement-interval 100",
        f"vrrp 10 peer {PEER}",
        f"vrrp 10 ip {VIP}",
    )
    R1.wait_state("Active", ["v4"])


def teardown_module():
    """Nothing is left."""
    for machine in (R1, P1):
        machine.demolish()


def typed(*lines):
    """Types configuration; returns the status and what was printed."""
    return R1.vtysh("configure terminal", *lines)


def health():
    """The sentences about what cannot be had."""
    return json.loads(R1.vtysh("show vrrp health json")[1])["faults"]


# Events


class Reader:
    """One connection to the stream."""

    def __init__(self, path=EVENTS):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.socket.settimeout(TIMEOUT_SEC)
        self.stream = self.socket.makefile("r", encoding="ascii")

    def next(self):
        """The next event; None when the stream ends."""
        line = self.stream.readline()
        return json.loads(line) if line else None

    def until(self, **wanted):
        """Reads to an event with these values; returns all that were read."""
        read = []
        while not read or any(read[-1].get(k) != v for k, v in wanted.items()):
            event = self.next()
            assert event, f"the stream ended after {read[-3:]}"
            read.append(event)
        return read

    def close(self):
        """Goes."""
        self.stream.close()
        self.socket.close()


@pytest.fixture(name="events")
def fixture_events():
    """The socket is there; afterwards it is not."""
    R1.configure(f"vrrp events socket {EVENTS}")
    yield
    R1.configure("no vrrp events socket")
    wait_for("the socket is gone", lambda: "there" if os.path.exists(EVENTS) else None)


def hear(priority, count=3):
    """p1 advertises."""
    octets = packet.advert(PEER, OURS, 10, priority, [VIP], interval_cs=10)
    for _ in range(count):
        packet.send(P1, PEER, OURS, octets)


def test_each_reader_hears_of_a_move_and_of_a_hold(events):
    """With the numbers, as the history has them."""
    readers = [Reader(), Reader()]
    for reader in readers:
        # until it is known to be heard, an event may come before it is taken
        wait_for("it is told of something", lambda r=reader: told_of_hold(r))
    hear(200)
    for reader in readers:
        read = reader.until(event="transition", to="Backup", reason="priority")
        assert read[-1]["otherRouter"] == PEER and read[-1]["otherPriority"] == 200
        read = reader.until(event="transition", to="Active")
        assert read[-1]["reason"] == "no-response" and read[-1]["silentMsec"] >= 300
        assert read[-1]["interface"] == "r1-p1" and read[-1]["vrid"] == 10
        reader.close()
    assert read[-1] in R1.show_json("vrrpd", "show vrrp history json")


def told_of_hold(reader):
    """A check: a group that is shut down and back is told of."""
    reader.socket.settimeout(2)
    R1.configure(INTERFACE, "vrrp 10 shutdown", "no vrrp 10 shutdown")
    R1.wait_state("Active", ["v4"])
    try:
        reader.until(event="transition", to="Active")
    except TimeoutError:
        return "nothing"
    finally:
        reader.stream = reader.socket.makefile("r", encoding="ascii")
        reader.socket.settimeout(TIMEOUT_SEC)
    return None


def test_a_reader_too_many_is_told_so(events):
    """And there is room again when one has gone."""
    readers = [Reader() for _ in range(READERS)]
    last = Reader()
    assert last.next() == {
        "event": "refused",
        "text": f"there are {READERS} readers already",
    }
    assert last.next() is None
    for reader in readers:
        reader.close()

    def is_welcome():
        reader = Reader()
        try:
            return told_of_hold(reader)
        except AssertionError as refused:
            return str(refused)
        finally:
            reader.close()

    wait_for("another one is welcome", is_welcome)


def group(vrid):
    """One of the crowd."""
    return (
        f"vrrp {vrid} startup-hold 0",
        f"vrrp {vrid} advertisement-interval 100",
        f"vrrp {vrid} peer {PEER}",
        f"vrrp {vrid} ip 198.51.100.{vrid}",
    )


def flap():
    """All groups leave the election, and become Active again."""
    R1.must_run("ip link set r1-p1 down")
    R1.wait_state("Initialize", ["v4"], CROWD[-1])
    R1.must_run("ip link set r1-p1 up")
    for vrid in (10, CROWD[0], CROWD[-1]):
        R1.wait_state("Active", ["v4"], vrid)


def test_a_reader_that_does_not_read_delays_nobody_and_is_told_what_it_missed(events):
    """Another one gets everything meanwhile."""
    R1.configure(INTERFACE, *(line for vrid in CROWD for line in group(vrid)))
    R1.wait_state("Active", ["v4"], CROWD[-1])
    lazy, quick, heard = Reader(), Reader(), []
    thread = threading.Thread(target=lambda: heard.extend(iter(quick.next, None)))
    thread.start()
    for _ in range(FLAPS):
        flap()
    R1.configure(INTERFACE, *(f"no vrrp {vrid}" for vrid in CROWD))
    R1.configure(INTERFACE, "vrrp 10 shutdown", "no vrrp 10 shutdown")
    R1.wait_state("Active", ["v4"])
    last = R1.show_json("vrrpd", "show vrrp history json")[-1]
    read = lazy.until(**last)
    wait_for("the quick one is at the end too", lambda: None if last in heard else len(heard))
    quick.socket.shutdown(socket.SHUT_RDWR)
    thread.join()
    missed = sum(event["count"] for event in read if event["event"] == "missed")
    assert missed > 0 and not [e for e in heard if e["event"] == "missed"]
    begun, end = heard.index(read[0]), heard.index(last)
    assert len([e for e in read if e["event"] != "missed"]) + missed == end - begun + 1
    lazy.close()
    quick.close()


def test_what_another_process_has_is_left_to_it():
    """A socket of a living one, and a file; they are tried again."""
    taken, file = f"{PLACE}/taken", f"{PLACE}/file"
    other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    other.bind(taken)
    os.chmod(taken, 0o777)
    other.listen()
    try:
        status, output = typed(f"vrrp events socket {taken}")
        assert status == 0 and f"{taken}: a living process has it" in output, output
        assert health() == [f"events socket {taken}: a living process has it"]
        assert "a living process has it" in R1.vtysh("show vrrp health")[1]
    finally:
        other.close()
    # what a dead process has left is replaced
    wait_for("vrrpd has it", lambda: differs(health(), []))
    Reader(taken).close()
    with open(file, "w", encoding="ascii") as precious:
        precious.write("precious")
    status, output = typed(f"vrrp events socket {file}")
    assert f"{file}: there is a file that is no socket" in output, output
    R1.configure("no vrrp events socket")
    assert health() == []
    with open(file, encoding="ascii") as precious:
        assert precious.read() == "precious"
    os.remove(file)


# Metrics


def metrics(path=METRICS):
    """The samples of the file: {name{labels}: value}; {}: there is no file."""
    try:
        with open(path, encoding="ascii") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    assert text.endswith("\n"), "it is not whole"
    samples = [line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in samples}


@pytest.fixture(name="file")
def fixture_file():
    """The file is written; afterwards it is gone."""
    R1.configure(f"vrrp metrics file {METRICS}")
    wait_for("there are metrics", lambda: None if metrics() else "none")
    yield
    R1.configure("no vrrp metrics file")
    wait_for("the file is gone", lambda: "there" if os.path.exists(METRICS) else None)


def test_the_file_is_what_prometheus_reads(file):
    """Each metric has one HELP and one TYPE, and its samples follow them."""
    now, seen = None, set()
    with open(METRICS, encoding="ascii") as text:
        for line in text.read().splitlines():
            if line.startswith("# HELP "):
                now = line.split()[2]
                assert now not in seen and line.endswith("."), line
                seen.add(now)
            elif line.startswith("# TYPE "):
                assert line.split()[2] == now, line
                assert line.split()[3] == ("counter" if now.endswith("_total") else "gauge")
            else:
                assert re.fullmatch(rf'{now}\{{\w+="[^"]*"(,\w+="[^"]*")*\}} [\d.]+', line), line
    assert oct(os.stat(METRICS).st_mode)[-3:] == "644"
    assert not os.path.exists(f"{METRICS}.new")


def test_metrics_tell_of_a_hold_and_of_another_active(file):
    """Within two periods."""

    def told(metric, value):
        wait_for(
            f"{metric} is {value}",
            lambda: differs(metrics().get(f"crossvip_router_{metric}"), value),
        )

    told(f"active{{{LABELS}}}", 1)
    told(f"alert{{{LABELS}}}", 0)
    told(f"priority{{{LABELS}}}", 100)
    moves = metrics()[f"crossvip_router_transitions_total{{{LABELS}}}"]
    R1.must_run("ip link set r1-p1 down")
    try:
        told(f'hold{{{LABELS},hold="interface-down"}}', 1)
        told(f"alert{{{LABELS}}}", 2)
        told(f"active{{{LABELS}}}", 0)
        told(f"transitions_total{{{LABELS}}}", moves + 1)
    finally:
        R1.must_run("ip link set r1-p1 up")
    R1.wait_state("Active", ["v4"])

    def told_of_two():
        hear(50, 5)
        return differs(metrics().get(f"crossvip_router_alert{{{LABELS}}}"), 3)

    wait_for("the alert is 3", told_of_two)
    assert metrics()[f'crossvip_peer_heard_age_seconds{{{LABELS},peer="{PEER}"}}'] >= 0


def cannot_be_written(path, words):
    """r1 says so when it has to write there."""
    R1.configure(f"vrrp metrics file {path}")
    wait_for(words, lambda: differs(health(), [f"metrics file {path}: {words}"]))
    wait_logged(R1, f"metrics file {path} cannot be written: {words}")


def test_a_file_that_cannot_be_written_is_told_of_and_tried_again():
    """No directory; one of somebody else; a disk that is full, and then is not."""
    place = f"{PLACE}/disk"
    cannot_be_written(f"{place}/none/vrrp.prom", "No such file or directory")
    os.mkdir(place)
    cannot_be_written(f"{place}/root.prom", "Permission denied")
    # vrrpd has mounts of its own
    pid, owner = R1.pid("vrrpd"), pwd.getpwnam("frr").pw_uid
    inside, seen = f"nsenter -t {pid} -m", f"/proc/{pid}/root{place}"
    R1.must_run(f"{inside} mount -t tmpfs -o size=4k,uid={owner},mode=755 none {place}")
    try:
        with open(f"{seen}/zeros", "wb") as zeros:
            zeros.write(bytes(4096))
        cannot_be_written(f"{place}/vrrp.prom", "No space left on device")
        wait_for("nothing is left", lambda: differs(os.listdir(seen), ["zeros"]))
        os.remove(f"{seen}/zeros")
        R1.must_run(f"{inside} mount -o remount,size=1m {place}")
        wait_for("it is written", lambda: None if metrics(f"{seen}/vrrp.prom") else health())
        wait_for("nothing is wrong", lambda: differs(health(), []))
        R1.configure("no vrrp metrics file")
    finally:
        R1.must_run(f"{inside} umount {place}")
        os.rmdir(place)


# Bad input


@pytest.mark.parametrize(
    ("line", "named", "words"),
    [
        ("metrics file vrrp.prom", "vrrp.prom", "begins with /"),
        ("metrics file /run/frr/vrrp.txt", "/run/frr/vrrp.txt", "ends with .prom"),
        (f"metrics file /{'x' * 255}.prom", "/xxx", "255 characters at most"),
        ("events socket vrrp.events", "vrrp.events", "begins with /"),
        ("events socket /", "/", "names a file"),
        (f"events socket /{'x' * 107}", "/xxx", "107 characters at most"),
    ],
)
def test_a_path_that_cannot_be_is_refused(line, named, words):
    """With what it is, and why; and nothing is changed."""
    before = R1.running_config()
    status, output = typed(f"vrrp {line}")
    assert status != 0 and named in output and words in output, output
    assert R1.running_config() == before


def test_both_lines_are_in_the_running_configuration():
    """And can be taken back as they are written."""
    lines = [f"vrrp metrics file {METRICS}", f"vrrp events socket {EVENTS}"]
    R1.configure(*lines)
    assert [line for line in R1.running_config() if line in lines] == lines
    R1.configure(*(f"no {line}" for line in lines))
    assert not [line for line in R1.running_config() if line in lines]
    wait_for("the socket is gone", lambda: "there" if os.path.exists(EVENTS) else None)
