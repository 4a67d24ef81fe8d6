# SPDX-License-Identifier: GPL-2.0-or-later
"""The targets for vrrpd, compared with the figures of a run."""

from typing import NamedTuple

FALSE = {
    "false_quiet": "quiet time",
    "false_cold": "cold start",
    "false_reload": "reload",
}
FAST, LARGE = "1000 groups at 100 ms", "4000 groups at 1000 ms"
SOURCED = f"{LARGE}, a source each"


class Target(NamedTuple):
    """One target; met is None if the run has no figure for it."""

    target: str
    measured: str
    met: bool | None


def _most(target, unit, limit, found):
    """found, (figure, remark) or None, must be at most the limit."""
    if found is None:
        return Target(target, "–", None)
    figure, remark = found
    return Target(target, f"{figure:.3g} {unit} ({remark})", figure <= limit)


def _worst_failover(results):
    """The largest p99 of one group, less that of the sleeper beside it."""
    found = [
        (
            by_name["ours"]["over_ms"]["p99"] - results["sleeper"][title]["p99"],
            f"worst: {title}, {kind}; ours {by_name['ours']['over_ms']['p99']:.1f} ms",
        )
        for title, kinds in results["failover"].items()
        for kind, by_name in kinds.items()
        if by_name["ours"]["over_ms"] and results["sleeper"].get(title)
    ]
    return max(found, default=None)


def _last(crowds, title):
    """The last VIP of the worst crash, over the floor."""
    over = crowds.get(title, {}).get("ours", {}).get("last_over_ms")
    return over and (over["max"], f"worst of {over['n']} crashes")


def _false(crowds):
    """All false takeovers."""
    found = {
        f"{title}, {when}": figures["max"]
        for title, by_name in crowds.items()
        for figure, when in FALSE.items()
        if (figures := by_name["ours"].get(figure))
    }
    where = [what for what, count in found.items() if count]
    return found and (sum(found.values()), "; ".join(where) or f"{len(found)} times")


def _cpu(figures, role):
    """Processor time of one role, with zebra's if there is one."""
    vrrp = figures.get(f"cpu_vrrp_{role}_percent")
    zebra = figures.get(f"cpu_zebra_{role}_percent", {"mean": 0})
    return vrrp and vrrp["mean"] + zebra["mean"]


def _share(crowds, roles):
    """Percent of keepalived's processor time, of routers with these roles together."""
    by_name = crowds.get(FAST, {})
    used = {
        name: [_cpu(by_name.get(name, {}), role) for role in roles]
        for name in ("ours", "keepalived")
    }
    if not all(all(times) for times in used.values()):
        return None
    mine, theirs = (sum(used[name]) for name in ("ours", "keepalived"))
    return mine / theirs * 100, f"{mine:.1f} and {theirs:.1f} % of a core"


def _cpu_zebra(crowds, title):
    """Processor time of zebra beside the Active router, which is for the leases."""
    found = crowds.get(title, {}).get("ours", {}).get("cpu_zebra_active_percent")
    return found and (found["mean"], f"most in a part: {found['max']:.1f}")


def _cpu_sourced(crowds):
    """Processor time of the Active router with a source for each group."""
    by_name = crowds.get(SOURCED, {})
    mine, theirs = (
        by_name.get(name, {}).get("cpu_vrrp_active_percent")
        for name in ("ours", "keepalived")
    )
    said = f"keepalived {theirs['mean']:.1f}" if theirs else "keepalived unknown"
    return mine and (mine["mean"], said)


def _memory(crowds):
    """vrrpd's own memory for a group."""
    ours = crowds.get(LARGE, {}).get("ours", {})
    found = {o: ours.get(f"heap_{o}_active_kb") for o in ("vrrpd", "libfrr")}
    if not all(found.values()):
        return None
    own, libfrr = (found[owner]["median"] / 4000 for owner in ("vrrpd", "libfrr"))
    said = f"types of libfrr {libfrr:.1f}; in all {_resident(crowds)}, mostly libyang"
    return own, said


def _resident(crowds):
    """Memory of a group as the kernel counts it, from the difference of two crowds."""
    few, many = (
        crowds.get(title, {}).get("ours", {}).get("rss_vrrp_active_kb")
        for title in (FAST, LARGE)
    )
    return f"{(many['median'] - few['median']) / 3000:.1f}" if few and many else "?"


def _rss(crowds):
    """Memory of the Active router as the kernel counts it."""
    mine, theirs = (
        crowds.get(LARGE, {}).get(name, {}).get("rss_vrrp_active_kb")
        for name in ("ours", "keepalived")
    )
    said = f"keepalived {theirs['median'] / 1024:.0f}" if theirs else "keepalived unknown"
    return mine and (mine["median"] / 1024, said)


def _configured(crowds, title):
    """From the start to running, less the floor."""
    mine, theirs = (
        crowds.get(title, {}).get(name, {}).get("running_over_ms")
        for name in ("ours", "keepalived")
    )
    said = f"; keepalived {theirs['max']:.0f}" if theirs else ""
    return mine and (mine["max"], f"worst of {mine['n']} starts{said}")


def judge(results):
    """All targets, as issue L has them, and those of before that are not in it."""
    crowds = results["crowd"]
    floor = "from start to running, less the floor"
    half = "CPU at most half of keepalived's, 1000 groups at 100 ms, with zebra"
    return [
        _most(
            "one group takes over within the sleeper's p99 + 0.5 ms at p99",
            "ms more",
            0.5,
            _worst_failover(results),
        ),
        _most(f"{FAST}: all moved within floor + 100 ms", "ms", 100, _last(crowds, FAST)),
        _most(
            f"{LARGE}: all moved within floor + 300 ms", "ms", 300, _last(crowds, LARGE)
        ),
        _most("no false takeover", "VIPs", 0, _false(crowds)),
        _most(f"{FAST}: 200 ms {floor}", "ms", 200, _configured(crowds, FAST)),
        _most(f"{LARGE}: 800 ms {floor}", "ms", 800, _configured(crowds, LARGE)),
        _most(f"{half}: both routers", "%", 50, _share(crowds, ("active", "backup"))),
        _most(f"{half}: Backup", "%", 50, _share(crowds, ("backup",))),
        _most(f"CPU under 20 % of a core, {SOURCED}: Active", "%", 20, _cpu_sourced(crowds)),
        _most(f"zebra at most 2 % of a core, {LARGE}", "%", 2, _cpu_zebra(crowds, LARGE)),
        _most(f"zebra at most 5 % of a core, {SOURCED}", "%", 5, _cpu_zebra(crowds, SOURCED)),
        _most(f"RSS at most 25 MB, {LARGE}", "MB", 25, _rss(crowds)),
        _most("at most 4 KB a group beyond libfrr", "KB", 4, _memory(crowds)),
    ]
