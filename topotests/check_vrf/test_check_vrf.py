# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth vrf
"""
"vrrp check … vrf NAME": what is checked is reached in that VRF, and nowhere else.

r1 has the link to h1 in the VRF red, and a group that is shut down, for which the checks are.
"""
import pytest

from helpers.namespace import Namespace, link
from helpers.wait import differs, wait_for

R1, H1 = Namespace("r1"), Namespace("h1")
VRF, TABLE = "red", 77
CLIENT = {4: "192.0.2.1", 6: "2001:db8::1"}
SERVER = {4: "192.0.2.2", 6: "2001:db8::2"}
PORT = 8080
CHECKS = {
    f"{kind}{family}": f"{kind} {SERVER[family]}{rest} source {CLIENT[family]}"
    for family in SERVER
    for kind, rest in (("icmp", ""), ("tcp", f" {PORT}"), ("http", f" {PORT} /"))
}
NO_VRF = "there is no such VRF"


def setup_module():
    """h1 has a server of HTTP for both families."""
    for node in (R1, H1):
        node.build()
    link("eth0", R1, "eth0", H1)
    add_vrf()
    for family, size in ((4, 24), (6, 64)):
        H1.must_run(f"ip address add {SERVER[family]}/{size} dev eth0 nodad")
        bind = SERVER[family]
        H1.must_run(f"python3 -m http.server --bind {bind} {PORT} >/dev/null 2>&1 &")
    R1.write_conf("interface eth0", " vrrp 10", " vrrp 10 shutdown")
    R1.boot()
    R1.configure(*(f"vrrp check {name} {words} vrf {VRF}" for name, words in CHECKS.items()))
    R1.configure(
        "interface eth0", *(f"vrrp 10 track check {name} decrement 1" for name in CHECKS)
    )


def teardown_module():
    """Takes it down."""
    for node in (R1, H1):
        node.demolish()


def add_vrf():
    """With r1's link in it, and addresses on that: those of IPv6 go when a link changes its VRF."""
    R1.must_run(f"ip link add {VRF} type vrf table {TABLE}; ip link set {VRF} up")
    R1.must_run(f"ip link set eth0 master {VRF}; ip link set eth0 up")
    R1.must_run(f"ip address replace {CLIENT[4]}/24 dev eth0")
    R1.must_run(f"ip address replace {CLIENT[6]}/64 dev eth0 nodad")


def wait_all(state, reason=None):
    """Of all checks."""

    def check():
        shown = R1.show_json("vrrpd", "show vrrp track json")
        seen = {one["name"]: (one["state"], reason and one.get("reason")) for one in shown}
        return differs(seen, dict.fromkeys(CHECKS, (state, reason)))

    wait_for(f"all checks are {state}", check)


def test_in_the_vrf():
    """From an address there; the lines are kept."""
    wait_all("up")
    config = R1.running_config()
    for name, words in CHECKS.items():
        assert f"vrrp check {name} {words} vrf {VRF}" in config


def test_not_without_it():
    """The default VRF has neither the source nor a route."""
    R1.configure(*(f"vrrp check {name} {words}" for name, words in CHECKS.items()))
    wait_all("down")
    R1.configure(*(f"vrrp check {name} {words} vrf {VRF}" for name, words in CHECKS.items()))
    wait_all("up")


def test_of_a_vrf_that_goes_and_comes_back():
    """It is another one of that name then."""
    R1.must_run(f"ip link del {VRF}")
    wait_all("down", NO_VRF)
    add_vrf()
    wait_all("up")


@pytest.mark.parametrize("line", ("vrrp check a icmp 192.0.2.2 vrf blue",))
def test_of_a_vrf_that_is_missing(line):
    """It may come; whoever types the name hears that it is not there yet."""
    assert "there is no VRF blue yet" in R1.configure(line)
    R1.configure("no vrrp check a")
