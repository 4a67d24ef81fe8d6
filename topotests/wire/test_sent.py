# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 300
"""
What our router puts on the wire, octet by octet, requirement by requirement.

r1 is told a life: it boots, is Active, is asked, asks itself, becomes Backup and
Active again, gets new addresses, is killed, starts again and is stopped. All of it
is recorded, on the link of h1 who sees and asks it, and inside r1. Then each test
looks at the records for one rule. The name of its row is that of the ledger.
"""
import json

import pytest

from helpers import packet, rival, topology
from helpers.events import Word
from helpers.frames import (
    ARP_REQUEST,
    ND_ADVERTISEMENT,
    ND_SOLICITATION,
    Advert,
    Arp,
    Neighbor,
    lladdr,
)
from helpers.recording import Recording, write_pcap
from helpers.wait import differs, wait_for
from helpers.wire import Wire, answer

READER = "/build/tests/vrrp_pcap"
NODES = {}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
# nobody talks to these but who asks for them
LOOKED_FOR = {"v4": "192.0.2.19", "v6": "2001:db8:1::19"}
PRIMARY, SECONDARY = "192.0.2.1", "192.0.2.5"
OWN_V6 = "2001:db8:1::1"
GROUP = {
    "v4": ("224.0.0.18", "01:00:5e:00:00:12"),
    "v6": ("ff02::12", "33:33:00:00:00:12"),
}
EVERYONE = {
    "v4": (None, "ff:ff:ff:ff:ff:ff"),
    "v6": ("ff02::1", "33:33:00:00:00:01"),
}

# (VRID, family): virtual addresses in the order in which they are sent
THREE, SIX, TWO = (10, "v4"), (20, "v6"), (30, "v4")
OWNER4, OWNER6, OWNER_TWO = (50, "v4"), (50, "v6"), (51, "v4")
UNICAST4, UNICAST6 = (40, "v4"), (40, "v6")
OWNERS = (OWNER4, OWNER6, OWNER_TWO)
YIELDING = (THREE, SIX)
LAN = {
    THREE: ("192.0.2.10", "192.0.2.11"),
    SIX: ("fe80::20", "2001:db8:1::20"),
    TWO: ("192.0.2.30",),
    OWNER4: ("192.0.2.50",),
    OWNER6: ("fe80::50", "2001:db8:1::50"),
    OWNER_TWO: ("192.0.2.51",),
}
UNICAST = {UNICAST4: ("203.0.113.40",), UNICAST6: ("2001:db8:ffff::40",)}
ALL = {**LAN, **UNICAST}
ADDED = {THREE: ("192.0.2.12",), SIX: ("2001:db8:1::21",)}
REFUSED = "2001:db8:1::22"
LAN_VIPS = {vip for vips in LAN.values() for vip in vips}
VERSION_2 = (TWO, OWNER_TWO)
VERSION_3 = tuple(router for router in ALL if router not in VERSION_2)
LAN4, LAN6 = (THREE, OWNER4), (SIX, OWNER6)
# who becomes Active when; and after what time it may announce all of them once more
BECOMING = {"boot": tuple(ALL), "again": YIELDING, "restart": tuple(ALL)}
REFRESH_SEC = 4
# the parts in which it ends
ENDS = ("killed", "stop")
PRIORITY = {router: 255 if router in OWNERS else 150 for router in ALL}


def vmac(router):
    """The virtual MAC of a virtual router."""
    vrid, family = router
    return f"00:00:5e:00:0{1 if family == 'v4' else 2}:{vrid:02x}"


def build(tgen):
    """A switch with a router and a host."""
    tgen.add_switch("lan")
    tgen.add_router("r1")
    tgen.add_host("h1", f"{HOST['v4']}/24", f"via {PRIMARY}")
    for name in ("r1", "h1"):
        topology.link(tgen, name, "lan")


def setup_module(module):
    """vrrpd does not run yet."""
    NODES.update(topology.start(build, module.__name__, {"r1": ()}))
    NODES["r1"].gear.load_config(topology.RD_VRRP, "")
    NODES["r1"].must_run("ip link add nlmon0 type nlmon && ip link set nlmon0 up")
    NODES["h1"].must_run(f"ip address add {LOOKED_FOR['v4']}/24 dev h1-lan")
    for address in (HOST["v6"], LOOKED_FOR["v6"]):
        NODES["h1"].must_run(f"ip -6 address add {address}/64 dev h1-lan nodad")
    for node in NODES.values():
        wait_for("no address is tentative", lambda n=node: tentative(n))


