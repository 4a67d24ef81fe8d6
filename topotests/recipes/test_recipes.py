# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy macvlan ns veth
# timeout: 1500
"""
Every configuration that README.md or doc/user/recipes.md prints for r1 and r2 is booted.

    r1 ===+
          core --- h1
    r2 ===+

It is taken from the document, with the commands beside it, into an empty /etc/frr, and
FRR's own init script starts it, with the protocols' default timers. Within the time that
the document names r1 is Active and r2 Backup, core has the VIPs over r1 alone, and h1
gets an answer. So it is again after r2 was rebooted, and then r1, by a power failure. All
that is switched on has been switched off with the example before: both boot at once.
core runs all protocols all the time; its kernel tells of each change of its ways
(helpers.ways). It never has two to a VIP for longer than a move takes.
"""
import fcntl
import itertools
import os
import re
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest

from helpers.claims import longest_both
from helpers.events import Recorder
from helpers.installed import Installed, at_once
from helpers.namespace import link
from helpers.recipe import README, RECIPES, addition, commands, complete, headings
from helpers.router import MACHINES
from helpers.wait import differs, stays, wait_for
from helpers.ways import Ways

# which of the processes this is (conftest.py)
PLACE = os.environ.get("PYTEST_XDIST_WORKER", "")
R1, R2, CORE, H1 = (Installed(f"{name}{PLACE}") for name in ("r1", "r2", "core", "h1"))
FAMILIES = ("v4", "v6")
VIPS = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
LAN = "On one LAN, by multicast"
LAN_VIPS = {"v4": "192.0.2.60", "v6": "2001:db8:1::100"}
EXAMPLES = [(README, heading) for heading in headings(README)] + [
    (RECIPES, heading) for heading in headings(RECIPES)
]
# How long core may have two ways. Each bound is several times what the protocol was seen to take,
# on a busy machine too, and well under what lasts: routes that nobody withdraws, or two Active
# routers until they can hear each other.
# From when one router is Active again until the other, which announces for 200 ms more, has
# withdrawn its way, and core knows. Seen: 0.2 s.
MOVE_SEC = 2.5
# one LSP a second, one SPF a second, and an LSP that was lost once is sent again after 5 s: the
# time for which IS-IS may keep a replaced way. Seen: 3.02 s. Without lsp-gen-interval: 30 s.
ISIS_SEC = 12.0
# twice MinLSInterval (RFC 2328 section 12.4), and as much again: so late OSPF withdraws the way of
# who was Active for an instant only, when it has just announced that it came. Seen: 11.22 s.
# Two Active routers at each cold start are so for 45 s.
OSPF_SEC = 25.0
# OSPFv3 of FRR 10.3 takes a route back for seconds while it meets a second neighbor: who
# is cut off then takes over, without core having two ways. Seen: 0.49 s.
CUT_OFF_SEC = 4.0
# The seconds of the documents are those of a machine with nothing else to do, and some are those of
# a startup-hold; on a busy one each daemon starts later. What it took is printed.
BUSY = 2
# what FRR 10.3 logs as errors at each start of any router, with or without a vrrpd
FRRS_OWN = re.compile(
    # files there are none of, vtysh -b for several daemons at once. vrrpd is no back end of
    # mgmtd's, and that all lines are configured is looked at: check_configuration()
    r" MGMTD: "
    # zebra: reports to mgmtd, which has gone or not come yet, of what it knows only half
    r"| ZEBRA: \[\S+\] BE-client: msg_conn_send_msg: can't send message on closed connection$"
    r"| ZEBRA: \[\S+\] NB_OP_CHANGE: oper_walk_done: ERROR: Error .*/frr-interface:lib/interface\["
    r"| ZEBRA: libyang .* \(/frr-(vrf:lib/vrf|interface:lib/interface)/state/[a-z-]+\)$"
    r"| OSPF6: \[\S+\] Higher order sequence number \d+ "  # ospf6d: each start
    # bgpd: unnumbered, before the first RA; and core's answer to its route-maps
    r"| BGP: \[.*\] eth\d \[FSM\] Failure handling event BGP_Start in state Idle, "
    r"| BGP: \[.*\] eth\d\(\w+\) rcvd route-refresh \(EoRR\) for IPv6/unicast, whereas no BoRR"
    # any: zebra tells of a link's state before it tells of the link, while all start
    r"| \w+: \[.*\] INTERFACE_STATE: Cannot find IF \S+ in VRF 0$"
    # zebra: unnumbered, an RA before the link has an address
    r"| ZEBRA: \[.*\] eth\d\(\d+\): Tx RA failed, socket \d+ error 99 \("
    # zebra: the kernel took the route away with its link, and that is read before our withdrawal,
    # which was sent first; that ours are there when they should be is looked at: announced()
    r"| ZEBRA: \[.*\] \d+:(112|254):\S+: Failed to enqueue dataplane install$"
    # zebra: a way of OSPF to the VIP itself, while the address comes
    r"| ZEBRA: \[\S+\] Extended Error: Invalid flags for nexthop - PERVASIVE and ONLINK can not be set$"
    r"| ZEBRA: \[\S+\] Extended Error: Nexthop id does not exist$"
    r"| ZEBRA: \[.*\] netlink-dp \(NS 0\) error: Invalid argument, type=RTM_NEW(NEXTHOP|ROUTE)\("
    r"| ZEBRA: \[.*\] Failed to install Nexthop \(\d+\[0\.0\.0\.0 if \d+ vrfid 0\]\) into the kernel$"
    # zebra, busy: the nexthop of a link that has gone down again meanwhile, as a Backup's macvlan has
    r"| ZEBRA: \[\S+\] Extended Error: Nexthop device is not up$"
    r"| ZEBRA: \[.*\] netlink-dp \(NS 0\) error: (Network is down|No such device), type=RTM_NEW(NEXTHOP|ROUTE)\("
    r"| ZEBRA: \[.*\] Failed to install Nexthop \(\d+\[(\S+ )?if \d+ vrfid 0\]\) into the kernel$"
    # libfrr in any daemon: zebra speaks of a link that it has not told of yet
    r"|\[EC 100663301\] (INTERFACE_\w+: Cannot find IF|zebra_interface_link_params_read: unknown ifindex) "
    # watchfrr starts a daemon once more that is slow to start, and staticd anew
    r"|Could not lock pid_file /run/frr/\w+\.pid \(Resource temporarily unavailable\), exiting\."
    r"| ZEBRA: \[\S+\] \S+/zebra_ptm\.c:\d+ failed to find process pid registration$"
    r"| ZEBRA: \[.*\] buffer_flush_available: write error on fd \d+: Broken pipe$"
    # and User-Mode Linux has no families of nftables
    r"|filter on virtual MACs: cannot add \S+: Operation not supported$"
)
# FRR shows these by another command
SHOWN_AS = {
    "lsp-gen-interval 1": "lsp-timers gen-interval 1 refresh-interval 900 max-lifetime 1200"
}
CORE_DAEMONS = "sed -i -E 's/^(ospfd|ospf6d|isisd|bgpd)=no/\\1=yes/' /etc/frr/daemons"
BROADCAST = "no ip ospf network", "no ipv6 ospf6 network"


