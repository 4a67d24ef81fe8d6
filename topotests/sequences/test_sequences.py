# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 900
"""
Whatever happens to two routers, in whatever order: when everything runs again, one is Active, and nothing
that does not belong there is left of it.

Many pairs have sequences of events at a time, since most of it is waiting. One sequence follows the
other at the same pair, which is ended, judged, and started again after some of them.

    SEQUENCES        how many (200)
    SEQUENCES_PAIRS  how many pairs at a time
    SEQUENCES_SEED, SEQUENCES_FROM   where chance begins, and at which number of it
    SEQUENCES_TYPED, SEQUENCES_SHAPE a sequence as a failure prints it, instead of any made at random
"""
import itertools
import os
import threading
import time

import sequence
from pair import Pair, vip_device

COUNT = int(os.environ.get("SEQUENCES", 200))
PAIRS = int(os.environ.get("SEQUENCES_PAIRS", 24))
SEED = int(os.environ.get("SEQUENCES_SEED", 1))
FROM = int(os.environ.get("SEQUENCES_FROM", 1))
TYPED = os.environ.get("SEQUENCES_TYPED")
SHAPE = os.environ.get("SEQUENCES_SHAPE")
# then a pair is ended
TOGETHER = 6
# more of them say no more
FAULTS = 5


class Run:
    """All pairs; each takes the next number when it is free."""

    def __init__(self):
        self.numbers = itertools.count(FROM)
        self.done, self.faults, self.device = 0, [], vip_device()
        self.began, self.lock = time.monotonic(), threading.Lock()

    def next(self):
        """The next number; None when there is none, or enough is wrong."""
        with self.lock:
            number = next(self.numbers)
        return number if number < FROM + COUNT and len(self.faults) < FAULTS else None

    def work(self, number_of_pair):
        """Sequences as long as there are some, at a pair, or at a new one after a fault."""
        number = self.next()
        while number is not None:
            pair = Pair(number_of_pair, int(SHAPE) if SHAPE else number_of_pair, self.device)
            try:
                pair.begin()
                while number is not None:
                    number = self._some(pair, number)
            except Exception as fault:  # pylint: disable=broad-exception-caught
                self._fault(pair, number, fault)
                number = self.next()
            finally:
                pair.demolish()

    def _some(self, pair, number):
        """As many as there are between two starts of a pair; returns the next number."""
        for _ in range(TOGETHER):
            pair.play(sequence.read(TYPED) if TYPED else sequence.made(SEED, number))
            self.done += 1
            if self.done % 50 == 0:
                self.say()
            number = self.next()
            if number is None:
                break
        pair.play([sequence.END])
        return number

    def _fault(self, pair, number, fault):
        self.faults.append(f"{type(fault).__name__}: {fault}")
        print(f"\nFAULT: seed {SEED}, sequence {number}: {fault}\n{pair.story()}", flush=True)

    def say(self):
        """How far it is."""
        spent = time.monotonic() - self.began
        print(
            f"seed {SEED} from {FROM}: {self.done} sequences, {len(self.faults)} faults,"
            f" {spent:.0f} s, {self.done / spent:.2f}/s",
            flush=True,
        )


def test_nothing_is_left_whatever_happens():
    """One Active router, which has all that belongs to it, and the other nothing."""
    run = Run()
    threads = [threading.Thread(target=run.work, args=(n,)) for n in range(min(PAIRS, COUNT))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.say()
    assert not run.faults, "\n".join(run.faults)
    assert run.done == COUNT
