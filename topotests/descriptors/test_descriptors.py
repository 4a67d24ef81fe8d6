# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth
# timeout: 300
"""
A daemon with few descriptors and many checks of servers that do not answer.

The kernel need not have IPVS: servers are checked all the same.
"""
import os
import socket

import pytest

from helpers.namespace import Namespace, link
from helpers.wait import differs, stays, wait_for

R1, DARK = Namespace("r1"), Namespace("dark")
FEW, SERVERS = 64, 100
SESSIONS = 80
LIMITED = f"#!/bin/sh\nulimit -n {FEW}\nexec /usr/lib/frr/vrrpd \"$@\"\n"
# What follows a minute of all that may be told here: two lines a server, and then some.
MANY_LINES = 4 * SERVERS


@pytest.fixture(name="r1", scope="module")
def fixture_r1():
    """It has 64 descriptors, and a hundred checks that wait for an answer."""
    for machine in (R1, DARK):
        machine.build()
    link("eth0", R1, "far", DARK)
    R1.must_run(
        "ip address add 192.0.2.1/24 dev eth0;"
        "for i in $(seq 100 199); do"
        " ip neigh add 192.0.2.$i lladdr 02:00:00:00:00:99 dev eth0; done"
    )
    with open("/tmp/r1/vrrpd.few", "w", encoding="ascii") as file:
        file.write(LIMITED)
    os.chmod("/tmp/r1/vrrpd.few", 0o755)
    R1.launch("zebra")
    R1.launch("vrrpd", "/tmp/r1/vrrpd.few")
    lines = []
    for number in range(SERVERS):
        name = f"ipvs service s{number}"
        lines += [
            f"{name} tcp 203.0.113.10 {1000 + number}",
            f"{name} check tcp interval 1 timeout 3",
            f"{name} server 192.0.2.{100 + number} 80 forwarding masquerade",
        ]
    with open("/tmp/r1/services", "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    R1.must_run("vtysh -N r1 -d vrrpd -f /tmp/r1/services")
    yield R1
    for machine in (R1, DARK):
        machine.demolish()


def descriptors(node):
    """How many are open."""
    return len(os.listdir(f"/proc/{node.pid('vrrpd')}/fd"))


def known(node):
    """How many servers are known to be down."""
    services = node.show_json("vrrpd", "show ipvs json")["services"]
    return sum(s["servers"][0]["health"] == "down" for s in services)


def log_lines(node):
    """So far."""
    return len(node.log().splitlines())


def test_checks_leave_descriptors_for_others(r1):
    """vtysh comes in while all servers are tried, and all have their turn."""
    wait_for("all are known", lambda: differs(known(r1), SERVERS), 120)
    stays(
        "vtysh comes in",
        lambda: None if r1.vtysh("show vrrp")[0] == 0 else "it does not",
        4,
    )
    assert descriptors(r1) < FEW - 8
    assert log_lines(r1) < MANY_LINES


def test_who_finds_no_descriptor_is_turned_away_and_the_log_stays_short(r1):
    """More sessions than there are descriptors; and some come in when others have left."""
    path, sessions = r1.path("/run/frr/vrrpd.vty"), []
    before = log_lines(r1)

    def turned_away():
        """A session that ended by itself, of which there must be some."""
        ended = 0
        for one in sessions:
            try:
                ended += one.recv(1) == b""
            except BlockingIOError:
                pass
        return ended

    def visit():
        one = socket.socket(socket.AF_UNIX)
        one.setblocking(False)
        try:
            one.connect(path)
            sessions.append(one)
        except BlockingIOError:
            one.close()
        return None if len(sessions) >= SESSIONS else f"{len(sessions)} came"

    wait_for("they came", visit)
    wait_for("some were turned away", lambda: None if turned_away() else "nobody")
    stays(
        "the log is short",
        lambda: differs(log_lines(r1) - before < 2 * MANY_LINES, True),
        3,
    )
    for one in sessions:
        one.close()
    wait_for("vtysh comes in", lambda: differs(r1.vtysh("show vrrp")[0], 0))