def teardown_module():
    """Takes it down."""
    topology.stop()


def tentative(node):
    """A check: duplicate address detection is through."""
    return node.must_run("ip -6 address show tentative") or None


class Story:
    """The life of r1, and what was seen of it, by its parts."""

    def __init__(self):
        self.r1, self.h1 = NODES["r1"], NODES["h1"]
        self.mac = self.r1.link("r1-lan")["address"]
        self.link_local = link_local(self.r1, "r1-lan")
        self.wire = Wire(self.h1, "h1-lan")
        self._outside = Recording(self.h1, "h1-lan")
        self._inside = Recording(self.r1)
        self.seen, self.inside = {}, {}
        self.answers, self.groups, self.pings, self.devices = {}, {}, {}, {}

    def tell(self):
        """All of it."""
        self.part("boot", self.boot)
        self.part("active", self.ask, "active")
        self.part("reached", self.ping_owners)
        self.part("asking", self.let_it_ask)
        self.part("yielding", self.make_backup, YIELDING)
        self.part("backup", self.ask, "backup")
        self.part("again", self.make_active, YIELDING)
        self.part("added", self.add_vips)
        self.part("refused", self.refuse_a_vip)
        self.part("granted", self.grant_it)
        self.part("killed", self.kill)
        # among what it left
        self.part("restart", self.boot)
        self.part("stop", self.stop)

    def part(self, name, act, *args):
        """Something happens; what is seen until it is over belongs to it."""
        self.wire.drain()
        act(*args)
        self.seen[name] = self._outside.take()
        self.inside[name] = self._inside.take()

    # What happens

    def boot(self):
        """The daemon starts, and becomes Active."""
        self.r1.start("vrrpd")
        self.wait_active(ALL)
        self.devices = {router: self.device(router) for router in LAN}

    def stop(self):
        """It says so itself of each virtual router."""
        self.r1.stop("vrrpd")
        self.hear("priority 0", released, set(ALL))

    def kill(self):
        """And its guardian says so of each virtual router."""
        self.r1.kill("vrrpd")
        self.hear("priority 0", released, set(ALL))

    def hear(self, what, name, wanted):
        """Waits until h1 has heard of all of these in this part; name() tells of which a frame is."""
        heard = set()

        def missing():
            heard.update(name(frame) for frame in self.wire.frames(0.1))
            return differs(heard & wanted, wanted)

        wait_for(f"{what} is heard", missing)

    def wait_active(self, routers):
        """And has its addresses."""
        for vrid, family in routers:
            self.r1.wait_state("Active", [family], vrid)
        vips = {vip for router in routers for vip in LAN.get(router, ())}
        self.hear("the announcement of each address", announcing, vips)

    def ask(self, when):
        """h1 asks who has the virtual addresses; r1's groups are looked at."""
        vips = [vip for vips in ALL.values() for vip in vips]
        self.answers[when] = self.wire.who_has(vips, HOST, seconds=2)
        self.groups[when] = memberships(self.r1.must_run("ip -6 maddress show"))

    def ping_owners(self):
        """h1 does."""
        for router in OWNERS:
            vip = LAN[router][-1]
            self.pings[vip] = self.h1.run(f"ping -c 1 -W 5 {vip}")[0]

    def let_it_ask(self):
        """r1 looks for h1, also in the name of its virtual addresses."""
        for vips in LAN.values():
            self.r1.must_run("ip neigh flush dev r1-lan")
            # a link-local address is one of its own link only
            vip = vips[-1]
            self.r1.must_run(f"ping -c 1 -W 5 -I {vip} {LOOKED_FOR[family_of(vip)]}")

    def make_backup(self, routers):
        """h1 is better, and says that it is not seen often."""
        rival.follow(self.r1, routers, self.say_seldom, enough_msec=6000)

    def say_seldom(self, router):
        """An advertisement of h1."""
        self.send(router, 254, interval_cs=rival.INTERVAL_CS)

    def make_active(self, routers):
        """h1 leaves."""
        for router in routers:
            self.send(router, 254, interval_cs=10)
            self.send(router, 0)
        self.wait_active(routers)

    def add_vips(self):
        """New virtual addresses while Active."""
        self.r1.configure(
            "interface r1-lan",
            f"vrrp {THREE[0]} ip {ADDED[THREE][0]}",
            f"vrrp {SIX[0]} ipv6 {ADDED[SIX][0]}",
        )
        for router, vips in ADDED.items():
            self.wait_there(router, *vips)

    def refuse_a_vip(self):
        """
        The kernel will not have an IPv6 address on the virtual MAC. vrrpd, which looks at its
        sysctls every few seconds, may allow it again too soon: then it is done once more.
        """
        command = f"vrrp {SIX[0]} ipv6 {REFUSED}"
        for _ in range(5):
            self.r1.must_run(f"sysctl -w {self.disable_ipv6()}=1")
            self.r1.configure("interface r1-lan", command)
            wait_for("the kernel refuses it, or not", self.is_undecided)
            if self.refused():
                return
            self.r1.configure("interface r1-lan", f"no {command}")
            self.wait_gone(SIX, REFUSED)
            self._outside.take()
            self._inside.take()
        raise AssertionError("vrrpd allowed IPv6 again each time before the address came")

    def is_undecided(self):
        """A check: that address is neither there nor refused."""
        there = self.r1.has_address(self.device(SIX), f"{REFUSED}/128") is None
        return None if there or self.refused() else "neither"

    def grant_it(self):
        """Now it will."""
        self.r1.must_run(f"sysctl -w {self.disable_ipv6()}=0")
        self.wait_there(SIX, REFUSED)
        wait_for(
            "it is tried again", lambda: "it is refused" if self.refused() else None
        )

    # What is asked of r1 itself

    def device(self, router):
        """The link with the virtual MAC."""
        return self.r1.family(router[1], router[0])["interface"]

    def disable_ipv6(self):
        """A sysctl."""
        return f"net.ipv6.conf.{self.device(SIX)}.disable_ipv6"

    def refused(self):
        """Does r1 tell of an error with that address?"""
        vips = self.r1.show_json("vrrpd", "show vrrp vip json")
        return [v for v in vips if v["address"] == REFUSED and "error" in v]

    def wait_gone(self, router, vip):
        """It is not on its link."""
        prefix = f"{vip}/{128 if ':' in vip else 32}"
        device = self.device(router)
        wait_for(f"r1 has no {prefix}", lambda: self.r1.has_not_address(device, prefix))

    def wait_there(self, router, vip):
        """It is on its link."""
        prefix = f"{vip}/{128 if ':' in vip else 32}"
        device = self.device(router)
        wait_for(f"r1 has {prefix}", lambda: self.r1.has_address(device, prefix))

    def send(self, router, priority, **fields):
        """h1 sends an advertisement."""
        vrid, family = router
        source = HOST["v4"] if family == "v4" else link_local(self.h1, "h1-lan")
        group = GROUP[family][0]
        payload = packet.advert(source, group, vrid, priority, LAN[router], **fields)
        packet.send(self.h1, source, group, payload, ifname="h1-lan")

    # What was seen

    def all_seen(self, kind, *parts):
        """Frames of a kind that came from r1, of all parts if none is named."""
        return [
            seen
            for part in parts or self.seen
            for seen in self.seen[part]
            if isinstance(seen.what, kind) and not seen.outgoing
        ]

    def all(self, kind, *parts):
        """The frames alone, without time and direction."""
        return [seen.what for seen in self.all_seen(kind, *parts)]

    def adverts(self, *routers, part=None):
        """Advertisements of some virtual routers; while it is Active, for no part."""
        parts = [part] if part else [part for part in self.seen if part not in ENDS]
        return [
            advert
            for advert in self.all(Advert, *parts)
            if (advert.vrid, family_of(advert.source)) in routers
        ]

    def announced(self, part):
        """{virtual address: each announcement that was seen}."""
        found = {}
        for seen in (*self.all_seen(Arp, part), *self.all_seen(Neighbor, part)):
            if vip := announcing(seen.what):
                found.setdefault(vip, []).append(seen)
        return found

    def refreshed_from(self, router, part):
        """From when on it may announce its virtual addresses anew: long after it is Active."""
        parts = list(self.seen)
        parts = parts[: parts.index(part) + 1]
        latest = [p for p in parts if router in BECOMING.get(p, ())][-1]
        first_word = next(
            seen
            for seen in self.all_seen(Advert, latest)
            if seen.what.vrid == router[0] and family_of(seen.what.source) == router[1]
        )
        return first_word.time + REFRESH_SEC


