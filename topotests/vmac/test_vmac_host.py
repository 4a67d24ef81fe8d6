# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 1200
"""
A virtual MAC takes nothing from the host it lives on, and leaves nothing behind.

r1 (priority 150) and r2 (100) stand on a LAN with the host h1; the VIPs lie in the
LAN's own subnet. Every test starts with r1 Active and r2 Backup.
"""
import re
import subprocess

import pytest

from helpers.calls import Refusals, free_descriptors, listening_netlink
from helpers.footprint import Footprint
from helpers.frames import Advert, Echo, Neighbor
from helpers.lan import (
    FAMILIES,
    HOST,
    INTERFACE,
    LOCAL_VIP,
    OWN,
    PRIORITY,
    VIP,
    VMAC,
    VRID,
    Lan,
    conf,
)
from helpers.namespace import link
from helpers.overrun import asleep, flood
from helpers.vty import Session
from helpers.wait import differs, wait_for, wait_logged
from helpers.wire import Capture, Wire, answer

pytestmark = pytest.mark.usefixtures("lan")
LAN = Lan("host")
BEFORE = {}
NETLINK_ROUTE, NETLINK_NETFILTER = 0, 12
OTHER = {"v4": "v6", "v6": "v4"}
PINGS, PING_SEC = 1000, 0.02
FOREIGN = "table inet theirs {\n\tset names {\n\t\ttype ifname\n\t}\n}"


def setup_module():
    """Looks at r1 before its first vrrpd."""
    LAN.build()
    BEFORE["r1"] = Footprint(LAN.r1)


def teardown_module():
    """Takes it down."""
    LAN.demolish()


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """h1's link."""
    return Wire(LAN.h1, INTERFACE)


def own_mac(name):
    """The MAC address of a router's own link."""
    return LAN.nodes[name].link(INTERFACE)["address"]


def vmac_link(name, family):
    """The macvlan of a router."""
    return LAN.nodes[name].family(family, VRID[family])["interface"]


def expected_answers():
    """Which MAC has to answer for which address: each exactly one, and once."""
    expected = {VIP[family]: [VMAC[family]] for family in FAMILIES}
    for name, addresses in OWN.items():
        expected.update({address: [own_mac(name)] for address in addresses.values()})
    return expected


# Pings


def start_pings(*addresses):
    """From h1, to several addresses at once."""
    command = ("ip", "netns", "exec", LAN.h1.name, "ping", "-q", "-W", "2")
    count = ("-c", str(PINGS), "-i", str(PING_SEC))
    return [
        subprocess.Popen([*command, *count, address], stdout=subprocess.PIPE, text=True)
        for address in addresses
    ]


def forget():
    """
    h1 forgets the MACs that it knows. Not what it has just asked for: the kernel drops, with an
    entry that is incomplete, the packets that wait for it.
    """
    known = " ".join(f"nud {state}" for state in ("reachable", "stale", "delay", "probe"))
    LAN.h1.must_run(f"ip neighbour flush dev {INTERFACE} {known}")


def move_while(running, family):
    """Hands over and back as often as there is time; returns how often."""
    moves = 0
    while any(process.poll() is None for process in running):
        LAN.give_way(family)
        forget()
        LAN.take_over(family)
        forget()
        moves += 2
    return moves


def received(process):
    """How many answers a ping got."""
    said = process.communicate()[0]
    return int(re.search(r"(\d+) received", said).group(1))


@pytest.mark.parametrize("family", FAMILIES)
def test_no_ping_is_lost_while_the_other_family_moves(family):
    """
    Neither to the host's own address nor to the VIP. Requests go to the MAC of the
    address; all that the host sends by itself leaves from its own link.
    """
    addresses = OWN["r1"][family], VIP[family]
    mac = {addresses[0]: own_mac("r1"), addresses[1]: VMAC[family]}
    before = transitions("r1", family)
    with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
        running = start_pings(*addresses)
        moves = move_while(running, OTHER[family])
        assert [received(process) for process in running] == [PINGS, PINGS]
    assert moves >= 4, f"only {moves} moves in the time of {PINGS} pings"
    assert transitions("r1", family) == before
    frames = [heard.frame for heard in capture.heard]
    for address in addresses:
        assert told(frames, address) == {mac[address]}
        assert echoes(frames, "request", address) == {mac[address]}
        assert echoes(frames, "reply", address) == {own_mac("r1")}


