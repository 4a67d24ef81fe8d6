# SPDX-License-Identifier: GPL-2.0-or-later
# needs: macvlan modules ns veth
# timeout: 600
"""
Debian's own vrrpd and ours get the same commands, and are compared.

The first half holds what has to be alike: the running configuration, and every
key of stock's JSON with its type and its value. INTENDED names what is not, and
why. The second half holds what stock is known to do wrong: each test sees stock
do it and ours do right, so that a stock that mends its ways is noticed too.
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
    configured,
    differences,
    must_be_alike,
    on,
)
from daemons import BINARIES, HOST6, INTERFACE, MAC, Rival, frame
from helpers.frames import lladdr
from helpers.router import Machine
from helpers.wait import differs, stays, wait_for
from helpers.wire import Wire

ROUTER_ADVERTISEMENT = 134
# of an address that we have put on, as ip says it
VRRP_PROTOCOL = "0x70"
# first, for stock takes a shorter interval only when it starts
QUICK = "vrrp 5 advertisement-interval 200"


# --- what has to be alike ---------------------------------------------------------

CONFIGURATIONS = {
    "group": on("vrrp 5"),
    "version 2": on("vrrp 5 version 2", f"vrrp 5 ip {VIP}"),
    "version 3": on("vrrp 5 version 3", f"vrrp 5 ip {VIP}"),
    "version taken back": on("vrrp 5 version 2", "vrrp 5 version 3"),
    "both families": on("vrrp 5", f"vrrp 5 ip {VIP}", f"vrrp 5 ipv6 {VIP6}"),
    "many addresses": on(
        "vrrp 5",
        *(f"vrrp 5 ip 192.0.2.{n}" for n in (103, 101, 102)),
        *(f"vrrp 5 ipv6 2001:db8::{n}" for n in (103, 101, 102)),
    ),
    "address taken back": on(
        "vrrp 5", f"vrrp 5 ip {VIP}", "vrrp 5 ip 192.0.2.101", f"no vrrp 5 ip {VIP}"
    ),
    "everything set": on(
        "vrrp 5 version 3",
        "vrrp 5 priority 200",
        "vrrp 5 advertisement-interval 1500",
        "no vrrp 5 preempt",
        "no vrrp 5 checksum-with-ipv4-pseudoheader",
        f"vrrp 5 ip {VIP}",
        f"vrrp 5 ipv6 {VIP6}",
    ),
    "everything taken back": on(
        "vrrp 5 priority 200",
        "vrrp 5 advertisement-interval 1500",
        "no vrrp 5 preempt",
        "no vrrp 5 checksum-with-ipv4-pseudoheader",
        "vrrp 5 shutdown",
        "no vrrp 5 priority",
        "no vrrp 5 advertisement-interval",
        "vrrp 5 preempt",
        "vrrp 5 checksum-with-ipv4-pseudoheader",
        "no vrrp 5 shutdown",
    ),
    "shutdown": on("vrrp 5 shutdown", f"vrrp 5 ip {VIP}"),
    "several groups": on(
        *(f"vrrp {n} priority {n}" for n in (7, 6, 5)),
        *(f"vrrp {n} ip 192.0.2.{n}" for n in (7, 6, 5)),
    ),
    "group taken back": on("vrrp 5 priority 200", "vrrp 6 priority 20", "no vrrp 5"),
    "autoconfigure": ("vrrp autoconfigure",),
    "autoconfigure version 2": ("vrrp autoconfigure version 2",),
    "autoconfigure taken back": ("vrrp autoconfigure", "no vrrp autoconfigure"),
}


# Groups to choose from, and how many each choice gives.
CHOICE_OF_GROUPS = ("vrrp 5", "vrrp 6 priority 20", "vrrp 7", "interface up1", "vrrp 5")
CHOICES = {"": 4, "5": 2, "9": 0, "interface x": 0, "interface up1 5": 1}
CHOICES[f"interface {INTERFACE}"] = 3

@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_same_commands_same_configuration(name):
    """The running configuration line by line, the JSON key by key."""
    for daemon in BOTH:
        daemon.begin(*CONFIGURATIONS[name])
    assert OURS.lines() == STOCK.lines()
    assert list(differences(*configured())) == []


def test_show_vrrp_chooses_the_same_groups():
    """By interface, by VRID, by both, and what does not exist."""
    for daemon in BOTH:
        daemon.begin(*on(*CHOICE_OF_GROUPS))
    for choice, count in CHOICES.items():
        stock, ours = configured(f"show vrrp {choice} json")
        assert list(differences(stock, ours)) == [], choice
        assert len(stock) == len(ours) == count, choice


def test_active_routers_show_the_same():
    """All that stock says of a Master, in JSON and by the YANG model."""
    lines = (
        "vrrp 5 advertisement-interval 500",
        f"vrrp 5 ip {VIP}",
        f"vrrp 5 ipv6 {VIP6}",
    )
    for daemon in BOTH:
        daemon.macvlan(5, 4)
        daemon.macvlan(5, 6)
        daemon.begin(*on(*lines))
        daemon.wait_status("Master", *FAMILIES)
    meant = {"skewTime", "masterDownInterval", "v6/primaryAddress"}
    assert must_be_alike() == meant
    assert must_be_alike(f"show vrrp interface {INTERFACE} 5 json") == meant
    assert must_be_alike(YANG) == {"v6/source-address"}


def test_active_routers_of_version_2_show_the_same():
    """Which has no IPv6."""
    for daemon in BOTH:
        daemon.macvlan(5, 4)
        daemon.begin(*on("vrrp 5 version 2", "vrrp 5 priority 200", f"vrrp 5 ip {VIP}"))
        daemon.wait_status("Master", "v4")
    assert must_be_alike() == {
        "skewTime",
        "masterDownInterval",
        "v6/skewTime",
        "v6/masterDownInterval",
    }
    assert must_be_alike(YANG) == {"v6/skew-time"}


def learnt(daemon, interval):
    """Waits until a daemon has the interval of the Active router."""
    wait_for(
        f"{daemon.name} has learnt {interval} ms",
        lambda: differs(daemon.family("v4", 5).get("masterAdverInterval"), interval),
    )


def test_backup_routers_show_the_same():
    """They take the interval of the Active one."""
    with Rival(STOCK, VIP, 200), Rival(OURS, VIP, 200):
        for daemon in BOTH:
            daemon.macvlan(5, 4)
            daemon.begin(*on("vrrp 5", f"vrrp 5 ip {VIP}"))
            learnt(daemon, 2000)
        assert must_be_alike() == {
            "skewTime",
            "masterDownInterval",
            "v4/primaryAddress",
        }


# --- what stock does wrong --------------------------------------------------------


def test_summary_says_initialize_of_what_takes_no_part():
    """Stock calls all that is not Master a Backup."""
    for daemon in BOTH:
        daemon.begin(*on("vrrp 5"))
        assert daemon.status() == "Initialize"
    assert STOCK.summary()[-2:] == ["Backup", "Backup"]
    assert OURS.summary()[-2:] == ["Initialize", "Initialize"]


def test_no_version_keeps_the_group():
    """Stock takes "no vrrp 5 version 3" for "no vrrp 5"."""
    for daemon in BOTH:
        daemon.begin(*on("vrrp 5 priority 200", "no vrrp 5 version 3"))
    assert STOCK.lines() == []
    STOCK.begin(*on("vrrp 5 priority 200"))
    assert OURS.lines() == STOCK.lines() != []


def test_interval_that_cannot_be_is_refused():
    """Stock cuts off what is below 10 ms, and says nothing."""
    line, said = on("vrrp 5 advertisement-interval 1019"), {}
    for daemon in BOTH:
        daemon.begin(*on("vrrp 5"))
        said[daemon.name] = daemon.vtysh("configure terminal", *line)
    assert said["stock"] == (0, "")
    assert STOCK.groups()[5]["advertisementInterval"] == 1010
    status, output = said["ours"]
    assert status != 0 and "1019" in output, output
    assert OURS.groups()[5]["advertisementInterval"] == 1000


def test_group_may_be_what_the_model_says_and_not_the_default():
    """Stock loses a priority of 100, the model's, where "vrrp default" has another."""
    for daemon in BOTH:
        daemon.begin("vrrp default priority 150", *on("vrrp 5", "vrrp 5 priority 100"))
    assert STOCK.groups()[5]["priority"] == 150
    assert OURS.groups()[5]["priority"] == 100
    assert " vrrp 5 priority 100" not in STOCK.lines()
    assert " vrrp 5 priority 100" in OURS.lines()


