# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ifb nft ns veth
# timeout: 1500
"""
The pair and the witness of doc/user/witness.md, and all that can be cut between them.

    r1 ===+
    r2 === sw
    w  ===+

A way from one to another is cut at its end, so that who sends notices nothing. Every test starts with r1
Active, r2 Backup, and ends with the claim that no address was on both for any time.
"""
import socket
import subprocess

import pytest

from helpers.claims import longest_both
from helpers.events import Recorder
from helpers.listen import socket_in
from helpers.namespace import Namespace, link
from helpers.recipe import complete
from helpers.wait import differs, stays, wait_for

GUIDE = complete("A pair and its witness", "doc/user/witness.md").configuration
R1, R2, W, SWITCH = (Namespace(name) for name in ("r1", "r2", "w", "sw"))
PAIR = (R1, R2)
HOSTS = {R1: 193, R2: 194, W: 195}
VIPS = {"v4": "203.0.113.10/32", "v6": "2001:db8:ffff::10/128"}
FAMILIES = tuple(VIPS)
GROUP = "interface eth0"
LEASE_SEC = 1
# of r1, r2 and the witness: whose packets do not arrive where
WAYS = [(one, other) for one in HOSTS for other in HOSTS if one is not other]
SECRET = "thirty-two-characters-are-enough"
CHAIN = (
    "key chain k",
    "key 1",
    f"key-string {SECRET}",
    "cryptographic-algorithm hmac-sha-256",
)
PORT = 11200
# VRID 10 of IPv4, a lease of a second, serial 1
GREETING = bytes.fromhex("56570100 0a040000 000003e8 00000000 00000000 00000001")
WITNESS_LOG = "/tmp/w/witness.log"
# more than a witness has room for, and what of them a socket may lose
GROUPS = 5000
witnesses = []


def of(node, family):
    """Its address."""
    return f"192.0.2.{HOSTS[node]}" if family == "v4" else f"2001:db8:a::{HOSTS[node]}"


def start_witness(*options):
    """For the pair alone, unless it is told otherwise."""
    options = options or [f"--from={of(node, f)}" for node in PAIR for f in FAMILIES]
    command = ["ip", "netns", "exec", "w", "vrrp-witness", f"--lease={LEASE_SEC}", *options]
    with open(WITNESS_LOG, "w", encoding="ascii") as log:
        witnesses.append(subprocess.Popen(command, stdout=log))


def end_witness():
    """As if its host had died."""
    while witnesses:
        witness = witnesses.pop()
        witness.kill()
        witness.wait()


def setup_module():
    """The pair as printed, with IPv6 as well, and with short times."""
    for node in (SWITCH, W, *PAIR):
        node.build()
    SWITCH.must_run("ip link add br0 type bridge && ip link set br0 up")
    for node in HOSTS:
        link("eth0", node, node.name, SWITCH)
        SWITCH.must_run(f"ip link set {node.name} master br0")
        node.must_run(
            f"ip address add {of(node, 'v4')}/26 dev eth0;"
            f"ip address add {of(node, 'v6')}/64 dev eth0 nodad;"
            "nft add table inet cut;"
            "nft 'add chain inet cut in { type filter hook input priority 0; }'"
        )
    start_witness()
    for node, peer in ((R1, R2), (R2, R1)):
        node.add_vip0()
        node.write_conf(*GUIDE[node.name].splitlines())
        node.start("zebra", "vrrpd")
        node.configure(
            GROUP,
            f"vrrp 10 source {of(node, 'v6')}",
            f"vrrp 10 peer {of(peer, 'v6')}",
            "vrrp 10 ipv6 2001:db8:ffff::10",
            "vrrp 10 startup-hold 0",
            "vrrp 10 advertisement-interval 200",
            f"vrrp 10 witness {of(W, 'v4')} {of(W, 'v6')} lease {LEASE_SEC}",
        )
        lines = node.running_config()
        node.write_conf(*(line for line in lines if line != "Current configuration:"))


def teardown_module():
    """Nothing is left."""
    end_witness()
    for node in (*PAIR, W, SWITCH):
        node.demolish()


def cut(*ways):
    """Packets of the first do not reach the second."""
    for node in HOSTS:
        rules = ["flush chain inet cut in"]
        for one, other in ways:
            if other is node:
                rules += [
                    f"add rule inet cut in ip saddr {of(one, 'v4')} drop",
                    f"add rule inet cut in ip6 saddr {of(one, 'v6')} drop",
                ]
        node.must_run(f"nft '{'; '.join(rules)}'")


