# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan nft ns veth
# timeout: 300
"""
vrrp N authentication: signed advertisements, by FRR's key chains.

r1 and r2 elect for VRID 10, and r1 has the higher priority. r1 is Active for VRID 20 too, with the
peer p1, which sends what it should not: it has a key, or has recorded what somebody sent who
had one. Clocks of p1 are what it says.
"""
import json
import re
import time

import pytest

from helpers import packet
from helpers.frames import Advert
from helpers.namespace import Namespace, link
from helpers.recording import Recording
from helpers.signed import TRAILER, has_good_trailer, signed, stamp_of
from helpers.wait import differs, stays, wait_for, wait_logged

R1, R2, P1 = Namespace("r1"), Namespace("r2"), Namespace("p1")
OURS, PEER = "198.51.100.1", "198.51.100.2"
VIP = "203.0.113.20"
OLD = "an-old-secret-of-thirty-two-chars"
NEW = "a-new-secret-of-thirty-two-chars!"
SHORT = "thirty-one-characters-are-short"
OTHER = "nobody-here-has-ever-had-this-key"
INTERFACE = {R1: "interface r1-r2", R2: "interface r2-r1"}
P1_LINK = "interface r1-p1"
ALGORITHM = "cryptographic-algorithm hmac-sha-256"
ENDED = "send-lifetime 00:00:00 Jan 1 2020 00:00:00 Jan 2 2020"
EXPIRED = "accept-lifetime 00:00:00 Jan 1 2020 00:00:00 Jan 2 2020"
# Of a frame to p1, and of an advertisement with one address.
IP_PAYLOAD, SIGNED = 34, 40
# What is configured is in effect by then, and who is not heard for 1.8 s is missed.
SETTLED_SEC = 5


def key(number, secret, *more):
    """Lines for a key of the key chain."""
    return (
        "key chain vrrp",
        f"key {number}",
        f"key-string {secret}",
        ALGORITHM,
        *more,
    )


CHAIN = (
    *key(1, OLD),
    *key(3, SHORT),
    *key(4, OTHER, EXPIRED, ENDED),
)


def group(router, priority, peer):
    """Lines for VRID 10."""
    return (
        INTERFACE[router],
        "vrrp 10 advertisement-interval 500",
        f"vrrp 10 priority {priority}",
        "vrrp 10 startup-hold 0",
        f"vrrp 10 peer 192.0.2.{peer}",
        "vrrp 10 ip 203.0.113.10",
    )


def setup_module():
    """r2 - r1 - p1."""
    for machine in (R1, R2, P1):
        machine.build()
    link("r1-r2", R1, "r2-r1", R2)
    link("r1-p1", R1, "p1-r1", P1)
    R1.must_run(f"ip address add 192.0.2.1/24 dev r1-r2; ip address add {OURS}/24 dev r1-p1")
    R2.must_run("ip address add 192.0.2.2/24 dev r2-r1")
    P1.must_run(f"ip address add {PEER}/24 dev p1-r1")
    for machine in (R1, R2):
        machine.add_vip0()
        machine.start("mgmtd", "zebra", "vrrpd")
        machine.configure(*CHAIN)
    R1.configure(
        P1_LINK,
        "vrrp 20 advertisement-interval 100",
        "vrrp 20 startup-hold 0",
        f"vrrp 20 peer {PEER}",
        f"vrrp 20 ip {VIP}",
        "vrrp 20 authentication key-chain vrrp",
    )
    R1.configure(*group(R1, 200, 2))
    R2.configure(*group(R2, 100, 1))


def teardown_module():
    """Takes it down."""
    for machine in (R1, R2, P1):
        machine.demolish()


@pytest.fixture(name="pair")
def fixture_pair():
    """r1 is Active for VRID 10 and r2 Backup, without authentication."""
    for router in (R1, R2):
        router.configure(INTERFACE[router], "no vrrp 10 authentication")
    for router in (R1, R2):
        wait_for("no authentication", lambda r=router: differs("authentication" in r.groups()[10], False))
    R1.wait_state("Active", ("v4",))
    R2.wait_state("Backup", ("v4",))


def authenticate(router, words="", vrid=10):
    """Somebody types the command."""
    interface = INTERFACE[router] if vrid == 10 else P1_LINK
    router.configure(interface, f"vrrp {vrid} authentication key-chain vrrp {words}")


def transitions():
    """Of both routers, VRID 10."""
    return R1.transitions(), R2.transitions()