def transitions(name, family):
    """Of one family."""
    return LAN.nodes[name].family(family, VRID[family])["stats"]["transitions"]


def told(frames, address):
    """The MACs that were told for an address."""
    answers = [answer(frame) for frame in frames]
    return {mac for owner, mac in answers if owner == address}


def echoes(frames, kind, address):
    """The MACs that requests to an address went to, or its replies came from."""
    found = [frame for frame in frames if isinstance(frame, Echo)]
    if kind == "request":
        return {f.mac_to for f in found if f.kind == kind and f.destination == address}
    return {f.mac_from for f in found if f.kind == kind and f.source == address}


# Answers to ARP and ND


def test_addresses_are_answered_for_by_the_right_mac(wire):
    """The VIPs by the Active, the routers' own by themselves."""
    wire.wait_answers(expected_answers(), HOST)


def test_backup_is_silent_after_its_parent_was_down(wire):
    """It left the election, came back as Backup, and never answers."""
    LAN.r2.must_run(f"ip link set {INTERFACE} down")
    LAN.wait_states(r2="Initialize", r1="Active")
    LAN.r2.must_run(f"ip link set {INTERFACE} up")
    restore_address("r2")
    LAN.wait_states(r2="Backup")
    wire.wait_answers(expected_answers(), HOST)


def restore_address(name):
    """The kernel takes an interface's IPv6 addresses away with the link."""
    LAN.nodes[name].must_run(f"ip address add {OWN[name]['v6']}/64 dev {INTERFACE}")


def test_active_leaves_the_election_with_its_parent(wire):
    """r2 serves meanwhile; then it is as before."""
    LAN.r1.must_run(f"ip link set {INTERFACE} down")
    LAN.wait_states(r1="Initialize", r2="Active")
    wire.wait_answers({VIP[family]: [VMAC[family]] for family in FAMILIES}, HOST)
    LAN.r1.must_run(f"ip link set {INTERFACE} up")
    restore_address("r1")
    LAN.wait_states(r1="Active", r2="Backup")
    wire.wait_answers(expected_answers(), HOST)


def test_virtual_mac_has_no_address_but_the_vips():
    """No link-local address is made of it, and none leaves from it."""
    addresses = LAN.r1.addresses(vmac_link("r1", "v6"))
    assert set(addresses) == {f"{LOCAL_VIP}/128", f"{VIP['v6']}/128"}
    assert set(LAN.r1.addresses(vmac_link("r1", "v4"))) == {f"{VIP['v4']}/32"}
    with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
        LAN.give_way("v6")
        LAN.take_over("v6")
        LAN.h1.must_run(f"ip neighbour flush dev {INTERFACE}")
        LAN.h1.must_run(f"ping -c 3 -i 0.2 {LOCAL_VIP}%{INTERFACE}")
    sources = {
        heard.frame.source
        for heard in capture.heard
        if isinstance(heard.frame, (Neighbor, Advert, Echo))
        and heard.frame.mac_from == VMAC["v6"]
    }
    own = {
        address.split("/")[0]
        for router in (LAN.r1, LAN.r2)
        for address in router.addresses(INTERFACE)
    }
    assert {VIP["v6"], LOCAL_VIP} <= sources <= {VIP["v6"], LOCAL_VIP} | own


# Changes of the virtual MACs by others


