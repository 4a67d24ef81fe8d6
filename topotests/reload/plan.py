# SPDX-License-Identifier: GPL-2.0-or-later
"""
Random configurations of r1, each made of the one before, and what they demand.

VRIDs up to LAN - 1 are unicast, those from LAN on multicast. r2, which never changes, has
a group for each, version 3, with priority PEER_PRIORITY, and takes any source of r1's for
its peer. Among r1's peers are some that do not exist.
"""
import copy
import random
from dataclasses import dataclass, field

GROUPS, LAN = 30, 23
PEER_PRIORITY = 120
LIVE = {"v4": "192.0.2.2", "v6": "2001:db8:1::2"}
DEAD = {
    "v4": ("192.0.2.201", "192.0.2.202"),
    "v6": ("2001:db8:1::201", "2001:db8:1::202"),
}
# the first is what the interface has first
SOURCES = {
    "v4": ("192.0.2.1", "192.0.2.11", "192.0.2.12"),
    "v6": ("2001:db8:1::1", "2001:db8:1::11", "2001:db8:1::12"),
}
FAMILIES = ("v4", "v6")
WORD = {"v4": "ip", "v6": "ipv6"}
PRIORITIES = (60, 100, 150, 200, 254)
INTERVALS_MS = (500, 1000, 1500)
SYNC_GROUPS = ("fw", "nat")
# there is none of them: their lines are kept, and nothing follows
VRFS = {"red": (113, 114), "blue": (115, 116)}
ON_LAN = ("vmac", "interface")
# all are up: whatever of it comes or goes, nothing follows
TRACKED = (
    (),
    ("interface eth0",),
    ("interface eth0 decrement 40 delay up 3 down 0", "route 192.0.2.0/24 decrement 90"),
    ("route 192.0.2.0/24", "route 2001:db8:1::/64 protocol connected"),
    ("check near", "interface eth0 decrement 7"),
)


@dataclass
class Family:
    """One family of a group."""

    vips: list = field(default_factory=list)
    peers: list = field(default_factory=list)
    source: str = None


@dataclass
class Group:
    """A group, as its lines say it."""

    vrid: int
    version: int = 3
    priority: int = 100
    interval_ms: int = 1000
    placement: str = None
    accept: bool = True
    metric: int = 0
    tag: int = 0
    tracks: tuple = ()
    sync_group: str = None
    sync_families: bool = False
    v4: Family = field(default_factory=Family)
    v6: Family = field(default_factory=Family)

    @property
    def is_lan(self):
        """Is it multicast, whatever else changes?"""
        return self.vrid >= LAN

    @property
    def stands_by(self):
        """Does it announce while Backup? With one of the metrics, where that is allowed."""
        return self.metric == 20 and self.placement in (None, "vip-interface")

    def lines(self):
        """As the running configuration has them; their order does not matter."""
        begin = f" vrrp {self.vrid}"
        yield begin + (" version 2" if self.version == 2 else "")
        yield f"{begin} startup-hold 0"
        if self.placement:
            yield f"{begin} placement {self.placement}"
        if self.priority != 100:
            yield f"{begin} priority {self.priority}"
        if self.interval_ms != 1000:
            yield f"{begin} advertisement-interval {self.interval_ms}"
        if not self.accept:
            yield f" no vrrp {self.vrid} accept-mode"
        if self.metric or self.tag:
            tag = f" tag {self.tag}" if self.tag else ""
            metric = f" metric {self.metric}" if self.metric else ""
            yield f"{begin} announce{metric}{tag}"
        if self.stands_by:
            yield f"{begin} announce standby metric 30 tag 6"
        if self.tag:
            yield f"{begin} announce marker 198.51.100.{self.vrid}/32"
        yield from (f"{begin} track {line}" for line in self.tracks)
        if self.sync_group:
            yield f"{begin} sync-group {self.sync_group}"
        if self.sync_families:
            yield f"{begin} sync-families"
        for name in FAMILIES:
            yield from self._family_lines(begin, name)

    def _family_lines(self, begin, name):
        family = getattr(self, name)
        yield from (f"{begin} {WORD[name]} {vip}" for vip in family.vips)
        yield from (f"{begin} peer {peer}" for peer in family.peers)
        if family.source:
            yield f"{begin} source {family.source}"

    def hears(self, name):
        """Does this family of it hear r2's, and r2's this one's?"""
        if self.version == 2:
            return False
        return self.is_lan or LIVE[name] in getattr(self, name).peers

    def state(self, name):
        """
        The state that this configuration requires in the end, if the group is not in sync with
        others; None: nothing is configured.
        """
        return state_of([(self, name)]) if getattr(self, name).vips else None

    @property
    def is_synced(self):
        """Are there others whose state it follows?"""
        return bool(self.sync_group or self.sync_families)

    def members(self):
        """Its families that have a VIP, each with the group."""
        return [(self, name) for name in FAMILIES if getattr(self, name).vips]

    def is_held(self, name):
        """Does this family of it take no part, for want of peers?"""
        return not self.is_lan and not getattr(self, name).peers