def role(router):
    """As the documents call it."""
    return router.name.removesuffix(PLACE)


def setup_module():
    """The cables, core and h1."""
    for machine in (R1, R2, CORE, H1):
        machine.build()
    for router in (R1, R2):
        link("eth0", router, f"{role(router)}a", CORE)
        link("eth1", router, f"{role(router)}b", CORE)
    link("eth0", H1, "h1", CORE)
    H1.must_run(
        "ip address add 192.0.2.130/26 dev eth0; ip route add default via 192.0.2.129;"
        "ip -6 address add 2001:db8:4::130/64 dev eth0 nodad;"
        "ip -6 route add default via 2001:db8:4::129"
    )
    with open("core.conf", encoding="ascii") as file:
        CORE.install(file.read(), CORE_DAEMONS)
    with starting():
        CORE.power_on()


def teardown_module():
    """Nothing is left."""
    for machine in list(MACHINES):
        machine.demolish()


def on_links_of_core(*lines):
    """Types lines for the links to eth0 of both routers."""
    for name in ("r1a", "r2a"):
        CORE.configure(f"interface {name}", *lines)


class Fabric:
    """core as a router between the three."""

    vips = VIPS

    def __init__(self, broadcast, move_sec=MOVE_SEC):
        self.broadcast, self.move_sec = broadcast, move_sec
        self.ways = Ways(CORE, owner=self._owner)
        self._names = {}

    def __enter__(self):
        if self.broadcast:
            on_links_of_core(*BROADCAST)
        self.ways.__enter__()
        return self

    def __exit__(self, *_):
        self.ways.__exit__()
        if self.broadcast:
            on_links_of_core(*(line.removeprefix("no ") + " point-to-point" for line in BROADCAST))

    def _owner(self, number):
        if number not in self._names:
            for line in CORE.must_run("grep . /sys/class/net/*/ifindex").splitlines():
                path, found = line.split(":")
                self._names[int(found)] = path.split("/")[4][:2]
        return self._names[number]

    def settled(self, family):
        """A check: core has the way by r1 alone, and h1 gets an answer."""
        seen = self.ways.now(CORE.name, prefix(VIPS[family]))
        return differs(seen, {"r1"}) or unanswered(VIPS[family])

    def judge(self):
        """Fails if there were two ways for too long."""
        for vip in map(prefix, VIPS.values()):
            two = self.ways.longest.get((CORE.name, vip), 0.0)
            say(f"{vip}: two ways for {two:.3f} s at most")
            assert two <= self.move_sec, (
                f"core had two ways to {vip} for {two:.2f} s, at most {self.move_sec} s is"
                f" allowed: {self.ways.story(CORE.name, vip)}"
            )


