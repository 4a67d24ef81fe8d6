# SPDX-License-Identifier: GPL-2.0-or-later
"""
Waiting for a condition, and saying what was there instead when it never came.

A check is a function that returns None once the condition holds, and until then
what it saw. Nothing here measures speed: a timeout is only how long a test that
fails takes to say so.
"""
import time

# longer than a startup-hold, which is what the product itself may wait
TIMEOUT_SEC = 90
PAUSE_SEC = 0.25


def wait_for(what, check, timeout=TIMEOUT_SEC):
    """Polls check until it returns None; fails with what was expected and seen."""
    deadline = time.monotonic() + timeout
    while True:
        seen = check()
        if seen is None:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"expected within {timeout} s: {what}; seen: {seen}")
        time.sleep(PAUSE_SEC)


def stays(what, check, seconds):
    """Polls check for that many seconds; fails when it ever returns something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = check()
        if seen is not None:
            raise AssertionError(f"expected all through {seconds} s: {what}; {seen}")
        time.sleep(PAUSE_SEC)


def differs(seen, expected):
    """A check's answer: None when equal, else what was seen (which may be None)."""
    return None if seen == expected else repr(seen)


def wait_logged(machine, words, times=None):
    """Waits until a machine's log has the words, or has them so often: a thread writes it."""

    def check():
        found = machine.log().count(words)
        is_enough = found > 0 if times is None else found == times
        return None if is_enough else f"{found} times"

    wait_for(f"the log has '{words}'", check)
