#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Proofs over the real core by cbmc, with cadical as its solver.

    prove.py [--mutants] [CASE…]

Each case, or those named, is proved; then cbmc must find a way to each situation that the case
names (REACHED), so that its assumptions are known not to contradict each other; then mutants of
the core must be refuted by the property that mutants.list gives: a few, or all with --mutants.
Whatever ends otherwise, also without an answer, has failed. doc/developer/proof.md says more.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VRRPD = os.path.join(os.path.dirname(os.path.dirname(HERE)), "vrrpd")
SIM = os.path.join(os.path.dirname(HERE), "sim")
PATIENCE = 900  # seconds for one run of cbmc
# All pointers here are to objects of a harness; checking each use of one costs half of the time.
LENIENT = ("--no-pointer-check", "--no-pointer-primitive-check")
PROPERTY = re.compile(r"^\[(\S+)\] (?:line \d+ )?(.*): (SUCCESS|FAILURE|UNKNOWN|ERROR)$")

# A case: its harness, what of the core it is about, and its definitions.
Case = collections.namedtuple("Case", "source core defines")
FSM = ("vrrp_fsm.c", "vrrp_addr.c")

EVENTS = (
    "STARTUP RESUME SHUTDOWN TIMER ADVERT CONFIG SWITCHOVER RECLAIM PEER_DOWN SETTLED "
    "TAKE_OVER GIVE_UP"
).split()
# Events that each state has cases of, the longest first; the others mean nothing to it, and are one.
MEANT = {
    "backup": "ADVERT CONFIG TIMER PEER_DOWN RESUME TAKE_OVER SETTLED SHUTDOWN RECLAIM",
    "active": "ADVERT CONFIG TIMER SWITCHOVER RECLAIM GIVE_UP SHUTDOWN",
    "initialize": "STARTUP RESUME",
}
STATES = ("initialize", "backup", "active")


def steps(state, events):
    """The case of a set of events in a state."""
    bits = "|".join(f"1<<VRRP_EVENT_{event}" for event in events)
    return Case("step.c", FSM, (f"-DSTATE={STATES.index(state)}", f"-DEVENTS=({bits})"))


CASES = {}
for of, meant in MEANT.items():
    for one in meant.split():
        CASES[f"{of}_{one.lower()}"] = steps(of, [one])
CASES["pair"] = Case("pair.c", FSM, ())
for of, meant in MEANT.items():
    CASES[f"{of}_others"] = steps(of, [one for one in EVENTS if one not in meant.split()])
CASES["belief"] = Case("belief.c", ("vrrp_belief.c",), ())
CASES["handover"] = Case("handover.c", ("vrrp_handover.c",), ())
CASES["badness"] = Case("badness.c", ("vrrp_badness.c",), ())


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


def must(*command):
    """A program that has to succeed."""
    done = run(*command)
    if done.returncode != 0:
        raise Unexpected(f"{' '.join(command)}: {done.stderr or done.stdout}")


def build(name, work, core, *defines):
    """The program of a case: its harness, the contracts, and the files of this core."""
    case, target = CASES[name], os.path.join(work, "case.gb")
    compiler = ("goto-cc", "-std=gnu11", f"-I{VRRPD}/core", f"-I{HERE}", "-Dmemcmp=proof_memcmp",
                *case.defines, *defines)
    parts = []
    for file in case.core:
        parts.append(os.path.join(work, file + ".gb"))
        must(*compiler, "-Dmemset=proof_memset", "-Dmemmove=proof_memmove", "-c", "-o", parts[-1], os.path.join(core, file))
        if file == "vrrp_fsm.c":  # contracts.c has it
            must("goto-instrument", "--remove-function-body", "vrrp_skew_time",
                 "--remove-function-body", "vrrp_active_down_interval", parts[-1], parts[-1])
    sources = [os.path.join(HERE, case.source), os.path.join(HERE, "memcmp.c")]
    if case.core == FSM:
        sources.append(os.path.join(HERE, "contracts.c"))
    must(*compiler, "-o", target, *sources, *parts)
    return target


