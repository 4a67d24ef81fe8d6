# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ifb ns veth
# timeout: 300
"""
Packets of anybody, as many as a machine can send: no router changes its state.

r1 is Active, r2 its Backup, in unicast on one switch; at is somebody else there and
sends in its own name and in theirs. What the routers do is read from what the other
one's link records, since a router that is busy may tell anything of itself.
"""
import pytest

from helpers import packet
from helpers.frames import Advert
from helpers.namespace import Namespace, link
from helpers.recording import Recording
from helpers.wait import differs, wait_for

R1, R2, AT, SWITCH = (Namespace(name) for name in ("r1", "r2", "at", "sw"))
OWN = {R1: "192.0.2.1", R2: "192.0.2.2", AT: "192.0.2.66"}
OWN6 = {R1: "2001:db8:1::1", R2: "2001:db8:1::2", AT: "2001:db8:1::66"}
ELSEWHERE = "192.0.2.99"
VIPS = [f"203.0.113.{n}" for n in range(1, 256)]
INTERVAL_SEC = 0.3
SECONDS = 2
INTERFACE = "interface eth0"


def configuration(machine, peer, priority):
    """Of one of the two routers; as many VIPs as there may be."""
    yield INTERFACE
    yield f" vrrp 10 priority {priority}"
    yield f" vrrp 10 advertisement-interval {INTERVAL_SEC * 1000:.0f}"
    yield f" vrrp 10 peer {OWN[peer]}"
    yield f" vrrp 10 peer {OWN6[peer]}"
    yield from (f" vrrp 10 ip {vip}" for vip in VIPS)
    yield " vrrp 10 ipv6 2001:db8:3::1"
    yield "exit"


def setup_module():
    """A switch and three machines at it."""
    for machine in (SWITCH, R1, R2, AT):
        machine.build()
    SWITCH.must_run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up")
    for machine in (R1, R2, AT):
        link("eth0", machine, machine.name, SWITCH)
        SWITCH.must_run(f"ip link set {machine.name} master br0")
        machine.must_run(
            f"ip address add {OWN[machine]}/24 dev eth0;"
            f"ip address add {OWN6[machine]}/64 dev eth0 nodad"
        )
    R2.must_run(f"ip address add {ELSEWHERE}/24 dev eth0")
    for machine, peer, priority in ((R1, R2, 200), (R2, R1, 100)):
        machine.must_run("ip link add vip0 type ifb; ip link set vip0 up")
        machine.write_conf(*configuration(machine, peer, priority))
        machine.start("zebra", "vrrpd")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, R2, AT, SWITCH):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_settled():
    """r1 is Active, r2 Backup."""
    R1.wait_state("Active")
    R2.wait_state("Backup")


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
    assert sent > 10000 * SECONDS, f"{sent} packets in {SECONDS} s are no flood"


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_at_the_backup_makes_nobody_active(what):
    """r1 hears no advertisement of r2, whose timer goes by what r1 sends in between."""
    source, vrid, priority, count, how = FLOODS[what]
    before = R2.transitions()
    recording = Recording(R1, "eth0")
    flood(OWN[source or R1], R2, vrid, priority, count, how)
    assert not adverts(recording, OWN[R2]), "r2 took over"
    assert R2.transitions() == before


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_at_the_active_router_does_not_silence_it(what):
    """r2 goes on hearing r1 in time, and does not take over."""
    source, vrid, priority, count, how = FLOODS[what]
    before = R2.transitions()
    recording, there = Recording(R2, "eth0"), Recording(R1, "eth0")
    flood(OWN[source or R2], R1, vrid, priority, count, how)
    heard = adverts(recording, OWN[R1])
    assert len(heard) >= SECONDS / INTERVAL_SEC / 2, f"r1 advertised {len(heard)} times"
    assert set(heard) == {200}
    assert R2.transitions() == before
    there.sock.close()


def test_priority_0_without_end_is_answered_with_moderation():
    """In the name of r2: one answer in a millisecond, and r1 stays Active."""
    recording = Recording(R2, "eth0")
    before = R1.transitions()
    flood(OWN[R2], R1, 10, 0, 1)
    heard = adverts(recording, OWN[R1])
    assert heard and len(heard) < 1500 * SECONDS, f"{len(heard)} answers in {SECONDS} s"
    assert R1.transitions() == before


def counters():
    """r2's: of the IPv4 strays, and of its only virtual router for IPv4."""
    told = R2.show_json("vrrpd", "show vrrp statistics json")
    [own] = [r["statistics"] for r in told["routers"] if r["family"] == "ipv4"]
    return sum(told["strays"]["ipv4"].values()), sum(own.values()) - own["advertisementRcvd"]


def test_what_is_sent_to_no_source_of_a_group_is_blamed_on_none():
    """The socket counts it, though the VRID is one of ours."""
    strays, own = counters()
    payload = packet.advert(OWN[AT], ELSEWHERE, 10, 250, VIPS[:1])
    packet.send(AT, OWN[AT], ELSEWHERE, payload)
    wait_for("a stray is counted", lambda: differs(counters()[0], strays + 1))
    assert counters()[1] == own, "the group of that VRID is blamed"