def counters(router=R1, vrid=20):
    """Statistics of a virtual router."""
    return router.family("v4", vrid)["statistics"]


# ------------------------------------------------------------------------- introduction


def test_authentication_is_introduced_without_a_move(pair):
    """permissive on one after the other, then enforce; and back."""
    before = transitions()
    for words in ("mode receive-only", "mode permissive", "mode enforce", "mode permissive"):
        for router in (R2, R1):
            authenticate(router, words)
            stays("nothing moves", lambda: differs(transitions(), before), 1)
    for router in (R1, R2):
        router.configure(INTERFACE[router], "no vrrp 10 authentication")
    stays("nothing moves", lambda: differs(transitions(), before), SETTLED_SEC)
    for router in (R1, R2):
        told = counters(router, 10)
        assert not {name for name in told if name.startswith("auth") and told[name] and name != "authTypeErrors"}


def test_what_is_sent_is_signed(pair):
    """By Python's HMAC; and not in receive-only."""
    recording = Recording(P1, "p1-r1")

    def sent():
        return [s.octets[IP_PAYLOAD:] for s in recording.take() if isinstance(s.what, Advert)]

    def are_all(check, wanted):
        seen = sent()
        return None if seen and all(check(p) == wanted for p in seen) else repr(seen)

    def is_good(payload):
        return len(payload) == SIGNED and has_good_trailer(payload, OURS, OLD)

    wait_for("all are signed", lambda: are_all(is_good, True))
    authenticate(R1, "mode receive-only", 20)
    try:
        wait_for("none is signed", lambda: are_all(len, SIGNED - TRAILER))
    finally:
        authenticate(R1, "", 20)


# --------------------------------------------------------------------------- fail closed


def test_without_a_valid_key_it_takes_no_part(pair):
    """The other router, which has one, takes over; and it comes back by itself."""
    for words in ("mode permissive", ""):
        for router in (R1, R2):
            authenticate(router, words)
    R1.configure("no key chain vrrp")
    try:
        wait_for("r1 is held", lambda: differs(R1.family("v4").get("hold"), "no-valid-key"))
        assert R1.family("v4")["holdDetails"] == ["there is no key chain vrrp"]
        assert "there is no key chain vrrp" in R1.show("vrrpd", "show vrrp 10")
        R2.wait_state("Active", ("v4",))
        R1.configure(*key(3, SHORT))
        wait_for("it says why", lambda: differs("32 to 64" in R1.family("v4")["holdDetails"][0], True))
    finally:
        R1.configure(*CHAIN)
    R1.wait_state("Active", ("v4",))
    R2.wait_state("Backup", ("v4",))


def test_a_farewell_is_signed(pair):
    """Priority 0 of an enforcing router is believed: the other one need not miss it."""
    for words in ("mode permissive", ""):
        for router in (R1, R2):
            authenticate(router, words)
    before = counters(R2, 10)["priorityZeroPktsRcvd"]
    R1.configure(INTERFACE[R1], "vrrp 10 shutdown")
    R2.wait_state("Active", ("v4",))
    assert counters(R2, 10)["priorityZeroPktsRcvd"] == before + 1
    R1.configure(INTERFACE[R1], "no vrrp 10 shutdown")
    R1.wait_state("Active", ("v4",))


def test_the_guardian_signs_too(pair):
    """r1's daemon is killed: its guardian's priority 0 is believed."""
    for words in ("mode permissive", ""):
        for router in (R1, R2):
            authenticate(router, words)
    R1.must_run(f"vtysh -N {R1.name} -d vrrpd -c 'write memory'")
    wait_for("r1 signs", lambda: differs(R1.family("v4").get("signingKey"), 1))
    before = counters(R2, 10)["priorityZeroPktsRcvd"]
    R1.kill("vrrpd")
    R2.wait_state("Active", ("v4",))
    told = R2.family("v4")
    assert told["lastReason"] == "not-active", told
    assert told["statistics"]["priorityZeroPktsRcvd"] == before + 1
    R1.start("vrrpd")
    R1.wait_state("Active", ("v4",))


def test_no_secret_is_told():
    """Not in show, JSON or the log; and the lines of the configuration are kept."""
    told = R1.log() + R1.show("vrrpd", "show vrrp") + json.dumps(R1.groups())
    assert not [secret for secret in (OLD, NEW, SHORT, OTHER) if secret in told]
    assert " vrrp 20 authentication key-chain vrrp" in R1.running_config()


