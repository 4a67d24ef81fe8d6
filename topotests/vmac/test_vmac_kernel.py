# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 1200
"""
What happens to the links below a virtual router, their addresses and their sysctls,
by the kernel's doing or by somebody else's.

r1 (priority 150) and r2 (100) stand on a LAN with the host h1. Every test starts with
r1 Active and r2 Backup.
"""
import json

import pytest

from helpers.footprint import Footprint
from helpers.frames import Report
from helpers.lan import FAMILIES, HOST, INTERFACE, OWN, VIP, VMAC, VRID, Lan
from helpers.namespace import Namespace, link
from helpers.wait import differs, stays, wait_for, wait_logged
from helpers.wire import Capture, Wire

pytestmark = pytest.mark.usefixtures("lan")
LAN = Lan("kernel")
FAR = {"v4": "198.51.100.77", "v6": "2001:db8:77::7"}
CONF = {"v4": "/proc/sys/net/ipv4/conf", "v6": "/proc/sys/net/ipv6/conf"}
READ_ONLY = (
    "unshare -m bash -c 'mount --bind /proc/sys /proc/sys;"
    ' mount -o remount,ro,bind /proc/sys; exec "$@"\' x /usr/lib/frr/vrrpd'
)


def setup_module():
    """Makes it."""
    LAN.build()


def teardown_module():
    """Takes it down."""
    LAN.demolish()


# The source


def kernel_source(family):
    """The address that the kernel shows first and that can be the source."""
    flag = "-4" if family == "v4" else "-6"
    shown = json.loads(LAN.r1.must_run(f"ip -j {flag} address show dev {INTERFACE}"))
    for address in shown[0]["addr_info"]:
        link_local = address["scope"] == "link" and family == "v6"
        if not address.get("secondary") and link_local == (family == "v6"):
            return address["local"]
    return None


def wait_source(family, what):
    """The virtual router sends from it, and is Active."""
    wait_for(
        f"r1's source is the kernel's first address once {what}",
        lambda: differs(shown_source(family), ("Active", kernel_source(family))),
    )


def shown_source(family):
    """State and source."""
    shown = LAN.r1.family(family, VRID[family])
    return shown.get("state"), shown.get("primaryAddress")


def test_source_is_the_address_that_the_kernel_shows_first():
    """Whatever order addresses came in, whichever was promoted, and after a restart."""
    steps = (
        ("add 192.0.2.201/24", "there is a second of its subnet"),
        ("add 198.51.100.201/24", "there is one of another subnet"),
        (f"del {OWN['r1']['v4']}/24", "the second has been promoted"),
        (f"add {OWN['r1']['v4']}/24", "the old first one is the second"),
        ("add 198.51.100.202/32 scope link", "one of a smaller scope stands first"),
        ("del 198.51.100.202/32", "that one has gone"),
        ("del 198.51.100.201/24", "the other subnet has gone"),
    )
    LAN.r1.must_run(f"sysctl -qw net.ipv4.conf.{INTERFACE}.promote_secondaries=1")
    try:
        for step, what in steps:
            LAN.r1.must_run(f"ip address {step} dev {INTERFACE}")
            wait_source("v4", what)
        for local in ("fe80::201", "fe80::202"):
            LAN.r1.must_run(f"ip address add {local}/64 dev {INTERFACE}")
            wait_source("v6", f"there is {local}")
        LAN.r1.stop("vrrpd")
        LAN.r1.start("vrrpd")
        for family in FAMILIES:
            wait_source(family, "vrrpd was started again")
    finally:
        for address in ("192.0.2.201/24", "fe80::201/64", "fe80::202/64"):
            LAN.r1.run(f"ip address del {address} dev {INTERFACE}")
        LAN.r1.run(f"ip address add {OWN['r1']['v4']}/24 dev {INTERFACE}")
        wait_source("v4", "all is as before")


# Sysctls


