# SPDX-License-Identifier: GPL-2.0-or-later
"""What the bench is at, and since when it runs."""

import time

_BEGAN = time.monotonic()


def minutes():
    """Since the bench began."""
    return (time.monotonic() - _BEGAN) / 60


def say(words):
    """A line for whoever waits."""
    print(f"bench, {minutes():4.1f} min: {words}", flush=True)
