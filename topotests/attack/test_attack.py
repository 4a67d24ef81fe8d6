# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ifb ns veth
# timeout: 300
"""
Packets of anybody, as many as a machine can send: no router changes its state.

r1 is Active, r2 its Backup, in unicast on one switch; at is somebody else there and
sends in its own name and in theirs. What the routers do is read from what the other
one's link records, since a router that is busy may tell anything of itself. VRID 20 is
of three: r3 is the last of them, and hears both.
"""
import json
import re
import time

import pytest

from helpers import packet
from helpers.frames import Advert
from helpers.namespace import BINARIES, Namespace, link
from helpers.recording import Recording
from helpers.signed import signed
from helpers.sleeper import Sleeper
from helpers.wait import differs, wait_for, wait_logged

R1, R2, R3, AT, SWITCH = (Namespace(name) for name in ("r1", "r2", "r3", "at", "sw"))
ALL = (SWITCH, R1, R2, R3, AT)
OWN = {R1: "192.0.2.1", R2: "192.0.2.2", R3: "192.0.2.3", AT: "192.0.2.66"}
OWN6 = {m: a.replace("192.0.2.", "2001:db8:1::") for m, a in OWN.items()}
ELSEWHERE = "192.0.2.99"
VIPS = [f"203.0.113.{n}" for n in range(1, 256)]
INTERVAL_SEC = 0.3
SECONDS = 2
TRIES = 5
# the one is believed at once, the other in two steps; and a machine may stall for half a second
SHORT_MSEC, LONG_MSEC = 300, 2000
INTERFACE = "interface eth0"
PRIORITIES = {R1: 200, R2: 150, R3: 100}
SECRET = "thirty-two-characters-are-enough"
GUESS = "thirty-two-characters-of-a-guess"
NOTIFICATIONS = "/tmp/r3/notifications"
WITNESS = f"/build/tests/notify_witness.so:{NOTIFICATIONS}"


def of_three(machine):
    """VRID 20, of one of the three."""
    yield INTERFACE
    yield " vrrp 20"
    yield " vrrp 20 advertisement-interval 200"
    yield f" vrrp 20 priority {PRIORITIES[machine]}"
    yield from (f" vrrp 20 peer {OWN[peer]}" for peer in PRIORITIES if peer != machine)
    yield " vrrp 20 ip 198.51.100.20"
    yield "exit"


def of_two(machine, peer):
    """VRID 10, of one of two; as many VIPs as there may be."""
    yield INTERFACE
    yield f" vrrp 10 priority {PRIORITIES[machine]}"
    yield f" vrrp 10 advertisement-interval {INTERVAL_SEC * 1000:.0f}"
    yield f" vrrp 10 peer {OWN[peer]}"
    yield f" vrrp 10 peer {OWN6[peer]}"
    yield from (f" vrrp 10 ip {vip}" for vip in VIPS)
    yield " vrrp 10 ipv6 2001:db8:3::1"
    yield "exit"


def setup_module():
    """A switch and three machines at it."""
    for machine in ALL:
        machine.build()
    SWITCH.must_run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up")
    for machine in OWN:
        link("eth0", machine, machine.name, SWITCH)
        SWITCH.must_run(f"ip link set {machine.name} master br0")
        machine.must_run(
            f"ip address add {OWN[machine]}/24 dev eth0;"
            f"ip address add {OWN6[machine]}/64 dev eth0 nodad"
        )
    R2.must_run(f"ip address add {ELSEWHERE}/24 dev eth0")
    for machine, peer in ((R1, R2), (R2, R1), (R3, None)):
        machine.add_vip0()
        machine.write_conf(*(of_two(machine, peer) if peer else ()), *of_three(machine))
        machine.start("zebra")
    R1.start("vrrpd")
    R2.start("vrrpd")
    R3.launch("vrrpd", f"{BINARIES}/vrrpd -M {WITNESS}")
    R3.must_run("vtysh -N r3 -b -d vrrpd")


def teardown_module():
    """Nothing is left."""
    for machine in ALL:
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_settled():
    """r1 is Active, the others Backup."""
    R1.wait_state("Active")
    R2.wait_state("Backup")
    R3.wait_state("Backup", ["v4"], 20)