def sysctl(family, ifname, key):
    """The value of one on r1."""
    return int(LAN.r1.must_run(f"cat {CONF[family]}/{ifname}/{key}"))


def set_sysctl(family, ifname, key, value):
    """Sets one on r1."""
    LAN.r1.must_run(f"echo {value} >{CONF[family]}/{ifname}/{key}")


def wait_sysctl(family, ifname, key, value):
    """It comes to be that."""
    wait_for(
        f"{key} of {ifname} is {value} ({family})",
        lambda: differs(sysctl(family, ifname, key), value),
        20,
    )


def vmac_link(family):
    """r1's macvlan."""
    return LAN.r1.family(family, VRID[family])["interface"]


def expected_answers():
    """Which MAC has to answer for which address of r1's."""
    own = LAN.r1.link(INTERFACE)["address"]
    return {OWN["r1"][f]: [own] for f in FAMILIES} | {VIP[f]: [VMAC[f]] for f in FAMILIES}


def wait_answers():
    """And it does."""
    Wire(LAN.h1, INTERFACE).wait_answers(expected_answers(), HOST)


def wait_ping(address, what):
    """h1 reaches it."""
    wait_for(
        f"h1 reaches {address} {what}",
        lambda: None if LAN.h1.run(f"ping -c 1 -W 1 {address}")[0] == 0 else "no answer",
    )


FOLLOWED = (
    ("v4", "forwarding"),
    ("v4", "accept_local"),
    ("v4", "accept_source_route"),
    ("v4", "log_martians"),
    ("v4", "route_localnet"),
    ("v4", "src_valid_mark"),
    ("v6", "forwarding"),
    ("v6", "accept_source_route"),
    ("v6", "seg6_enabled"),
)


def test_what_the_parent_may_its_virtual_mac_may():
    """At once or in a few seconds, both ways, whoever has changed which of the two."""
    before = {(f, key): sysctl(f, INTERFACE, key) for f, key in FOLLOWED}
    other = {which: 1 - value for which, value in before.items()}
    try:
        for ifnames, values, expected in (
            ([INTERFACE], other, other),
            ([INTERFACE], before, before),
            (FAMILIES, other, before),
        ):
            for (family, key), value in values.items():
                ifname = vmac_link(family) if ifnames is FAMILIES else INTERFACE
                set_sysctl(family, ifname, key, value)
            for (family, key), value in expected.items():
                wait_sysctl(family, vmac_link(family), key, value)
    finally:
        for (family, key), value in before.items():
            set_sysctl(family, INTERFACE, key, value)


def test_virtual_router_forwards_where_its_interface_does():
    """Which is set for the interface alone, as systemd-networkd does it."""
    for family, prefix, flag in (("v4", 32, "-4"), ("v6", 128, "-6")):
        far, own = f"{FAR[family]}/{prefix}", OWN["r2"][family]
        LAN.r2.must_run(f"ip address add {far} dev lo")
        LAN.r1.must_run(f"ip {flag} route add {far} via {own}")
        LAN.h1.must_run(f"ip {flag} route add {far} via {VIP[family]}")
    # IPv6 forwards for all links or for none
    LAN.r1.must_run("sysctl -qw net.ipv6.conf.all.forwarding=1")
    set_sysctl("v4", INTERFACE, "forwarding", 1)
    try:
        for family in FAMILIES:
            wait_ping(FAR[family], "by the virtual router")
    finally:
        set_sysctl("v4", INTERFACE, "forwarding", 0)
        LAN.r1.must_run("sysctl -qw net.ipv6.conf.all.forwarding=0")
        for family, flag in (("v4", "-4"), ("v6", "-6")):
            LAN.h1.run(f"ip {flag} route del {FAR[family]}")
            LAN.r1.run(f"ip {flag} route del {FAR[family]}")