def released(frame):
    """The virtual router of which a frame says priority 0, or None."""
    is_release = isinstance(frame, Advert) and frame.priority == 0
    return (frame.vrid, family_of(frame.source)) if is_release else None


def announcing(frame):
    """The virtual address that a frame announces, or None."""
    if isinstance(frame, Arp) and frame.sender == frame.target:
        return frame.sender
    if isinstance(frame, Neighbor) and frame.kind == ND_ADVERTISEMENT and "S" not in frame.flags:
        return frame.target
    return None


def link_local(node, ifname):
    """The link-local address of a link."""
    found = [a.split("/")[0] for a in node.addresses(ifname) if a.startswith("fe80:")]
    assert len(found) == 1, f"{ifname} has the link-local addresses {found}"
    return found[0]


def memberships(told):
    """{link: its multicast groups}, of what ip maddress shows."""
    found = {}
    for line in told.splitlines():
        if line[0].isdigit():
            groups = found.setdefault(line.split()[1], set())
        else:
            groups.add(line.split()[1])
    return found


def family_of(address):
    """v4 or v6."""
    return "v6" if ":" in address else "v4"


@pytest.fixture(name="story", scope="module")
def fixture_story():
    """Told once for all tests."""
    story = Story()
    story.tell()
    return story


def assert_each(frames, **expected):
    """There are such frames, and all of them have these values."""
    assert frames, "no such frame was seen"
    for frame in frames:
        for name, value in expected.items():
            assert getattr(frame, name) == value, f"{name} is not {value} in {frame}"