# Each against each router: source, VRID, priority, number of addresses, how.
FLOODS = {
    "a stranger's, with our 255 addresses": (AT, 10, 250, 255, ""),
    "a stranger's, for nobody": (AT, 77, 250, 1, ""),
    "the peer's, with our 255 addresses the other way round": (None, 10, 50, 255, "reversed"),
    "the peer's, with a wrong checksum": (None, 10, 250, 255, "checksum"),
    "the peer's, small": (None, 10, 50, 1, ""),
}


def adverts(recording, source):
    """Priorities of a router's IPv4 advertisements of VRID 10, as recorded by the other one."""
    return [
        seen.what.priority
        for seen in recording.take()
        if isinstance(seen.what, Advert)
        and not seen.outgoing
        and seen.what.source == source
    ]


def flood(source, victim, vrid, priority, count, how=""):
    """As many as at can send, in the name of that address."""
    command = f"/build/tests/flood {source} {OWN[victim]} {vrid} {priority} {count} {SECONDS}"
    sent = int(AT.must_run(f"{command} {how}"))
    print(f"{sent} packets in {SECONDS} s", flush=True)
    # a busy machine sends less, and its routers can read less
    assert sent > 2500 * SECONDS, f"{sent} packets in {SECONDS} s are no flood"


def unmoved(act):
    """
    What act() returns: neither router moves meanwhile. Done again if one did while the machine stood
    still for as long as an advertisement may be late, as a thread tells that only sleeps.
    """
    for _ in range(TRIES):
        before, began = (R1.transitions(), R2.transitions()), time.time()
        with Sleeper() as control:
            found = act()
        moved = (R1.transitions(), R2.transitions()) != before
        if not moved or control.overslept(began, time.time()) < INTERVAL_SEC:
            break
        R1.wait_state("Active")
        R2.wait_state("Backup")
    assert not moved, R1.log()[-1000:] + R2.log()[-2000:]
    return found


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_at_the_backup_makes_nobody_active(what):
    """r1 hears no advertisement of r2; r2's timer is set by the advertisements of r1 in between."""
    source, vrid, priority, count, how = FLOODS[what]

    def act():
        recording = Recording(R1, "eth0")
        flood(OWN[source or R1], R2, vrid, priority, count, how)
        return adverts(recording, OWN[R2])

    assert not unmoved(act), "r2 took over"


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_at_the_active_router_does_not_silence_it(what):
    """r2 goes on hearing r1 in time, and does not take over."""
    source, vrid, priority, count, how = FLOODS[what]

    def act():
        recording = Recording(R2, "eth0")
        flood(OWN[source or R2], R1, vrid, priority, count, how)
        return adverts(recording, OWN[R1])

    heard = unmoved(act)
    assert len(heard) >= SECONDS / INTERVAL_SEC / 2, f"r1 advertised {len(heard)} times"
    assert set(heard) == {200}


def test_priority_0_without_end_is_answered_with_moderation():
    """In the name of r2: one answer in a millisecond, and r1 stays Active."""
    recording = Recording(R2, "eth0")
    before = R1.transitions()
    flood(OWN[R2], R1, 10, 0, 1)
    heard = adverts(recording, OWN[R1])
    assert heard and len(heard) < 1500 * SECONDS, f"{len(heard)} answers in {SECONDS} s"
    assert R1.transitions() == before


def counters():
    """r2's: of the IPv4 strays, and of packets that its virtual router of VRID 10 discarded."""
    told = R2.show_json("vrrpd", "show vrrp statistics json")
    [own] = [
        r["statistics"]
        for r in told["routers"]
        if (r["vrid"], r["family"]) == (10, "ipv4")
    ]
    faults = (n for what, n in own.items() if what.endswith(("Errors", "TypePktsRcvd")))
    return sum(told["strays"]["ipv4"].values()), sum(faults)


def test_what_is_sent_to_no_source_of_a_group_is_blamed_on_none():
    """The socket counts it, though the VRID is one of ours."""
    strays, own = counters()
    payload = packet.advert(OWN[AT], ELSEWHERE, 10, 250, VIPS[:1])
    packet.send(AT, OWN[AT], ELSEWHERE, payload)
    wait_for("a stray is counted", lambda: differs(counters()[0], strays + 1))
    assert counters()[1] == own, "the group of that VRID is blamed"


