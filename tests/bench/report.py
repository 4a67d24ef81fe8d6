# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures as the Markdown tables that doc/developer/performance.md shows."""

SPREAD = "{median:.1f} ({p10:.1f}…{p90:.1f}, p99 {p99:.1f}, n {n})"

ROWS = {
    "running_ms": "start to all VIPs up, ms",
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
    "cpu_zebra_active_percent": "CPU, zebra beside it, % of a core",
    "rss_vrrp_active_kb": "RSS, Active, KB",
    "pss_vrrp_active_kb": "PSS, Active, KB",
    "rss_vrrp_backup_kb": "RSS, Backup, KB",
    "pss_vrrp_backup_kb": "PSS, Backup, KB",
}


def _cell(found):
    """One spread, or what there is in its place."""
    if not found:
        return "–"
    if found["n"] == 1:
        return f"{found['median']:.1f}"
    return SPREAD.format(**found)


def _failover(results):
    """The table of one group."""
    yield "| interval, event | floor | ours: over the floor | keepalived: over the floor |"
    yield "|---|---|---|---|"
    for interval, kinds in results.items():
        for kind, by_name in kinds.items():
            floors = [f["floor_ms"] for f in by_name.values() if f["floor_ms"]]
            low = min((floor["min"] for floor in floors), default=0)
            high = max((floor["max"] for floor in floors), default=0)
            cells = [f"{interval} ms, {kind}", f"{low:.1f}…{high:.1f}"]
            for figures in by_name.values():
                false = f"; {figures['false']} false" if figures["false"] else ""
                cells.append(_cell(figures["over_ms"]) + false)
            yield f"| {' | '.join(cells)} |"


def _crowd(title, by_name):
    """The table of one crowd."""
    yield ""
    yield f"| {title} | {' | '.join(by_name)} |"
    yield "|---|" + "---|" * len(by_name)
    for figure, label in ROWS.items():
        cells = [_cell(figures.get(figure)) for figures in by_name.values()]
        yield f"| {label} | {' | '.join(cells)} |"


def table(results):
    """All tables."""
    lines = list(_failover(results["failover"]))
    for title, by_name in results["crowd"].items():
        lines += _crowd(title, by_name)
    return "\n".join(lines)
