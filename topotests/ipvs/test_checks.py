# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""HTTPS checks, by what the server says of its connections."""
import pytest

from fabric import LAN, VIP
from helpers import ipvs
from helpers.wait import differs, wait_for

# On addresses of no group, so it is there at once.
SERVICE = {"v4": "203.0.113.90", "v6": "2001:db8:ffff::90"}


# The answer to the first request of a connection, or to the first connection of a session.
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
    """Waits until there were this many of each."""

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


@pytest.mark.parametrize("mistyped", ("http /typo", "tcp port 81"))
def test_changed_check_takes_a_server_out_after_fall_failures(net, mistyped):
    """And lets it in after rise successes; at each change the last health counts."""

    def change(check, expected):
        net.r1.configure(f"ipvs service web check {check} interval 1 fall 3 rise 3")
        wait_for(f"s1 is {expected}", lambda: differs(s1()["health"], expected))

    def s1():
        return ipvs.shown_service(net.r1, "web")["servers"][LAN["s1"][0]]

    net.r1.configure(
        f"ipvs service web tcp {SERVICE['v4']} 80",
        f"ipvs service web server {LAN['s1'][0]} 80",
    )
    change("http /health", "up")
    before = ipvs.shown_service(net.r1, "web")["serverTransitions"]
    change(mistyped, "down")
    assert s1()["checksFailed"] >= 3
    change("http /health", "up")
    assert s1()["checksGood"] >= 3
    assert ipvs.shown_service(net.r1, "web")["serverTransitions"] == before + 2


@pytest.mark.parametrize("family", VIP)
def test_service_that_is_its_own_server_is_told(net, family):
    """It is whichever router is Active, and no link has anything to do with it."""
    net.configure(
        [
            f"ipvs service own{family} tcp {VIP[family]} 80",
            f"ipvs service own{family} server {VIP[family]} 80",
        ]
    )
    assert set(net.names(family)) == {"r1"}
    for router in (net.r1, net.r2):
        (warning,) = ipvs.shown_service(router, f"own{family}")["warnings"]
        assert "is the service itself" in warning