# Two Active routers that do not hear each other


def split_warnings():
    """Those of r3 about it."""
    told = R3.family("v4", 20).get("warnings", [])
    return [warning for warning in told if "both Active" in warning]


def told(words):
    """Whether r3 warns with these words alone, and says for how long they have been true."""
    (warning,) = split_warnings() or [""]
    return re.fullmatch(rf"{re.escape(words)} \(for \d+ s now\)", warning)


def length_told(words):
    """In seconds, what r3's history has of a split that is over."""
    texts = [event.get("text", "") for event in R3.show_json("vrrpd", "show vrrp history 20 json")]
    over = [re.fullmatch(rf"over after ([0-9.]+) s: {re.escape(words)}", text) for text in texts]
    (length,) = [float(match[1]) for match in over if match]
    return length


def length_seen(recording):
    """In seconds, from the first to the last advertisement of r2 for VRID 20 in its own right."""
    times = [
        seen.time
        for seen in recording.take()
        if isinstance(seen.what, Advert)
        and (seen.what.source, seen.what.vrid) == (OWN[R2], 20)
        and seen.what.priority
    ]
    return times[-1] - times[0]


def notifications():
    """Those that r3 has sent of it."""
    with open(NOTIFICATIONS, encoding="utf-8") as file:
        sent = [json.loads(line) for line in file if line.endswith("\n")]
    return [n["frr-crossvip:vrrp-split-event"] for n in sent if "split" in str(n.keys())]


def test_who_hears_two_that_do_not_hear_each_other_says_so():
    """
    By its log, a notification, a warning and a counter; when it is over, also how long it was, as
    the packets have it.
    """
    recording = Recording(R3, "eth0")
    words = f"{OWN[R1]} and {OWN[R2]} are both Active and do not hear each other"
    for port in ("r1", "r2"):
        SWITCH.must_run(f"bridge link set dev {port} isolated on")
    try:
        wait_for("r3 warns", lambda: None if told(words) else split_warnings())
        wait_logged(R3, f"vrrp eth0 20 IPv4: {words}", 1)
        assert R3.log().count(words) == 1
        wait_for("it is notified", lambda: differs(len(notifications()), 1))
        [sent] = notifications()
        assert sent["active-ip-address"] == OWN[R1]
        assert sent["other-active-ip-address"] == OWN[R2]
        assert R3.family("v4", 20)["statistics"]["splitAdvertisements"] > 0
        assert R3.state("v4", 20) == "Backup"
    finally:
        for port in ("r1", "r2"):
            SWITCH.must_run(f"bridge link set dev {port} isolated off")
    wait_for("r3 warns no more", lambda: differs(split_warnings(), []))
    assert abs(length_told(words) - length_seen(recording)) < 0.5
    # r1 hears the last advertisement of r2, which has heard r1
    wait_logged(R1, f"vrrp eth0 20 IPv4: {OWN[R2]} was Active too: it has priority ")
    wait_logged(R2, f"vrrp eth0 20 IPv4: Active -> Backup: {OWN[R1]} has priority ")


# Intervals


def wait_of(machine):
    """How long the machine waits for a silent Active router of VRID 10, in milliseconds."""
    return machine.family("v4")["masterDownInterval"]


def test_one_forged_interval_makes_nobody_wait_for_minutes():
    """In r1's name, once and again at once: four times as long, told once with both values."""
    before, logged = wait_of(R2), R2.log().count("are believed")
    forged = packet.advert(OWN[R1], OWN[R2], 10, 200, VIPS, interval_cs=4095)
    for _ in range(3):
        packet.send(R1, OWN[R1], OWN[R2], forged)
        assert wait_of(R2) <= 4 * before + 1
    wait_for(
        "it is counted",
        lambda: None if R2.family("v4")["statistics"]["intervalDisbelieved"] >= 3 else "no",
    )
    wait_logged(R2, "are believed", logged + 1)
    assert "claims an interval of 40950 ms, of which 1200 ms are believed" in R2.log()
    wait_for("r2 waits as before", lambda: differs(wait_of(R2), before))