def test_rp_filter_is_no_stricter_than_the_parents():
    """0 like the parent's, where that takes what comes from anywhere; else loose."""
    vmac = vmac_link("v4")
    before = sysctl("v4", INTERFACE, "rp_filter")
    try:
        for parents, of_all, expected in ((0, 0, 0), (1, 0, 2), (0, 1, 2), (2, 0, 2)):
            set_sysctl("v4", INTERFACE, "rp_filter", parents)
            set_sysctl("v4", "all", "rp_filter", of_all)
            wait_sysctl("v4", vmac, "rp_filter", expected)
            wait_ping(VIP["v4"], f"with rp_filter {parents} and {of_all} of all")
        set_sysctl("v4", vmac, "rp_filter", 1)
        wait_sysctl("v4", vmac, "rp_filter", 2)
        wait_logged(LAN.r1, f"net.ipv4.conf.{vmac}.rp_filter was 1: set to 2")
        wait_ping(VIP["v4"], "once rp_filter was set again")
    finally:
        set_sysctl("v4", "all", "rp_filter", 0)
        set_sysctl("v4", INTERFACE, "rp_filter", before)


def test_sysctl_that_somebody_sets_back_is_set_again():
    """Of which the kernel tells nobody; what was set last is put back at the end."""
    changed = (
        (INTERFACE, "arp_ignore", 0, 1),
        (INTERFACE, "arp_announce", 1, 2),
        (vmac_link("v4"), "arp_ignore", 0, 1),
    )
    for ifname, key, value, _ in changed:
        set_sysctl("v4", ifname, key, value)
    for ifname, key, _, ours in changed:
        wait_sysctl("v4", ifname, key, ours)
    wait_answers()
    LAN.r1.stop("vrrpd")
    assert sysctl("v4", INTERFACE, "arp_ignore") == 0
    assert sysctl("v4", INTERFACE, "arp_announce") == 1
    set_sysctl("v4", INTERFACE, "arp_announce", 0)


def test_parent_comes_back_from_another_namespace():
    """With the ifindex that it had, and with none of our sysctls."""
    away, r1 = Namespace("kernel-away"), LAN.r1
    away.build()
    try:
        r1.must_run(f"ip link set {INTERFACE} netns {away.name}")
        LAN.wait_states(r1="Initialize", r2="Active")
        away.must_run(f"ip link set {INTERFACE} netns {r1.name}")
        assert sysctl("v4", INTERFACE, "arp_ignore") == 0, "the kernel keeps it"
        r1.must_run(f"ip link set {INTERFACE} up")
        r1.must_run(f"ip address add {OWN['r1']['v4']}/24 dev {INTERFACE}")
        r1.must_run(f"ip address add {OWN['r1']['v6']}/64 dev {INTERFACE} nodad")
        LAN.wait_states(r1="Active", r2="Backup")
        wait_sysctl("v4", INTERFACE, "arp_ignore", 1)
        wait_answers()
    finally:
        away.demolish()


# Settings that the kernel makes again


def ipv6_of(ifname):
    """The IPv6 settings of a link."""
    keys = ("disable_ipv6", "accept_ra", "autoconf", "addr_gen_mode")
    return {key: sysctl("v6", ifname, key) for key in keys}, set(
        address for address in LAN.r1.addresses(ifname) if ":" in address
    )


def test_ipv6_that_the_kernel_makes_anew_is_as_before():
    """It takes IPv6 off a link of a small MTU: of the parent's, or of one VMAC alone."""
    links = {family: vmac_link(family) for family in FAMILIES}
    before = {family: ipv6_of(links[family]) for family in FAMILIES}
    for ifname in (INTERFACE, links["v6"], links["v4"]):
        with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
            LAN.r1.must_run(f"ip link set {ifname} mtu 1200")
            if ifname == INTERFACE:
                LAN.r1.wait_state("Initialize", ["v6"], VRID["v6"])
            LAN.r1.must_run(f"ip link set {ifname} mtu 1500")
            LAN.r1.run(f"ip address add {OWN['r1']['v6']}/64 dev {INTERFACE} nodad")
            LAN.wait_states(r1="Active", r2="Backup")
            for family in FAMILIES:
                wait_for(
                    f"IPv6 on {links[family]} is as before, after {ifname}'s MTU",
                    lambda f=family: differs(ipv6_of(links[f]), before[f]),
                )
            wait_answers()
        if ifname == INTERFACE:
            assert not made_of_the_mac(capture), "an address of the MAC was used"


