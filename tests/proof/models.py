#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
The models of the election and of the witness's rule, searched by spin.

    models.py [--long] [NAME…]

Each search, or those with one of the NAMEs in theirs, must end as the table says: the model holds in
all its states, or is refuted. Simulations are replayed by the real core, which must do the same.
Whatever ends otherwise, also a search that was cut off, has failed. --long: also those that take
minutes or gigabytes. doc/developer/proof.md says more.
"""
import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD", "/build")
PATIENCE = 1800  # seconds for one search
MEMORY = 6000  # MB
DEPTH = 5000000
SIMULATIONS, STEPS = 40, 300000

Search = collections.namedtuple("Search", "name model defines holds long", defaults=(False,))
SEARCHES = (
    Search("election of two", "election", "", True),
    Search("election of two, no preempt", "election", "-DPREEMPTS=false", True),
    Search("... two Active for less than that", "election", "-DTOGETHER=3", False),
    Search("... no Active for less than that", "election", "-DALONE=13", False),
    Search("election of three", "election", "-DN=3", True, True),
    Search("election of three, no preempt", "election", "-DN=3 -DPREEMPTS=false", True, True),
    Search("two of three promises", "promise", "", True),
    Search("... counted from the reply", "promise", "-DFROM_REPLY", False),
    Search("... forgotten by a restart", "promise", "-DFORGETS", False),
    Search("... promised by an Active router", "promise", "-DPROMISES_ANYWAY", False),
    Search("... taken by one that has promised", "promise", "-DTAKES_ANYWAY", False),
    Search("... of which one is enough", "promise", "-DNEED=1", False),
    Search("somebody is Active", "promise", "-DLIVE", True),
    Search("... sooner than that", "promise", "-DLIVE -DSOON=2", False),
    Search("one clock drifts, no guard", "promise", "-DDRIFT=1", False),
    Search("one clock drifts, a guard", "promise", "-DDRIFT=1 -DGUARD=1", True, True),
    Search("three routers promise", "promise", "-DR=3 -DLEASE=2", True, True),
)

Replay = collections.namedtuple("Replay", "name model defines arguments agrees")
REPLAYS = (
    Replay("election", "election", "-DN=3", ("preempt",), True),
    Replay("election, no preempt", "election", "-DN=3 -DPREEMPTS=false", (), True),
    Replay("election that differs", "election", "-DN=3 -DDIFFERS", ("preempt",), False),
)


class Unexpected(Exception):
    """A run that did not end as it must."""


def run(*command, **options):
    """What a program says, and its status; it must end."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False, **options
        )
    except subprocess.TimeoutExpired as late:
        raise Unexpected(f"{command[0]} has no answer after {PATIENCE} s") from late
    except FileNotFoundError as missing:
        raise Unexpected(f"{command[0]} is not installed") from missing


def number(pattern, said):
    """A number of pan's report."""
    found = re.search(pattern, said)
    if not found:
        raise Unexpected(f"pan's report is not understood: {said[-2000:]}")
    return float(found[1])


def search(asked):
    """All states of a model, or the way to one that is wrong."""
    with tempfile.TemporaryDirectory() as work:
        made = run("spin", *asked.defines.split(), "-a", f"{HERE}/{asked.model}.pml", cwd=work)
        if made.returncode:
            raise Unexpected(f"spin: {made.stdout}")
        made = run("gcc", "-O2", "-w", "-DSAFETY", "-DNOREDUCE", "-DCOLLAPSE",
                   f"-DMEMLIM={MEMORY}", "-o", "pan", "pan.c", cwd=work)
        if made.returncode:
            raise Unexpected(f"gcc: {made.stderr}")
        said = run("./pan", f"-m{DEPTH}", "-w22", cwd=work).stdout
    report = (f"{number(r'([0-9.e+]+) states, stored', said):,.0f} states, "
              f"{number(r'elapsed time ([0-9.e+]+)', said):.1f} s of search, "
              f"{number(r'([0-9.]+)	total actual memory', said):.0f} MB")
    errors = number(r"errors: ([0-9]+)", said)
    whole = "Search not completed" not in said and "search depth too small" not in said
    if asked.holds and not (errors == 0 and whole):
        raise Unexpected(f"it must hold, but {said[:2000]}")
    if not asked.holds and not (errors == 1 and "assertion violated" in said):
        raise Unexpected(f"it must be refuted, but is not: {report}")
    return ("holds: " if asked.holds else "refuted: ") + report


def simulate(model, defines, seed):
    """The events of a simulation."""
    with tempfile.TemporaryDirectory() as work:
        done = run("spin", *defines.split(), "-DTRACE", f"-n{seed}", f"-u{STEPS}",
                   f"{HERE}/{model}.pml", cwd=work)
    if "assertion violated" in done.stdout or "->" not in done.stdout:
        raise Unexpected(f"the simulation went wrong: {done.stdout[-1000:]}{done.stderr}")
    return done.stdout


def replay(asked):
    """The real core does what simulations did."""
    events = "".join(simulate(asked.model, asked.defines, seed + 1) + "\nanew\n"
                     for seed in range(SIMULATIONS))
    done = run(f"{BUILD}/tests/proof/replay_{asked.model}", *asked.arguments, input=events)
    said = done.stdout.strip()
    if (done.returncode == 0) != asked.agrees or done.returncode not in (0, 1):
        raise Unexpected(f"{said} (status {done.returncode}) {done.stderr}")
    if not asked.agrees and "the real one" not in said:
        raise Unexpected(f"the difference was not seen: {said}")
    return said


def attempt(name, function, asked):
    """One job: true if it ended as it must."""
    start = time.monotonic()
    try:
        said = function(asked)
        verdict = "      OK"
    except Unexpected as wrong:
        said, verdict = wrong, " FAILED "
    print(f"[ {verdict} ] {name}: {time.monotonic() - start:.1f} s, {said}", flush=True)
    return verdict != " FAILED "


def main():
    """Does all that is asked for, one after the other: they want memory."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--long", action="store_true", help="the long searches too")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args()
    jobs = [(f"model::{one.name}", search, one) for one in SEARCHES if asked.long or not one.long]
    jobs += [(f"replay::{one.name}", replay, one) for one in REPLAYS]
    if asked.names:
        jobs = [job for job in jobs if any(name in job[0] for name in asked.names)]
    good = [attempt(*job) for job in jobs]
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