def check(program, *options):
    """What cbmc says of each property."""
    done = run("cbmc", program, "--unwind", "17", *LENIENT, *options)
    if done.returncode not in (0, 10):
        raise Unexpected(f"cbmc ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    told = [PROPERTY.match(line) for line in done.stdout.splitlines()]
    told = [(match[1], match[2], match[3]) for match in told if match]
    verdict = "VERIFICATION FAILED" if done.returncode else "VERIFICATION SUCCESSFUL"
    if not told or verdict not in done.stdout:
        raise Unexpected(f"cbmc gave no verdict: {done.stdout[-2000:]}")
    return told


def failures(told):
    """The properties of which cbmc does not say that they hold."""
    return [f"{what} ({result})" for _, what, result in told if result != "SUCCESS"]


def prove(name):
    """All properties of the case hold."""
    with tempfile.TemporaryDirectory() as work:
        told = check(build(name, work, f"{VRRPD}/core"), "--external-sat-solver", "cadical")
    if failures(told):
        raise Unexpected("does not hold: " + "; ".join(failures(told)))
    ours = sum(": " in what and ".assertion." in which for which, what, _ in told)
    if not ours:
        raise Unexpected("no property of ours was there to be proved")
    return f"{len(told)} properties, {ours} of them ours"


def reach(name, seen):
    """The situations to which there is a way are noted in seen, with all that are named."""
    with tempfile.TemporaryDirectory() as work:
        program = build(name, work, f"{VRRPD}/core", "-DREACH")
        told = check(program, "--no-standard-checks")
    wanted = {what: result for _, what, result in told if what.startswith("reached: ")}
    reached = {what for what, result in wanted.items() if result == "FAILURE"}
    for what in wanted:
        seen.setdefault(what, set()).update({name} if what in reached else set())
    return f"{len(reached)} situations"


def all_reached(seen):
    """No situation is left to which no case has a way."""
    missing = [what.removeprefix("reached: ") for what, names in seen.items() if not names]
    if missing or not seen:
        raise Unexpected(f"there is no way to: {'; '.join(missing)}")
    return f"{len(seen)} situations"


def try_skew(core):
    """The contract of Skew_Time, by trying all: what the program says that found it broken, or ""."""
    with tempfile.TemporaryDirectory() as work:
        program = os.path.join(work, "skew")
        files = [os.path.join(core, file) for file in (*FSM, "vrrp_belief.c")]
        must("gcc", "-O2", "-w", f"-I{VRRPD}/core", "-o", program, f"{HERE}/skew.c", *files)
        done = run(program)
    if done.returncode not in (0, 1) or bool(done.stdout) != bool(done.returncode):
        raise Unexpected(f"it ended with {done.returncode}: {done.stdout}")
    return done.stdout.strip()


def skew():
    """The contract is kept."""
    said = try_skew(f"{VRRPD}/core")
    if said:
        raise Unexpected(said)
    return "2 versions, 25500 intervals, 255 priorities"


def rows(path):
    """The rows of a list of mutants, as lists of at most five fields."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split(" | ", 4) for line in file if line[0] != "#"]


def mistakes():
    """The mutants of core that the simulator knows: for each name its file and mistake."""
    return {name: [file.removeprefix("core/"), mistake]
            for file, name, _, _, mistake in rows(os.path.join(SIM, "mutants.list"))
            if file.startswith("core/")}


def refute(name, case, words, file, mistake):
    """The case must refute the core with this mistake, by a property with these words."""
    with tempfile.TemporaryDirectory() as work:
        for other in os.listdir(f"{VRRPD}/core"):
            os.symlink(f"{VRRPD}/core/{other}", os.path.join(work, other))
        os.unlink(os.path.join(work, file))
        changed = run("sed", "-E", mistake, f"{VRRPD}/core/{file}").stdout
        with open(f"{VRRPD}/core/{file}", encoding="utf-8") as original:
            if changed == original.read():
                raise Unexpected("the mutant changes nothing any more")
        with open(os.path.join(work, file), "w", encoding="utf-8") as mutant:
            mutant.write(changed)
        if case == "skew":
            found = list(filter(None, [try_skew(work)]))
        else:
            told = check(build(case, tempfile.mkdtemp(dir=work), work))
            found = [what for _, what, result in told if result == "FAILURE"]
    if not any(words in what for what in found):
        raise Unexpected(f"{name} must be refuted by \"{words}\", but is by: {'; '.join(found)}")
    return next(what for what in found if words in what)


def refutations(every):
    """The jobs that refute mutants."""
    known = mistakes()
    for name, case, words, *own in rows(os.path.join(HERE, "mutants.list")):
        mistake = own or known.pop(name.lstrip("*"))
        if every or name[0] == "*":
            yield f"mutant::{name.lstrip('*')}", refute, (name, case, words, *mistake)
    if known:
        raise Unexpected(f"mutants.list has no row for {', '.join(known)}")


def attempt(name, function, arguments):
    """One job: true if it ended as it must."""
    start = time.monotonic()
    try:
        said = function(*arguments)
        verdict = "      OK"
    except Unexpected as wrong:
        said, verdict = wrong, " FAILED "
    print(f"[ {verdict} ] {name}: {time.monotonic() - start:.1f} s, {said}", flush=True)
    return verdict != " FAILED "


def main():
    """Does all that is asked for, as many at a time as there are processors."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--mutants", action="store_true", help="refute all mutants")
    parser.add_argument("cases", nargs="*", metavar="CASE", choices=[*CASES, "skew", []])
    asked = parser.parse_args()
    chosen = [name for name in CASES if not asked.cases or name in asked.cases]
    jobs = [(f"proof::{name}", prove, (name,)) for name in chosen]
    seen = {}
    jobs += [(f"reach::{name}", reach, (name, seen)) for name in chosen]
    if not asked.cases or "skew" in asked.cases:
        jobs.append(("proof::skew", skew, ()))
    jobs += [job for job in refutations(asked.mutants)
             if not asked.cases or job[2][1] in asked.cases]
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        good = list(pool.map(lambda job: attempt(*job), jobs))
    if not asked.cases:
        good.append(attempt("reach::all", all_reached, (seen,)))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed, "
          f"{time.monotonic() - start:.0f} s, {most} MB at most")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
