# SPDX-License-Identifier: GPL-2.0-or-later
"""
In which order a router said, withdrew and removed: one record of its links, of its
kernel's netlink and of what its vrrpd wrote to zebra.

Frames and netlink messages stand in one queue of the kernel, which stamps them (an nlmon
device shows netlink as packets). What is written to zebra passes no device, so strace
notes it, by the same clock, before the kernel takes it.
"""
import re
import socket
import struct
import subprocess
from collections import namedtuple

from helpers.events import Word
from helpers.frames import Advert
from helpers.recording import Recording
from helpers.wait import wait_for

ZAPI_HEADER, ZAPI_MARKER = struct.Struct("!HBBIH"), 0xFE
ZAPI_ROUTES = {9: "route asked for", 10: "route withdrawn"}
WRITTEN = re.compile(r"^([\d.]+) writev?\(\d+, (.*)\) = \d+$")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')

Step = namedtuple("Step", "time what")


class Order:
    """
    A router's record, from the first step in a with-block on; story() tells of one VIP.

    Made well before it is used: a kernel that begins to stamp leaves out the first.
    """

    def __init__(self, router, vips):
        """vips: {family: address}."""
        self._router, self._vips = router, vips
        self._calls = f"{router.log_directory}/zebra.writes"
        self._seen, self._strace = [], None
        router.must_run("ip link add nltap type nlmon; ip link set nltap up")
        self._recording = Recording(router)

    def close(self):
        """Records no more."""
        self._recording.sock.close()

    def __enter__(self):
        self._strace = self._follow(self._router.pid("vrrpd"))
        self._recording.take()
        self._seen = []
        return self

    def __exit__(self, *_):
        self._strace.terminate()
        self._strace.wait()

    def _follow(self, pid):
        """The thread of that number alone: others write logs."""
        command = ["strace", "-ttt", "-xx", "-s", "65536", "-e", "trace=write,writev"]
        strace = subprocess.Popen(
            [*command, "-o", self._calls, "-p", str(pid)],
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        wait_for("strace follows the daemon", lambda: None if _tracer(pid) else "nobody")
        return strace

    def story(self, family):
        """The steps of a family's VIP until now: words, none twice in a row."""
        self._seen += self._recording.take()
        steps = sorted([*self._on_links(family), *self._to_zebra(family)])
        words = [step.what for step in steps]
        return [word for word, before in zip(words, [None, *words]) if word != before]

    def _on_links(self, family):
        """Of services it is seen that the kernel is asked to remove one, whichever it is."""
        vip = self._vips[family]
        gone = "del", "address", f"{vip}/{128 if ':' in vip else 32}"
        for seen in self._seen:
            what = seen.what
            if isinstance(what, Word) and what == gone:
                yield Step(seen.time, "address gone")
            elif what == f"delete service {family}":
                yield Step(seen.time, "service gone")
            elif isinstance(what, Advert) and seen.outgoing and vip in what.addresses:
                yield Step(seen.time, f"priority {what.priority}")

    def _to_zebra(self, family):
        vip = self._vips[family]
        octets = socket.inet_pton(socket.AF_INET6 if ":" in vip else socket.AF_INET, vip)
        with open(self._calls, encoding="ascii") as file:
            for time, data in filter(None, map(_written, file)):
                for command, body in _zapi(data):
                    if command in ZAPI_ROUTES and octets in body:
                        yield Step(time, ZAPI_ROUTES[command])


def _tracer(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        tracer = next(line for line in file if line.startswith("TracerPid:"))
    return int(tracer.split()[1])


def _written(line):
    """(time, octets) of a call that strace shows, or None of another line."""
    found = WRITTEN.match(line)
    if not found:
        return None
    text = "".join(QUOTED.findall(found[2])).replace("\\x", "")
    return float(found[1]), bytes.fromhex(text)


def _zapi(data):
    """(command, body) of each message to zebra; none of what is no such message."""
    while len(data) >= ZAPI_HEADER.size:
        length, marker, _, _, command = ZAPI_HEADER.unpack_from(data)
        if marker != ZAPI_MARKER or length < ZAPI_HEADER.size:
            return
        yield command, data[ZAPI_HEADER.size : length]
        data = data[length:]