def both_ways(one, other):
    """A cable that is cut."""
    return (one, other), (other, one)


def told(ways):
    """For the name of a test."""
    return ",".join(f"{one.name}-{other.name}" for one, other in ways)


# tests/test_promise.c tries all 64 with a simulated network
CUTS = [
    *((way,) for way in WAYS),
    both_ways(R1, R2),
    both_ways(R1, W),
    both_ways(R2, W),
    both_ways(R1, R2) + both_ways(R1, W),
    both_ways(R2, R1) + both_ways(R2, W),
    both_ways(W, R1) + both_ways(W, R2),
    ((R1, R2), (R2, W), (W, R1)),
    tuple(WAYS),
]


def witness_of(node, family="v4"):
    """What "show vrrp json" has of it."""
    return node.family(family).get("witness", {})


def whole():
    """A check: the witness answers both, in both families."""
    for node in PAIR:
        for family in FAMILIES:
            for voter in witness_of(node, family).get("voters", [{}]):
                if voter.get("answer") in (None, "silent", "unproven"):
                    return f"{node.name} {family}: {voter}"
                if voter["answeredMsecAgo"] > 1000 * LEASE_SEC:
                    return f"{node.name} {family}: {voter}"
    return None


@pytest.fixture(name="record", autouse=True)
def fixture_record():
    """All is whole, and r1 Active; in the end nothing was on both."""
    cut()
    if not witnesses:
        start_witness()
    for node in PAIR:
        node.revive("vrrpd")
    wait_for("all voters answer", whole)
    R1.wait_state("Active")
    R2.wait_state("Backup")
    with Recorder(*PAIR) as record:
        yield record
    for vip in VIPS.values():
        both = longest_both(record, vip, {"r1"}, ("address",))
        assert both == 0.0, f"{vip} was on both for {both} s: {record.story(vip)}"


def active(family):
    """The names of those that are Active."""
    return [node.name for node in PAIR if node.state(family) == "Active"]


def is_active(names):
    """A check: for each family one of these is Active, and nobody else; nobody, if there is none."""
    for family in FAMILIES:
        seen = active(family)
        if len(seen) != bool(names) or not set(seen) <= set(names):
            return f"{family}: {seen}"
    return None


def transitions():
    """Changes of state so far."""
    return [node.transitions() for node in PAIR]


@pytest.mark.parametrize("ways", CUTS, ids=[told(ways) for ways in CUTS])
def test_whoever_can_talk_to_one_of_the_other_two(ways):
    """One is Active whenever two voters can talk, one of which is a router; else nobody is."""
    cut(*ways)
    can = [
        node.name
        for node in PAIR
        if any({(node, o), (o, node)}.isdisjoint(ways) for o in HOSTS if o is not node)
    ]
    wait_for(f"one of {can} is Active", lambda: is_active(can))
    stays(f"one of {can} is Active", lambda: is_active(can), LEASE_SEC / 2)
    cut()
    wait_for("r1 is Active again", lambda: is_active(["r1"]))


def test_witness_is_not_needed_by_two():
    """Its end, its silence and its return move nothing."""
    before = transitions()
    end_witness()
    wait_for("r1 says so", lambda: None if "has not answered" in warnings() else warnings())
    start_witness()
    wait_for("all voters answer", whole)
    assert transitions() == before


def warnings(node=R1, family="v4"):
    """Of the virtual router."""
    return str(node.family(family)["warnings"])


def test_loss_of_two_of_three_takes_the_addresses_away():
    """And says why; the first that comes back gives them back."""
    end_witness()
    cut(*both_ways(R1, R2))
    wait_for("nobody is Active", lambda: is_active([]))
    assert R1.family("v4")["lastReason"] == "no-majority"
    lacks = "has 1 of the 2 promises that it needs"
    wait_for("r1 says what it lacks", lambda: None if lacks in warnings() else warnings())
    for family, vip in VIPS.items():
        assert R1.has_not_address("vip0", vip) is None, family
    said = R1.show_json("vrrpd", "show vrrp history json")
    assert "no-majority" in str(said)
    start_witness()
    wait_for("one is Active", lambda: is_active(["r1", "r2"]))