# -------------------------------------------------------------------------------- refusals


def forged(**wrong):
    """An unsigned advertisement of priority 255, or another one; it would win."""
    return packet.advert(PEER, OURS, 20, wrong.pop("priority", 255), [VIP], **wrong)


def by_key(payload=None, secret=OLD, ago=0, **wrong):
    """The same, signed so many seconds ago."""
    stamp = stamp_of(time.time() - ago)
    return signed(payload or forged(), PEER, secret, **{"stamp": stamp, **wrong})


def spoilt(signature):
    """With a bit of the advertisement's priority changed; and its checksum made to fit."""
    plain = signature[:-28]
    return packet.advert(PEER, OURS, 20, plain[2] ^ 1, [VIP]) + signature[-28:]


WRONG = {
    "authMissingErrors": (forged, "it is not signed, and here authentication is enforced"),
    "authKeyErrors": (lambda: by_key(key=9), "key 9 of key chain vrrp: it is signed with a key"),
    "authKeyUnusableErrors": (lambda: by_key(secret=SHORT, key=3), "32 to 64 characters"),
    "authKeyExpiredErrors": (lambda: by_key(secret=OTHER, key=4), "accept-lifetime"),
    "authDigestErrors": (lambda: spoilt(by_key()), "its signature is wrong"),
    "authClockErrors": (lambda: by_key(ago=300), "its clock is 30"),
    "authReplayErrors": (lambda: by_key(forged(priority=50), ago=1), "no newer than the last"),
    "packetLengthErrors": (lambda: by_key()[:-1], None),
}


@pytest.mark.parametrize("counter", WRONG)
def test_what_is_wrong_is_refused_counted_and_said(counter):
    """Priority 255 and 0 alike; r1 stays Active."""
    payload, words = WRONG[counter]
    before, moves = count(counter), R1.transitions(20)
    packet.send(P1, PEER, OURS, by_key(forged(priority=50)))
    for _ in range(3):
        packet.send(P1, PEER, OURS, payload())
    wait_for(f"{counter} grows by 3", lambda: differs(count(counter), before + 3))
    assert R1.transitions(20) == moves
    if words:
        wait_logged(R1, words)


def count(counter):
    """Of VRID 20, and of packets that belong to nobody."""
    told = R1.show_json("vrrpd", "show vrrp statistics json")
    return counters()[counter] + told["strays"]["ipv4"][counter]


def test_forged_farewells_and_intervals_change_nothing():
    """Of who has the right address and no key: priority 0, an interval of 40 s, 255."""
    before, moves = counters()["authMissingErrors"], R1.transitions(20)
    for payload in (forged(priority=0), forged(interval_cs=4095), forged()):
        packet.send(P1, PEER, OURS, payload)
    wait_for("all are refused", lambda: differs(counters()["authMissingErrors"], before + 3))
    assert R1.transitions(20) == moves


# --------------------------------------------------------------------------------- replays


def accepted():
    """What VRID 20 has accepted."""
    return counters()["advertisementRcvd"]


def send_low(payload):
    """Sends it; returns the counters that it made grow."""
    before = counters()
    packet.send(P1, PEER, OURS, payload)
    grown = set()

    def lacking():
        after = counters()
        names = [name for name in after if name.startswith(("auth", "advertisementRcvd"))]
        grown.update(name for name in names if after[name] > before[name])
        return None if grown else "nothing"

    wait_for("it is counted", lacking)
    return grown


def low(ago=0, **wrong):
    """Signed, and of a lower priority, so that r1 stays Active."""
    return by_key(forged(priority=50), ago=ago, **wrong)


def restart(router):
    """SIGKILL, and a new vrrpd, which has its configuration back and is Active."""
    router.must_run(f"vtysh -N {router.name} -d vrrpd -c 'write memory'")
    router.kill("vrrpd")
    router.start("vrrpd")
    router.wait_state("Active", ("v4",), 20)


