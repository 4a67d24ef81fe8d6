# SPDX-License-Identifier: GPL-2.0-or-later
# needs: clock ns veth
"""
Health checks while the kernel lets nobody watch another socket.

That limit is the whole kernel's, so the kernel must be nobody else's: clock. It need not
have IPVS: servers are checked all the same.
"""
import re

import pytest

from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.wait import stays, wait_for

R1, S1 = Namespace("r1"), Namespace("s1")
SERVER = "192.0.2.50"
LIMIT = "/proc/sys/fs/epoll/max_user_watches"
# longer than a busy machine stalls
PATIENT = "interval 1 timeout 9 fall 1"


@pytest.fixture(name="r1", scope="module")
def fixture_r1():
    """It checks what s1 serves, by HTTP and TCP."""
    for machine in (R1, S1):
        machine.build()
    link("eth0", R1, "eth0", S1)
    R1.must_run("ip address add 192.0.2.1/24 dev eth0")
    S1.must_run(f"ip address add {SERVER}/24 dev eth0")
    start_nginx(S1)
    R1.start("zebra", "vrrpd")
    R1.configure(
        "ipvs service watched tcp 203.0.113.90 80",
        f"ipvs service watched server {SERVER} 80 forwarding masquerade",
        f"ipvs service watched check http /health {PATIENT}",
        f"ipvs service watched server {SERVER} 81 forwarding masquerade",
        f"ipvs service watched server {SERVER} 81 check tcp {PATIENT} port 80",
    )
    yield R1
    stop_nginx(S1)
    for machine in (R1, S1):
        machine.demolish()


def tries(node, result):
    """How many of each server had that result."""
    (service,) = node.show_json("vrrpd", "show ipvs watched json")["services"]
    return [server[result] for server in service["servers"]]


def test_sockets_that_are_not_watched_fail_no_server(r1):
    """
    The kernel limits the watches of each user; tries go on when there are enough again. All ICMP
    echoes share a socket, so the first check by them comes when there is none to be had.
    """

    def tried(before):
        good = tries(r1, "checksGood")
        return None if all(now > then for now, then in zip(good, before)) else good

    before = r1.must_run(f"cat {LIMIT}").strip()
    wait_for("both are well", lambda: tried([0, 0]))
    r1.must_run(f"echo 0 >{LIMIT}")
    try:
        r1.configure(
            f"ipvs service watched server {SERVER} 82 forwarding masquerade",
            f"ipvs service watched server {SERVER} 82 check icmp {PATIENT}",
        )
        wait_for(
            "a try is put off",
            lambda: None if r1.has_logged("postponed: No space left") else "not yet",
        )
        stays(
            "no server is down for it",
            lambda: re.search("service watched: server .* is down.*", r1.log()),
            5,
        )
        assert [*tries(r1, "checksFailed"), tries(r1, "checksGood")[2]] == [0] * 4
    finally:
        r1.must_run(f"echo {before} >{LIMIT}")
    good = tries(r1, "checksGood")
    wait_for("all are tried again", lambda: tried(good))
    assert tries(r1, "checksFailed") == [0] * 3