# Advertisements


def ttl_is_255(story, routers):
    """TTL or hop limit."""
    assert_each(story.adverts(*routers), ttl=255)


def goes_to_the_group(story, routers):
    """Address and MAC."""
    for router in routers:
        destination, mac = GROUP[router[1]]
        assert_each(story.adverts(router), destination=destination, mac_to=mac)


def protocol_is_112(story, routers):
    """Nothing else counts as an advertisement here."""
    for router in routers:
        assert story.adverts(router), f"no packet of protocol 112 of {router}"


def comes_from_the_virtual_mac(story, routers):
    """Each from its own."""
    for router in routers:
        assert_each(story.adverts(router), mac_from=vmac(router))


def comes_from_the_primary_address(story, routers):
    """And not from the secondary one."""
    assert_each(story.adverts(*routers), source=PRIMARY)


def comes_from_the_link_local_address(story, routers):
    """That of the interface, which has others."""
    assert_each(story.adverts(*routers), source=story.link_local)


def comes_from_the_source_to_the_peer(story, routers):
    """The source that is configured, or the interface's first; by its own MAC."""
    source = {UNICAST4: SECONDARY, UNICAST6: OWN_V6}
    for router in routers:
        assert_each(
            story.adverts(router),
            source=source[router],
            destination=HOST[router[1]],
            mac_from=story.mac,
        )


def version_3_is_as_configured(story, routers):
    """Interval in centiseconds with reserved bits zero; addresses in order."""
    for router in routers:
        assert_each(
            story.adverts(router, part="boot"),
            version=3,
            kind=1,
            priority=PRIORITY[router],
            timing=b"\x00\x64",
            addresses=ALL[router],
            rest=b"",
        )


def version_2_is_as_configured(story, routers):
    """No authentication: type zero, eight octets of zero; interval in seconds."""
    for router in routers:
        assert_each(
            story.adverts(router),
            version=2,
            kind=1,
            priority=PRIORITY[router],
            timing=b"\x00\x01",
            addresses=ALL[router],
            rest=bytes(8),
        )


def checksum_has_a_pseudo_header(story, routers):
    """As is the default over IPv4, and the rule over IPv6."""
    assert_each(story.adverts(*routers), checksum="pseudo")


def checksum_is_of_the_message(story, routers):
    """Alone."""
    assert_each(story.adverts(*routers), checksum="message")


def link_local_address_comes_first(story, routers):
    """Though it was configured last."""
    for advert in story.adverts(*routers):
        assert advert.addresses[0].startswith("fe80:"), advert


def priority_0_is_said_once_at_the_end(story, routers):
    """One last advertisement of each virtual router, with all of its fields."""
    for router in routers:
        said = story.adverts(router, part="stop")
        assert [advert.priority for advert in said].count(0) == 1, said
        assert said[-1].priority == 0, said
        before = story.adverts(router, part="restart")[-1]
        assert said[-1]._replace(priority=before.priority) == before