def made_of_the_mac(capture):
    """The packets from an address that the kernel makes of a virtual MAC."""
    return [heard for heard in list(capture.heard) if "fe80::200:5eff:fe00" in str(heard)]


def test_virtual_mac_that_was_renamed_is_filtered_by_its_new_name():
    """And shown by it; no report leaves from it."""
    r1, old, new = LAN.r1, vmac_link("v6"), "renamed6"
    r1.must_run(f"ip link set {old} name {new}")
    try:
        wait_for("it is shown by the new name", lambda: differs(vmac_link("v6"), new))
        shown = r1.show_json("vrrpd", "show vrrp vip json")
        assert {vip["link"] for vip in shown if vip["vrid"] == VRID["v6"]} == {new}
        for name in ("vmacs", "link_locals"):
            wait_for(
                f"{name} of the filter has the new name alone",
                lambda n=name: named_otherwise(r1.must_run(f"nft list set inet vrrp {n}"), new, old),
            )
        with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
            r1.must_run(f"ip link set {new} down")
            LAN.wait_state("r1", "v6", "Initialize")
            r1.must_run(f"ip link set {new} up")
            LAN.wait_states(r1="Active", r2="Backup")
            wait_answers()
        frames = [heard.frame for heard in capture.heard]
        leaked = [f for f in frames if isinstance(f, Report) and f.mac_from == VMAC["v6"]]
        assert not leaked
    finally:
        r1.must_run(f"ip link set {new} name {old}")
    wait_for("it has its old name", lambda: differs(vmac_link("v6"), old))


def named_otherwise(elements, new, old):
    """A check: they have the new name, and not the old one."""
    return None if new in elements and old not in elements else elements


# Links that are made by hand, and parents of other kinds


def make_by_hand(node, name):
    """A command at a time; while ours is up, the kernel takes the address only so."""
    status, said = node.run(
        f"set -e; ip link add {name} link {INTERFACE} address {VMAC['v4']}"
        " type macvlan mode bridge;"
        f" ip link set dev {name} addrgenmode none;"
        f" ip addr add {VIP['v4']}/24 dev {name}"
    )
    assert status == 0, said
    wait_for(
        f"{node.name} has only {name}",
        lambda: differs(macvlans(node, VMAC["v4"]), [name]),
    )
    node.must_run(f"ip link set dev {name} up")


def macvlans(node, mac):
    """The names of those with a MAC."""
    shown = json.loads(node.must_run("ip -j link show type macvlan"))
    return [entry["ifname"] for entry in shown if entry.get("address") == mac]


@pytest.mark.parametrize("name", OWN)
def test_virtual_mac_made_by_hand_later_is_used(name):
    """The Active's and the Backup's, each of which serves by it; ours is back after it."""
    node, hand = LAN.nodes[name], "vrrp-2-10"
    ours = node.family("v4", VRID["v4"])["interface"]
    make_by_hand(node, hand)
    try:
        LAN.wait_states(r1="Active", r2="Backup")
        wait_for(
            "it is used", lambda: differs(node.family("v4", VRID["v4"])["interface"], hand)
        )
        wait_answers()
        LAN.give_way("v4")
        assert Wire(LAN.h1, INTERFACE).adverts(1), "nobody is heard"
        LAN.take_over("v4")
        wait_answers()
    finally:
        node.must_run(f"ip link del {hand}")
    wait_for(
        "one of ours is made again",
        lambda: differs(macvlans(node, VMAC["v4"]), [ours]),
    )
    LAN.wait_states(r1="Active", r2="Backup")
    wait_answers()


