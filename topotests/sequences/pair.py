# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two routers and a cable between them, to which sequences of events happen.

    r1 --- r2

r1 is the better one: Active whenever both are at rest.
"""
import random
import signal
import subprocess
import time

import judge
from helpers.footprint import Footprint, tentative
from helpers.namespace import link
from helpers.router import MACHINES
from helpers.wait import TIMEOUT_SEC, wait_for
from router import SHAPES, Router
from sequence import END, REST, is_pause

# how long something may still happen to one that seems to be at rest
AFTERMATH_SEC = 3
# a rest that took longer is told of, though it is none too long
SLOW_SEC = 15
DAEMONS = ("zebra", "vrrpd")


def vip_device():
    """A kind of link that this kernel has."""
    made = subprocess.run("ip link add probe type dummy && ip link del probe", shell=True, check=False)
    return "dummy" if made.returncode == 0 else "ifb"


class Pair:
    """One of that number and shape."""

    def __init__(self, number, shape, device):
        self.shape = shape % len(SHAPES)
        self.r1, self.r2 = self.routers = [
            Router(role, number, self.shape) for role in ("r1", "r2")
        ]
        self.history, self._device = [], device
        self._rng = random.Random(number)

    def begin(self):
        """Both run, for the first time."""
        for router in self.routers:
            router.build()
            MACHINES.remove(router)  # it speaks in a fault's own words
        link("eth0", self.r1, "eth0", self.r2)
        for router in self.routers:
            router.setup(self._device)
        for router in self.routers:
            wait_for("addresses are usable", lambda r=router: tentative(r))
        self._footprints = [Footprint(router) for router in self.routers]

    def demolish(self):
        """Whatever runs there."""
        for router in self.routers:
            router.wait_typed()
            for pid in router.processes():
                router.signal_pid(pid, signal.SIGKILL)
            for child in router.children.values():
                child.wait()
            subprocess.run(["ip", "netns", "delete", router.name], check=True)

    # Sequences

    def play(self, words):
        """Lets a sequence happen; fails with a sentence."""
        for word in words:
            self.history.append(word)
            if is_pause(word):
                time.sleep(float(word))
            elif word == REST:
                self.rest()
            elif word == END:
                self.end()
            else:
                self._happen(*word.split(":"))

    def _happen(self, name, role=None):
        for router in self.routers:
            if crashed := router.crashed():
                raise AssertionError(crashed)
            router.lend_drain_link()
        if name in ("cut", "mend"):
            self._cable("down" if name == "cut" else "up")
        else:
            (self.r1 if role == "r1" else self.r2).happen(name)

    def _cable(self, state):
        self.r2.do(f"link set eth0 {state}")

    def rest(self):
        """Undoes everything, and judges what becomes of it."""
        self._cable("up")
        for router in self.routers:
            wait_for(f"{router.name} ends and starts", lambda r=router: None if r.undo() else "no")
            router.wait_typed()
        for router in self.routers:
            wait_for(
                f"{router.name} takes what is typed", lambda r=router: r.undo() and r.undo_typed()
            )
        self._wait("both are at rest", self._first_fault)
        if self._rng.random() < 0.25:
            self._nothing_happens_more()

    def _first_fault(self):
        for router in self.routers:
            router.undo()  # "vrrp restart" may have been the last of what was typed
            router.lend_drain_link()
        return next(judge.at_rest(self.r1, self.r2), None)

    def _wait(self, what, check):
        """As wait_for, but a crash needs no patience."""

        began, last = time.monotonic(), [None]

        def check_crash():
            for router in self.routers:
                if crashed := router.crashed():
                    raise AssertionError(crashed)
            seen = check()
            last[0] = seen or last[0]
            return seen

        wait_for(what, check_crash)
        spent = time.monotonic() - began
        if spent > SLOW_SEC:
            print(f"slow: {spent:.0f} s until {what}; last: {last[0]}; {self.replay()}", flush=True)

    def _nothing_happens_more(self):
        """What somebody would still do to routers at rest, which have not moved."""
        while True:
            before = judge.transitions(*self.routers)
            self._wait("both are at rest", self._first_fault)
            if judge.transitions(*self.routers) != before:
                continue
            fault, deadline = None, time.monotonic() + AFTERMATH_SEC
            while fault is None and time.monotonic() < deadline:
                time.sleep(0.5)
                fault = self._first_fault()
            if fault is None:
                return
            if judge.transitions(*self.routers) == before:
                raise AssertionError(f"at rest, and then: {fault}")

    def end(self):
        """Both vrrpd are stopped, and nothing is left but what was there before them."""
        if not self.r1.children:
            return
        for router in self._rng.sample(self.routers, 2):
            router.on_stop()
            if self._rng.random() < 0.5:
                time.sleep(self._rng.uniform(0, 1))
        for router in self.routers:
            wait_for(f"{router.name}: vrrpd ends", lambda r=router: "no" if r.runs("vrrpd") else None)
            router.take_back_drain_link()
            self._wait(
                f"nothing of {router.name} is left", lambda r=router: next(judge.ended(r), None)
            )
        for router in self.routers:
            router.send("zebra", signal.SIGTERM)
        for router, footprint in zip(self.routers, self._footprints):
            router.children["zebra"].wait(TIMEOUT_SEC)
            wait_for(f"{router.name} is as it was", footprint.changed)
        self.history.clear()

    def replay(self):
        """How it is done again."""
        return f"SEQUENCES_SHAPE={self.shape} SEQUENCES_TYPED='{' '.join(self.history)}'"

    def story(self):
        """What happened since both were started, and what their logs say."""
        told = [self.replay()]
        for router in self.routers:
            told += [f"--- {router.name}", router.describe_short()]
        return "\n".join(told)
