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
import re
import time
from contextlib import ExitStack

import pytest

from helpers.claims import longest_both
from helpers.events import Recorder
from helpers.installed import Installed, at_once
from helpers.namespace import link
from helpers.recipe import README, RECIPES, addition, commands, complete, headings
from helpers.router import MACHINES
from helpers.wait import differs, stays, wait_for
from helpers.ways import Ways

R1, R2, CORE, H1 = (Installed(name) for name in ("r1", "r2", "core", "h1"))
FAMILIES = ("v4", "v6")
VIPS = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
LAN = "On one LAN, by multicast"
LAN_VIPS = {"v4": "192.0.2.60", "v6": "2001:db8:1::100"}
EXAMPLES = [(README, heading) for heading in headings(README)] + [
    (RECIPES, heading) for heading in headings(RECIPES)
]
# from when one router is Active again until the other has withdrawn its way, and core knows
MOVE_SEC = 1.0
# one LSP a second, and one SPF: so long IS-IS may keep the way that another replaces
ISIS_SEC = 3.0
# MinLSInterval (RFC 2328 section 12.4), and a second: so late OSPF withdraws the way of who
# was Active for an instant only, when both boot at once
OSPF_SEC = 6.0
# OSPFv3 of FRR 10.3 takes a route back for seconds while it meets a second neighbor: who
# is cut off then takes over, without core having two ways
CUT_OFF_SEC = 4.0
# what FRR 10.3 logs as errors at each start of any router, with or without a vrrpd
FRRS_OWN = re.compile(
    r" MGMTD: "  # files there are none of, vtysh -b for several daemons at once
    r"|ZEBRA: libyang |oper_walk_done: ERROR|BE-client: "  # zebra's reports to mgmtd
    r"|Higher order sequence number"  # ospf6d: the first start
    r"|Failure handling event BGP_Start in state Idle"  # bgpd: unnumbered, before the first RA
    r"|rcvd route-refresh \(EoRR\)"  # bgpd: of core's answer to its route-maps
    # zebra: a route whose link comes or goes at that moment
    r"|Failed to enqueue dataplane install|Failed to install Nexthop|Extended Error|netlink-dp"
    r"|\[EC 100663301\]"  # libfrr: zebra speaks of a link that it has not told of yet
    # and User-Mode Linux has no families of nftables
    r"|filter on virtual MACs: cannot add \S+: Operation not supported"
)
# FRR shows these by another command
SHOWN_AS = {
    "lsp-gen-interval 1": "lsp-timers gen-interval 1 refresh-interval 900 max-lifetime 1200"
}
CORE_DAEMONS = "sed -i -E 's/^(ospfd|ospf6d|isisd|bgpd)=no/\\1=yes/' /etc/frr/daemons"
BROADCAST = "no ip ospf network", "no ipv6 ospf6 network"


def setup_module():
    """The cables, core and h1."""
    for machine in (R1, R2, CORE, H1):
        machine.build()
    for router in (R1, R2):
        link("eth0", router, f"{router.name}a", CORE)
        link("eth1", router, f"{router.name}b", CORE)
    link("eth0", H1, "h1", CORE)
    H1.must_run(
        "ip address add 192.0.2.130/26 dev eth0; ip route add default via 192.0.2.129;"
        "ip -6 address add 2001:db8:4::130/64 dev eth0 nodad;"
        "ip -6 route add default via 2001:db8:4::129"
    )
    with open("core.conf", encoding="ascii") as file:
        CORE.install(file.read(), CORE_DAEMONS)
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
        """What there is to say is said of addresses."""


def say(text):
    """What was measured."""
    print(text, flush=True)


def prefix(address):
    """As a host route."""
    return f"{address}/{128 if ':' in address else 32}"


def unanswered(address):
    """A check: h1's ping is answered."""
    status, output = H1.run(f"ping -n -c 1 -W 1 {address}")
    return output if status else None


def wait_settled(net, seconds):
    """r1 has the VIPs, and that is known, in so many seconds from now."""
    deadline = time.monotonic() + seconds
    for family in FAMILIES:
        for router, state in ((R1, "Active"), (R2, "Backup")):
            wait_for(
                f"{router.name} {family} is {state}",
                lambda r=router, s=state, f=family: differs(r.state(f), s),
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
        router.install(example.configuration[router.name], *example.commands[router.name])


def boot(net, seconds, *routers):
    """They are switched on at once; and all is as it should be in time."""
    began = time.monotonic()
    for said in at_once(*(router.power_on for router in routers)):
        assert "failure" not in said, said
    wait_settled(net, seconds)
    check_logs()
    names = " and ".join(router.name for router in routers)
    say(f"{names} up after {time.monotonic() - began:.0f} s")


def check_configuration(router, text):
    """Each line is in the running configuration."""
    running = {line.strip() for line in router.vtysh("show running-config")[1].splitlines()}
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
            check_configuration(router, example.configuration[router.name])
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
        whole = example.configuration[router.name] + addition(more)
        example.configuration[router.name] = change(router.name, whole)
    return example


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

    def of_router(name, text):
        if name == "r2":
            text = text.replace("router bgp 65001", "router bgp 65002")
            text = text.replace("192.0.2.62 unsup", "198.51.100.62 unsup")
            text = text.replace("2001:db8:1::ff unsup", "2001:db8:2::ff unsup")
        return text

    example = with_addition("BGP", "BGP beneath an aggregate", of_router)
    install(example)
    with Fabric(False) as net:
        boot(net, example.seconds, R1, R2)
        R1.must_run("ip route add default via 192.0.2.62 table 112 proto static")
        wait_for(
            "bgpd of r1 has it",
            lambda: None if bgp_has(R1, "0.0.0.0/0") else "not yet",
        )
        stays("core has no default", lambda: bgp_has(CORE, "0.0.0.0/0"), 1)


def bgp_has(router, prefix_):
    """A check that it has none, or the paths."""
    return router.show_json("bgpd", f"show bgp ipv4 unicast {prefix_} json").get("paths")


def test_installing_on_a_running_router_starts_vrrpd_and_touches_nobody_else():
    """What README says of it; and after a reload watchfrr looks after vrrpd as well."""
    example = complete("Configure", README)
    at_once(R1.cut_power, R2.cut_power)
    without = [line.replace("|vrrpd", "") for line in example.commands["r1"]]
    R1.install(example.configuration["r1"], *without)
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