def test_an_interval_is_changed_on_one_router_after_the_other_without_a_transition():
    """From a short one to a long one and back, whoever is first."""
    def change(machine, msec):
        machine.configure(INTERFACE, f"vrrp 10 advertisement-interval {msec}")

    try:
        for first, second, msec in ((R1, R2, SHORT_MSEC), (R1, R2, LONG_MSEC), (R2, R1, SHORT_MSEC), (R2, R1, LONG_MSEC)):
            before = R1.transitions(), R2.transitions()
            for machine in (first, second):
                change(machine, msec)
                heard = R2.family("v4")["stats"]["adverRx"]
                wait_for(
                    "r2 hears r1 at its interval",
                    lambda h=heard: None
                    if R2.family("v4")["stats"]["adverRx"] >= h + 3
                    else "not yet",
                )
            assert (R1.transitions(), R2.transitions()) == before
    finally:
        for machine in (R1, R2):
            change(machine, int(INTERVAL_SEC * 1000))


# Signed badly, by who has no key


@pytest.fixture(name="enforced", scope="module")
def fixture_enforced():
    """r1 and r2 authenticate VRID 10; they still do when the module ends."""
    R1.wait_state("Active")
    R2.wait_state("Backup")
    for machine in (R1, R2):
        machine.configure(
            "key chain vrrp", "key 1", f"key-string {SECRET}", "cryptographic-algorithm hmac-sha-256"
        )
    for words in ("mode permissive", "mode enforce"):
        for machine in (R1, R2):
            machine.configure(INTERFACE, f"vrrp 10 authentication key-chain vrrp {words}")
        for machine in (R1, R2):
            wait_for("it signs", lambda m=machine: differs(m.family("v4").get("signingKey"), 1))


def refused(machine):
    """How many advertisements of VRID 10 had a wrong digest."""
    return machine.family("v4")["statistics"]["authDigestErrors"]


def test_a_flood_badly_signed_at_the_backup_makes_nobody_active(enforced):
    """Priority 0 in the name of r1, with all addresses, so that each digest takes its time."""
    before = refused(R2)

    def act():
        recording = Recording(R1, "eth0")
        flood(OWN[R1], R2, 10, 0, 255, "signed")
        return adverts(recording, OWN[R2])

    assert not unmoved(act), "r2 took over"
    print(f"{refused(R2) - before} were read and refused", flush=True)
    assert refused(R2) > before


def test_a_flood_badly_signed_at_the_active_router_does_not_silence_it(enforced):
    """Priority 255 in the name of r2; r1 advertises as before."""
    before = refused(R1)

    def act():
        recording = Recording(R2, "eth0")
        flood(OWN[R2], R1, 10, 255, 255, "signed")
        return adverts(recording, OWN[R1])

    heard = unmoved(act)
    print(f"{refused(R1) - before} were read and refused", flush=True)
    assert len(heard) >= SECONDS / INTERVAL_SEC / 2, f"r1 advertised {len(heard)} times"
    assert set(heard) == {200}
    assert refused(R1) > before


# Whom, in whose name, with which priority and interval.
FORGERIES = {
    "priority 0": (R2, R1, {"priority": 0}),
    "priority 255": (R1, R2, {"priority": 255}),
    "an interval of 40 s": (R2, R1, {"priority": 200, "interval_cs": 4095}),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_what_is_forged_and_badly_signed_changes_nothing(enforced, what):
    """Refused and counted; no state and no timer is another."""
    victim, source, fields = FORGERIES[what]
    fields = dict(fields)
    payload = packet.advert(OWN[source], OWN[victim], 10, fields.pop("priority"), VIPS, **fields)
    waits = wait_of(R2)

    def heard():
        return R2.family("v4")["stats"]["adverRx"]

    def act():
        before, then = refused(victim), heard()
        packet.send(source, OWN[source], OWN[victim], signed(payload, OWN[source], GUESS))
        wait_for("r2 goes on hearing r1", lambda: None if heard() >= then + 5 else heard())
        return refused(victim) - before

    assert unmoved(act) == 1
    assert wait_of(R2) == waits
