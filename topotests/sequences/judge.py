# SPDX-License-Identifier: GPL-2.0-or-later
"""
What must hold when a pair of routers is at rest, and when one has ended.

Each function yields a sentence for what does not hold, the cheap ones first: whoever waits looks at
the first alone.
"""
import json
import os

from helpers.claims import PROTO_VRRP, TABLE
from helpers.vty import VtyError

from router import DRAIN_LINK, VIP_LINK, VIPS

PREFIXES = {
    f"{vip}/{32 if family == 'v4' else 128}": family for family, vips in VIPS.items() for vip in vips
}
IP = {"v4": "ip", "v6": "ipv6"}
OF_ZEBRA = {"zebra.pid", "zebra.vty", "zserv.api"}
# libfrr leaves both where they are when a daemon ends
ALWAYS = OF_ZEBRA | {"vrrpd.pid", "vrrpd.vty"}
WHILE_IT_RUNS = {"vrrpd.guardian", "vrrpd-active"}


def at_rest(active, backup):
    """A pair of which active is the better router."""
    for router in (active, backup):
        if crashed := router.crashed():
            yield crashed
    yield from _states(active, "Active")
    yield from _states(backup, "Backup")
    for router, is_active in ((active, True), (backup, False)):
        yield from _zebra(router, is_active or router.stands_by)
        yield from _kernel(router, is_active)
        yield from _processes(router, ["vrrpd", "zebra"])
        yield from _files(router, ALWAYS | WHILE_IT_RUNS)


def ended(router):
    """One whose vrrpd was stopped, and whose zebra runs."""
    if router.runs("vrrpd"):
        yield f"{router.name}: vrrpd still runs"
        return
    if router.children["vrrpd"].returncode:
        yield f"{router.name}: vrrpd ended with status {router.children['vrrpd'].returncode}"
    yield from _zebra(router, False)
    yield from _kernel(router, False)
    yield from _processes(router, ["zebra"])
    yield from _files(router, ALWAYS)
    for link in (DRAIN_LINK, *([VIP_LINK] if router.makes_vip_link else [])):
        if router.has_link(link):
            yield f"{router.name}: {link} is left"


def transitions(*routers):
    """What grows when anything moves, and which processes there are."""
    return [
        (router.groups().get(10, {}).get(family, {}).get("stats", {}).get("transitions"))
        for router in routers
        for family in VIPS
    ] + [sorted(router.processes()) for router in routers]


def _states(router, wanted):
    try:
        groups = json.loads(router.show("vrrpd", "show vrrp json"))
    except (VtyError, ValueError) as error:
        yield f"{router.name}: vrrpd: {error}"
        return
    if len(groups) != 1:
        yield f"{router.name}: {len(groups)} groups"
        return
    for family in VIPS:
        seen = groups[0][family]
        if seen.get("state") != wanted:
            hold = f", held by {seen['hold']}" if "hold" in seen else ""
            yield f"{router.name}: {family} is {seen.get('state')}, not {wanted}{hold}"
    guardian = groups[0]["guardian"]
    if guardian["alive"] != router.is_guarded:
        yield f"{router.name}: show vrrp: {guardian}"


def _is_memory(route):
    """
    What a zebra that starts reads from the kernel just before the link of the route is deleted: the
    kernel tells of no route that goes with its link, so zebra keeps this one, unused, beside ours. And
    while it has it, zebra 10.3 does not take ours out of the kernel when vrrpd withdraws it.
    """
    return route["protocol"] == "kernel" and not route.get("selected")


def _remembered(router, word):
    """The prefixes of which zebra has nothing else."""
    if not router.runs("zebra"):
        return set()
    shown = json.loads(router.show("zebra", f"show {word} route table {TABLE} json"))
    return {prefix for prefix, routes in shown.items() if all(map(_is_memory, routes))}


def _zebra(router, has_them):
    """The table of VIPs has each once, of type table and installed, or none."""
    for family, word in IP.items():
        try:
            shown = json.loads(router.show("zebra", f"show {word} route table {TABLE} json"))
        except (VtyError, ValueError) as error:
            yield f"{router.name}: zebra: {error}"
            continue
        shown = {p: [r for r in routes if not _is_memory(r)] for p, routes in shown.items()}
        shown = {p: routes for p, routes in shown.items() if routes}
        wanted = {p for p, of in PREFIXES.items() if of == family} if has_them else set()
        if set(shown) != wanted:
            yield f"{router.name}: zebra's table {TABLE} has {sorted(shown)}, not {sorted(wanted)}"
        for prefix, routes in shown.items():
            kinds = [(r["protocol"], r.get("instance"), bool(r.get("installed"))) for r in routes]
            if len(kinds) != 1 or kinds[0][0] != "table" or not kinds[0][2]:
                yield f"{router.name}: zebra's table {TABLE} has {prefix}: {kinds}"


def _kernel(router, is_active):
    """Addresses and routes, each once."""
    links = json.loads(router.ask_ip("-j address show") or "[]")
    seen = sorted(
        (f"{info['local']}/{info['prefixlen']}", link["ifname"])
        for link in links
        for info in link.get("addr_info", ())
        if info.get("protocol") in PROTO_VRRP
    )
    wanted = sorted((prefix, VIP_LINK) for prefix in PREFIXES) if is_active else []
    if seen != wanted:
        yield f"{router.name}: the kernel has the addresses {seen}, not {wanted}"
    for family, flag in (("v4", "-4"), ("v6", "-6")):
        routes = json.loads(router.ask_ip(f"{flag} -j route show table {TABLE}") or "[]")
        memory = _remembered(router, IP[family])
        found = sorted((_prefix(route["dst"]), route["dev"]) for route in routes)
        found = [(prefix, device) for prefix, device in found if prefix not in memory]
        has_them = is_active or (router.stands_by and router.runs("vrrpd"))
        mine = sorted((p, VIP_LINK) for p, of in PREFIXES.items() if of == family and has_them)
        if found != mine:
            yield f"{router.name}: the kernel's table {TABLE} has {found}, not {mine}"


def _prefix(destination):
    """With its length, which ip leaves out."""
    if "/" in destination:
        return destination
    return f"{destination}/{128 if ':' in destination else 32}"


def _processes(router, wanted):
    """One guardian for each vrrpd."""
    if router.is_guarded and "vrrpd" in wanted:
        wanted = [*wanted, "vrrp-guardian"]
    seen = router.processes()
    if sorted(seen.values()) != sorted(wanted):
        yield f"{router.name}: processes are {seen}, not {wanted}"


def _files(router, known):
    """Those in the directory of its pathspace."""
    more = set(os.listdir(router.path("/run/frr/"))) - known
    if more:
        yield f"{router.name}: /run/frr has {sorted(more)} as well"
