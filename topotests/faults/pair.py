# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two routers, and what is waited for.

    r1 --- r2

They elect by unicast VRRP, both families, priority 200 and 100.
"""
from helpers import topology
from helpers.claims import Claims
from helpers.events import DRAIN_LINK
from helpers.wait import wait_for

DAEMONS = {"r1": ("vrrpd",), "r2": ("vrrpd",)}
GROUP = ("interface r1-r2",)
VIPS = ("203.0.113.10/32", "2001:db8:ffff::10/128")
LEASE_SEC = 6
# until a kernel that is busy has noticed that a lease is over
LEASE_OVER_SEC = LEASE_SEC + 3
ADVERT_SEC = 0.2
ACTIVE_DOWN_SEC = 3 * ADVERT_SEC + ADVERT_SEC * (256 - 100) / 256

NODES = {}


def build(tgen):
    """The picture above."""
    for name in DAEMONS:
        tgen.add_router(name)
    topology.link(tgen, "r1", "r2")


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, DAEMONS))


def teardown_module():
    """Takes it down."""
    topology.stop()


def judged():
    """For a fixture: rules that hold during a whole test, however it ends."""
    settle()
    with Claims(NODES["r1"], NODES["r2"], VIPS) as claims:
        yield claims
        settle()


def settle():
    """r1 is Active and r2 Backup, and no drain of an earlier move goes on."""
    for router in NODES.values():
        router.revive("vrrpd")
    NODES["r1"].wait_state("Active")
    wait_adverts(NODES["r2"], counter="adverRx")
    NODES["r2"].wait_state("Backup")
    wait_vips(NODES["r1"])
    for router in NODES.values():
        wait_for(
            f"{router.name} drains nothing",
            lambda r=router: set(VIPS) & set(r.addresses(DRAIN_LINK)) or None,
        )


def wait_vips(router):
    """Both VIPs are on the router's dummy."""
    for vip in VIPS:
        wait_for(
            f"{router.name} has {vip}", lambda v=vip: router.has_address("vip0", v)
        )


def transitions(net):
    """Of both routers."""
    return net["r1"].transitions(), net["r2"].transitions()


def adverts(router, counter):
    """Advertisements so far, of each family; stock's counters adverTx and adverRx."""
    stats = [router.family(family).get("stats", {}) for family in ("v4", "v6")]
    return [of_family.get(counter, 0) for of_family in stats]


def wait_adverts(router, more=5, counter="adverTx"):
    """The router goes on advertising, or hearing advertisements, in both families."""
    before = adverts(router, counter)
    wait_for(
        f"{router.name}: {more} more of {counter} in each family",
        lambda: None
        if all(
            now >= then + more for now, then in zip(adverts(router, counter), before)
        )
        else f"{before} -> {adverts(router, counter)}",
    )


def wait_log(router, text, since):
    """The router's log has that text, beyond what it had."""
    wait_for(
        f"{router.name}'s log says '{text}'",
        lambda: None if text in router.log()[since:] else router.log()[-800:],
    )


def of_both(router, key):
    """The value of that key in show vrrp json, for each family."""
    return [router.family(family).get(key) for family in ("v4", "v6")]