def test_macvlan_is_made_when_there_is_none():
    """Stock stays in Initialize until somebody makes one."""
    for daemon in BOTH:
        daemon.begin(*on(QUICK, f"vrrp 5 ip {VIP}"))
    OURS.wait_status("Master", "v4")
    assert STOCK.status() == "Initialize"
    assert OURS.answers(VIP) == {"00:00:5e:00:01:05"}


def test_router_leaves_the_election_with_its_interface():
    """Stock goes on as Master of an interface that is down."""
    for daemon in BOTH:
        daemon.macvlan(5, 4)
        daemon.begin(*on(QUICK, f"vrrp 5 ip {VIP}"))
    for daemon in BOTH:
        daemon.wait_status("Master", "v4")
        daemon.must_run(f"ip link set {INTERFACE} down")
    OURS.wait_status("Initialize", "v4")
    stays("stock is Master", lambda: differs(STOCK.status(), "Master"), seconds=3)
    for daemon in BOTH:
        daemon.link_up()
    OURS.wait_status("Master", "v4")


def test_backup_answers_no_arp():
    """
    Stock needs the address on the macvlan, so that the interface answers for it; ours
    has it there while Active only. Before and after the interface was down.
    """
    STOCK.macvlan(5, 4, f"{VIP}/24")
    with Rival(STOCK, VIP), Rival(OURS, VIP):
        for daemon in BOTH:
            daemon.begin(*on(QUICK, f"vrrp 5 ip {VIP}"))
            daemon.wait_status("Backup", "v4")
        wait_answers(OURS, VIP, set())
        assert [daemon.answers(VIP) for daemon in BOTH] == [{MAC}, set()]
        for daemon in BOTH:
            daemon.must_run(f"ip link set {INTERFACE} down")
            daemon.link_up()
            daemon.wait_status("Backup", "v4")
        wait_answers(OURS, VIP, set())
        assert [daemon.answers(VIP) for daemon in BOTH] == [{MAC}, set()]