class Switch:
    """core as a switch: the three are on one LAN."""

    vips = LAN_VIPS
    PORTS = ("r1a", "r2a", "h1")

    def __enter__(self):
        CORE.must_run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up")
        for port in self.PORTS:
            CORE.must_run(f"ip link set {port} master br0")
        H1.must_run("ip address add 192.0.2.9/26 dev eth0")
        H1.must_run("ip -6 address add 2001:db8:1::9/64 dev eth0 nodad")
        return self

    def __exit__(self, *_):
        H1.must_run("ip address del 192.0.2.9/26 dev eth0")
        H1.must_run("ip -6 address del 2001:db8:1::9/64 dev eth0")
        CORE.must_run("ip link delete br0")

    def settled(self, family):
        """A check: h1 gets an answer."""
        return unanswered(self.vips[family])

    def judge(self):
        """Does nothing."""


def say(text):
    """Prints a measurement to stderr, since pytest shows no standard output."""
    print(f"{PLACE} {text}", file=sys.stderr, flush=True)


def prefix(address):
    """As a host route."""
    return f"{address}/{128 if ':' in address else 32}"


def announced(address):
    """A check: r1 says so of a VIP."""
    told = R1.show_json("vrrpd", "show vrrp vip json")
    [found] = [vip for vip in told if vip["address"] == address] or [{}]
    return None if found.get("announced") else str(found)


def unanswered(address):
    """A check: h1's ping is answered."""
    status, output = H1.run(f"ping -n -c 1 -W 1 {address}")
    return output if status else None


def wait_settled(net, seconds):
    """r1 has the VIPs, and their routes are known, within this number of seconds, or BUSY times it."""
    deadline = time.monotonic() + BUSY * seconds
    for family in FAMILIES:
        for router, state in ((R1, "Active"), (R2, "Backup")):
            wait_for(
                f"{router.name} {family} is {state}",
                lambda r=router, s=state, f=family: differs(r.state(f), s),
                max(1, deadline - time.monotonic()),
            )
        wait_for(
            f"zebra of r1 has selected the route to the VIP {family}",
            lambda f=family: announced(net.vips[f]),
            max(1, deadline - time.monotonic()),
        )
        wait_for(
            f"h1 reaches the VIP {family} by r1 alone",
            lambda f=family: net.settled(f),
            max(1, deadline - time.monotonic()),
        )


def install(example):
    """Both routers, switched off, as the document has them."""
    at_once(R1.cut_power, R2.cut_power)
    for router in (R1, R2):
        router.install(example.configuration[role(router)], *example.commands[role(router)])


