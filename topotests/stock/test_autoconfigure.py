# SPDX-License-Identifier: GPL-2.0-or-later
# needs: macvlan modules ns veth
# timeout: 900
"""
"vrrp autoconfigure": Debian's own vrrpd and ours find the same macvlans.

The same things happen to both, and what they show is compared. Where stock goes
on with what is gone, ours does not: those tests are at the end.
"""
import pytest

from compare import (
    BOTH,
    FAMILIES,
    OURS,
    STOCK,
    VIP,
    VIP6,
    YANG,
    must_be_alike,
    on,
)
from daemons import INTERFACE, Rival
from helpers.wait import differs, stays, wait_for

VMAC, VMAC6 = "vrrp4-100-5", "vrrp6-100-5"
# Differences of what runs that are meant; compare.INTENDED says why.
RUNNING = {"skewTime", "masterDownInterval"}
RUNNING6 = RUNNING | {"v6/primaryAddress"}
QUICK = "vrrp default advertisement-interval 200"


def addresses(daemon, family="v4", vrid=5):
    """The VIPs of a group, sorted."""
    return sorted(daemon.family(family, vrid).get("addresses", ()))


def wait_addresses(daemon, family, *expected, vrid=5):
    """Waits until a group has those VIPs."""
    wait_for(
        f"{daemon.name}: VRID {vrid} {family} has the VIPs {expected}",
        lambda: differs(addresses(daemon, family, vrid), sorted(expected)),
    )


def wait_vrids(daemon, *expected):
    """Waits until there are those groups and no others, all of them autoconfigured."""
    wait_for(
        f"{daemon.name}: groups {expected}",
        lambda: differs(sorted(daemon.groups()), sorted(expected)),
    )
    assert all(group["autoconfigured"] for group in daemon.groups().values())


def begin(*lines, families=(4, 6)):
    """Both daemons, on macvlans that are there already."""
    for daemon in BOTH:
        if 4 in families:
            daemon.macvlan(5, 4, f"{VIP}/24", "192.0.2.101/32")
        if 6 in families:
            daemon.macvlan(5, 6, f"{VIP6}/64", "2001:db8::101/128", "fe80::5/64")
        daemon.begin(*lines)


def both(command):
    """A shell command beside both."""
    for daemon in BOTH:
        daemon.must_run(command)


# --- what has to be alike ---------------------------------------------------------


@pytest.mark.parametrize("family", (4, 6))
def test_macvlan_makes_a_group(family):
    """Its addresses are the VIPs, but for link-local ones."""
    begin("vrrp autoconfigure", families=(family,))
    for daemon in BOTH:
        daemon.wait_status("Master", f"v{family}")
        wait_vrids(daemon, 5)
        assert daemon.lines() == ["vrrp autoconfigure"]
    assert must_be_alike() == (RUNNING6 if family == 6 else RUNNING)
    vips = [VIP, "192.0.2.101"] if family == 4 else [VIP6, "2001:db8::101"]
    assert addresses(OURS, f"v{family}") == vips


def test_macvlans_of_both_families_make_one_group():
    """In JSON, and by the YANG model."""
    begin("vrrp autoconfigure")
    for daemon in BOTH:
        daemon.wait_status("Master", *FAMILIES)
        wait_vrids(daemon, 5)
    assert must_be_alike() == RUNNING6
    assert must_be_alike(YANG) <= {"v6/source-address"}


def test_version_2_has_no_ipv6():
    """The group is made all the same."""
    begin("vrrp autoconfigure version 2")
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        wait_vrids(daemon, 5)
        assert daemon.lines() == ["vrrp autoconfigure version 2"]
        assert (daemon.status("v6"), addresses(daemon, "v6")) == ("Initialize", [])
    assert OURS.groups()[5]["version"] == STOCK.groups()[5]["version"] == 2


def test_macvlans_and_addresses_may_come_later():
    """Told one by one."""
    for daemon in BOTH:
        daemon.begin("vrrp autoconfigure")
        daemon.macvlan(5, 4)
        wait_vrids(daemon, 5)
        assert addresses(daemon) == []
    both(f"ip address add {VIP}/24 dev {VMAC}")
    for daemon in BOTH:
        wait_addresses(daemon, "v4", VIP)
        daemon.wait_status("Master", "v4")
        daemon.macvlan(5, 6, f"{VIP6}/64")
        daemon.wait_status("Master", "v6")
    both(f"ip address add 192.0.2.101/24 dev {VMAC}")
    for daemon in BOTH:
        wait_addresses(daemon, "v4", VIP, "192.0.2.101")
    assert must_be_alike() == RUNNING6