BY_HAND = (f"{VIP}/24", f"{VIP}/32", f"{VIP6}/64", f"{VIP6}/128")


def kind_of(address):
    """Of a VIP: the number of its family, its key, its command, its virtual MAC."""
    if ":" in address:
        return 6, "v6", "ipv6", "00:00:5e:00:02:05"
    return 4, "v4", "ip", "00:00:5e:00:01:05"


def wait_answers(daemon, address, expected):
    """Waits until those MACs answer for an address, and no other."""
    wait_for(
        f"{daemon.name}: {expected} answer for {address}",
        lambda: differs(daemon.answers(address, 1), expected),
    )


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_address_made_by_hand_serves_the_active_router_only(by_hand):
    """As stock's users have it, on the macvlan; and it stays there for good, alone."""
    vip = by_hand.split("/")[0]
    number, family, command, mac = kind_of(vip)
    name = OURS.macvlan(5, number, by_hand)
    with Rival(OURS, vip):
        OURS.begin(*on(QUICK, f"vrrp 5 {command} {vip}"))
        OURS.wait_status("Backup", family)
        wait_answers(OURS, vip, set())
        assert OURS.answers(vip) == set()
    OURS.wait_status("Master", family)
    wait_answers(OURS, vip, {mac})
    assert [a for a in OURS.addresses(name) if a.startswith(vip)] == [by_hand]
    shown = OURS.show_json("vrrpd", "show vrrp vip json")[0]
    assert shown["installed"] and "error" not in shown, shown
    with Rival(OURS, vip):
        OURS.wait_status("Backup", family)
        wait_answers(OURS, vip, set())
        assert OURS.has_address(name, by_hand) is None
    OURS.wait_status("Master", family)
    OURS.stop("vrrpd")
    assert list(OURS.addresses(name)) == [by_hand]


