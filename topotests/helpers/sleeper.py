# SPDX-License-Identifier: GPL-2.0-or-later
"""
A control for judgements about time: a thread that only sleeps.

When it is late as well, the machine was too busy, and not the daemon too slow.
"""
import threading
import time

NAP_SEC = 0.02
# later than this is a stall; less is what every machine does
STALL_SEC = 0.05


class Sleeper:
    """Naps while its with-block runs, and keeps when it overslept."""

    def __init__(self):
        self._stalls = []  # (begin, end) by the clock of time.time()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._nap, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _nap(self):
        woke = time.time()
        while not self._stop.is_set():
            time.sleep(NAP_SEC)
            due, woke = woke + NAP_SEC, time.time()
            if woke > due + STALL_SEC:
                self._stalls.append((due, woke))

    def overslept(self, begin, end):
        """How much of the time from begin to end was lost to it, in seconds."""
        parts = (min(end, woke) - max(begin, due) for due, woke in list(self._stalls))
        return sum(part for part in parts if part > 0)