@contextmanager
def starting():
    """One process at a time starts FRR: on a busy machine watchfrr takes slow daemons for dead."""
    with open("/tmp/starting", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def boot(net, seconds, *routers):
    """They are switched on at once; and all is as it should be in time."""
    with starting():
        began = time.monotonic()
        for said in at_once(*(router.power_on for router in routers)):
            assert "failure" not in said, said
    wait_settled(net, seconds)
    check_logs()
    names = " and ".join(router.name for router in routers)
    say(f"{names} up after {time.monotonic() - began:.0f} s")


def check_configuration(router, text):
    """Each line is in the running configuration."""
    shown = router.vtysh("show running-config")[1].splitlines()
    running = {line.strip().removesuffix(" version 3") for line in shown}  # FRR 10.4: printed always
    lines = {SHOWN_AS.get(line.strip(), line.strip()) for line in text.splitlines()}
    assert lines - running - {"exit-address-family"} == set(), router.name


def check_logs():
    """Nothing of level error since they were switched on."""
    for router in (R1, R2):
        ours = [line for line in router.errors() if line and not FRRS_OWN.search(line)]
        assert ours == [], router.name


def reboot_all(net, seconds, times):
    """r2, as an operator does it, then r1, by a power failure; before the next time both."""
    for time_ in range(times):
        if time_:
            at_once(R1.cut_power, R2.cut_power)
            boot(net, seconds, R1, R2)
        R2.shut_down()
        boot(net, seconds, R2)
        R1.cut_power()
        boot(net, seconds, R1)


def move_sec(example):
    """How long a move may last, by the protocol that carries it."""
    text = "".join(example.configuration.values())
    return next(
        (
            seconds
            for protocol, seconds in (("ospf", OSPF_SEC), ("isis", ISIS_SEC))
            if f"router {protocol}" in text
        ),
        MOVE_SEC,
    )


@pytest.mark.parametrize("document, heading", EXAMPLES, ids=lambda words: words)
def test_example_as_printed_is_a_pair_after_each_boot(document, heading, pytestconfig):
    """As above."""
    example = complete(heading, document)
    install(example)
    with ExitStack() as stack:
        sec = move_sec(example)
        net = Switch() if heading == LAN else Fabric(document == README, sec)
        stack.enter_context(net)
        record = stack.enter_context(Recorder(R1, R2))
        boot(net, example.seconds, R1, R2)
        for router in (R1, R2):
            check_configuration(router, example.configuration[role(router)])
        reboot_all(net, example.seconds, pytestconfig.getoption("reboots"))
        at_once(R1.cut_power, R2.cut_power)
    net.judge()
    for vip in map(prefix, net.vips.values()):
        both = longest_both(record, vip, ())
        say(f"{vip}: on both for {both:.3f} s at most")
        assert both <= CUT_OFF_SEC, f"{vip} was on both for {both:.2f} s: {record.story(vip)}"


def with_addition(heading, more, change):
    """A complete example with the block under another heading, both passed through change()."""
    example = complete(heading)
    for router in (R1, R2):
        whole = example.configuration[role(router)] + addition(more)
        example.configuration[role(router)] = change(role(router), whole)
    return example


def test_a_dead_host_is_noticed_by_bfd():
    """The sessions of both families are up, on both."""
    example = with_addition("OSPF", "A dead host, noticed by BFD", lambda _, text: text)
    for commands_ in example.commands.values():
        commands_.append("sed -i s/^bfdd=no/bfdd=yes/ /etc/frr/daemons")
    install(example)
    with Fabric(False) as net:
        boot(net, example.seconds, R1, R2)
        for router, family in itertools.product((R1, R2), FAMILIES):
            wait_for(
                f"{router.name}: BFD is up",
                lambda r=router, f=family: differs(
                    [peer.get("bfdState") for peer in r.family(f)["peers"]], ["up"]
                ),
            )


def hold(router):
    """Why both families of it take no part."""
    return [router.family(family).get("hold") for family in FAMILIES]


def kill_bgpd():
    """Of r2; it is started as watchfrr does it, which waits for minutes after a few times."""
    R2.kill("bgpd")
    wait_for("r2 is held", lambda: differs(hold(R2), ["tracking"] * 2))
    R2.must_run(f"/usr/lib/frr/watchfrr.sh start bgpd >/tmp/{R2.name}.init 2>&1")


def cut_uplinks():
    """Of r2, for a while."""
    R2.must_run("ip link set eth0 down; ip link set eth1 down")
    wait_for("r2 is held", lambda: differs(hold(R2), ["tracking"] * 2))
    R2.must_run("ip link set eth0 up; ip link set eth1 up")


def heard(router):
    """How many advertisements, of each family."""
    return [router.family(family)["stats"]["adverRx"] for family in FAMILIES]


def wait_r1_heard():
    """By r2: whoever has come back and loses the way to its peer before it hears it waits again."""
    before = heard(R2)
    wait_for(
        "r2 hears r1",
        lambda: None if all(now > 1 + then for now, then in zip(heard(R2), before)) else before,
    )


def test_who_is_cut_off_does_not_take_over(pytestconfig):
    """Whatever cuts r2 off, core never has two ways; and r2 takes over from a dead r1."""
    example = with_addition("BGP unnumbered", "Cut off is not dead", lambda _, text: text)
    install(example)
    with Fabric(False) as net:
        boot(net, example.seconds, R1, R2)
        R2.kill("watchfrr")
        net.ways.longest.clear()
        for cut in (kill_bgpd, cut_uplinks) * pytestconfig.getoption("reboots"):
            cut()
            wait_settled(net, example.seconds)
            say(f"{cut.__name__}: {net.ways.longest}")
        for vip in map(prefix, VIPS.values()):
            two = net.ways.longest.get((CORE.name, vip), 0.0)
            assert not two, f"two ways for {two:.3f} s: {net.ways.story(CORE.name, vip)}"
        wait_r1_heard()
        began = time.monotonic()
        R1.cut_power()
        R2.wait_state("Active")
        for vip in VIPS.values():
            wait_for("h1 gets an answer of r2", lambda v=vip: unanswered(v))
        say(f"h1 gets an answer {time.monotonic() - began:.1f} s after r1 has died")


def on_r2(*replacements):
    """A change for with_addition(): r2's part says this for that, and has an AS of its own."""

    def change(name, text):
        if name == "r2":
            for old, new in (("router bgp 65001", "router bgp 65002"), *replacements):
                text = text.replace(old, new)
        return text

    return change


NEIGHBORS_OF_CORE = {
    "r1": ("192.0.2.1", "2001:db8:1::1"),
    "r2": ("198.51.100.1", "2001:db8:2::1"),
}


FAMILY_OF_BGP = {"v4": "ipv4 unicast", "v6": "ipv6 unicast"}


def core_has_paths(family):
    """Of core: who told of each path to the VIP, the best one first."""
    shown = CORE.show_json("bgpd", f"show bgp {FAMILY_OF_BGP[family]} {prefix(VIPS[family])} json")
    paths = sorted(shown.get("paths", []), key=lambda path: "bestpath" not in path)
    owners = {address: name for name, own in NEIGHBORS_OF_CORE.items() for address in own}
    return [owners.get(path["peer"]["peerId"]) for path in paths]


@contextmanager
def internal_bgp():
    """core reflects routes within its own AS, to r1 and r2."""
    lines = ["router bgp 65100"]
    for own in NEIGHBORS_OF_CORE.values():
        for address, family in zip(own, FAMILY_OF_BGP.values()):
            lines += [f"neighbor {address} remote-as 65100", f"address-family {family}"]
            lines += [f"neighbor {address} route-reflector-client", "exit-address-family"]
    CORE.configure(*lines)
    try:
        yield
    finally:
        for asn, name in ((65001, "r1"), (65002, "r2")):
            for address, family in zip(NEIGHBORS_OF_CORE[name], FAMILY_OF_BGP.values()):
                CORE.configure(
                    "router bgp 65100",
                    f"address-family {family}",
                    f"no neighbor {address} route-reflector-client",
                    "exit-address-family",
                    f"neighbor {address} remote-as {asn}",
                )


def standing_by(is_internal):
    """The recipe, as r1 and r2 have it."""
    own = on_r2(
        ("192.0.2.62 addpath", "198.51.100.62 addpath"),
        ("2001:db8:1::ff addpath", "2001:db8:2::ff addpath"),
        ("prepend 65001 65001", "prepend 65002 65002"),
    )

    def change(name, text):
        text = own(name, text)
        if is_internal:
            text = re.sub(r"^router bgp \d+", "router bgp 65100", text, flags=re.MULTILINE)
            text = re.sub(r"^ set as-path prepend .*\n", "", text, flags=re.MULTILINE)
        return text

    return with_addition("BGP", "A standby route by BGP", change)


@pytest.mark.parametrize("is_internal", (False, True), ids=("external", "internal"))
def test_a_standby_route_is_known_and_leads_to_the_active_router(is_internal):
    """core has both paths, and r2 sends on what arrives there, so that r1 answers."""
    example = standing_by(is_internal)
    install(example)
    with ExitStack() as stack:
        net = stack.enter_context(Fabric(False))
        if is_internal:
            stack.enter_context(internal_bgp())
        boot(net, example.seconds, R1, R2)
        for family, vip in VIPS.items():
            wait_for(
                f"core has the standby path of r2, {family}",
                lambda f=family: differs(core_has_paths(f), ["r1", "r2"]),
            )
            wait_for(
                f"r2 reaches r1's VIP, {family}",
                lambda v=vip: None if R2.run(f"ping -n -c 1 -W 1 {v}")[0] == 0 else "not yet",
            )
        R1.cut_power()
        R2.wait_state("Active")
        for vip in VIPS.values():
            wait_for("h1 gets an answer of r2", lambda v=vip: unanswered(v))


def test_a_vip_is_reached_in_a_stub_area():
    """As a link of the area, or in an NSSA, since no external route enters it."""

    def into_area(_, text):
        # that of OSPFv2 comes first
        text = re.sub(r"^ redistribute .*\n", "", text, count=1, flags=re.MULTILINE)
        return text.replace("ospf area 0", "ospf area 1").replace("ospf6 area 0", "ospf6 area 1")

    example = with_addition("OSPF", "OSPF in a stub area", into_area)
    install(example)
    with Fabric(False) as net:
        move_links_of_core(0, 1)
        CORE.configure("router ospf", "area 1 stub", "exit", "router ospf6",
            "area 1 nssa default-information-originate")
        try:
            boot(net, example.seconds, R1, R2)
        finally:
            move_links_of_core(1, 0)


def move_links_of_core(before, after):
    """The links to both routers, from one area into another."""
    for command in ("ip ospf", "ipv6 ospf6"):
        on_links_of_core(f"no {command} area {before}", f"{command} area {after}")


def test_a_vip_is_reached_beneath_an_aggregate_and_nothing_else_of_the_table_goes_out():
    """It is let out beside it; a default route that somebody put into table 112 is not."""

    change = on_r2(
        ("192.0.2.62 unsup", "198.51.100.62 unsup"),
        ("2001:db8:1::ff unsup", "2001:db8:2::ff unsup"),
    )
    example = with_addition("BGP", "BGP beneath an aggregate", change)
    install(example)
    with Fabric(False) as net:
        boot(net, example.seconds, R1, R2)
        R1.must_run("ip route add default via 192.0.2.62 table 112 proto static")
        wait_for(
            "bgpd of r1 has it",
            lambda: None if bgp_has(R1, "0.0.0.0/0") else "not yet",
        )
        stays("core has no default", lambda: bgp_has(CORE, "0.0.0.0/0"), 1)


def move_to(router, net):
    """The VIPs move by an operator's hand; core knows, or suppresses it."""
    R1.configure("interface eth0", f"{'no ' if router is R1 else ''}vrrp 10 shutdown")
    router.wait_state("Active", ["v4"])
    wait_for(
        f"the way leads to {router.name} alone, if anywhere",
        lambda: differs(net.ways.now(CORE.name, prefix(VIPS["v4"])) - {role(router)}, set()),
    )


def dampened():
    """Whether core has the way and uses it not, for that."""
    return VIPS["v4"] in CORE.show("bgpd", "show bgp ipv4 unicast dampening dampened-paths")


def move_often(net):
    """Six moves, or until core dampens the way; after each other one h1 gets an answer."""
    for router in (R2, R1) * 3:
        move_to(router, net)
        wait_for(
            f"core has heard of the move to {router.name}",
            lambda: None if dampened() else unanswered(VIPS["v4"]),
        )
        if dampened():
            break


def test_a_vip_that_moves_often_is_reached_unless_the_fabric_dampens_it():
    """Which core does at first."""
    example = complete("BGP")
    install(example)
    CORE.configure("router bgp 65100", "address-family ipv4 unicast", "bgp dampening")
    with Fabric(False) as net:
        try:
            boot(net, example.seconds, R1, R2)
            move_often(net)
            assert dampened()
            stays(
                "h1 gets no answer",
                lambda: None if unanswered(VIPS["v4"]) else "it gets one",
                5,
            )
        finally:
            CORE.configure(*addition("BGP in a fabric that dampens", "fabric").splitlines())
        try:
            move_often(net)
            assert not dampened()
        finally:
            CORE.configure("router bgp 65100", "no neighbor 192.0.2.190")


def test_a_default_route_comes_from_the_active_router_alone():
    """Of each family; and from the other one when that has died."""
    change = on_r2(
        ("192.0.2.62 default-originate", "198.51.100.62 default-originate"),
        ("2001:db8:1::ff default-originate", "2001:db8:2::ff default-originate"),
    )
    example = with_addition("BGP", "A default route from the Active router", change)
    install(example)
    with Fabric(False) as net:
        boot(net, example.seconds, R1, R2)
        for router in (R1, R2):
            check_configuration(router, example.configuration[role(router)])
        wait_default_from("192.0.2.1")
        R1.cut_power()
        R2.wait_state("Active")
        wait_default_from("198.51.100.1")


def wait_default_from(neighbor):
    """core has the default route of that router alone, and no marker."""
    wait_for(
        f"core has one default route, of {neighbor}",
        lambda: differs(
            [path["peer"]["peerId"] for path in bgp_has(CORE, "0.0.0.0/0") or ()], [neighbor]
        ),
    )
    assert not bgp_has(CORE, "203.0.113.112/32")


BAD_PATH = "tc filter add dev {} ingress protocol {} flower ip_proto 0x70 action drop"


def test_a_pair_that_one_of_its_paths_takes_for_two_prefers_another():
    """Packets that leave by eth1 never reach the peer."""

    change = on_r2(
        ("PEER seq 5 permit 192.0.2.242", "PEER seq 5 permit 192.0.2.241"),
        ("PEER seq 5 permit 2001:db8::2", "PEER seq 5 permit 2001:db8::1"),
    )
    example = with_addition("BGP unnumbered", "BGP beside a path that drops VRRP", change)
    install(example)
    for name in ("r1b", "r2b"):
        CORE.must_run(f"tc qdisc add dev {name} clsact")
        CORE.must_run(BAD_PATH.format(name, "ip") + ";" + BAD_PATH.format(name, "ipv6"))
    try:
        with Fabric(False) as net:
            boot(net, example.seconds, R1, R2)
            configure_bad_path("no ")
            wait_for("advertisements to r2 leave by eth1", by_eth1)
            R2.wait_state("Active", ["v4"])
            assert R1.state("v4") == "Active"
            configure_bad_path("")
            wait_settled(net, example.seconds)
    finally:
        for name in ("r1b", "r2b"):
            CORE.must_run(f"tc qdisc del dev {name} clsact")


def configure_bad_path(prefix_):
    """r1 prefers the path that drops nothing, or takes that back."""
    R1.configure(
        "router bgp 65001",
        "address-family ipv4 unicast",
        f"{prefix_}neighbor eth1 route-map FROM-BAD-PATH in",
    )


SEEDS = itertools.count(1)


def by_eth1():
    """A check: r1's kernel sends by eth1 what is for r2; it decides anew each time."""
    R1.must_run(f"sysctl -qw net.ipv4.fib_multipath_hash_seed={next(SEEDS)}")
    way = R1.must_run("ip route get 192.0.2.242 from 192.0.2.241")
    return None if "dev eth1" in way else way


def bgp_has(router, prefix_):
    """A check that it has none, or the paths."""
    return router.show_json("bgpd", f"show bgp ipv4 unicast {prefix_} json").get("paths")


def test_installing_on_a_running_router_starts_vrrpd_and_touches_nobody_else():
    """The steps of the README; and after a reload watchfrr watches vrrpd as well."""
    example = complete("Configure", README)
    at_once(R1.cut_power, R2.cut_power)
    without = [line.replace("|vrrpd", "") for line in example.commands["r1"]]
    R1.install(example.configuration["r1"], *without)
    with starting():
        R1.power_on()
    others = ("watchfrr", "mgmtd", "zebra", "ospfd", "ospf6d")
    before = {name: R1.pid(name) for name in others}
    assert R1.pid("vrrpd") is None and None not in before.values(), before
    for line in commands("Install", README)[0][-2:]:
        R1.must_run(f"({line}) >/tmp/r1.install 2>&1")
    assert R1.alive("vrrpd") and {name: R1.pid(name) for name in others} == before
    assert R1.groups(), "it has its part of frr.conf"
    R1.must_run("/usr/lib/frr/frrinit.sh reload >/tmp/r1.reload 2>&1")
    del before["watchfrr"]
    assert {name: R1.pid(name) for name in before} == before
    wait_for(
        "watchfrr watches vrrpd",
        lambda: None if "vrrpd" in R1.show("watchfrr", "show watchfrr") else "not yet",
    )
