# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns
# timeout: 300
"""
vtysh -f sends lines ahead of the answers, and says of each wrong one what it always said.

One group in ten has a wrong line. vrrpd refuses some, vtysh itself others.
"""
import re

import pytest

from helpers.namespace import Namespace
from helpers.wait import differs, wait_for

R1 = Namespace("r1")
GROUPS, PER_LINK = 1000, 250
FILE = f"{R1.log_directory}/wrong.conf"
# Longer than what vtysh sends ahead.
LONG = "x" * 600
# What is wrong, and the pattern of what is printed for it, in this order.
WRONG = (
    ("ip 224.0.0.1", r"% {group}: virtual address 224.0.0.1 is a multicast address.*"),
    ("nonsense", None),
    (f"description {LONG}", r"% a description is .*80 characters at most"),
    ("priority", None),
    ("advertisement-interval 105", r"% advertisement-interval 105 ms is not a multiple.*"),
)
VTYSHS = {"nonsense": "Unknown command", "priority": "Command incomplete"}


def setup_module():
    """No interface is needed: a group waits for its own."""
    R1.build()


def teardown_module():
    """Nothing is left."""
    R1.demolish()


@pytest.fixture(name="said")
def fixture_said():
    """A daemon that was sent the file, and [(what vtysh printed, what was to be printed)]."""
    lines, wanted = [], []
    for n in range(GROUPS):
        ifname, vrid = f"eth{n // PER_LINK}", n % PER_LINK + 1
        if vrid == 1:
            lines.append(f"interface {ifname}")
        lines += [f" vrrp {vrid}", f" vrrp {vrid} ip 10.200.{n // PER_LINK}.{vrid}"]
        if n % 10 == 0:
            wrong, sentence = WRONG[n // 10 % len(WRONG)]
            lines.append(f" vrrp {vrid} {wrong}")
            wanted += expected(len(lines), lines[-1], wrong, sentence, f"vrrp {ifname} {vrid}")
        lines.append(f" vrrp {vrid} priority 150")
    with open(FILE, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    R1.launch("vrrpd")
    status, output = R1.run(f"vtysh -N r1 -d vrrpd -f {FILE}")
    printed = [line for line in output.splitlines() if line and "% Warning: " not in line]
    yield status, printed, wanted
    R1.stop("vrrpd")


def expected(number, line, wrong, sentence, group):
    """The patterns of the lines that are printed for a wrong one."""
    if sentence:
        yield sentence.format(group=group)
        yield rf"line {number}: Failure to communicate\[\d+\] to vrrpd, line: {line}"
    else:
        yield rf"line {number}: % {VTYSHS[wrong]}\[\d+\]: {line}"


def test_each_wrong_line_is_named_in_order_and_the_rest_runs(said):
    """With its number, after the sentence of vrrpd, and no other line is named."""
    status, printed, wanted = said
    assert status != 0
    assert len([line for line in printed if line.startswith("line ")]) == GROUPS // 10
    for found, pattern in zip(printed, wanted):
        assert re.fullmatch(pattern, found), f"'{found}' instead of '{pattern}'"
    wait_for("all groups are there", lambda: differs(len(groups()), GROUPS))
    assert {group["priority"] for group in groups()} == {150}
    vips = [line for line in R1.running_config() if " ip 10.200." in line]
    assert len(vips) == GROUPS


def groups():
    """All of them, in JSON."""
    return R1.show_json("vrrpd", "show vrrp json")
