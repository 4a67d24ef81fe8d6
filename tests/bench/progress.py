# SPDX-License-Identifier: GPL-2.0-or-later
"""The bench's present stage, and its running time."""

import time

_BEGAN = time.monotonic()


def seconds():
    """Since the bench began."""
    return time.monotonic() - _BEGAN


def minutes():
    """The same in minutes."""
    return seconds() / 60


def say(words):
    """Prints a line about the progress."""
    print(f"bench, {minutes():4.1f} min: {words}", flush=True)