def state_of(members):
    """That of families of groups that are Active together."""
    if any(group.is_held(name) for group, name in members):
        return "Initialize"
    rank = min(group.priority for group, _ in members)
    beaten = rank < PEER_PRIORITY and any(group.hears(name) for group, name in members)
    return "Backup" if beaten else "Active"


class Plan:
    """
    A configuration of r1: groups by VRID, services of IPVS by name, lines of VRFs by name, and a
    check of r2.
    """

    def __init__(self):
        self.groups, self.services, self.vrfs, self.check_msec = {}, {}, {}, 500

    def together(self, group, name):
        """All members of whatever that family of the group is in, (group, family) each."""
        if group.sync_group:
            return [
                member
                for other in self.groups.values()
                if other.sync_group == group.sync_group
                for member in other.members()
            ]
        return group.members() if group.sync_families else [(group, name)]

    def state(self, vrid, name):
        """The state that this configuration requires in the end; None: nothing is configured."""
        group = self.groups[vrid]
        if not getattr(group, name).vips:
            return None
        return state_of(self.together(group, name))

    def lines(self):
        """The whole frr.conf."""
        yield f"vrrp check near icmp {LIVE['v4']} interval {self.check_msec} timeout 5000 fall 10"
        yield "interface eth0"
        for vrid in sorted(self.groups):
            yield from self.groups[vrid].lines()
        yield "exit"
        for name in sorted(self.services):
            yield from self.services[name]
        for name in sorted(self.vrfs):
            yield from self.vrfs[name]


def after(plan, rng):
    """The next configuration: some groups come, go or change, some stay as they are."""
    made = copy.deepcopy(plan)
    target = rng.choice((1, 3, 8, 15, GROUPS))
    for vrid in rng.sample(range(1, GROUPS + 1), GROUPS):
        if vrid in made.groups:
            _touch(made, vrid, rng, len(made.groups) > target)
        elif len(made.groups) < target:
            made.groups[vrid] = _group(vrid, rng)
    _services(made, rng)
    _vrfs(made, rng)
    made.check_msec = rng.choice((400, 500, 600))
    return made


def _touch(plan, vrid, rng, may_go):
    roll = rng.random()
    if roll < 0.45 and len(plan.groups) > 1:
        if may_go and roll < 0.25:
            del plan.groups[vrid]
        return
    for _ in range(rng.choice((1, 1, 2, 4))):
        _change(plan.groups[vrid], rng)
    _mend(plan.groups[vrid], rng)


def _group(vrid, rng):
    group = Group(vrid)
    for change in CHANGES:
        if rng.random() < 0.6:
            change(group, rng)
    _mend(group, rng)
    return group


def _change(group, rng):
    rng.choice(CHANGES)(group, rng)


def _priority(group, rng):
    group.priority = rng.choice(PRIORITIES)


def _interval(group, rng):
    group.interval_ms = rng.choice(INTERVALS_MS)


def _placement(group, rng):
    group.placement = rng.choice((None, None, "vmac", "interface", "vip-interface"))


def _version(group, rng):
    group.version = rng.choice((2, 3, 3))


