# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs macvlan ns veth
# timeout: 1500
"""
A reload moves only what differs, whatever that is.

r1 is given one configuration after the other, each made at random of the one before.
RELOADS says how many, RELOAD_SEED where chance begins, and RELOAD_FROM which of the chain is
the first that is applied. A reload that is judged wrong prints them.
"""
import os
import time

import pytest

import bench
import plan as plans
from bench import Wire, apply, faults_of, ours

RELOADS = int(os.environ.get("RELOADS", 8))
SEED = int(os.environ.get("RELOAD_SEED", 1))
FROM = int(os.environ.get("RELOAD_FROM", 1))


def setup_module():
    """Two routers."""
    bench.build()


def teardown_module():
    """Nothing is left."""
    bench.demolish()


def test_a_reload_moves_only_what_differs():
    """Whatever differs between two configurations."""
    wire, chain = Wire(), plans.chain(SEED)
    for _ in range(FROM):
        before = next(chain)
    apply(before)
    began = time.monotonic()
    for number in range(FROM, FROM + RELOADS):
        after = next(chain)
        faults = faults_of(before, after, wire)
        spent = time.monotonic() - began
        print(
            f"seed {SEED}, reload {number}: {len(before.groups)} -> {len(after.groups)}"
            f" groups, {len(faults)} faults, {spent:.0f} s",
            flush=True,
        )
        if faults:
            differ = "\n".join(sorted(ours(before.lines()) ^ ours(after.lines())))
            pytest.fail(
                "\n".join(faults)
                + f"\nRELOAD_SEED={SEED} RELOAD_FROM={number} RELOADS=1; differ:\n{differ}"
            )
        before = after
