# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan nft ns veth
# timeout: 300
"""
What the router tells without being asked: log lines and YANG notifications.

r1 is Active for VRID 10 in unicast with the peer p1, for 20 on the LAN in VRRPv2
and for 30 on the LAN over IPv6. p1 sends what it should not. A module of the test,
loaded into vrrpd, writes down the notifications as libyang prints them.
"""
import json
import os
import re
import signal
import threading
from datetime import datetime, timezone

import pytest

from helpers import packet, rival
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, stays, wait_for

R1, P1 = Namespace("r1"), Namespace("p1")
OURS, PEER, SECOND, STRANGER = "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.66"
LINK_LOCAL, OURS6 = "fe80::2", "2001:db8:1::1"
GROUP, GROUP6 = "224.0.0.18", "ff02::12"
VIP, VIP2, VIP6 = "203.0.113.10", "203.0.113.20", "2001:db8:3::30"
INTERFACE = "interface r1-p1"
CONFIGURATION = (
    INTERFACE,
    "vrrp 20 version 2",
    "vrrp 10 advertisement-interval 100",
    "vrrp 30 advertisement-interval 100",
    f"vrrp 10 peer {PEER}",
    f"vrrp 10 ip {VIP}",
    f"vrrp 20 ip {VIP2}",
    "vrrp 30 ipv6 fe80::30",
    f"vrrp 30 ipv6 {VIP6}",
)
FAMILY = {10: "v4", 20: "v4", 30: "v6"}
# between advertisements of a better router: three times that is longer than a test takes to look
SELDOM_CS = 200
NOTIFICATIONS = "/tmp/r1/notifications"
WITNESS = f"/build/tests/notify_witness.so:{NOTIFICATIONS}"


def setup_module():
    """A cable, mgmtd, zebra and vrrpd."""
    for machine in (R1, P1):
        machine.build()
    link("r1-p1", R1, "p1-r1", P1)
    R1.must_run(
        f"ip address add {OURS}/24 dev r1-p1;"
        "ip address add 2001:db8:1::1/64 dev r1-p1 nodad"
    )
    R1.add_vip0()
    P1.must_run(
        "".join(f"ip address add {a}/24 dev p1-r1;" for a in (PEER, SECOND, STRANGER)) +
        f"ip address add {LINK_LOCAL}/64 dev p1-r1 nodad"
    )
    R1.start("mgmtd", "zebra")
    R1.launch("vrrpd", f"{BINARIES}/vrrpd -M {WITNESS}")
    R1.configure(*CONFIGURATION)


def teardown_module():
    """Nothing is left."""
    for machine in (R1, P1):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_fresh():
    """r1 is Active for all, and every kind of mistake is new to it."""
    for vrid, family in FAMILY.items():
        R1.wait_state("Active", [family], vrid)
    R1.must_run(f"vtysh -N {R1.name} -d vrrpd -c 'clear vrrp statistics'")