def test_addresses_of_the_other_family_are_no_vips():
    """IPv4 and IPv6 have each their MAC address."""
    for daemon in BOTH:
        daemon.macvlan(5, 4, f"{VIP}/24", "2001:db8::105/64")
        daemon.macvlan(6, 6, f"{VIP6}/64", "192.0.2.106/24")
        daemon.begin("vrrp autoconfigure")
        wait_addresses(daemon, "v4", VIP)
        wait_addresses(daemon, "v6", VIP6, vrid=6)
        assert addresses(daemon, "v6", 5) == addresses(daemon, "v4", 6) == []


def test_group_goes_with_its_macvlan():
    """And comes back with it."""
    begin("vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.must_run(f"ip link delete {VMAC}")
        wait_vrids(daemon)
        daemon.macvlan(5, 4, f"{VIP}/24")
        wait_vrids(daemon, 5)
        daemon.wait_status("Master", "v4")


def test_no_autoconfigure_removes_the_groups():
    """Addresses and macvlans stay, and serve again."""
    begin("vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.configure("no vrrp autoconfigure")
        wait_vrids(daemon)
        assert daemon.lines() == []
        assert daemon.has_address(VMAC, f"{VIP}/24") is None
        daemon.configure("vrrp autoconfigure version 2")
        wait_vrids(daemon, 5)
        assert daemon.groups()[5]["version"] == 2


def test_groups_begin_with_the_defaults():
    """Those of the moment; a group that is there keeps what it has."""
    lines = ("vrrp default priority 150", "no vrrp default preempt", QUICK)
    begin(*lines, "vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.configure("vrrp default priority 50")
        daemon.macvlan(6, 4, "192.0.2.106/24")
        wait_vrids(daemon, 5, 6)
        daemon.wait_status("Master", "v4", vrid=6)
        assert daemon.groups()[5]["priority"] == 150
    assert must_be_alike() == RUNNING
    for daemon in BOTH:
        daemon.configure("vrrp default shutdown")
        daemon.macvlan(7, 4, "192.0.2.107/24")
        wait_vrids(daemon, 5, 6, 7)
        assert daemon.status(vrid=7) == "Initialize"


def test_another_version_is_for_groups_to_come():
    """Those that are there keep theirs."""
    begin("vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        wait_vrids(daemon, 5)
        daemon.configure("vrrp autoconfigure version 2")
        daemon.macvlan(6, 4, "192.0.2.106/24")
        wait_vrids(daemon, 5, 6)
        assert [daemon.groups()[n]["version"] for n in (5, 6)] == [3, 2]


def test_autoconfigured_group_cannot_be_configured():
    """Nor removed."""
    begin("vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        for line in ("vrrp 5", "vrrp 5 priority 20", "vrrp 5 ip 192.0.2.7"):
            status, said = daemon.vtysh("configure terminal", *on(line))
            assert status != 0 and "autoconfig" in said, said
        daemon.configure(*on("no vrrp 5"))
        assert daemon.lines() == ["vrrp autoconfigure"]
    assert must_be_alike() == RUNNING


def test_configured_group_is_left_alone():
    """It was there first."""
    begin(families=(4,))
    for daemon in BOTH:
        daemon.configure(*on("vrrp 5 priority 20"))
        daemon.configure("vrrp autoconfigure")
        daemon.macvlan(6, 4, "192.0.2.106/24")
        daemon.wait_status("Master", "v4", vrid=6)
        shown = daemon.groups()
        assert [shown[n]["autoconfigured"] for n in (5, 6)] == [False, True]
        assert (shown[5]["priority"], addresses(daemon)) == (20, [])


# --- what stock does wrong --------------------------------------------------------


def test_address_that_goes_is_no_vip_any_more():
    """Stock advertises what it has once seen; ours forgets it, as a Backup too."""
    begin(QUICK, "vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
    both(f"ip address delete 192.0.2.101/32 dev {VMAC}")
    wait_addresses(OURS, "v4", VIP)
    stays(
        "stock keeps it",
        lambda: differs(addresses(STOCK), [VIP, "192.0.2.101"]),
        seconds=2,
    )
    OURS.must_run(f"ip address add 192.0.2.101/32 dev {VMAC}")
    with Rival(OURS, VIP):
        OURS.wait_status("Backup", "v4")
        wait_addresses(OURS, "v4", VIP, "192.0.2.101")
        OURS.must_run(f"ip address delete 192.0.2.101/32 dev {VMAC}")
        wait_addresses(OURS, "v4", VIP)
    OURS.wait_status("Master", "v4")
    OURS.must_run(f"ip address delete {VIP}/24 dev {VMAC}")
    OURS.wait_status("Initialize", "v4")


def test_mac_address_that_changes_makes_another_group():
    """Stock keeps the old one beside it, and VRID 0 too, which there is not."""
    begin("vrrp autoconfigure", families=(4,))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.must_run(f"ip link set {VMAC} address 00:00:5e:00:01:08")
    wait_vrids(STOCK, 5, 8)
    wait_vrids(OURS, 8)
    both(f"ip link set {VMAC} address 00:00:5e:00:01:00")
    wait_vrids(STOCK, 0, 5, 8)
    wait_vrids(OURS)


def test_backup_that_its_interface_left_keeps_its_addresses():
    """The macvlan is down then, and the kernel would take IPv6 addresses away."""
    begin(QUICK, "vrrp autoconfigure")
    with Rival(OURS, VIP), Rival(OURS, VIP6):
        OURS.wait_status("Backup", *FAMILIES)
        OURS.must_run(f"ip link set {INTERFACE} down")
        OURS.wait_status("Initialize", *FAMILIES)
        OURS.link_up()
        OURS.wait_status("Backup", *FAMILIES)
        assert addresses(OURS, "v6") == [VIP6, "2001:db8::101"]
        for vip in (VIP, VIP6):
            wait_for("nobody answers", lambda v=vip: differs(OURS.answers(v), set()))
    OURS.wait_status("Master", *FAMILIES)
    for vip, mac in ((VIP, "00:00:5e:00:01:05"), (VIP6, "00:00:5e:00:02:05")):
        wait_for(f"{mac} answers", lambda v=vip, m=mac: differs(OURS.answers(v), {m}))


def test_family_goes_with_its_macvlan():
    """Stock goes on listing the VIPs of what is gone."""
    begin("vrrp autoconfigure")
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.must_run(f"ip link delete {VMAC6}")
        daemon.wait_status("Initialize", "v6")
        assert daemon.status("v4") == "Master"
    assert addresses(STOCK, "v6") == [VIP6, "2001:db8::101"]
    assert addresses(OURS, "v6") == []
    OURS.must_run(f"ip link delete {VMAC}")
    wait_vrids(OURS)


# --- ours alone -------------------------------------------------------------------


def test_group_of_the_configuration_comes_first_when_it_is_read():
    """Though the line that makes others stands before it."""
    OURS.macvlan(5, 4, f"{VIP}/24")
    OURS.macvlan(6, 4, "192.0.2.106/24")
    lines = ("vrrp autoconfigure", *on(" vrrp 5 priority 20"), "exit")
    OURS.write_conf(*lines)
    OURS.start("vrrpd")
    OURS.wait_status("Master", "v4", vrid=6)
    shown = OURS.groups()
    assert [shown[n]["autoconfigured"] for n in (5, 6)] == [False, True]
    assert shown[5]["priority"] == 20
    OURS.configure(*on("no vrrp 5"))
    wait_vrids(OURS, 5, 6)


def test_configuration_may_take_over_a_group():
    """When it ends "vrrp autoconfigure" in the same breath."""
    OURS.macvlan(5, 4, f"{VIP}/24")
    OURS.begin(QUICK, "vrrp autoconfigure")
    OURS.wait_status("Master", "v4")
    lines = ("no vrrp autoconfigure", *on(f" vrrp 5 ip {VIP}", " vrrp 5 priority 20"))
    OURS.write_conf(*lines, "exit")
    OURS.must_run(f"{OURS.shell} -N ours -d vrrpd -f /etc/frr/ours/frr.conf")
    group = OURS.groups()[5]
    assert (group["autoconfigured"], group["priority"]) == (False, 20)
    OURS.wait_status("Master", "v4")
    wait_for(
        "only the virtual MAC answers",
        lambda: differs(OURS.answers(VIP), {"00:00:5e:00:01:05"}),
    )


def test_what_ours_has_made_is_no_autoconfigured_group():
    """Its macvlans have virtual MAC addresses too; here one that a killed vrrpd left."""
    OURS.begin("vrrp autoconfigure", *on(f"vrrp 5 ip {VIP}", f"vrrp 5 ipv6 {VIP6}"))
    OURS.wait_status("Master", *FAMILIES)
    assert [g["autoconfigured"] for g in OURS.groups().values()] == [False]
    name = OURS.family("v4", 5)["interface"]
    OURS.kill("vrrpd")
    OURS.must_run(f"ip address add 192.0.2.105/24 dev {name}")
    OURS.begin("vrrp autoconfigure")
    OURS.macvlan(6, 4, "192.0.2.106/24")
    wait_vrids(OURS, 6)


def test_what_is_gone_while_nobody_looked_is_found_out():
    """A daemon that is killed, and macvlans that change meanwhile."""
    OURS.macvlan(5, 4, f"{VIP}/24")
    OURS.macvlan(6, 4, "192.0.2.106/24")
    OURS.begin(QUICK, "vrrp autoconfigure")
    OURS.wait_status("Master", "v4", vrid=6)
    OURS.kill("vrrpd")
    OURS.must_run(f"ip link delete {VMAC}; ip address add 192.0.2.107/24 dev vrrp4-100-6")
    OURS.begin("vrrp autoconfigure")
    OURS.wait_status("Master", "v4", vrid=6)
    wait_vrids(OURS, 6)
    assert addresses(OURS, vrid=6) == ["192.0.2.106", "192.0.2.107"]