def test_router_whose_virtual_mac_cannot_be_up_leaves():
    """Another namespace has one of that MAC up, on the same device; it is tried again."""
    away, r1 = Namespace("kernel-away"), LAN.r1
    away.build()
    LAN.give_way("v4")
    try:
        r1.must_run(
            f"ip link add twin link {INTERFACE} netns {away.name}"
            f" address {VMAC['v4']} type macvlan mode vepa"
        )
        away.must_run("ip link set twin up")
        LAN.r1.configure(f"interface {INTERFACE}", f"vrrp {VRID['v4']} priority 150")
        wait_for(
            "r1 says why it takes no part",
            lambda: unavailable(details(VRID["v4"]), "Address already in use"),
        )
        LAN.wait_state("r2", "v4", "Active")
    finally:
        away.demolish()
    LAN.wait_states(r1="Active", r2="Backup")
    wait_answers()


def test_parent_may_be_a_macvlan_of_a_device_elsewhere():
    """As in a container: the kernel puts ours on the device below."""
    r1, host = LAN.r1, Namespace("kernel-host")
    host.build()
    try:
        link("phys", host, "far6", LAN.h1)
        LAN.h1.must_run("ip address add 203.0.113.9/24 dev far6")
        host.must_run(f"ip link add link phys name eth6 netns {r1.name} type macvlan mode bridge")
        r1.must_run("ip link set eth6 up; ip address add 203.0.113.1/24 dev eth6")
        r1.configure("interface eth6", "vrrp 30", "vrrp 30 ip 203.0.113.2")
        r1.wait_state("Active", ["v4"], 30)
        before = r1.link(r1.family("v4", 30)["interface"])["ifindex"]
        wait_ping("203.0.113.2", "on a macvlan of a macvlan's device")
        vmac = {"203.0.113.2": ["00:00:5e:00:01:1e"]}
        Wire(LAN.h1, "far6").wait_answers(vmac, {"v4": "203.0.113.9"})
        assert r1.link(r1.family("v4", 30)["interface"])["ifindex"] == before
        r1.must_run("ip link del eth6")
        wait_for(
            "the virtual MAC goes with its parent",
            lambda: macvlans(r1, "00:00:5e:00:01:1e") or None,
        )
    finally:
        r1.configure("interface eth6", "no vrrp 30")
        host.demolish()


def own_entries():
    """The entries ("master") by which the bridge forwards the virtual MAC to itself."""
    shown = LAN.r1.must_run("bridge fdb show dev br7").splitlines()
    return [line for line in shown if "00:00:5e:00:01:1e" in line and "master" in line]


def test_bridge_below_knows_the_virtual_mac_while_active():
    """It floods nothing that is for us, and as a Backup it keeps nothing for itself."""
    r1, other = LAN.r1, Namespace("kernel-other")
    other.build()
    try:
        r1.must_run("ip link add br7 type bridge mcast_snooping 0; ip link set br7 up")
        for number, node in ((9, LAN.h1), (8, other)):
            link(f"port{number}", r1, "far7", node)
            r1.must_run(f"ip link set port{number} master br7")
            node.must_run(f"ip address add 203.0.113.{number}/24 dev far7")
        r1.must_run("ip address add 203.0.113.1/24 dev br7")
        r1.configure("interface br7", "vrrp 30", "vrrp 30 ip 203.0.113.2")
        r1.wait_state("Active", ["v4"], 30)
        wait_ping("203.0.113.2", "behind a bridge")
        wait_for("the bridge knows it", lambda: None if own_entries() else "no entry")
        with Capture({"other": (other, "far7")}) as capture:
            LAN.h1.must_run("ping -c 5 -i 0.2 -W 5 203.0.113.2")
        flooded = [h for h in capture.heard if getattr(h.frame, "kind", "") == "request"]
        assert not flooded
        r1.must_run("bridge fdb del 00:00:5e:00:01:1e dev br7 self")
        wait_for("it is put back", lambda: None if own_entries() else "no entry")
        r1.configure("interface br7", "vrrp 30 shutdown")
        wait_for("the bridge has forgotten it", lambda: own_entries() or None)
    finally:
        r1.configure("interface br7", "no vrrp 30")
        r1.must_run("ip link del br7; ip link del port9; ip link del port8")
        other.demolish()