@pytest.mark.parametrize("name", OWN)
def test_deleted_virtual_mac_is_made_again_and_hears(wire, name):
    """The Active's and the Backup's; nobody moves for it, and both can move afterwards."""
    node = LAN.nodes[name]
    before = [transitions(name, family) for family in FAMILIES]
    for family in FAMILIES:
        gone = node.link(vmac_link(name, family))
        node.must_run(f"ip link delete {gone['ifname']}")
        wait_for(
            "it is made again",
            lambda n=gone["ifname"], i=gone["ifindex"]: is_still(node, n, i),
        )
    wire.wait_answers(expected_answers(), HOST)
    assert [transitions(name, family) for family in FAMILIES] == before
    hand_over_and_back(wire)


def is_still(node, name, ifindex):
    """A check: there is another link of that name."""
    link_now = node.link(name)
    return None if link_now and link_now["ifindex"] != ifindex else repr(link_now)


def hand_over_and_back(wire):
    """An Active hears others by its virtual MAC alone: r2 has to hear that r1 is back."""
    for family in FAMILIES:
        LAN.give_way(family)
        LAN.take_over(family)
    wire.wait_answers(expected_answers(), HOST)


def test_what_happened_while_events_were_lost_is_mended(wire):
    """A Backup's virtual MACs: one was deleted, one set up, one's parent has another MTU."""
    r2, names = LAN.r2, {family: vmac_link("r2", family) for family in FAMILIES}
    try:
        with asleep(r2):
            flood(r2)
            r2.must_run(f"ip link delete {names['v4']}")
            r2.must_run(f"ip link set {INTERFACE} mtu 1400")
            r2.must_run(f"ip link set {INTERFACE} mtu 1500")
            r2.must_run(f"ip link set {names['v6']} up")
            assert (
                r2.link(names["v6"])["mtu"] == 1400
            ), "the kernel gives it back itself"
        wait_for(
            "r2 has noticed",
            lambda: None if r2.has_logged("events were lost") else "no",
        )
        for name in names.values():
            wait_for(f"{name} is there and down", lambda n=name: is_not_at_rest(r2, n))
        wire.wait_answers(expected_answers(), HOST)
        hand_over_and_back(wire)
    finally:
        r2.must_run(f"ip link set {INTERFACE} mtu 1500")


def is_not_at_rest(node, name):
    """A check: a virtual MAC is there, down, and has its parent's MTU."""
    link_now = node.link(name)
    if link_now and "UP" not in link_now["flags"] and link_now["mtu"] == 1500:
        return None
    return repr(link_now)


# Changes of the filter by others


def test_flushed_ruleset_is_put_back_and_counted():
    """Whole, at once, and what others make is left alone."""
    r1 = LAN.r1
    ours = r1.must_run("nft list table inet vrrp")
    before = restored()
    r1.must_run("nft flush ruleset")
    r1.must_run("nft add table inet theirs")
    r1.must_run("nft add set inet theirs names '{ type ifname; }'")
    try:
        wait_for(
            "the table is back",
            lambda: differs(
                without_counts(r1.run("nft list table inet vrrp")[1]),
                without_counts(ours),
            ),
        )
        wait_for("it is counted", lambda: differs(restored(), before + 1))
        wait_logged(r1, "changed by someone else, put back")
        LAN.give_way("v6")
        LAN.take_over("v6")
        assert r1.must_run("nft list table inet theirs").strip() == FOREIGN
    finally:
        r1.must_run("nft delete table inet theirs")


# Refused changes are tried again, after pauses that grow


def pauses_grow(refusals, call, word=""):
    """A check: of 1, 2 and 4 seconds."""
    pauses = refusals.pauses(call, word)
    if len(pauses) < 3:
        return f"{pauses}"
    assert all(pause > 0.7 * least for pause, least in zip(pauses, (1, 2, 4))), pauses
    return None


def pause_is_short(refusals, call, word=""):
    """A check: the first one is, which after those would have been of 8 seconds."""
    pauses = refusals.pauses(call, word)
    if not pauses:
        return "none yet"
    assert 0.7 < pauses[0] < 7, pauses
    return None


