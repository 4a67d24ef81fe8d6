# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 600
"""
vrrpd is killed on a LAN, where two routers must not have an address.

r1 (priority 150) and r2 (100) stand on a LAN with the host h1. Every test starts with r1
Active and r2 Backup.
"""
import time

import pytest

from helpers.events import Recorder
from helpers.lan import INTERFACE, LOCAL_VIP, VIP, VRID, Lan
from helpers.wait import differs, wait_for

LAN = Lan("guarded")
PLACEMENTS = ("vmac", "interface")
PREFIXES = (f"{VIP['v4']}/32", f"{VIP['v6']}/128", f"{LOCAL_VIP}/128")


def setup_module():
    """Makes it."""
    LAN.build()


def teardown_module():
    """Takes it down."""
    LAN.demolish()


def begin(placement):
    """r1 Active, r2 Backup, both with their VIPs there, and guarded."""
    for node in (LAN.r1, LAN.r2):
        node.revive("vrrpd")
        lines = [f"vrrp {vrid} placement {placement}" for vrid in VRID.values()]
        node.configure("vrrp guardian", f"interface {INTERFACE}", *lines)
    LAN.wait_states(r1="Active", r2="Backup")
    for node in (LAN.r1, LAN.r2):
        wait_for(f"{node.name} has a guardian", lambda n=node: differs(guarded(n), True))
    wait_for("r1 has its VIPs", lambda: differs(had_by(LAN.r1), set(PREFIXES)))
    wait_for("r2 has none", lambda: differs(had_by(LAN.r2), set()))


def guarded(node):
    """Is there a guardian?"""
    return node.groups().get(10, {}).get("guardian", {}).get("alive")


def had_by(node):
    """Which VIPs a router has, on whatever link."""
    found = node.must_run("ip -o address show").split()
    return set(PREFIXES) & set(found)


def both_had(recorder, begun, prefix):
    """For how many seconds both had it; negative: for so long nobody had."""
    gone = recorder.first(LAN.r1, "del", "address", prefix, begun)
    came = recorder.first(LAN.r2, "add", "address", prefix, begun)
    return (gone.time if gone else time.monotonic()) - came.time


def overlaps():
    """r1 is killed: both_had() for each VIP."""
    with Recorder(LAN.r1, LAN.r2) as recorder:
        begun = time.monotonic()
        LAN.r1.kill("vrrpd")
        LAN.wait_states(r2="Active")
        wait_for("r2 has the VIPs", lambda: differs(had_by(LAN.r2), set(PREFIXES)))
    return [both_had(recorder, begun, prefix) for prefix in PREFIXES]


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_two_never_have_an_address(placement):
    """It is gone from r1 before r2 hears that it may have it."""
    begin(placement)
    LAN.r1.configure("no vrrp guardian")
    without = overlaps()
    begin(placement)
    seen = overlaps()
    print(f"{placement}: both had the VIPs for {seen} s, without the guardian {without} s")
    assert min(without) > 0, without
    assert max(seen) <= 0, seen  # 0: both were read at once
    for vrid in VRID.values():
        family = "v4" if vrid == 10 else "v6"
        assert LAN.r2.family(family, vrid)["lastReason"] == "not-active"


def test_address_of_the_operator_is_no_reason_to_tell():
    """It stays on r1, so r2 is not to have it sooner."""
    begin("interface")
    own = f"{VIP['v4']}/24 dev {INTERFACE}"
    LAN.r1.configure(f"interface {INTERFACE}", "vrrp 10 shutdown")
    LAN.wait_state("r2", "v4", "Active")
    LAN.r1.must_run(f"ip address add {own}")
    try:
        LAN.r1.configure(f"interface {INTERFACE}", "no vrrp 10 shutdown")
        LAN.wait_state("r1", "v4", "Active")
        LAN.wait_state("r2", "v4", "Backup")
        LAN.r1.kill("vrrpd")
        LAN.wait_states(r2="Active")
        assert LAN.r2.family("v4", 10)["lastReason"] == "no-response"
        assert LAN.r2.family("v6", 20)["lastReason"] == "not-active"
    finally:
        LAN.r1.must_run(f"ip address del {own}")
