# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""HTTPS checks, by what the server says of its connections."""
import pytest

from fabric import LAN, VIP
from helpers import ipvs
from helpers.wait import differs, wait_for

# On addresses of no group, so it is there at once.
SERVICE = {"v4": "203.0.113.90", "v6": "2001:db8:ffff::90"}


# What the first one says, of the requests of a connection, or the connections of a session.
FIRST = {"/nth": "request 1.", "/session": "session ."}


def begin(net, family, path, check):
    """r1 checks s1, which is well by the first one only."""
    net.r1.configure(
        f"ipvs service secure tcp {SERVICE[family]} 443",
        f"ipvs service secure server {LAN['s1'][family == 'v6']} 443",
        f"ipvs service secure check https {path} fall 1 {check} match {FIRST[path]}",
    )


def tries(net):
    """How many went well, and how many did not."""
    (server,) = ipvs.shown_service(net.r1, "secure")["servers"].values()
    return server["checksGood"], server["checksFailed"]


def wait_tries(net, good, failed):
    """Until there were so many of each."""

    def lacking():
        done = tries(net)
        return f"{done}" if done[0] < good or done[1] < failed else None

    wait_for(f"{good} good tries and {failed} others", lacking)


@pytest.mark.parametrize(
    "path, check", (("/nth", "interval 1"), ("/session", "interval 1 keepalive-time 0"))
)
@pytest.mark.parametrize("family", VIP)
def test_connection_and_session_serve_until_a_try_fails(net, family, path, check):
    """The second one of each does."""
    begin(net, family, path, check)
    wait_tries(net, 2, 2)


def test_service_without_servers_is_sorry_with_a_sorry_server_alone(net):
    """Else it has no quorum, and nobody serves."""

    def state(expected):
        service = ipvs.shown_service(net.r1, "dead")
        return differs(service["state"], expected)

    net.r1.configure(
        f"ipvs service dead tcp {SERVICE['v4']} 81",
        f"ipvs service dead server {LAN['s1'][0]} 81",
        "ipvs service dead check tcp interval 1 fall 1",
    )
    wait_for("the service has no quorum", lambda: state("no-quorum"))
    net.r1.configure(f"ipvs service dead sorry-server {LAN['s1'][0]} 82 forwarding masquerade")
    wait_for("its sorry server serves", lambda: state("sorry"))
    net.r1.configure(f"no ipvs service dead tcp {SERVICE['v4']} 81")


@pytest.mark.parametrize(
    "check", ("interval 1 keepalive-time 0", "interval 2 keepalive-time 1")
)
def test_each_try_has_its_own_connection_if_asked(net, check):
    """By a time of 0, or one that is over at the next try."""
    begin(net, "v4", "/nth", check)
    wait_tries(net, 4, 0)
    assert tries(net)[1] == 0