def test_router_that_dies_is_replaced_with_the_witness_alone():
    """Both families; and when it is back, it is Active again."""
    R1.kill("vrrpd")
    R2.wait_state("Active")
    R1.start("vrrpd")
    R1.wait_state("Active")


def test_router_that_dies_is_not_replaced_without_the_witness():
    """One of three is no majority."""
    end_witness()
    R1.kill("vrrpd")
    wait_for(
        "r2 would take over",
        lambda: None if "would take over" in warnings(R2) else warnings(R2),
    )
    stays("r2 is Backup", lambda: differs(R2.state(), "Backup"), 3 * LEASE_SEC)
    start_witness()
    R2.wait_state("Active")


def test_switchover_hands_the_promises_over():
    """r2 is Active, and r1 does not preempt."""
    R1.vtysh("vrrp switchover interface eth0 10")
    R2.wait_state("Active")
    for family in FAMILIES:
        assert R1.family(family)["lastReason"] == "handed-over"
    stays("r2 is Active", lambda: is_active(["r2"]), 2 * LEASE_SEC)
    R2.vtysh("vrrp switchover interface eth0 10")
    R1.wait_state("Active")


def test_router_that_is_shut_down_is_still_a_voter():
    """r2 takes over without the witness."""
    end_witness()
    R1.configure(GROUP, "vrrp 10 shutdown")
    R2.wait_state("Active")
    R1.configure(GROUP, "no vrrp 10 shutdown")
    R1.wait_state("Active")


def test_keys_are_those_of_the_group():
    """A witness with another key gives no promise, one with the same does."""
    with open("/tmp/w/keys", "w", encoding="ascii") as file:
        file.write(f"1 {SECRET[::-1]}\n")
    W.must_run("chmod 600 /tmp/w/keys")
    before = transitions()
    end_witness()
    for node in PAIR:
        node.configure(*CHAIN, "exit", "exit", GROUP, "vrrp 10 authentication key-chain k mode permissive")
    for node in PAIR:
        node.configure(GROUP, "vrrp 10 authentication key-chain k")
    start_witness("--keys=/tmp/w/keys")
    wait_for("the witness is silent", lambda: None if whole() else "it answers")
    stays("the witness is silent", lambda: None if whole() else "it answers", 3 * LEASE_SEC)
    end_witness()
    with open("/tmp/w/keys", "w", encoding="ascii") as file:
        file.write(f"# of the pair\n1 {SECRET}\n")
    start_witness("--keys=/tmp/w/keys")
    wait_for("all voters answer", whole)
    end_witness()
    for node in PAIR:
        node.configure(GROUP, "vrrp 10 authentication key-chain k mode permissive")
    start_witness()
    wait_for("all voters answer", whole)
    for node in PAIR:
        node.configure(GROUP, "no vrrp 10 authentication")
    assert transitions() == before


def test_stranger_gets_no_answer():
    """Neither from a witness, which says so, nor from a router; a router gets one from the witness."""
    SWITCH.must_run("ip address replace 192.0.2.222/26 dev br0")
    end_witness()
    start_witness()
    assert answers(R2, of(R2, "v4"), 0, of(W, "v4"))
    for target in (of(W, "v4"), of(R1, "v4")):
        assert not answers(SWITCH, "192.0.2.222", PORT, target), target
    with open(WITNESS_LOG, encoding="ascii") as log:
        assert "refused a packet from 192.0.2.222: no --from has this address" in log.read()


def test_questions_whose_answers_nobody_hears_take_no_room():
    """As who forges a router's address can ask them: of any number of groups."""
    before = transitions()
    with socket_in(R2, socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((of(R2, "v4"), 0))
        for i in range(GROUPS):
            sock.sendto(question(of(R2, "v4"), f"forged-{i}"), (of(W, "v4"), PORT))
    assert answers(R2, of(R2, "v4"), 0, of(W, "v4"), "late")
    wait_for("all voters answer", whole)
    assert transitions() == before


def question(source, name=""):
    """It asks for nothing, and repeats no token."""
    return GREETING + bytes(8) + name.encode().ljust(32, b"\0") + socket.inet_aton(source) + bytes(28)


def answers(node, source, port, target, name=""):
    """Does the target answer a node that greets it?"""
    greeting = question(source, name)
    with socket_in(node, socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1)
        sock.bind((source, port))
        for _ in range(5):
            sock.sendto(greeting, (target, PORT))
            try:
                return len(sock.recv(200)) == len(greeting)
            except TimeoutError:
                pass
    return False
