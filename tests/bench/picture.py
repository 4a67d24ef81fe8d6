# SPDX-License-Identifier: GPL-2.0-or-later
"""The picture: ours against keepalived against the protocol's floor."""

import math
from html import escape

WIDTH = 900
LEFT, RIGHT = 290, 860
ROW = 17
COLOURS = {"ours": "#1f6fb2", "keepalived": "#d9822b"}
FLOOR = "#2b8a3e"
EVENTS = {"crash": "killed", "stop": "stopped"}
STYLE = (
    "text{font:13px sans-serif;fill:#222}.s{font-size:11px;fill:#666}"
    ".h{font-size:15px;font-weight:bold}"
)


class Canvas:
    """SVG elements from top to bottom; y is where the next one goes."""

    def __init__(self):
        self.parts = []
        self.y = 0

    def text(self, x, words, anchor="start", kind=""):
        """Text with its baseline at y."""
        self.parts.append(
            f'<text x="{x:.1f}" y="{self.y:.1f}" text-anchor="{anchor}"'
            f' class="{kind}">{escape(words)}</text>'
        )

    def line(self, x1, x2, colour, width=1.0, rise=0.0, drop=0.0):
        """A line around y; level, or upright if x1 is x2."""
        self.parts.append(
            f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{self.y - rise:.1f}"'
            f' y2="{self.y + drop:.1f}" stroke="{colour}" stroke-width="{width}"/>'
        )

    def dot(self, x, colour):
        """A dot at y."""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{self.y:.1f}" r="4.5" fill="{colour}"/>'
        )

    def heading(self, words, explanation):
        """The title of a part, with how to read it."""
        self.y += 38
        self.text(20, words, kind="h")
        self.y += 17
        self.text(20, explanation, kind="s")
        self.y += 22

    def end(self):
        """The whole document."""
        height = self.y + 20
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}"'
            f' height="{height:.0f}"><style>{STYLE}</style>'
            '<rect width="100%" height="100%" fill="#fff"/>'
            + "\n".join(self.parts)
            + "</svg>\n"
        )


def _range(canvas, scale, colour, low, middle, high):
    """A thick line from low to high, a dot at the middle."""
    canvas.line(scale(low), scale(high), colour, 5)
    canvas.dot(scale(middle), colour)


def _legend(canvas):
    """The legend: the colour of each implementation."""
    canvas.y += 14
    for x, (name, colour) in zip((190, 330), COLOURS.items()):
        canvas.y -= 4
        canvas.dot(x, colour)
        canvas.y += 4
        canvas.text(x + 10, name)
    canvas.y -= 4
    canvas.line(470, 490, FLOOR, 3)
    canvas.y += 4
    canvas.text(496, "the floor: what RFC 9568 makes a Backup wait")


def _log_scale(low, high):
    """From milliseconds to x, by powers of ten."""
    span = math.log10(high / low)
    return lambda ms: LEFT + (RIGHT - LEFT) * min(
        1, max(0, math.log10(max(ms, low) / low) / span)
    )


def _failover(canvas, results):
    """One group: how long after the floor."""
    canvas.heading(
        "One group: how late after the floor the VIP is up on the other router",
        "dot: median, line: p10 to p99, in milliseconds on a logarithmic scale;"
        " the left edge is the floor itself",
    )
    scale = _log_scale(0.1, 1000)
    top = canvas.y - 8
    for title, kinds in results.items():
        for kind, by_name in kinds.items():
            canvas.y += 8
            canvas.text(20, f"{title}, {EVENTS[kind]}")
            for name, found in by_name.items():
                over = found["over_ms"]
                if over:
                    values = over["p10"], over["median"], over["p99"]
                    _range(canvas, scale, COLOURS[name], *values)
                canvas.y += ROW - 5
            canvas.y += 4
    canvas.line(LEFT, LEFT, FLOOR, 3, rise=canvas.y - top)
    for ms in (0.1, 1, 10, 100, 1000):
        canvas.line(scale(ms), scale(ms), "#ccc", rise=canvas.y - top)
    canvas.y += 14
    for ms in (1, 10, 100, 1000):
        canvas.text(scale(ms), f"+{ms} ms", "middle", "s")


def _moved(canvas, title, by_name):
    """One crowd: from the crash to the first, the middle and the last VIP."""
    complete = {n: f for n, f in by_name.items() if "each_ms" in f}
    if not complete:
        return
    floor_ms = max(figures["floor_ms"]["max"] for figures in complete.values())
    most = max(floor_ms, *(f["each_ms"]["max"] for f in complete.values()))

    def scale(ms):
        return LEFT + (RIGHT - LEFT - 80) * ms / most

    canvas.y += 10
    canvas.text(20, title)
    top = canvas.y - 12
    for name, figures in complete.items():
        each = figures["each_ms"]
        values = each["min"], each["median"], each["max"]
        _range(canvas, scale, COLOURS[name], *values)
        canvas.y += 4
        canvas.text(RIGHT, f"last {each['max']:.0f} ms", "end", "s")
        canvas.y += ROW - 4
    x = scale(floor_ms)
    canvas.line(x, x, FLOOR, 2, rise=canvas.y - top)
    canvas.y += 6
    canvas.text(x, f"floor {floor_ms:.0f} ms", "middle", "s")
    canvas.y += 10


def _bars(canvas, results, words, figures, more=()):
    """A sum of figures as a bar for each crowd and name; words have its unit.

    What is in more counts where there is such a figure.
    """
    found = {
        (title, name): sum(
            by_figure[f]["median"] for f in (*figures, *more) if f in by_figure
        )
        for title, by_name in results.items()
        for name, by_figure in by_name.items()
        if all(f in by_figure for f in figures)
    }
    most = max(found.values(), default=0) or 1
    before = None
    for (title, name), value in found.items():
        if title != before:
            canvas.y += 8
            canvas.text(20, title)
            before = title
        x = LEFT + (RIGHT - LEFT - 80) * value / most
        canvas.y -= 4
        canvas.line(LEFT, x, COLOURS[name], 10)
        canvas.y += 4
        canvas.text(x + 8, words.format(value), kind="s")
        canvas.y += ROW


def _crowd(canvas, results):
    """Many groups: time, processor time, false takeovers."""
    canvas.heading(
        "Many groups: from the crash until the VIPs are up on the other router",
        "line: first to last VIP of all crashes, dot: median VIP; each part has a"
        " scale of its own, which begins at 0",
    )
    for title, by_name in results.items():
        _moved(canvas, title, by_name)
    canvas.heading(
        "Processor time",
        "both routers together, while all is quiet; ours with zebra, which hears of"
        " every renewed address",
    )
    cpu = ("cpu_vrrp_active_percent", "cpu_vrrp_backup_percent")
    zebra = ("cpu_zebra_active_percent", "cpu_zebra_backup_percent")
    _bars(canvas, results, "{:.1f} % of a core", cpu, zebra)
    canvas.heading(
        "False takeovers", "in a quiet time, at cold start and on a no-change reload"
    )
    _bars(canvas, results, "{:.0f}", ("false_quiet", "false_cold", "false_reload"))


def draw(results):
    """The SVG of a run's results."""
    canvas = Canvas()
    canvas.y = 16
    _legend(canvas)
    _failover(canvas, results["failover"])
    _crowd(canvas, results["crowd"])
    canvas.y += 16
    machine = results["machine"]
    canvas.text(
        20,
        f"{machine['utc']}, {machine['cpus']} CPUs, {machine['cpu']}, Linux"
        f" {machine['kernel']}, {machine['keepalived']}, VIPs on {machine['vip_device']}",
        kind="s",
    )
    return canvas.end()