# Announcements


def startup_announces(story, routers):
    """Each virtual address once, as the RFC has it; after a kill too."""
    for part in ("boot", "restart"):
        assert_announced(story, part, routers)


def becoming_active_announces(story, routers):
    """The same later, and nobody else does."""
    assert_announced(story, "again", routers)
    assert_no_news(story, "again", [router for router in LAN if router not in YIELDING])


def assert_announced(story, part, routers):
    """Each virtual address of these was announced once, until all are anew."""
    announced = story.announced(part)
    for router in routers:
        anew = story.refreshed_from(router, part)
        for vip in ALL[router]:
            early = [seen for seen in announced.get(vip, ()) if seen.time < anew]
            assert len(early) == 1, f"{vip}: {early}"
            assert_announcement(early[0].what, router, vip)


def assert_no_news(story, part, routers):
    """These announced nothing, or all their VIPs as often, a long time after they were Active."""
    announced = story.announced(part)
    for router in routers:
        seen = [announced.get(vip, []) for vip in ALL[router]]
        assert len({len(each) for each in seen}) == 1, f"{router}: {seen}"
        anew = story.refreshed_from(router, part)
        assert all(one.time >= anew for each in seen for one in each), f"{router}: {seen}"


def assert_news(story, part, router, vip):
    """It was announced once; and once more if the others of its router were."""
    announced = story.announced(part)
    seen, others = (announced.get(v, []) for v in (vip, ALL[router][0]))
    assert seen, f"{vip} was not announced"
    assert len(seen) - len(others) in (0, 1), f"{vip}: {seen}; others: {others}"
    assert_announcement(seen[0].what, router, vip)


def assert_announcement(frame, router, vip):
    """By gratuitous ARP or unsolicited neighbour advertisement."""
    mac, to = vmac(router), EVERYONE[router[1]]
    if router[1] == "v4":
        assert_each([frame], mac_from=mac, mac_to=to[1], operation=ARP_REQUEST)
        assert_each([frame], sender=vip, target=vip, sender_mac=mac)
        return
    assert_each([frame], mac_from=mac, mac_to=to[1], destination=to[0], hops=255)
    assert_each([frame], source=vip, target=vip, flags="RO")
    assert lladdr(frame) == mac, frame


def no_word_before_address_and_mac(story, routers):
    """The kernel has said before that it has put the address on the virtual MAC."""
    for router in routers:
        for vip in ALL[router]:
            assert_order(story, "boot", router, vip)


def assert_order(story, part, router, vip):
    """Of what r1 itself saw: the address, then the first word of it on the wire."""
    prefix = f"{vip}/{128 if router[1] == 'v6' else 32}"
    granted = Word("granted add", "address", prefix)
    there = first(story, part, lambda seen: seen.what == granted)
    told = first(story, part, lambda seen: seen.outgoing and speaks_for(seen.what, vip))
    assert there is not None, f"the kernel did not grant {prefix}"
    assert told is not None, f"nothing was said of {vip}"
    assert there < told, f"{vip} was announced before it was there"
    assert story.inside[part][told].what.mac_from == vmac(router)


def first(story, part, matches):
    """Where the first such thing is in what r1 saw."""
    return next((i for i, s in enumerate(story.inside[part]) if matches(s)), None)


def speaks_for(frame, vip):
    """Does a frame tell the neighbours where an address is?"""
    if isinstance(frame, Arp):
        return frame.sender == vip
    if isinstance(frame, Neighbor):
        return vip in (frame.source, frame.kind == ND_ADVERTISEMENT and frame.target)
    return False


def no_word_by_another_mac(story, routers):
    """All through, whoever asks, also when the daemon was killed and starts again."""
    for router in routers:
        for vip in (*ALL[router], *ADDED.get(router, ())):
            words = [f for f in story.all((Arp, Neighbor)) if speaks_for(f, vip)]
            assert_each(words, mac_from=vmac(router))
            for word in words:
                told = word.sender_mac if isinstance(word, Arp) else lladdr(word)
                assert told in (vmac(router), None), word


# Questions


def only_the_active_answers(story, routers):
    """Once, and with the virtual MAC; a VIP on the dummy has no neighbours."""
    for router in routers:
        mac = [vmac(router)] if router in LAN else []
        for vip in ALL[router]:
            assert story.answers["active"][vip] == mac, vip
            seen = story.answers["backup"][vip]
            assert seen == ([] if router in YIELDING else mac), vip


