# SPDX-License-Identifier: GPL-2.0-or-later
"""
What must hold whatever happens to a router, looked at from outside.

A Claims stands around a test. It plants things of somebody else's beside ours, writes
down what the kernels say of addresses, and judges when the test is over:

* no VIP was announced by, or on the VIP link of, two routers for longer than both_sec, which
  a test raises for a fault that has a longer bound, such as the lease of an address when a
  daemon is killed;
* a router that only answers for a VIP, without announcing it, ceases to when its drain ends;
* nothing of ours is left: addresses of protocol 112 and routes in the table of VIPs
  are on the Active router only, and are its VIPs;
* what was planted is still there.

That the operator is told is what each test asserts by itself.
"""
import json

from helpers.events import Recorder
from helpers.wait import differs, wait_for

# as iproute2 may write it
PROTO_VRRP = ("112", "0x70", "vrrp")
TABLE = 112
ALIEN = "198.51.100.{}/32"
# from when one router takes a VIP until the other, told by that, has let it go: 0.2 s, or more on a
# busy machine; who lets go of nothing has it until the end of a lease, at least 6 s
HANDOVER_SEC = 2.0
# what a router has of a VIP that it is Active for
HELD = ("address", "announced")
# the default
DRAIN_SEC = 2.0
# the kernel counts whole seconds, and takes its time to notice
DRAIN_OVER_SEC = 3.0

PLANT = (
    "ip link add other0 type dummy",
    "ip link set other0 up",
    f"ip address add {ALIEN.format(1)} dev other0",
    f"ip route add {ALIEN.format(2)} dev other0 proto static",
)
ON_VIP_LINK = f"ip address replace {ALIEN.format(3)} dev vip0"


class Claims:
    """Context manager around a test with two routers; the first is Active."""

    def __init__(self, active, backup, vips):
        self.routers = (active, backup)
        self.vips = set(vips)
        self.both_sec = HANDOVER_SEC
        self.drain_sec = DRAIN_SEC
        self.held = HELD  # a test in which zebra cannot withdraw says ("address",)
        self.vip_link_kept = True  # a test that deletes the VIP link says False
        self.record = Recorder(*self.routers)

    def __enter__(self):
        for router in self.routers:
            if not router.link("other0"):
                for command in PLANT:
                    router.must_run(command)
            # with one left, the kernel says which routes go with an address of ours
            router.must_run(ON_VIP_LINK)
        self.record.__enter__()
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self._wait_for_rest()
        finally:
            self.record.__exit__()
        if kind is None:
            self._judge()

    def _wait_for_rest(self):
        """Both routers run, the first is Active again."""
        active, backup = self.routers
        wait_for(
            "the Active router has its VIPs, no more",
            lambda: self._differ(active, self.vips),
        )
        wait_for("the Backup has no VIPs", lambda: self._differ(backup, set()))

    def _judge(self):
        """Fails with what was seen."""
        active = self.routers[0]
        for router in self.routers:
            self._check_alien(router)
        for vip in self.vips:
            both = longest_both(self.record, vip, {active.name}, self.held)
            assert both <= self.both_sec, (
                f"{vip} was on both for {both:.2f} s, at most {self.both_sec} s is"
                f" allowed: {self.record.story(vip)}"
            )
            assert_drains_end(self.record, vip, self.drain_sec + DRAIN_OVER_SEC)

    def _differ(self, router, wanted):
        """A check: of ours there is that, as addresses and as routes."""
        seen = {"addresses": ours_on(router), "routes": vip_routes(router)}
        return differs(seen, {"addresses": wanted, "routes": wanted})

    def _check_alien(self, router):
        assert router.has_address("other0", ALIEN.format(1)) is None
        assert "other0 proto static" in router.must_run(f"ip route show {ALIEN.format(2)}")
        if self.vip_link_kept:
            assert router.has_address("vip0", ALIEN.format(3)) is None


def longest_both(record, vip, holders, kinds=("address",)):
    """
    How long more than one router had the VIP at most, at one go, in seconds: anything of these
    kinds (helpers.events). holders: the names of those that had it when the record began.
    """
    had, since, longest = {(name, kind) for name in holders for kind in kinds}, None, 0.0
    for event in record.events:
        if event.kind not in kinds or event.prefix not in (vip, None):
            continue
        (had.add if event.verb == "add" else had.discard)((event.node, event.kind))
        is_both = len({name for name, _ in had}) > 1
        if since and not is_both:
            longest = max(longest, event.time - since)
            since = None
        elif not since and is_both:
            since = event.time
    assert not since, f"{vip} is on both: {record.story(vip)}"
    return longest


def assert_drains_end(record, vip, at_most_sec):
    """No router answered for the VIP longer than that, whatever became of its daemon."""
    begun = {}
    for event in record.events:
        if (event.kind, event.prefix) != ("drained", vip):
            continue
        if event.verb == "add":
            begun.setdefault(event.node, event.time)
            continue
        lasted = event.time - begun.pop(event.node, event.time)
        assert lasted <= at_most_sec, f"{vip} was drained for {lasted} s: {record.story(vip)}"
    assert not begun, f"{vip} is still drained: {record.story(vip)}"


def ours_on(router):
    """The addresses of protocol 112 anywhere on a router."""
    links = json.loads(router.must_run("ip -j address show"))
    return {
        f"{info['local']}/{info['prefixlen']}"
        for link in links
        for info in link["addr_info"]
        if info.get("protocol") in PROTO_VRRP
    }


def vip_routes(router, table=TABLE):
    """The routes in zebra's table of VIPs."""
    commands = ("show ip route", "show ipv6 route")
    tables = [router.show_json("zebra", f"{c} table {table} json") for c in commands]
    return set().union(*tables)