def _vips(group, rng):
    group.v4.vips = _some(rng, [f"203.0.113.{4 * group.vrid + n}" for n in range(4)])
    pool = [f"2001:db8:ffff::{group.vrid:x}:{n}" for n in range(1, 3)]
    group.v6.vips = _some(rng, pool) if rng.random() < 0.6 else []


def _peers(group, rng):
    for name in FAMILIES:
        pool = [LIVE[name], *DEAD[name]]
        getattr(group, name).peers = [LIVE[name]] if rng.random() < 0.5 else _some(rng, pool)


def _one_family(group, rng):
    getattr(group, rng.choice(FAMILIES)).peers = []


def _source(group, rng):
    for name in FAMILIES:
        getattr(group, name).source = rng.choice((None, *SOURCES[name]))


def _route(group, rng):
    group.metric, group.tag = rng.choice(((0, 0), (10, 0), (20, 5), (0, 7)))


def _tracks(group, rng):
    group.tracks = rng.choice(TRACKED)


def _sync(group, rng):
    group.sync_group = rng.choice((None, None, None, *SYNC_GROUPS))
    group.sync_families = rng.random() < 0.2


def _accept(group, rng):
    group.accept = rng.random() < 0.7


CHANGES = (
    _vips,
    _peers,
    _priority,
    _interval,
    _placement,
    _version,
    _source,
    _route,
    _tracks,
    _sync,
    _accept,
    _priority,
    _peers,
    _one_family,
)


def _some(rng, pool):
    return sorted(rng.sample(pool, rng.randint(1, len(pool))))


def _mend(group, rng):
    """Removes lines that are invalid, or that this test could not judge."""
    if not group.v4.vips:
        _vips(group, rng)
    if group.is_lan:
        group.v4.peers, group.v6 = [], Family()
        if group.placement == "vip-interface":
            group.placement = None
    elif not group.v4.peers and not group.v6.peers:
        _peers(group, rng)
    if group.version == 2:
        group.v6, group.interval_ms = Family(), 1000
        if not group.is_lan and not group.v4.peers:
            group.v4.peers = [LIVE["v4"]]
    without = any(not getattr(group, name).peers for name in FAMILIES)
    if not group.is_lan and without and group.placement in ON_LAN:
        group.placement = None


def _services(plan, rng):
    """Up to four services, on VIPs that are there."""
    vips = [vip for group in plan.groups.values() for vip in group.v4.vips]
    for number in range(4):
        name = f"s{number}"
        if rng.random() < 0.6:
            continue
        plan.services.pop(name, None)
        if rng.random() < 0.7:
            plan.services[name] = _service(name, rng.choice(vips), number, rng)


def _vrfs(plan, rng):
    for name, tables in VRFS.items():
        lines = [f"vrrp vip-interface of-{name} vrf {name}"] if rng.random() < 0.5 else []
        table = rng.choice((None, *tables))
        plan.vrfs[name] = lines + ([f"vrrp route-table {table} vrf {name}"] if table else [])


def _service(name, vip, number, rng):
    begin = f"ipvs service {name}"
    lines = [f"{begin} tcp {vip} {80 + number}"]
    if rng.random() < 0.5:
        lines.append(f"{begin} scheduler rr")
    for host in rng.sample(range(1, 5), rng.randint(1, 4)):
        weight = rng.choice(("", " weight 5"))
        lines.append(
            f"{begin} server 192.0.2.{20 + host} {80 + number}{weight} forwarding masquerade"
        )
    return lines


def chain(seed):
    """Endless: one configuration after the other, always the same for a seed."""
    rng = random.Random(seed)
    plan = Plan()
    while True:
        plan = after(plan, rng)
        yield plan


def peer_lines():
    """r2's frr.conf."""
    yield "interface eth0"
    for vrid in range(1, GROUPS + 1):
        begin = f" vrrp {vrid}"
        yield begin
        yield f"{begin} startup-hold 0"
        yield f"{begin} priority {PEER_PRIORITY}"
        yield f"{begin} ip 203.0.113.{4 * vrid}"
        if vrid < LAN:
            yield f"{begin} ipv6 2001:db8:ffff::{vrid:x}:1"
            for name in FAMILIES:
                yield from (f"{begin} peer {source}" for source in SOURCES[name])
    yield "exit"