def test_address_taken_back_is_put_on_by_us():
    """And what the operator then makes his own again, stays his."""
    name, own = OURS.macvlan(5, 6, f"{VIP6}/64"), f"{VIP6}/128"
    OURS.begin("vrrp address-lease 3", *on(QUICK, f"vrrp 5 ipv6 {VIP6}"))
    OURS.wait_status("Master", "v6")
    OURS.must_run(f"ip address delete {VIP6}/64 dev {name}")
    wait_for("it is ours", lambda: OURS.has_address(name, own))
    assert OURS.addresses(name)[own]["protocol"] == VRRP_PROTOCOL
    OURS.must_run(f"ip address replace {own} dev {name}")
    stays("it is his", lambda: OURS.has_address(name, own), seconds=4)
    OURS.stop("vrrpd")
    assert list(OURS.addresses(name)) == [own]


def test_macvlan_set_up_by_hand_while_backup_is_set_down_again():
    """As boot scripts do, which know nothing of VRRP."""
    name = OURS.macvlan(5, 4, f"{VIP}/24")
    with Rival(OURS, VIP):
        OURS.begin(*on(QUICK, f"vrrp 5 ip {VIP}"))
        OURS.wait_status("Backup", "v4")
        OURS.must_run(f"ip link set {name} up")
        wait_for(
            f"{name} is down",
            lambda: differs("UP" in OURS.link(name)["flags"], False),
        )
        assert OURS.answers(VIP) == set()
    OURS.wait_status("Master", "v4")
    wait_answers(OURS, VIP, {"00:00:5e:00:01:05"})


def test_macvlan_that_stock_has_used_serves_ours():
    """Stock leaves it in protodown, in which it has no carrier, though it is up."""
    OURS.macvlan(5, 4, f"{VIP}/24")
    lines = on(QUICK, f"vrrp 5 ip {VIP}")
    OURS.vrrpd = STOCK.vrrpd
    try:
        OURS.begin(*lines)
        OURS.wait_status("Master", "v4")
        OURS.stop("vrrpd")
    finally:
        OURS.vrrpd = BINARIES["ours"][0]
    OURS.begin(*lines)
    OURS.wait_status("Master", "v4")
    wait_answers(OURS, VIP, {"00:00:5e:00:01:05"})


def test_empty_packet_takes_nobody_out_of_the_election():
    """Stock takes a payload of no octets for the end of its socket, and begins anew."""
    for daemon in BOTH:
        daemon.macvlan(5, 6, f"{VIP6}/64")
        daemon.begin(*on(QUICK, f"vrrp 5 ipv6 {VIP6}"))
        daemon.wait_status("Master", "v6")
    before = {daemon: daemon.transitions(5) for daemon in BOTH}
    for daemon in BOTH:
        daemon.say(frame(HOST6, b""))
    wait_for(
        "stock has left the election",
        lambda: None if STOCK.transitions(5) != before[STOCK] else "it has not",
    )
    stays(
        "ours is Master",
        lambda: differs(OURS.transitions(5), before[OURS]),
        seconds=2,
    )
    strays = OURS.show_json("vrrpd", "show vrrp statistics json")["strays"]["ipv6"]
    assert strays["packetLengthErrors"] > 0


