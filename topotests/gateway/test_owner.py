# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ns veth
# timeout: 300
"""
An owner that sends from its VIPs, with placement interface.

r2 stands in for r1 and has r1's addresses then; when r1 comes back it has to hear it.
"""
import pytest

from helpers.lan import FAMILIES, INTERFACE, INTERVAL_MSEC, OWN, VRID, Lan
from helpers.wait import differs, wait_for

LAN = Lan("owned")
VIPS = {"v4": OWN["r1"]["v4"], "v6": OWN["r1"]["v6"]}
ACCEPT_LOCAL = f"sysctl -n net.ipv4.conf.{INTERFACE}.accept_local"


def conf(priority):
    """The VIPs are r1's addresses."""
    yield f"interface {INTERFACE}"
    for family, vrid in VRID.items():
        yield f" vrrp {vrid}"
        yield f" vrrp {vrid} priority {priority}"
        yield f" vrrp {vrid} advertisement-interval {INTERVAL_MSEC}"
        yield f" vrrp {vrid} placement interface"
        yield f" vrrp {vrid} {'ip' if family == 'v4' else 'ipv6'} {VIPS[family]}"
    yield "exit"


def setup_module():
    """r1 owns."""
    LAN.build()
    for name, priority in (("r1", 255), ("r2", 100)):
        LAN.nodes[name].write_conf(*conf(priority))
        LAN.nodes[name].start("vrrpd")
    LAN.wait_states(r1="Active", r2="Backup")


def teardown_module():
    """Nothing is left."""
    LAN.demolish()


@pytest.mark.parametrize("rp_filter", (0, 1, 2))
def test_owner_that_comes_back_is_heard(rp_filter):
    """Whatever reverse path filter r2 has; its sysctl is what it was then."""
    LAN.r2.must_run(
        f"sysctl -qw net.ipv4.conf.all.rp_filter=0"
        f" net.ipv4.conf.{INTERFACE}.rp_filter={rp_filter}"
    )
    LAN.switch.must_run("ip link set r1 down")
    LAN.wait_states(r2="Active")
    wait_accept_local(LAN.r2, "1")
    for family in FAMILIES:
        length = 32 if family == "v4" else 128
        wait_for(
            f"r2 has {VIPS[family]}",
            lambda a=f"{VIPS[family]}/{length}": LAN.r2.has_address(INTERFACE, a),
        )
    LAN.switch.must_run("ip link set r1 up")
    LAN.wait_states(r1="Active", r2="Backup")
    for router in (LAN.r1, LAN.r2):
        wait_accept_local(router, "0")


def wait_accept_local(router, value):
    """Its sysctl comes to be that."""
    wait_for(
        f"accept_local of {router.name} is {value}",
        lambda: differs(router.must_run(ACCEPT_LOCAL).strip(), value),
    )