# Why it waits


def unavailable(told, words):
    """A check: these details tell of a VIP interface that cannot be had, in these words."""
    hold, sentences = told
    is_so = hold == "vip-interface-unavailable" and any(words in text for text in sentences)
    return None if is_so else f"{told}"


def details(vrid, family="v4"):
    """Hold, and what it waits for."""
    shown = LAN.r1.family(family, vrid)
    return shown.get("hold"), shown.get("holdDetails")


def wait_details(vrid, hold, sentence):
    """In JSON and in words."""
    wait_for(
        f"VRID {vrid} waits with {hold}: {sentence}",
        lambda: differs(details(vrid), (hold, [sentence])),
    )
    told = " ".join(LAN.r1.show("vrrpd", f"show vrrp {vrid}").split())
    assert sentence in told


def test_hold_of_a_virtual_mac_says_why():
    """A parent that is a bridge's port; a macvlan that somebody has set down."""
    r1 = LAN.r1
    link("eth8", r1, "far8", LAN.h1)
    r1.must_run("ip address add 203.0.113.1/24 dev eth8; ip link add brx type bridge")
    r1.must_run("ip link set eth8 master brx")
    try:
        r1.configure("interface eth8", "vrrp 30", "vrrp 30 ip 203.0.113.2")
        wait_details(
            30,
            "vip-interface-unavailable",
            "eth8 is a port of brx and can carry no virtual MAC: put the group on brx",
        )
        assert "vrrp4-" not in r1.must_run("ip -br link show master brx")
        r1.must_run("ip link set eth8 nomaster")
        r1.wait_state("Active", ["v4"], 30)
        vmac = r1.family("v4", 30)["interface"]
        for cure in (f"ip link set {vmac} up", f"ip link delete {vmac}"):
            r1.must_run(f"ip link set {vmac} down")
            wait_details(
                30,
                "vip-interface-unavailable",
                f"{vmac} was set down by someone else: set it up, or delete it, and another is made",
            )
            r1.must_run(cure)
            r1.wait_state("Active", ["v4"], 30)
    finally:
        r1.configure("interface eth8", "no vrrp 30")
        r1.must_run("ip link del eth8; ip link del brx")


def warnings():
    """The warnings of r1."""
    return [
        text for f in FAMILIES for text in LAN.r1.family(f, VRID[f]).get("warnings", [])
    ]


def test_read_only_sysctls_cost_what_they_do_and_no_more():
    """As in a container: Active, reachable, and nothing is left at the end."""
    r1 = LAN.r1
    r1.stop("vrrpd")
    before = Footprint(r1)
    r1.launch("vrrpd", READ_ONLY)
    r1.must_run(f"vtysh -N {r1.name} -b -d vrrpd")
    LAN.wait_states(r1="Active", r2="Backup")
    wait_answers()
    for family in FAMILIES:
        LAN.h1.must_run(f"ping -c 2 -i 0.2 -W 5 {VIP[family]}")
    told = warnings()
    vmac = vmac_link("v6")
    assert any(
        text.startswith(f"net.ipv6.conf.{vmac}.accept_ra cannot be set to 0 (Read-only")
        and "it may take addresses and routes" in text
        for text in told
    ), told
    assert not [text for text in told if "ipv4" in text], "netlink sets those of IPv4"
    stays("both stay", lambda: differs(LAN.r1.state("v4", VRID["v4"]), "Active"), 2)
    r1.stop("vrrpd")
    wait_for("r1 is as before", before.changed, 20)