def answers_say_that_it_is_a_router(story, routers):
    """R, and S and O, to who has asked."""
    vips = {vip for router in routers for vip in ALL[router]}
    answers = [n for n in story.all(Neighbor, "active") if answer(n)[0] in vips]
    assert {n.target for n in answers} == vips
    assert_each(answers, flags="RSO", hops=255)


def the_active_is_in_the_solicited_node_group(story, routers):
    """
    Of each of its virtual addresses: on the virtual MAC's link, and on the interface,
    which tells switches that snoop (vrrp_solicited.h). A Backup is in none of theirs.
    """
    for router in routers:
        for vip in ALL[router]:
            group = f"ff02::1:ff00:{vip.rsplit(':', 1)[1]}"
            both = {"r1-lan", story.devices[router]}
            assert links_in(story.groups["active"], group) == both
            backup = set() if router in YIELDING else both
            assert links_in(story.groups["backup"], group) == backup


def links_in(groups, group):
    """The links that have joined it."""
    return {link for link, joined in groups.items() if group in joined}


def questions_in_a_vips_name_carry_its_mac(story, routers):
    """r1 asks in its own name, by its own MAC."""
    asked = [n for n in story.all(Neighbor, "asking") if n.kind == ND_SOLICITATION]
    targets = [question.target for question in asked]
    assert targets.count(LOOKED_FOR["v6"]) >= len(routers), targets
    macs = {vip: vmac(router) for router in routers for vip in ALL[router]}
    macs.update({story.link_local: story.mac, OWN_V6: story.mac})
    for question in asked:
        assert question.source in macs, question
        assert lladdr(question) in (None, macs[question.source]), question


def the_owner_accepts_what_is_sent_to_it(story, routers):
    """h1 has pinged it."""
    for router in routers:
        assert story.pings[ALL[router][-1]] == 0, f"{ALL[router][-1]} did not answer"


