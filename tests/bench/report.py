# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures as the Markdown tables that doc/developer/performance.md shows."""

SPREAD = "{median:.1f} ({p10:.1f}…{p90:.1f}, p99 {p99:.1f}, n {n})"

MET = {True: "yes", False: "no", None: "not measured"}

ROWS = {
    "running_ms": "start to all VIPs up, ms",
    "running_over_ms": "start to all VIPs up, less the floor, ms",
    "first_ms": "crash: first VIP moved, ms",
    "last_ms": "crash: last VIP moved, ms",
    "floor_ms": "crash: floor, ms",
    "each_ms": "crash: each VIP moved, ms",
    "last_over_ms": "crash: last VIP over the floor, ms",
    "false_cold": "false takeovers, cold start",
    "false_quiet": "false takeovers, quiet time",
    "false_reload": "false takeovers, no-change reload",
    "cpu_vrrp_active_percent": "CPU, Active, % of a core",
    "cpu_vrrp_backup_percent": "CPU, Backup, % of a core",
    "cpu_zebra_active_percent": "CPU, zebra beside the Active, % of a core",
    "cpu_zebra_backup_percent": "CPU, zebra beside the Backup, % of a core",
    "rss_vrrp_active_kb": "RSS, Active, KB",
    "pss_vrrp_active_kb": "PSS, Active, KB",
    "rss_vrrp_backup_kb": "RSS, Backup, KB",
    "pss_vrrp_backup_kb": "PSS, Backup, KB",
    "heap_vrrpd_active_kb": "heap, vrrpd's own types, KB",
    "heap_libfrr_active_kb": "heap, libfrr's types, KB",
}


def _cell(found):
    """One spread, or its substitute."""
    if not found:
        return "–"
    if found["n"] == 1:
        return f"{found['median']:.1f}"
    return SPREAD.format(**found)


def _failover(results, asleep):
    """The table of one group, and how late the sleeper beside it was."""
    yield "| interval, event | floor | ours: over the floor | keepalived: over the floor | a sleeper: late |"
    yield "|---|---|---|---|---|"
    for title, kinds in results.items():
        for kind, by_name in kinds.items():
            floors = [f["floor_ms"] for f in by_name.values() if f["floor_ms"]]
            low = min((floor["min"] for floor in floors), default=0)
            high = max((floor["max"] for floor in floors), default=0)
            cells = [f"{title}, {kind}", f"{low:.1f}…{high:.1f}"]
            for figures in by_name.values():
                false = f"; {figures['false']} false" if figures["false"] else ""
                cells.append(_cell(figures["over_ms"]) + false)
            cells.append(_cell(asleep.get(title)))
            yield f"| {' | '.join(cells)} |"


def _crowd(title, by_name):
    """The table of one crowd."""
    yield ""
    yield f"| {title} | {' | '.join(by_name)} |"
    yield "|---|" + "---|" * len(by_name)
    for figure, label in ROWS.items():
        cells = [_cell(figures.get(figure)) for figures in by_name.values()]
        yield f"| {label} | {' | '.join(cells)} |"


def _losses(one):
    """What the streams of one kind lost in all moves; None is no such stream."""
    if not one:
        return "–"
    if not one["lost_in_all"]:
        return f"0 of {one['sent_in_all']}"
    lost, longest, hit = one["lost"], one["longest_ms"], one["hit"]
    cell = f"{lost['median']:.0f} ({lost['min']:.0f}…{lost['max']:.0f}), {longest['max']:.0f} ms"
    return cell + (f", {hit['max']:.0f} VIPs" if hit["max"] > 1 else "")


def _moves(title, by_name):
    """The table of what moves cost: packets lost in a move, and the longest hole of all."""
    entries = [entry for figures in by_name.values() for entry in figures.values()]
    names = list(dict.fromkeys(name for entry in entries for name in entry["streams"]))
    yield ""
    yield f"| {title} | moves | {' | '.join(names)} | on both, ms |"
    yield "|---|---|" + "---|" * (len(names) + 1)
    events = dict.fromkeys(event for figures in by_name.values() for event in figures)
    for event in events:
        for name, figures in by_name.items():
            if event not in figures:
                continue
            found = figures[event]
            cells = [f"{event}, {name}", str(found["moves"])]
            cells += [_losses(found["streams"].get(name)) for name in names]
            cells.append(_cell(found["both_ms"]) + (" and on" if found["left"] else ""))
            yield f"| {' | '.join(cells)} |"


def _targets(targets):
    """The table of targets."""
    if not targets:
        return
    yield "| target | measured | met |"
    yield "|---|---|---|"
    for target, measured, met in targets:
        yield f"| {target} | {measured} | {MET[met]} |"
    yield ""


def table(results):
    """All tables."""
    lines = list(_targets(results["targets"]))
    if results["failover"]:
        lines += _failover(results["failover"], results.get("sleeper", {}))
    for title, by_name in results["crowd"].items():
        lines += _crowd(title, by_name)
    for title, by_name in results["moves"].items():
        lines += _moves(title, by_name)
    return "\n".join(lines)