def test_sockets_do_not_grow_with_the_groups():
    """Stock has four for each of them, of which ours has none."""
    held = {"stock": [], "ours": []}
    for daemon in BOTH:
        daemon.begin()
    for vrid in (5, 6):
        vips = f"vrrp {vrid} ip 192.0.2.{vrid}", f"vrrp {vrid} ipv6 2001:db8::1:{vrid}"
        for daemon in BOTH:
            daemon.macvlan(vrid, 4)
            daemon.macvlan(vrid, 6)
            daemon.configure(*on(f"vrrp {vrid} advertisement-interval 200", *vips))
        for daemon in BOTH:
            daemon.wait_status("Master", *FAMILIES, vrid=vrid)
            held[daemon.name].append(daemon.sockets())
    assert held["stock"][1] - held["stock"][0] == 4
    assert held["ours"][1] - held["ours"][0] == 0


# --- where ours deviates from RFC 9568, or leaves a rule to others: so does stock ---


def test_advertisement_over_ipv6_counts_whatever_comes_first():
    """R9568-7.1-8: a global address is before the link-local one."""
    for daemon in BOTH:
        daemon.macvlan(5, 6, f"{VIP6}/64")
    with Rival(STOCK, VIP6, local_first=False), Rival(OURS, VIP6, local_first=False):
        for daemon in BOTH:
            daemon.begin(*on(QUICK, f"vrrp 5 ipv6 {VIP6}"))
            daemon.wait_status("Backup", "v6")
            stays("it is heard", lambda d=daemon: differs(d.status("v6"), "Backup"), 2)


@pytest.mark.parametrize("vip", (VIP, VIP6))
def test_owner_whose_interface_has_the_vip_too_answers_by_both_macs(vip):
    """R9568-8.1.2-5, R9568-8.2.2-7: the kernel does. Stock knows of no owner's priority."""
    number, family, command, mac = kind_of(vip)
    length = 24 if number == 4 else 64
    for daemon in BOTH:
        daemon.must_run(f"ip address add {vip}/{length} dev {INTERFACE}")
        daemon.macvlan(5, number, f"{vip}/{length}")
        priority = 255 if daemon is OURS else 254
        daemon.begin(*on(QUICK, f"vrrp 5 priority {priority}", f"vrrp 5 {command} {vip}"))
        daemon.wait_status("Master", family)
    try:
        for daemon in BOTH:
            wait_answers(daemon, vip, {MAC, mac})
    finally:
        for daemon in BOTH:
            daemon.must_run(f"ip address delete {vip}/{length} dev {INTERFACE}")


def test_active_router_asks_in_its_own_name_by_its_own_mac():
    """R9568-8.2.2-6."""
    for daemon in BOTH:
        daemon.macvlan(5, 6, f"{VIP6}/64")
        daemon.begin(*on(QUICK, f"vrrp 5 ipv6 {VIP6}"))
        daemon.wait_status("Master", "v6")
        wire = Wire(Machine(), daemon.lan)

        def asked():
            _, told = daemon.run("ping -c 1 -W 1 -I 2001:db8::1 2001:db8::77")
            frames = [f for f in wire.frames(1) if getattr(f, "target", None) == "2001:db8::77"]
            return {(f.source, lladdr(f)) for f in frames} or told

        wait_for("it asks", lambda: differs(asked(), {("2001:db8::1", MAC)}))


def test_active_router_sends_router_advertisements_by_the_virtual_mac():
    """R9568-6.4.3-4: stock through zebra, ours with a link-local VIP."""
    for daemon in BOTH:
        daemon.macvlan(5, 6, f"{VIP6}/64", "fe80::5/64")
        wire = Wire(Machine(), daemon.lan)
        daemon.begin(*on(QUICK, "vrrp 5 ipv6 fe80::5", f"vrrp 5 ipv6 {VIP6}"))
        wait_for(
            f"{daemon.name} advertises itself",
            lambda w=wire: differs(
                {lladdr(f) for f in w.frames(1) if getattr(f, "kind", 0) == ROUTER_ADVERTISEMENT},
                {kind_of(VIP6)[3]},
            ),
        )