def test_nftables_that_cannot_be_read_are_read_later_and_later():
    """And soon again when it has worked once."""
    r1 = LAN.r1
    (fd,) = listening_netlink(r1, "vrrpd", NETLINK_NETFILTER)
    for check in (pauses_grow, pause_is_short):
        before = restored()
        with Refusals(r1, "vrrpd", [fd], "recvmsg") as refusals:
            r1.must_run("nft flush ruleset")
            wait_for("it is tried again", lambda: check(refusals, "recvmsg"))
            assert restored() == before
        wait_for("the table is back", lambda: differs(restored(), before + 1))
        shown = r1.show_json("vrrpd", "show vrrp statistics json")
        assert shown["virtualMacFilter"]["available"]


def test_kernel_that_tells_nothing_is_asked_later_and_later():
    """The socket of events has failed, and there is no other until there can be one again."""
    r1 = LAN.r1

    def listens():
        return None if listening_netlink(r1, "vrrpd", NETLINK_ROUTE) else "it does not"

    for check in (pauses_grow, pause_is_short):
        # while a session is open, those before it are closed, and no number gets free
        with Session(r1.path("/run/frr/vrrpd.vty")):
            (fd,) = listening_netlink(r1, "vrrpd", NETLINK_ROUTE)
            free = free_descriptors(r1, "vrrpd", fd)
            with Refusals(r1, "vrrpd", [fd, *free], "recvmsg", "bind") as refusals:
                r1.must_run("ip address add 198.51.100.1/32 dev lo")
                try:
                    # sockets of ARP and ND are bound meanwhile, too
                    wait_for(
                        "it is tried again",
                        lambda c=check, r=refusals: c(r, "bind", "AF_NETLINK"),
                    )
                    assert listens()
                finally:
                    r1.must_run("ip address del 198.51.100.1/32 dev lo")
        wait_for("it listens again", listens)


def without_counts(ruleset):
    """The rules are the same whatever they have dropped."""
    return re.sub(r"packets \d+ bytes \d+", "", ruleset)


def test_filter_has_no_virtual_mac_that_is_gone():
    """One went with its interface; the new one has another name."""
    r1 = LAN.r1
    try:
        for _ in range(2):
            link("eth7", r1, "far7", LAN.h1)
            r1.must_run("ip address add 198.51.100.1/24 dev eth7")
            r1.configure("interface eth7", "vrrp 30", "vrrp 30 ip 198.51.100.2")
            r1.wait_state("Active", ["v4"], 30)
            wait_for(
                "the filter names those that there are",
                lambda: differs(filtered(r1), existing(r1)),
            )
            r1.must_run("ip link delete eth7")
            r1.wait_state("Initialize", ["v4"], 30)
    finally:
        r1.configure("interface eth7", "no vrrp 30")


def filtered(node):
    """The virtual MACs of its filter."""
    return set(re.findall(r"vrrp\d-\d+-\d+", node.must_run("nft list ruleset")))


def existing(node):
    """The virtual MACs that it has."""
    return set(re.findall(r"vrrp\d-\d+-\d+", node.must_run("ip link")))


def restored():
    """How often r1 has put its filter back."""
    shown = LAN.r1.show_json("vrrpd", "show vrrp statistics json")
    return shown["virtualMacFilter"]["restored"]


# Leftovers


def test_stop_leaves_nothing_behind():
    """Links, addresses, routes, rules, groups, sysctls and nftables are as before."""
    trace = BEFORE["r1"].changed()
    assert any("table inet vrrp" in line for line in trace), trace
    LAN.r1.stop("vrrpd")
    wait_for("r1 is as before its first vrrpd", BEFORE["r1"].changed, timeout=20)


def test_kill_and_a_start_without_the_groups_leave_nothing_behind():
    """The next vrrpd finds what the killed one left by itself."""
    LAN.r1.kill("vrrpd")
    assert BEFORE["r1"].changed(), "a killed vrrpd leaves no trace"
    LAN.r1.write_conf("")
    try:
        LAN.r1.start("vrrpd")
        wait_for("r1 is as before its first vrrpd", BEFORE["r1"].changed, timeout=20)
    finally:
        LAN.r1.write_conf(*conf(PRIORITY["r1"]))
        LAN.r1.stop("vrrpd")