# The name of a row: the rule, and the virtual routers that show it
RULES = {
    "R9568-5.1.1.1-1": (comes_from_the_primary_address, LAN4),
    "R9568-5.1.1.2-1": (goes_to_the_group, LAN4),
    "R9568-5.1.1.3-1": (ttl_is_255, (*LAN4, UNICAST4)),
    "R9568-5.1.1.4-1": (protocol_is_112, (*LAN4, UNICAST4)),
    "R9568-5.1.2.1-1": (comes_from_the_link_local_address, LAN6),
    "R9568-5.1.2.2-1": (goes_to_the_group, LAN6),
    "R9568-5.1.2.3-1": (ttl_is_255, (*LAN6, UNICAST6)),
    "R9568-5.1.2.4-1": (protocol_is_112, (*LAN6, UNICAST6)),
    "R9568-5.2.1-1": (version_3_is_as_configured, VERSION_3),
    "R9568-5.2.4-3": (priority_0_is_said_once_at_the_end, VERSION_3),
    "R9568-5.2.6-1": (version_3_is_as_configured, VERSION_3),
    "R9568-5.2.8-3": (checksum_has_a_pseudo_header, (*LAN6, UNICAST6)),
    "R9568-5.2.9-1": (link_local_address_comes_first, LAN6),
    "R9568-6.4.1-1": (startup_announces, (OWNER4, OWNER6)),
    "R9568-6.4.2-1": (only_the_active_answers, LAN4),
    "R9568-6.4.2-2": (only_the_active_answers, LAN6),
    "R9568-6.4.2-7": (startup_announces, YIELDING),
    "R9568-6.4.2-8": (becoming_active_announces, (THREE,)),
    "R9568-6.4.2-9": (becoming_active_announces, (SIX,)),
    "R9568-6.4.3-1": (only_the_active_answers, LAN4),
    "R9568-6.4.3-2": (the_active_is_in_the_solicited_node_group, LAN6),
    "R9568-6.4.3-3": (answers_say_that_it_is_a_router, LAN6),
    "R9568-6.4.3-8": (priority_0_is_said_once_at_the_end, VERSION_3),
    "R9568-7.2-1": (version_3_is_as_configured, VERSION_3),
    "R9568-7.2-2": (checksum_has_a_pseudo_header, VERSION_3),
    "R9568-7.2-3": (comes_from_the_virtual_mac, (*LAN4, *LAN6)),
    "R9568-7.2-4": (comes_from_the_source_to_the_peer, UNICAST),
    "R9568-7.2-5": (goes_to_the_group, (*LAN4, *LAN6)),
    "R9568-8.1.2-1": (no_word_by_another_mac, LAN4),
    "R9568-8.1.2-2": (no_word_by_another_mac, (OWNER4,)),
    "R9568-8.1.2-3": (becoming_active_announces, (THREE,)),
    "R9568-8.1.2-4": (no_word_before_address_and_mac, LAN4),
    "R9568-8.2.2-1": (no_word_by_another_mac, LAN6),
    "R9568-8.2.2-2": (questions_in_a_vips_name_carry_its_mac, LAN6),
    "R9568-8.2.2-3": (no_word_before_address_and_mac, LAN6),
    "R9568-8.2.2-4": (no_word_by_another_mac, (OWNER6,)),
    "R9568-8.2.2-5": (becoming_active_announces, (SIX,)),
    "R3768-5.2.1-1": (comes_from_the_primary_address, VERSION_2),
    "R3768-5.2.2-1": (goes_to_the_group, VERSION_2),
    "R3768-5.2.3-1": (ttl_is_255, VERSION_2),
    "R3768-5.2.4-1": (protocol_is_112, VERSION_2),
    "R3768-5.3.1-1": (version_2_is_as_configured, VERSION_2),
    "R3768-5.3.4-3": (priority_0_is_said_once_at_the_end, VERSION_2),
    "R3768-5.3.6-1": (version_2_is_as_configured, VERSION_2),
    "R3768-5.3.7-1": (version_2_is_as_configured, VERSION_2),
    "R3768-5.3.8-1": (checksum_is_of_the_message, VERSION_2),
    "R3768-5.3.10-1": (version_2_is_as_configured, VERSION_2),
    "R3768-6.4.1-1": (startup_announces, (OWNER_TWO,)),
    "R3768-6.4.2-5": (startup_announces, (TWO,)),
    "R3768-6.4.3-4": (the_owner_accepts_what_is_sent_to_it, (OWNER_TWO,)),
    "R3768-6.4.3-5": (priority_0_is_said_once_at_the_end, VERSION_2),
    "R3768-7.2-1": (version_2_is_as_configured, VERSION_2),
    "R3768-7.2-2": (comes_from_the_virtual_mac, VERSION_2),
    "R3768-7.2-3": (goes_to_the_group, VERSION_2),
    "R3768-8.2-1": (no_word_by_another_mac, VERSION_2),
    "R3768-8.2-2": (no_word_by_another_mac, (OWNER_TWO,)),
    "R3768-8.2-3": (no_word_before_address_and_mac, VERSION_2),
}


@pytest.mark.parametrize("rule", RULES)
def test_on_the_wire(story, rule):
    """The requirement of that name in the ledger."""
    holds, routers = RULES[rule]
    holds(story, routers)


def test_a_vip_configured_while_active_is_announced(story):
    """The others have been."""
    assert_no_news(story, "added", LAN)
    assert set(story.announced("added")) <= {*LAN_VIPS, *ADDED[THREE], *ADDED[SIX]}
    for router, (vip,) in ADDED.items():
        assert_news(story, "added", router, vip)


def test_a_vip_that_the_kernel_refuses_is_announced_once_it_is_there(story):
    """Not before."""
    assert REFUSED not in story.announced("refused")
    assert_news(story, "granted", SIX, REFUSED)


def test_vips_on_the_dummy_are_not_announced(story):
    """Nobody is there who could ask."""
    for part in story.seen:
        announced = set(story.announced(part))
        assert not announced & {vip for vips in UNICAST.values() for vip in vips}


def test_our_own_codec_accepts_all_that_we_send(story, tmp_path):
    """The writer here and the reader of captures share no code."""
    file = tmp_path / "r1.pcap"
    seen = [s for part in story.seen.values() for s in part if not s.outgoing]
    write_pcap(file, [s for s in seen if isinstance(s.what, Advert)])
    read = [
        json.loads(line)
        for line in NODES["h1"].must_run(f"{READER} {file}").splitlines()
    ]
    adverts = story.all(Advert)
    assert len(read) == len(adverts)
    for packet_read, advert in zip(read, adverts):
        assert packet_read["verdict"] == "accepted", packet_read
        assert packet_read["checksum"] == advert.checksum
        assert packet_read["vrid"] == advert.vrid
        assert packet_read["src"] == advert.source
