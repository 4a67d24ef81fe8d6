# SPDX-License-Identifier: GPL-2.0-or-later
"""
Which requirements of the RFCs are proven, judged by what tests printed.

A ledger is a table, a requirement a line, fields separated by tabs:

    id  section  level  rule  proof

The level is MUST, SHOULD or MAY. The proof is one of:

    PROGRAM::TEST          a test of this make check; several with " | " between
    topotests/DIR::TEST    tests the lab runs on whole routers, with or
    tests/nl_X::TEST       without the former; here only their being is checked
                           TEST[ROW]: that row of the test's table
    n/a: WHY               the rule has nothing to rule here
    deviates: WHY          it is not kept, on purpose
    open X: WHAT           not done yet; X is the letter of the issue

The tests of this run are those that say "[       OK ] TEST" in the logs given,
PROGRAM is the name of the log's program (sim::X and mutant::X say theirs
themselves). A proof that names a test which did not run or did not pass is an
error, so is one that names no test there is, and so is a row without a proof.

ledger.py --top DIR [--partial] --logs "LOG..." LEDGER...
"""
import argparse
import pathlib
import re
import sys

LEVELS = ("MUST", "SHOULD", "MAY")
HERE, LAB, NOT, DEVIATES, OPEN = (
    "proven here",
    "by a test the lab runs",
    "not applicable",
    "deviates",
    "open",
)
STATES = (HERE, LAB, NOT, DEVIATES, OPEN)


class Wrong(Exception):
    """A sentence about one row."""


def passed_in(log):
    """Names of the passed tests in a log, and of all tests in it."""
    passed, seen = set(), set()
    program = log.stem
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"\[ *(RUN|OK|FAILED|SKIPPED) *\] (.*)", line)
        if not match:
            continue
        name = match[2] if "::" in match[2].split()[0] else f"{program}::{match[2]}"
        seen.add(name)
        if match[1] == "OK":
            passed.add(name)
    return passed, seen


PYTHON_TEST = r"def (test_\w+)\("


def with_rules(top, files):
    """Test files, and the helpers with rules that they collect: helpers.NAME_rules."""
    rules = {
        name for file in files for name in re.findall(r"helpers\.(\w+_rules)", file.read_text())
    }
    return [*files, *(top / f"topotests/helpers/{name}.py" for name in sorted(rules))]


def is_in_lab(top, where, test):
    """True when topotests/DIR defines that test, with that row, or tests/nl_X lists it."""
    if where.startswith("topotests/"):
        files, pattern = with_rules(top, sorted((top / where).glob("test_*.py"))), PYTHON_TEST
    else:
        files, pattern = [top / f"{where}.c"], r"\n\t+test\w*\((\w+)\)"
    name, row = re.fullmatch(r"([^[]*)(?:\[(.*)\])?", test).groups()
    for file in filter(pathlib.Path.exists, files):
        text = file.read_text()
        if name in re.findall(pattern, text) and (row is None or f'"{row}"' in text):
            return True
    return False


class Judge:
    """The value of a proof."""

    def __init__(self, top, logs):
        self.top = top
        self.passed, self.seen = set(), set()
        for log in logs:
            passed, seen = passed_in(log)
            self.passed |= passed
            self.seen |= seen

    def test(self, name):
        """HERE or LAB, or a sentence with the reason why there is no proof."""
        where, separator, test = name.partition("::")
        if not separator or not test:
            raise Wrong(f'"{name}" is no test: PROGRAM::TEST is expected')
        if where.startswith(("topotests/", "tests/nl_")):
            if not is_in_lab(self.top, where, test):
                raise Wrong(f"there is no {test} in {where}")
            return LAB
        if name in self.passed:
            return HERE
        if name in self.seen:
            raise Wrong(f'"{name}" ran and did not pass')
        raise Wrong(f'"{name}" did not run')

    def proof(self, proof):
        """The state of a row."""
        if re.match(r"n/a: \S", proof):
            return NOT
        if re.match(r"deviates: \S", proof):
            return DEVIATES
        if re.match(r"open [A-E]: \S", proof):
            return OPEN
        if not proof:
            raise Wrong("no test is named, and no reason why there is none")
        states = [self.test(name.strip()) for name in proof.split(" | ")]
        return HERE if HERE in states else LAB


def rows_of(ledger):
    """(line number, fields) of every row."""
    for number, line in enumerate(ledger.read_text().splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, line.split("\t")


def judge_row(judge, fields, ids):
    """(level, state) of a row."""
    if len(fields) != 5 or not all(field.strip() for field in fields[:4]):
        raise Wrong("not five fields: id, section, level, rule, proof")
    name, _, level, _, proof = fields
    if level not in LEVELS:
        raise Wrong(f"{name}: {level} is no level")
    if name in ids:
        raise Wrong(f"{name}: there is another row of that id")
    ids.add(name)
    try:
        return level, judge.proof(proof)
    except Wrong as wrong:
        raise Wrong(f"{name}: {wrong}") from None


def judge_ledger(judge, ledger):
    """The number of rows by (level, state), and the number of errors."""
    counts, errors, ids = {}, 0, set()
    for number, fields in rows_of(ledger):
        try:
            key = judge_row(judge, fields, ids)
        except Wrong as wrong:
            errors += 1
            print(f"{ledger}:{number}: {wrong}", file=sys.stderr)
            continue
        counts[key] = counts.get(key, 0) + 1
    return counts, errors


def print_totals(name, counts):
    """A line for each level and one for their sum."""
    print(f"ledger {name}:")
    for level in LEVELS + ("all",):
        of_level = {
            state: sum(
                n for (l, s), n in counts.items() if s == state and level in (l, "all")
            )
            for state in STATES
        }
        told = ", ".join(f"{n} {state}" for state, n in of_level.items() if n)
        print(f"  {level:6} {sum(of_level.values()):3}: {told or 'none'}")


def main():
    """0 when no row is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--top", type=pathlib.Path, required=True)
    parser.add_argument("--partial", action="store_true", help="not all tests were run")
    parser.add_argument("--logs", default="")
    parser.add_argument("ledgers", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    if options.partial:
        print("ledger: not judged, for not all tests were run")
        return 0
    judge = Judge(options.top, [pathlib.Path(log) for log in options.logs.split()])
    errors = 0
    for ledger in options.ledgers:
        counts, wrong = judge_ledger(judge, ledger)
        print_totals(ledger.stem, counts)
        errors += wrong
    if errors:
        print(f"ledger: {errors} rows claim what this run does not show", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
