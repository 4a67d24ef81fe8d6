# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that say something every so often, and how long each had to wait for an answer."""

import heapq
import select
import threading
import time

from helpers.crowd import PATIENCE_SEC, Crowd

LOOK_SEC = 0.05


class _Talk:
    """One connection."""

    def __init__(self, sock):
        self.sock = sock
        self.asked = None  # when it said what is not answered yet
        self.worst_sec = 0.0
        self.is_dead = False


class Talkers(Crowd):
    """A crowd of which each asks again a period after it was answered, from start() to end()."""

    def __init__(self, node, period_sec):
        super().__init__(node)
        self._period_sec = period_sec
        self._talks, self._due = {}, []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        """All begin to talk, spread over a period."""
        now = time.monotonic()
        for number, sock in enumerate(self._sockets):
            sock.setblocking(False)
            self._talks[sock.fileno()] = _Talk(sock)
            self._due.append((now + self._period_sec * number / len(self._sockets), sock.fileno()))
        self._thread.start()

    def end(self):
        """How many live, and for how long, in seconds, the worst of those had to wait."""
        self._ended.set()
        self._thread.join()
        living = [t for t in self._talks.values() if not t.is_dead and t.asked is None]
        return len(living), max((talk.worst_sec for talk in living), default=0.0)

    def _run(self):
        poll = select.epoll()
        for descriptor in self._talks:
            poll.register(descriptor, select.EPOLLIN)
        while not self._ended.is_set():
            self._ask_those_due()
            self._hear_all(poll)
        deadline = time.monotonic() + PATIENCE_SEC
        while self._is_anyone_waiting() and time.monotonic() < deadline:
            self._hear_all(poll)
        poll.close()

    def _is_anyone_waiting(self):
        return any(talk.asked and not talk.is_dead for talk in self._talks.values())

    def _hear_all(self, poll):
        for descriptor, _ in poll.poll(LOOK_SEC):
            self._hear(poll, descriptor)

    def _ask_those_due(self):
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            talk = self._talks[heapq.heappop(self._due)[1]]
            talk.asked = now
            try:
                talk.sock.send(b"x")
            except OSError:
                talk.is_dead = True

    def _hear(self, poll, descriptor):
        talk, now = self._talks[descriptor], time.monotonic()
        try:
            heard = talk.sock.recv(16)
        except OSError:
            heard = b""
        if not heard:
            talk.is_dead = True
            poll.unregister(descriptor)
            return
        if talk.asked is not None:
            talk.worst_sec = max(talk.worst_sec, now - talk.asked)
            talk.asked = None
            heapq.heappush(self._due, (now + self._period_sec, descriptor))