@pytest.mark.parametrize("words, too_old", (("anti-replay time window 300", "authClockErrors"), ("anti-replay monotonic", None)))
def test_replays(words, too_old):
    """What is accepted of old advertisements, and what a restart of the receiver changes."""
    authenticate(R1, words, 20)
    wait_for("it is so", lambda: differs(R1.groups()[20]["authentication"]["antiReplay"], words.split()[1]))
    try:
        first, second, hour = low(ago=2), low(ago=1), low(ago=3600)
        newest = low()
        assert send_low(newest) == {"advertisementRcvd"}
        for old in (newest, second, first):
            assert send_low(old) == {"authReplayErrors"}
        assert send_low(hour) == {too_old or "authReplayErrors"}
        of_group = signed(packet.advert(PEER, OURS, 10, 50, [VIP]), PEER, OLD)
        assert send_low(packet.advert(PEER, OURS, 20, 50, [VIP]) + of_group[-28:]) == {"authDigestErrors"}
        of_router = signed(forged(priority=50), "198.51.100.3", OLD)
        assert send_low(of_router) == {"authDigestErrors"}
        restart(R1)
        # it has forgotten the sender: within the window each is good once, in their order
        assert send_low(hour) == {too_old or "advertisementRcvd"}
        assert send_low(second) == {"advertisementRcvd"}
        for old in (second, first):
            assert send_low(old) == {"authReplayErrors"}
        assert send_low(low()) == {"advertisementRcvd"}
        assert send_low(second) == {"authReplayErrors"}
        # a sender whose clock is an hour behind after its reboot
        assert send_low(low(ago=3600)) == {too_old or "authReplayErrors"}
    finally:
        authenticate(R1, "", 20)


def test_a_clock_that_drifts_is_said_before_it_matters():
    """Beyond half the window."""
    send_low(low(ago=-4.4))  # a busy machine is late to hear it
    wait_logged(R1, "s ahead of ours; beyond 5 s it is refused")
    words = f"the clock of {PEER} is [34]\\.[0-9] s ahead of ours; beyond 5 s it is refused"
    assert re.search(words, R1.log())
    assert any(re.search(words, warning) for warning in R1.family("v4", 20)["warnings"])


# ------------------------------------------------------------------------- configuration


def test_refusals_of_commands():
    """VRRPv2 has no such trailer."""
    refuse = (
        ("vrrp 30 version 2", "vrrp 30 authentication key-chain vrrp"),
        ("vrrp 20 version 2",),
        ("vrrp 20 version-2-compatible",),
    )
    for lines in refuse:
        status, output = R1.vtysh("configure terminal", P1_LINK, *lines)
        assert "authentication is for" in output, (status, output)
    R1.vtysh("configure terminal", P1_LINK, "no vrrp 30")


def test_the_window_follows_the_interval_unless_it_is_configured():
    """Three intervals, and at least 5 s; or 1 to 300 s."""

    def window():
        return R1.groups()[20]["authentication"]["windowSec"]

    assert window() == 5
    assert send_low(low(ago=-20)) == {"authClockErrors"}
    R1.configure(P1_LINK, "vrrp 20 advertisement-interval 10000")
    try:
        wait_for("it is 30 s", lambda: differs(window(), 30))
        assert send_low(low(ago=-20)) == {"advertisementRcvd"}
        for seconds in (1, 300):
            authenticate(R1, f"anti-replay time window {seconds}", 20)
            wait_for("it is as configured", lambda s=seconds: differs(window(), s))
        for seconds in (0, 301):
            line = f"vrrp 20 authentication key-chain vrrp anti-replay time window {seconds}"
            assert R1.vtysh("configure terminal", P1_LINK, line)[0]
        assert window() == 300
    finally:
        R1.configure(P1_LINK, "vrrp 20 advertisement-interval 100")
        authenticate(R1, "", 20)


# ------------------------------------------------------------------------------ roll-over


def refused():
    """How many advertisements of VRID 10 were refused for their signature, by both routers."""
    wrong = ("Missing", "Key", "KeyUnusable", "KeyExpired", "Clock", "Replay", "Digest")
    return [counters(r, 10)[f"auth{name}Errors"] for r in (R1, R2) for name in wrong]


def test_keys_roll_over_under_traffic(pair):
    """A second key on both; the first one signs no more; it is removed."""
    for router in (R1, R2):
        authenticate(router, "mode permissive")
    for router in (R1, R2):
        authenticate(router)
    before, refusals = transitions(), refused()
    for lines in (key(2, NEW), key(1, OLD, ENDED), ("key chain vrrp", "no key 1")):
        for router in (R1, R2):
            router.configure(*lines)
            stays("nothing moves", lambda: differs(transitions(), before), 2)
    stays("nothing moves", lambda: differs(transitions(), before), SETTLED_SEC)
    for router in (R1, R2):
        assert router.family("v4")["signingKey"] == 2
    assert refused() == refusals