def notifications():
    """All so far."""
    if not os.path.exists(NOTIFICATIONS):
        return []
    with open(NOTIFICATIONS, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def lines(words):
    """The lines of the log that have these words."""
    return [line for line in R1.log().splitlines() if words in line]


def grown(things, before, by=1):
    """A check: there are more of them than before."""
    seen = len(things) - before
    return None if seen == by else f"{seen} more: {things[before:]}"


def counted(key):
    """That counter, of all virtual routers and of strays."""
    told = R1.show_json("vrrpd", "show vrrp statistics json")
    everywhere = [router["statistics"] for router in told["routers"]]
    return sum(c[key] for c in everywhere + list(told["strays"].values()))


# Faults of packets


def unicast(**wrong):
    """For VRID 10, of a lower priority."""
    vips = wrong.pop("addresses", [VIP])
    return packet.advert(PEER, OURS, wrong.pop("vrid", 10), 50, vips, **wrong)


def version_2(**wrong):
    """For VRID 20."""
    vips = wrong.pop("addresses", [VIP2])
    return packet.advert(PEER, GROUP, 20, 50, vips, version=2, interval_cs=100, **wrong)


def over_ipv6():
    """For VRID 30."""
    return packet.advert(LINK_LOCAL, GROUP6, 30, 50, ["fe80::30"], interval_cs=0)


# identity: (VRID of the virtual router it was for, source, destination, TTL, payload)
WRONG = {
    "ip-ttl-error": (None, PEER, GROUP, 254, version_2),
    "version-error": (None, PEER, OURS, 255, lambda: unicast(version=4)),
    "invalid-type-error": (None, PEER, OURS, 255, lambda: unicast(kind=2)),
    "packet-length-error": (None, PEER, OURS, 255, lambda: unicast()[:7]),
    "checksum-error": (None, PEER, OURS, 255, lambda: unicast(checksum=0x1234)),
    "vrid-error": (None, PEER, OURS, 255, lambda: unicast(vrid=99)),
    "address-count-error": (10, PEER, OURS, 255, lambda: unicast(addresses=[])),
    "interval-error": (30, LINK_LOCAL, GROUP6, 255, over_ipv6),
    "auth-type-error": (20, PEER, GROUP, 255, lambda: version_2(auth=1)),
    "address-list-error": (20, PEER, GROUP, 255, lambda: version_2(addresses=[VIP])),
    "mode-mismatch-error": (
        10,
        PEER,
        GROUP,
        255,
        lambda: packet.advert(PEER, GROUP, 10, 50, [VIP]),
    ),
    "peer-source-error": (
        10,
        STRANGER,
        OURS,
        255,
        lambda: packet.advert(STRANGER, OURS, 10, 50, [VIP]),
    ),
}
COUNTERS = {"invalid-type-error": "invalidTypePktsRcvd"}


def counter_of(identity):
    """checksum-error is counted as checksumErrors."""
    camel = re.sub("-(.)", lambda match: match.group(1).upper(), identity)
    return COUNTERS.get(identity, f"{camel}s")


def send_wrong(identity):
    """One of them, and it is counted."""
    _, source, destination, ttl, payload = WRONG[identity]
    before = counted(counter_of(identity))
    ifname = "p1-r1" if destination in (GROUP, GROUP6) else None
    packet.send(P1, source, destination, payload(), ttl=ttl, ifname=ifname)
    wait_for(
        f"{counter_of(identity)} grows",
        lambda: differs(counted(counter_of(identity)), before + 1),
    )


def expected(identity):
    """The notification of it."""
    vrid, source = WRONG[identity][:2]
    event, told = "protocol-error", {}
    if vrid:
        event = "virtual-router-error"
        told = {
            "interface": "r1-p1",
            "virtual-router-id": vrid,
            "address-family": "ipv6" if ":" in source else "ipv4",
        }
    told["source-address"] = source
    # libyang says a name without its module where that is the notification's own
    told[f"{event}-reason"] = identity
    return {f"frr-crossvip:vrrp-{event}-event": told}


@pytest.mark.parametrize("identity", WRONG)
def test_what_fails_a_check_is_told_once(identity):
    """By a line with the source, and by a notification with the identity."""
    vrid, source = WRONG[identity][:2]
    words = f"packet from {source} discarded: "
    logged, notified = len(lines(words)), len(notifications())
    send_wrong(identity)
    wait_for("the log has a line", lambda: grown(lines(words), logged))
    if vrid:
        assert f"vrrp r1-p1 {vrid} IPv" in lines(words)[-1]
    wait_for("a notification is sent", lambda: grown(notifications(), notified))
    assert notifications()[-1] == expected(identity)
    send_wrong(identity)
    assert len(lines(words)) == logged + 1, "the second one was logged too"
    assert len(notifications()) == notified + 1, "the second one was notified too"


def test_each_kind_has_a_limit_of_its_own():
    """One flood does not hide another mistake."""
    logged = len(lines(" discarded: "))
    for _ in range(3):
        for identity in ("checksum-error", "peer-source-error"):
            send_wrong(identity)
    wait_for("both are told", lambda: grown(lines(" discarded: "), logged, by=2))


def test_what_goes_on_is_told_again_with_how_often_it_was():
    """After half a minute."""
    words = "its checksum is wrong ("
    send_wrong("checksum-error")
    assert not lines(words)

    def told_again():
        send_wrong("checksum-error")
        return None if lines(words) else "not yet"

    wait_for("the next line comes", told_again)
    match = re.search(r"\((\d+) more since the last line about it\)", lines(words)[0])
    assert match and int(match.group(1)) > 1


# Both values, and a warning as long as it lasts


def warnings(vrid, family="v4"):
    """Of a virtual router, as show vrrp has them."""
    return R1.family(family, vrid).get("warnings", [])


def is_warned(words, vrid, family="v4"):
    """A check: a warning has these words."""
    told = warnings(vrid, family)
    return None if any(words in warning for warning in told) else repr(told)


def is_not_warned(words, vrid, family="v4"):
    """A check: none has them."""
    return None if is_warned(words, vrid, family) else f"'{words}' still"


# Sent packets: (VRID and family of the receiver, destination, payload, words of the report)
DIFFERENT = {
    "another interval": (
        10,
        OURS,
        lambda: unicast(interval_cs=30),
        f"{PEER}: its advertisement interval is 300 ms, and here it is 100 ms",
    ),
    "another interval, version 2": (
        20,
        GROUP,
        lambda: packet.advert(PEER, GROUP, 20, 50, [VIP2], version=2, interval_cs=300),
        "its advertisement interval is 3000 ms, and here it is 1000 ms",
    ),
    "an address more": (
        10,
        OURS,
        lambda: unicast(addresses=[VIP, VIP2]),
        f"{PEER}: its 2 virtual addresses are not our 1: {VIP2} is not configured here",
    ),
    "another address, version 2": (
        20,
        GROUP,
        lambda: version_2(addresses=[VIP]),
        f"its 1 virtual addresses are not our 1: {VIP} is not configured here",
    ),
    "another version": (
        20,
        GROUP,
        lambda: packet.advert(PEER, GROUP, 20, 50, [VIP2]),
        "its VRRP version is 3, and here it is 2",
    ),
    "another VRID": (
        10,
        OURS,
        lambda: unicast(vrid=99),
        f"{PEER} sends VRID 99, and this is 10",
    ),
    "a source that is no peer": (
        10,
        OURS,
        lambda: packet.advert(STRANGER, OURS, 10, 50, [VIP]),
        f"its source is not a configured peer, which is {PEER}",
    ),
    "multicast to unicast": (
        10,
        GROUP,
        lambda: packet.advert(PEER, GROUP, 10, 50, [VIP]),
        "it is multicast, and here it is unicast",
    ),
    "a wrong checksum": (
        10,
        OURS,
        lambda: unicast(checksum=0x1234),
        "its checksum is wrong",
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_differs_is_logged_and_warned_of_with_both_values(what):
    """One line; a warning that goes when it is over."""
    vrid, destination, payload, words = DIFFERENT[what]
    source = STRANGER if what == "a source that is no peer" else PEER
    wait_for("all is well", lambda: is_not_warned(words, vrid))
    logged = len(lines(words))
    ifname = "p1-r1" if destination == GROUP else None

    def send_and_look():
        packet.send(P1, source, destination, payload(), ifname=ifname)
        return is_warned(words, vrid)

    wait_for("show vrrp warns", send_and_look)
    send_and_look()
    wait_for("the log has one line", lambda: grown(lines(words), logged))
    assert f"vrrp r1-p1 {vrid} IPv4: " in lines(words)[-1]
    assert words in R1.show("vrrpd", f"show vrrp {vrid}")
    wait_for("the warning goes", lambda: is_not_warned(words, vrid))


def test_one_groups_noise_does_not_hide_anothers_fault():
    """The same mistake of two is two lines."""
    logged = len(lines("its advertisement interval is "))
    send_wrong("interval-error")
    send_wrong("interval-error")
    version_2_seconds = packet.advert(
        PEER, GROUP, 20, 50, [VIP2], version=2, interval_cs=300
    )
    packet.send(P1, PEER, GROUP, version_2_seconds, ifname="p1-r1")
    wait_for(
        "both are told",
        lambda: grown(lines("its advertisement interval is "), logged, by=2),
    )


@pytest.mark.parametrize("seen", (STRANGER, PEER))
def test_a_nat_on_the_way_is_recognised(seen):
    """The source is a stranger's, or another peer's, and the checksum that of the peer."""
    sender = PEER if seen == STRANGER else SECOND
    words = f"its checksum is that of the peer {sender}, so a NAT on the way"
    R1.configure(INTERFACE, f"vrrp 10 peer {SECOND}")
    P1.must_run(
        "nft 'table ip nat { chain out { type filter hook postrouting priority 100;"
        f" ip protocol 112 ip saddr set {seen}; }}; }}'"
    )
    try:
        wait_for("r1 has the peer", lambda: differs(set(peers()), {PEER, SECOND}))
        advert = packet.advert(sender, OURS, 10, 50, [VIP])
        packet.send(P1, sender, OURS, advert)
        wait_for("show vrrp warns", lambda: is_warned(words, 10))
        told = f"packet from {seen} discarded: {words}"
        wait_for("it is logged once", lambda: differs(len(lines(told)), 1))
    finally:
        P1.must_run("nft delete table ip nat")
        R1.configure(INTERFACE, f"no vrrp 10 peer {SECOND}")
        wait_for("that has settled", lambda: differs(peers(), [PEER]))


def peers():
    """Those of VRID 10."""
    return [peer["address"] for peer in R1.family("v4")["peers"]]


# Faults that an accepted advertisement shows


def hear(priority, interval_cs=10):
    """r1 hears its peer with that priority, and with that interval between adverts."""
    before = counted("advertisementRcvd")
    advert = packet.advert(PEER, OURS, 10, priority, [VIP], interval_cs=interval_cs)
    packet.send(P1, PEER, OURS, advert)
    wait_for(
        "it is accepted", lambda: differs(counted("advertisementRcvd"), before + 1)
    )


def test_another_owner_is_logged():
    """And the election decides between the two: the peer has the higher address."""
    words = f"vrrp r1-p1 10 IPv4: {PEER} is an owner (priority 255) too"
    assert not lines(words)
    R1.configure(INTERFACE, "vrrp 10 priority 255")
    try:
        hear(254)
        assert not lines(words)
        wait_backup(255)
        wait_for("it is logged", lambda: grown(lines(words), 0))
        assert not is_warned(f"{PEER} is an owner (priority 255) too", 10)
        assert R1.state() == "Backup"
    finally:
        R1.configure(INTERFACE, "no vrrp 10 priority")


def test_a_router_of_our_priority_is_logged():
    """Which works, but is seldom meant."""
    words = f"vrrp r1-p1 10 IPv4: {PEER} has our priority"
    wait_for(
        "our priority is 100",
        lambda: differs(R1.family("v4").get("effectivePriority"), 100),
    )
    hear(99)
    assert not lines(words)
    hear(100)
    wait_for("it is logged", lambda: grown(lines(words), 0))


def test_a_router_that_stays_active_beside_us_is_logged():
    """Three advertisements may be on their way; the fourth is one too many."""
    words = f"vrrp r1-p1 10 IPv4: {PEER} stays Active beside us"
    for _ in range(3):
        hear(50)
    assert not lines(words)
    hear(50)
    wait_for("it is logged", lambda: grown(lines(words), 0))
    hear(50)
    assert len(lines(words)) == 1
    warning = f"{PEER} stays Active beside us: it does not seem to hear us (for "
    assert is_warned(warning, 10) is None
    assert R1.state() == "Active"
    wait_for("its end is told", lambda: grown(lines(f"s: {PEER} stays Active beside us"), 0))


def test_becoming_active_is_notified():
    """With the reason, and the address of the Active router."""
    before = len(notifications())
    R1.configure(INTERFACE, "vrrp 10 shutdown")
    R1.wait_state("Initialize", ["v4"])
    assert len(notifications()) == before, "leaving was notified"
    R1.configure(INTERFACE, "no vrrp 10 shutdown")
    R1.wait_state("Active", ["v4"])
    wait_for("a notification is sent", lambda: grown(notifications(), before))
    assert notifications()[-1] == {
        "frr-crossvip:vrrp-new-active-event": {
            "interface": "r1-p1",
            "virtual-router-id": 10,
            "address-family": "ipv4",
            "active-ip-address": OURS,
            "new-active-reason": "no-response",
        }
    }


def wait_backup(priority=200):
    """r1 hears a better router, until it is Backup for seconds."""

    def advertise(_):
        packet.send(
            P1, PEER, OURS, packet.advert(PEER, OURS, 10, priority, [VIP], interval_cs=SELDOM_CS)
        )

    rival.follow(R1, [(10, "v4")], advertise, enough_msec=10 * SELDOM_CS)


# Three in the morning: what one command each says of a fault


def down(name):
    """A link is set down until the fault is over."""
    return f"ip link set {name} down", f"ip link set {name} up"


def no_source():
    """r1 has no address on the cable."""
    return (
        f"ip address delete {OURS}/24 dev r1-p1",
        f"ip address add {OURS}/24 dev r1-p1",
    )


def hear_many(priority, count=5, **wrong):
    """p1 advertises that again and again."""
    for _ in range(count):
        octets = packet.advert(PEER, OURS, 10, priority, [VIP], **wrong)
        packet.send(P1, PEER, OURS, octets)


# fault: (commands on r1 and their reverse, what p1 sends, then: words of brief, its alert,
#         words of the history, words of the log)
FAULTS = {
    "another was Active too": (
        None,
        lambda: hear_many(50, 1),
        ("Active", "-", f"{PEER} was Active too: it has priority 50, ours is 100"),
        f"10 IPv4: {PEER} was Active too: it has priority 50, ours is 100",
    ),
    "the Active router falls silent": (
        None,
        lambda: hear_many(200, interval_cs=10),
        ("Active", "-", f"Backup -> Active (no-response): {PEER} silent for "),
        f"10 IPv4: Backup -> Active: {PEER} silent for ",
    ),
    "a better router comes": (
        None,
        lambda: hear_many(200, interval_cs=100),
        ("Backup", "degraded", f"Active -> Backup (priority): {PEER} has priority 200, ours is 100"),
        f"10 IPv4: Active -> Backup: {PEER} has priority 200, ours is 100; was Active for ",
    ),
    "the Active router hands over": (
        None,
        lambda: (hear_many(200, interval_cs=100), hear_many(0, 1, interval_cs=100)),
        ("Active", "-", "Backup -> Active (not-active): the Active router said priority 0"),
        "10 IPv4: Backup -> Active: the Active router said priority 0 (not-active)",
    ),
    "another stays Active": (
        None,
        lambda: hear_many(50),
        ("Active", "two-active", f"{PEER} stays Active beside us"),
        f"10 IPv4: {PEER} stays Active beside us",
    ),
    "another interval": (
        None,
        lambda: hear_many(50, 1, interval_cs=30),
        ("Active", "degraded", "its advertisement interval is 300 ms, and here it is 100 ms"),
        "10 IPv4: 192.0.2.2: its advertisement interval is 300 ms",
    ),
    "other addresses": (
        None,
        lambda: packet.send(P1, PEER, OURS, unicast(addresses=[VIP, VIP2])),
        ("Active", "degraded", f"{VIP2} is not configured here"),
        f"10 IPv4: {PEER}: its 2 virtual addresses are not our 1",
    ),
    "a wrong checksum": (
        None,
        lambda: packet.send(P1, PEER, OURS, unicast(checksum=0x1234)),
        ("Active", "degraded", "its checksum is wrong"),
        f"10 IPv4: packet from {PEER} discarded: its checksum is wrong",
    ),
    "the link goes down": (
        down("r1-p1"),
        lambda: None,
        ("Initialize", "held", "interface-down"),
        "10 IPv4: leaves the election: interface-down",
    ),
    "the source goes": (
        no_source(),
        lambda: None,
        ("Initialize", "held", "no-source-address"),
        "10 IPv4: leaves the election: no-source-address",
    ),
    "the VIP interface goes down": (
        down("vip0"),
        lambda: None,
        ("Initialize", "held", "vip-interface-unavailable"),
        "10 IPv4: leaves the election: vip-interface-unavailable",
    ),
}


# Those that may be over before they are seen, and are sent again then.
LAST = (
    "another was Active too",
    "a better router comes",
    "another stays Active",
    "another interval",
    "other addresses",
    "a wrong checksum",
)
# Exit statuses of vrrpd-health; another virtual router may be worse.
STATUS = {"-": 0, "degraded": 1, "held": 1, "two-active": 2}


def typed(what):
    """The exit status of vtysh for a show command, and what it printed."""
    return R1.vtysh(f"show vrrp {what}")


def rows_of_10(what):
    """Lines of VRID 10 over IPv4 of a show command."""
    rows = typed(what)[1].splitlines()
    return [row for row in rows if re.search(r" 10 +IPv4\b", row)]


def health_of_10():
    """The alert of VRID 10 over IPv4 in show vrrp health; "-": none."""
    said = re.search(r"vrrp r1-p1 10 IPv4: ([\w-]+)", typed("health")[1])
    return said[1] if said else "-"


def probed():
    """The exit status of vrrpd-health."""
    return R1.run("vrrpd-health -N r1")[0]


def seen_in_the_morning(fault, since):
    """A check: brief, health, history and log say what they should."""
    (state, alert, history), logged = FAULTS[fault][2:]
    brief, told = rows_of_10("brief"), rows_of_10("history")[since:]
    if not re.search(rf" {state} .* {alert} *$", brief[0]):
        return f"brief: {brief}"
    if health_of_10() != alert or probed() < STATUS[alert]:
        return f"health: {typed('health')}, {probed()}"
    if not any(history in row for row in told):
        return f"history: {told}"
    return None if lines(logged) else "the log lacks it"


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_seen_by_one_command_each(fault):
    """Who is Active, since when and why; are both Active; what was it an hour ago."""
    commands, send = FAULTS[fault][:2]
    since = len(rows_of_10("history"))
    if commands:
        R1.must_run(commands[0])
    send()

    def seen():
        told = seen_in_the_morning(fault, since)
        is_over = told and not told.startswith("the log") and health_of_10() == "-"
        if is_over and fault in LAST:
            send()
        return told

    try:
        wait_for(f"{fault} is seen", seen)
    finally:
        if commands:
            R1.must_run(commands[1])
            R1.run(f"ip address add {OURS6}/64 dev r1-p1 nodad 2>/dev/null")


def test_a_daemon_that_does_not_answer_is_told_from_one_that_is_ill():
    """By vrrpd-health; vtysh says 0 only if all is well."""
    R1.signal("vrrpd", signal.SIGSTOP)
    try:
        assert probed() == 3
    finally:
        R1.signal("vrrpd", signal.SIGCONT)
    assert R1.run("vrrpd-health -N nobody")[0] == 3
    wait_for(
        "vtysh says so too",
        lambda: differs(typed("health")[0] == 0, probed() == 0),
    )


def test_which_vrrpd_it_is_can_be_told():
    """By the daemon that runs, its log, and the one that is installed."""
    told = R1.show_json("vrrpd", "show vrrp version json")
    assert re.fullmatch(r"frr-crossvip \d+\.\d+\.\d+", told["version"]), told
    said = typed("version")[1]
    assert f"{told['version']}, for FRR {told['frrVersion']}" in said, said
    installed = R1.must_run(f"{BINARIES}/vrrpd --version").splitlines()[0]
    assert installed == f"vrrpd version {told['frrVersion']} ({told['version']})"
    assert lines(f"this is {told['version']}")
    assert json.loads(typed("health json")[1])["version"] == told["version"]


def test_a_description_is_shown_and_written():
    """As it was typed, with one blank between words; and goes by the same line, or a shorter one."""
    line = "vrrp 10 description The web pair, rack 7"
    for gone in (f"no {line}", "no vrrp 10 description"):
        R1.configure(INTERFACE, "vrrp 10 description The  web pair,   rack 7")
        assert f" {line}" in R1.running_config()
        assert R1.groups()[10]["description"] == "The web pair, rack 7"
        assert "The web pair, rack 7" in R1.show("vrrpd", "show vrrp 10")
        R1.configure(INTERFACE, gone)
        assert "description" not in R1.groups()[10]
        assert not [told for told in R1.running_config() if "description" in told]


def test_history_is_of_whom_it_was_asked_for():
    """In JSON with the numbers apart; and nonsense is refused."""
    hear_many(200, interval_cs=10)
    R1.wait_state("Active", ["v4"])

    def told():
        return R1.show_json("vrrpd", "show vrrp history interface r1-p1 10 json")

    wait_for("a takeover", lambda: None if told() and "silentMsec" in told()[-1] else told()[-1:])
    event = told()[-1]
    assert event["from"] == "Backup" and event["to"] == "Active", event
    assert event["otherRouter"] == PEER and event["otherPriority"] == 200, event
    assert event["silentMsec"] >= 300, event
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
    assert {e["vrid"] for e in told()} == {10}
    assert typed("history 256")[0] != 0
    assert R1.show_json("vrrpd", "show vrrp history interface r1-p1 99 json") == []


def neighbor():
    """The peer of VRID 10 in show vrrp neighbors."""
    told = R1.show_json("vrrpd", "show vrrp neighbors json")
    return next(peer for peer in told if peer["vrid"] == 10)


def wait_sent():
    """What is counted of the peer may have been forgotten a moment ago."""
    wait_for("r1 has sent to it", lambda: None if neighbor()["sent"] else "not yet")


def test_neighbors_says_that_a_backup_is_silent():
    """And who is Active."""
    hear(50)
    wait_sent()
    peer = neighbor()
    assert peer["role"] == "silent, as a Backup is" and peer["address"] == PEER, peer
    assert peer["priority"] == 50 and peer["received"] > 0 and peer["sent"] > 0, peer
    assert peer["advertisementInterval"] == 100, peer
    wait_backup()
    assert "Active" in rows_of_10("neighbors")[0], rows_of_10("neighbors")


def test_neighbors_says_what_could_not_be_sent():
    """How often, why, and how long ago; also after it can be sent again."""
    R1.wait_state("Active", ["v4"])
    before = neighbor()["sendErrors"]
    R1.must_run(f"ip route add unreachable {PEER}/32")
    try:
        wait_for("a send error", lambda: None if neighbor()["sendErrors"] > before else neighbor())
    finally:
        R1.must_run(f"ip route delete unreachable {PEER}/32")
    sent = neighbor()["sent"]
    wait_for("it is sent again", lambda: None if neighbor()["sent"] > sent else neighbor())
    told = neighbor()
    assert told["sendError"] == "No route to host", told
    assert told["sendErrorAgeMsec"] >= 0 and "ms ago: " in rows_of_10("neighbors")[0], told


def test_show_tells_since_when_and_who_is_active():
    """In JSON, as YANG data and as text."""
    wait_backup()
    told = R1.family("v4")
    since = datetime.fromisoformat(told["stateSince"])
    age = (datetime.now(timezone.utc) - since).total_seconds()
    # of whole seconds; and a busy machine asks late
    assert -1 <= age - told["since"] <= 10, f"{since} was {told['since']} s ago"
    assert told["lastReason"] == "priority"
    assert told["active"]["address"] == PEER and told["active"]["priority"] == 200
    assert 0 <= told["active"]["lastHeardMsec"] < 5000

    wait_backup()
    data = json.loads(R1.show("vrrpd", "show yang operational-data /frr-interface:lib"))
    group = yang_group(data, 10)
    assert group["v4"]["frr-crossvip:last-adv-source"] == PEER
    assert group["v4"]["frr-crossvip:last-adv-priority"] == 200
    assert int(group["v4"]["frr-crossvip:last-adv-age"]) < 5000
    assert datetime.fromisoformat(group["v4"]["frr-crossvip:state-since"]) >= since

    wait_backup()
    text = R1.show("vrrpd", "show vrrp 10")
    assert text.index("Status (v4)") < text.index("Protocol Version"), text
    moment = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.search(
        rf"In This State \(v4\) +\d+ s, since {moment}, priority", text
    ), text
    assert re.search(
        rf"Active Router \(v4\) +{PEER}, priority 200, heard \d+ ms ago", text
    ), text


def yang_group(data, vrid):
    """A group in operational data."""
    for interface in data["frr-interface:lib"]["interface"]:
        for group in interface.get("frr-vrrpd:vrrp", {}).get("vrrp-group", []):
            if group["virtual-router-id"] == vrid:
                return group
    raise AssertionError(f"there is no VRID {vrid} in {data}")


def test_show_tells_of_peers_and_of_what_was_discarded():
    """The packets of a peer in both directions, its distance, and the time since; and errors."""
    hear(50)
    send_wrong("address-count-error")
    wait_sent()
    [peer] = R1.family("v4")["peers"]
    assert peer["address"] == PEER and peer["received"] == 1 and peer["sent"] > 0
    assert peer["ttl"] == 255 and peer["priority"] == 50
    assert 0 <= peer["ageMsec"] < 20000
    assert R1.family("v4")["statistics"]["addressCountErrors"] == 1
    text = R1.show("vrrpd", "show vrrp 10")
    heard = r"priority 50, TTL 255, heard \d+ ms ago, sent \d+, received 1"
    assert re.search(rf"Peer \(v4\) +{PEER}, {heard}", text), text
    assert re.search(r"Packets Discarded \(v4\) +1 ", text), text
    assert re.search(r"of these \(v4\) +1 address-count-errors", text), text


def test_debug_northbound_notifications_shows_them_too():
    """libfrr's own way to see that one is sent."""
    R1.configure("debug northbound notifications")
    try:
        send_wrong("vrid-error")
        words = "northbound notification: /frr-crossvip:vrrp-protocol-error-event"
        wait_for("the log has it", lambda: None if lines(words) else "nothing")
    finally:
        R1.configure("no debug northbound notifications")


def test_a_vip_that_zebra_takes_for_the_router_id_is_told_of():
    """It is the highest address here; one line, and a warning until there is another ID."""
    words = f"{VIP2} is zebra's router ID"
    cure = 'choose another by "ip router-id A.B.C.D"'

    def warned():
        return [w for w in R1.family("v4", 20)["warnings"] if words in w and cure in w]

    wait_for("the warning", lambda: differs(len(warned()), 1))
    assert R1.family("v4", 10)["warnings"] == [], "another router's address"
    wait_for("a line", lambda: None if lines(words) else "nothing")
    told = len(lines(words))
    R1.configure("vrrp address-lease 3")  # to zebra each renewal is another address
    try:
        stays("no more lines", lambda: differs(len(lines(words)), told), 6)
    finally:
        R1.configure("no vrrp address-lease")
    assert cure in lines(words)[-1] and "vrrp r1-p1 20 IPv4" in lines(words)[-1]
    R1.configure_all(f"ip router-id {OURS}")
    try:
        wait_for("no warning", lambda: differs(warned(), []))
    finally:
        R1.configure_all("no ip router-id")
    wait_for("the warning again", lambda: differs(len(warned()), 1))
    wait_for("a line again", lambda: differs(len(lines(words)), told + 1))
    # one that does not move is another mistake, which has its own warning
    R1.must_run(f"ip address add {VIP2}/32 dev r1-p1")
    wait_for("only the other warning", lambda: differs(warned(), []))
    R1.must_run(f"ip address delete {VIP2}/32 dev r1-p1")
    wait_for("the warning again", lambda: differs(len(warned()), 1))


def test_the_owner_of_an_address_may_have_it_for_its_router_id():
    """It has it always, so no other router's ID becomes the same."""
    R1.configure(INTERFACE, "vrrp 20 priority 255")
    def warnings():
        return [w for w in R1.family("v4", 20)["warnings"] if "router ID" in w]

    typed = threading.Thread(target=R1.configure, args=(INTERFACE, "no vrrp 20 priority"))
    try:
        wait_for("no warning", lambda: differs(warnings(), []))
    finally:
        typed.start()
    # that is 3 s from what is typed, which a busy machine's vtysh may be late to say
    stays("it is the owner as long as that waits", lambda: differs(warnings(), []), 1)
    typed.join()
    wait_for("a warning", lambda: differs(len(warnings()), 1))


def test_a_socket_that_cannot_be_had_is_asked_for_again():
    """The kernel allows no memberships for a while: a hold, one line, and then it goes on."""
    told = len(lines("cannot receive"))
    allowed = R1.must_run("sysctl -n net.ipv4.igmp_max_memberships").strip()
    try:
        R1.must_run("sysctl -q net.ipv4.igmp_max_memberships=0")
        R1.configure(INTERFACE, "vrrp 40", "vrrp 40 ip 203.0.113.40")
        wait_for(
            "the reason why VRID 40 takes no part",
            lambda: differs(R1.family("v4", 40).get("hold"), "socket-unavailable"),
        )
        wait_for("told", lambda: differs(len(lines("cannot receive")), told + 1))
        stays("told once", lambda: differs(len(lines("cannot receive")), told + 1), 3)
    finally:
        R1.must_run(f"sysctl -q net.ipv4.igmp_max_memberships={allowed}")
    try:
        R1.wait_state("Active", ["v4"], 40)
    finally:
        R1.configure(INTERFACE, "no vrrp 40")
