# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth
# timeout: 300
"""
A daemon with few descriptors and many checks of servers that do not answer.

The kernel need not have IPVS: servers are checked all the same.
"""
import os
import re
import socket
import time

import pytest

from helpers.descriptors import open_files
from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.router import Machine
from helpers.wait import differs, stays, wait_for

R1, DARK = Namespace("r1"), Namespace("dark")
FEW, SERVERS = 64, 100
# Descriptors that a lowered limit leaves beside the daemon's permanent ones.
LITTLE = 14
SESSIONS = 80
# Checks of a server that is well; each try by a connection of its own.
WELL = {
    "tcp": "tcp interval 1 fall 1",
    "http": "http /health interval 1 fall 1",
    "https": "https /health interval 1 fall 1 keepalive-time 0 port 443",
}
LIMITED = f"#!/bin/sh\nulimit -n {FEW}\nexec /usr/lib/frr/vrrpd \"$@\"\n"
# More log lines than a minute may bring: two lines for each server, and some others.
MANY_LINES = 4 * SERVERS


@pytest.fixture(name="r1", scope="module")
def fixture_r1():
    """It has 64 descriptors, and a hundred checks that wait for an answer."""
    for machine in (R1, DARK):
        machine.build()
    link("eth0", R1, "far", DARK)
    DARK.must_run("ip address add 192.0.2.50/24 dev far")
    start_nginx(DARK)
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
    stop_nginx(DARK)
    for machine in (R1, DARK):
        machine.demolish()


def descriptors(node):
    """How many are open."""
    return len(open_files(node.pid("vrrpd")))


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


def limit_descriptors(node, soft):
    """From now on, of a daemon that runs; only its user may."""
    as_frr = "setpriv --reuid=frr --regid=frr --clear-groups"
    Machine().must_run(
        f"{as_frr} prlimit --pid {node.pid('vrrpd')} --nofile={soft}:{FEW}"
    )


def failures(node):
    """How often the server that is well was taken for ill, by check; how many tries were good."""
    failed, good = {}, {}
    for service in node.show_json("vrrpd", "show ipvs json")["services"]:
        if service["name"] in WELL:
            (server,) = service["servers"]
            failed[service["name"]] = server["checksFailed"]
            good[service["name"]] = server["checksGood"]
    return failed, good


def has_libcurl(node):
    """Whether the daemon has loaded it."""
    with open(f"/proc/{node.pid('vrrpd')}/maps", encoding="ascii") as maps:
        return "libcurl" in maps.read()


def own(node):
    """How many descriptors it has all along; the epoll of its checks was the last."""
    opened = open_files(node.pid("vrrpd"))
    return 1 + min(n for n, what in opened.items() if "eventpoll" in what)


def test_limit_that_is_lowered_fails_no_server(r1):
    """While not one descriptor can be had, and when some can be had again."""
    assert not has_libcurl(r1), "it is loaded by a check by HTTP, which there is none of"
    for number, (name, check) in enumerate(WELL.items()):
        r1.configure(
            f"ipvs service {name} tcp 203.0.113.20 {1000 + number}",
            f"ipvs service {name} check {check}",
            f"ipvs service {name} server 192.0.2.50 80 forwarding masquerade",
        )

    def tried(before):
        _, good = failures(r1)
        return None if all(good[name] > before[name] for name in WELL) else good

    def lacked():
        return r1.log().count("postponed: Too many open files")

    wait_for("all are well", lambda: tried(dict.fromkeys(WELL, 0)))
    assert has_libcurl(r1)
    before = lacked()
    limit_descriptors(r1, own(r1))
    try:
        # it is logged once a minute
        wait_for("a try lacks a descriptor", lambda: differs(lacked() > before, True), 90)
        stays(
            "no server is down for it",
            lambda: re.search(r"192\.0\.2\.50 .* is down.*", r1.log()),
            5,
        )
    finally:
        limit_descriptors(r1, FEW)
    wait_for("vtysh comes in", lambda: differs(r1.vtysh("show vrrp")[0], 0))
    good = failures(r1)[1]
    wait_for("all are tried again", lambda: tried(good))
    assert failures(r1)[0] == dict.fromkeys(WELL, 0)


def test_limit_that_is_lowered_leaves_descriptors_for_others(r1):
    """Checks take less when there is less."""
    limit_descriptors(r1, own(r1) + LITTLE)
    since = time.monotonic()

    def refused_lately():
        """A try keeps its own to its timeout, so the first that come in may be lucky."""
        nonlocal since
        if r1.vtysh("show vrrp")[0] != 0:
            since = time.monotonic()
        lasted = time.monotonic() - since
        return None if lasted > 4 else f"vtysh comes in for {lasted:.1f} s"

    wait_for("vtysh comes in for 4 s", refused_lately)
    limit_descriptors(r1, FEW)


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
