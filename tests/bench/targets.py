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
    """The largest p99 of one group."""
    found = [
        (by_name["ours"]["over_ms"]["p99"], f"worst: {title}, {kind}")
        for title, kinds in results.items()
        for kind, by_name in kinds.items()
        if by_name["ours"]["over_ms"]
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


def _share(crowds):
    """Percent of keepalived's processor time, of both routers together."""
    by_name = crowds.get(FAST, {})
    used = {
        (name, role): _cpu(by_name.get(name, {}), role)
        for name in ("ours", "keepalived")
        for role in ("active", "backup")
    }
    if not all(used.values()):
        return None
    shares = {
        role: used["ours", role] / used["keepalived", role] * 100
        for role in ("active", "backup")
    }
    mine, theirs = (
        used[name, "active"] + used[name, "backup"] for name in ("ours", "keepalived")
    )
    said = f"Active {shares['active']:.0f} %, Backup {shares['backup']:.0f} %"
    return mine / theirs * 100, said


def _cpu_sourced(crowds):
    """Processor time of the Active router with a source for each group."""
    by_name = crowds.get(SOURCED, {})
    mine, theirs = (
        by_name.get(name, {}).get("cpu_vrrp_active_percent")
        for name in ("ours", "keepalived")
    )
    said = f"keepalived {theirs['mean']:.1f}" if theirs else "keepalived unknown"
    return mine and (mine["mean"], said)


def _cpu_sourced_with_zebra(crowds):
    """The same with zebra's, for which each renewed address is a new one."""
    found = _cpu(crowds.get(SOURCED, {}).get("ours", {}), "active")
    return found and (found, "keepalived has no zebra")


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


def _configured(crowds):
    """From the start to running, less the floor."""
    over = crowds.get(LARGE, {}).get("ours", {}).get("running_over_ms")
    return over and (over["max"] / 1000, f"worst of {over['n']} starts")


def judge(results):
    """All targets, as issue E has them."""
    crowds = results["crowd"]
    sourced = f"CPU under 20 % of a core, {SOURCED}"
    half = "CPU at most half of keepalived's, 1000 groups at 100 ms"
    return [
        _most(
            "one group takes over within floor + 2 ms at p99",
            "ms",
            2,
            _worst_failover(results["failover"]),
        ),
        _most(f"{FAST}: all moved within floor + 100 ms", "ms", 100, _last(crowds, FAST)),
        _most(
            f"{LARGE}: all moved within floor + 300 ms", "ms", 300, _last(crowds, LARGE)
        ),
        _most("no false takeover", "VIPs", 0, _false(crowds)),
        _most(f"{half}, both routers, with zebra", "%", 50, _share(crowds)),
        _most(f"{sourced}: Active", "%", 20, _cpu_sourced(crowds)),
        _most(
            f"{sourced}: Active, with zebra", "%", 20, _cpu_sourced_with_zebra(crowds)
        ),
        _most("at most 4 KB a group beyond libfrr", "KB", 4, _memory(crowds)),
        _most(
            "4000 groups from start to running, less the floor, under 5 s",
            "s",
            5,
            _configured(crowds),
        ),
    ]
