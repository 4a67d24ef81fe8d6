# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns
# timeout: 300
"""
A file that vrrpd reads itself, by -f or at SIGHUP, is one transaction.

libfrr commits after each line, and each commit walks the whole configuration: eight times
the groups took 64 times as long, and nothing else was done meanwhile.
"""
import os
import signal

import pytest

from helpers.namespace import BINARIES, Namespace
from helpers.wait import differs, wait_for, wait_logged

R1 = Namespace("r1")
PER_LINK = 250
# MANY is more than what is committed at once (LINES_PER_COMMIT).
FEW, MORE, MANY = 250, 2000, 4000
# How the last of MANY is named in a command.
LAST = f"interface eth{MANY // PER_LINK - 1} {PER_LINK} "
FILE = f"{R1.log_directory}/own.conf"
LEFT = "203.0.113.9/32"
# less than what nobody has configured is waited for (60 s)
SOON_SEC = 40


def setup_module():
    """No interface is needed: a group waits for its own."""
    R1.build()


def teardown_module():
    """Nothing is left."""
    R1.demolish()


@pytest.fixture(autouse=True)
def fixture_daemon():
    """None runs before, or after."""
    yield
    if R1.alive("vrrpd"):
        R1.stop("vrrpd")


def write(count, priority=100):
    """A file with that many groups, and services before and after them."""
    with open(FILE, "w", encoding="ascii") as file:
        file.write("vrrp address-lease 60\n")
        file.writelines(f"ipvs service s{n} tcp 198.51.100.{n} 80\n" for n in range(1, 100))
        for n in range(count):
            number, vrid = n // PER_LINK, n % PER_LINK + 1
            if vrid == 1:
                file.write(f"interface eth{number}\n")
            file.write(f" vrrp {vrid}\n vrrp {vrid} ip 10.200.{number}.{vrid}\n")
            file.write(f" vrrp {vrid} peer 10.1.{number}.2\n")
            if priority != 100:
                file.write(f" vrrp {vrid} priority {priority}\n")
        file.write("exit\nvrrp route-table 113\n")


def start():
    """vrrpd -f, until it answers."""
    R1.launch("vrrpd", f"{BINARIES}/vrrpd -f {FILE}")


def count():
    """How many groups it has."""
    return len(R1.show_json("vrrpd", "show vrrp json"))


def spent():
    """Ticks of processor time, of itself and the kernel for it."""
    with open(f"/proc/{R1.pid('vrrpd')}/stat", encoding="ascii") as file:
        return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))


def cost(groups):
    """The processor ticks of a start with this number of groups; they are seldom queried."""
    write(groups)
    start()
    wait_for("all groups are there", lambda: differs(count(), groups))
    ticks = spent()
    R1.stop("vrrpd")
    return ticks


def test_a_file_of_eight_times_the_groups_costs_some_eight_times_as_much():
    """In processor time, which a busy machine does not change much."""
    few, more = cost(FEW), cost(MORE)
    ratio = MORE / FEW
    assert more < 4 * ratio * max(few, 10), f"{FEW} groups: {few} ticks, {MORE}: {more}"


def test_all_of_the_file_is_there():
    """Lines of every kind, and what cannot be is refused alone, with its line in the log."""
    write(FEW)
    with open(FILE, "a", encoding="ascii") as file:
        file.write("interface eth9\n vrrp 9 ip 224.0.0.1\n vrrp 9 ip 10.200.9.9\nexit\n")
    start()
    lines = R1.running_config()
    wanted = {
        "vrrp address-lease 60",
        "vrrp route-table 113",
        "ipvs service s99 tcp 198.51.100.99 80",
        f" vrrp {PER_LINK} peer 10.1.0.2",
        " vrrp 9 ip 10.200.9.9",
    }
    assert wanted <= set(lines), wanted - set(lines)
    assert count() == FEW + 1
    wait_logged(R1, "224.0.0.1 is a multicast address")


def test_sighup_reads_it_again_as_one():
    """The present lines of the file count, and removed ones no longer do."""
    write(MANY)
    start()
    wait_for("the last group is there", lambda: differs(priorities(LAST), {100}))
    before = spent()
    write(MANY, priority=150)
    os.kill(R1.pid("vrrpd"), signal.SIGHUP)
    wait_for("the last group has its priority", lambda: differs(priorities(LAST), {150}))
    few, again = before, spent() - before
    assert again < 4 * few, f"at the start {few} ticks, at SIGHUP {again}"
    assert priorities() == {150}


def test_what_an_earlier_vrrpd_left_goes_when_the_file_has_been_read():
    """As it does at the end of a file that vtysh sends: nobody else is waited for."""
    R1.add_vip0()
    R1.must_run(f"ip address add {LEFT} dev vip0 proto 112")
    write(1)
    start()
    wait_for("the leftover is gone", lambda: R1.has_not_address("vip0", LEFT), SOON_SEC)


def priorities(which=""):
    """Those that are configured, of all groups or of some: to show few costs little."""
    return {group["priority"] for group in R1.show_json("vrrpd", f"show vrrp {which}json")}
