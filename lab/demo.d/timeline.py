# SPDX-License-Identifier: GPL-2.0-or-later
"""The run as one picture, an SVG that needs nothing beside itself.

Above, the run up to the last start of r1's daemon: for each family a lane for who
was Active, one for where far's route led, one for the fabric's, and one for the
client's pings; a line across all of them for each event, with its numbers. Below, the two takeovers that the
protocol times, magnified: each advertisement and each ping is a stroke of its
own, and the shaded part is the wait that the protocol demands.

Everything is drawn from the history; only the numbers come from the measures.
"""

from html import escape

import measures
import probes
import topology
from tale import NAMES

WIDTH = 1240
LEFT, RIGHT = 130, 30
LANE, GAP = 18, 6
COLOURS = {"r1": "#2f6db5", "r2": "#e08a1e"}
ANSWERED, LOST, NOTHING = "#4c9f70", "#d3273e", "#f1f1f1"
INK, SOFT, WAIT = "#222222", "#777777", "#ffe9a8"
TITLES = {
    "election": "both start",
    "kill": "kill -9 at r1",
    "preempt": "r1 is back",
    "graceful-stop": "r1 is stopped",
    "return": "r1 is back",
}

ACTS = {"kill": "kill -9", "graceful-stop": "kill -TERM"}
NOTE = (
    "takeover: the new Active router's first advertisement, counted from the old"
    " one's last (kill), from its priority-0 one (stop), or from the start of the"
    " daemon; floor: what RFC 9568 makes it wait."
)


class Drawing:
    """A growing list of SVG elements."""

    def __init__(self):
        self.elements = []

    def box(self, x, y, width, height, fill, **attributes):
        """A rectangle."""
        more = "".join(f' {name}="{value}"' for name, value in attributes.items())
        self.elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.6):.1f}"'
            f' height="{height:.1f}" fill="{fill}"{more}/>'
        )

    def line(self, x1, y1, x2, y2, stroke, width=1.0, dash=""):
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.elements.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            f' stroke="{stroke}" stroke-width="{width}"{dashes}/>'
        )

    def text(self, x, y, words, size=12, fill=INK, anchor="start", weight="normal"):
        """A line of text."""
        self.elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"'
            f' text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'
        )

    def document(self, height):
        """All of it."""
        body = "\n".join(self.elements)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}"'
            f' height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
            f' font-family="DejaVu Sans, Helvetica, Arial, sans-serif">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
        )


class Axis:
    """Where an instant is between two edges of the drawing."""

    def __init__(self, start, end, left, right):
        self.start, self.end = start, end
        self.left, self.right = left, right

    def __call__(self, time):
        time = min(max(time, self.start), self.end)
        share = (time - self.start) / (self.end - self.start)
        return self.left + share * (self.right - self.left)

    def has(self, time):
        """Whether the instant is on the axis."""
        return self.start <= time <= self.end


def _runs(pings):
    """Pings by time, as (answered, first, last, how many) of equal ones in a row."""
    runs = []
    for ping in sorted(pings):
        answered = ping.answered is not None
        if not runs or runs[-1][0] != answered:
            runs.append([answered, ping.time, ping.time, 0])
        runs[-1][2] = ping.time
        runs[-1][3] += 1
    return runs


def _spans(changes, end):
    """Route records as (from, to, towards)."""
    ends = [change.time for change in changes[1:]] + [end]
    for change, until in zip(changes, ends):
        yield change.time, until, change.towards


def _draw_active(drawing, axis, y, history, family):
    """A bar for each reign, its name in it if there is room."""
    drawing.box(axis.left, y, axis.right - axis.left, LANE, NOTHING)
    for router, first, last in history.reigns(family):
        if last < axis.start or first > axis.end:
            continue
        x, width = axis(first), axis(last) - axis(first)
        drawing.box(x, y, width, LANE, COLOURS[router])
        if width > 30:
            drawing.text(x + 6, y + 13, router, 11, "white", weight="bold")


def _draw_route(drawing, axis, y, changes):
    """A bar as long as a route led there; two half bars for two ways at once."""
    drawing.box(axis.left, y, axis.right - axis.left, LANE, NOTHING)
    for start, end, towards in _spans(changes, axis.end):
        if end < axis.start or start > axis.end or not towards:
            continue
        x, height = axis(start), LANE / len(towards)
        for index, router in enumerate(towards):
            colour = COLOURS.get(router, SOFT)
            drawing.box(x, y + index * height, axis(end) - x, height, colour)
        if axis(end) - x > 30 and len(towards) == 1:
            words = f"to {towards[0]}"
            drawing.text(x + 6, y + 13, words, 11, "white", weight="bold")


def _draw_pings(drawing, axis, y, pings):
    """Bars of answered and of lost pings."""
    drawing.box(axis.left, y, axis.right - axis.left, LANE, NOTHING)
    for answered, first, last, _ in _runs(pings):
        last += probes.PING_PERIOD
        if last < axis.start or first > axis.end:
            continue
        colour = ANSWERED if answered else LOST
        drawing.box(axis(first), y, axis(last) - axis(first), LANE, colour)


LANES = ("Active", "far's route", "fabric's route", "pings")


def _draw_lanes(drawing, axis, y, history, family):
    """The four lanes of one family; returns where they end."""
    prefix = topology.vip_prefix(family)
    for index, name in enumerate(LANES):
        top = y + index * (LANE + GAP)
        drawing.text(LEFT - 10, top + 13, name, 12, INK, "end")
        if name == "Active":
            _draw_active(drawing, axis, top, history, family)
        elif name == "pings":
            _draw_pings(drawing, axis, top, history.pings["client", family])
        else:
            node = name.removesuffix("'s route")
            _draw_route(drawing, axis, top, history.route_changes(node, prefix))
    return y + len(LANES) * (LANE + GAP) - GAP


def _numbers(row):
    """The lines of text an event has in a family."""
    if row.takeover_ms is None:
        return ["did not happen"]
    switched = "-" if row.route_switched_ms is None else f"{row.route_switched_ms:.1f}"
    return [
        f"takeover {row.takeover_ms:.1f} ms",
        f"(floor {row.detection_floor_ms:.1f} ms)",
        f"far switched {switched} ms",
        f"pings lost {row.lost['BGP']}",
    ]


def _draw_axis(drawing, axis, y, zero, step, unit, scale, top=None):
    """Ticks and their numbers below the lanes, and faint lines through them."""
    drawing.line(axis.left, y, axis.right, y, SOFT)
    tick = step * int((axis.start - zero) / step)
    while zero + tick <= axis.end:
        if axis.has(zero + tick):
            x = axis(zero + tick)
            drawing.line(x, y, x, y + 4, SOFT)
            if top is not None:
                drawing.line(x, top, x, y, "#00000018")
            drawing.text(x, y + 16, f"{tick * scale:g}{unit}", 10, SOFT, "middle")
        tick = round(tick + step, 6)


def _draw_overview(drawing, history, rows, top):
    """The run, as far as there is room for numbers; returns where it ends."""
    zero = history.events[0].time
    events = [event for event in history.events if event.name in TITLES]
    last = max(pings[-1].time for pings in history.pings.values() if pings)
    last = min(last, events[-1].end)
    axis = Axis(zero - 0.3, last, LEFT, WIDTH - RIGHT)
    y = top + 24
    for family in topology.FAMILIES:
        drawing.text(LEFT - 10, y + 14, NAMES[family], 14, INK, "end", "bold")
        drawing.text(LEFT - 10, y + 32, topology.VIP[family], 11, SOFT, "end")
        lanes = y + 66
        for event in events:
            row = next(r for r in rows if r[:2] == (event.name, family))
            for index, words in enumerate(_numbers(row)):
                weight = "bold" if index == 0 else "normal"
                x, line = axis(event.time) + 5, y + 14 + 13 * index
                drawing.text(x, line, words, 10.5, INK, weight=weight)
        y = _draw_lanes(drawing, axis, lanes, history, family) + 22
    bottom = y - 16
    for event in events:
        x = axis(event.time)
        drawing.line(x, top + 8, x, bottom, INK, 1.2, "3,2")
        drawing.text(x + 5, top + 16, TITLES[event.name], 11.5, INK, weight="bold")
    _draw_axis(drawing, axis, bottom, zero, 1.0, " s", 1)
    drawing.text(LEFT, bottom + 34, NOTE, 10.5, SOFT)
    return bottom + 44


def _draw_closeup(drawing, history, event, family, left, right, y):
    """One takeover, magnified; returns where it ends."""
    row = measures.measure(history, event, family)
    title = f"{TITLES[event.name]}, {NAMES[family]}"
    drawing.text(left, y, title, 12, weight="bold")
    first = measures.first_advert(history, event, family)
    if first is None:
        drawing.text(left, y + 30, "did not happen", 12, LOST)
        return y + 40
    zero, floor_ms = measures.zero_and_floor(history, event, family, first)
    axis = Axis(zero - 0.25, zero + 0.75, left, right)
    top = y + 24
    bottom = top + 3 * (LANE + GAP) - GAP
    drawing.box(
        axis(zero), top - 4, axis(zero + floor_ms / 1000) - axis(zero), LANE + 8, WAIT
    )
    _draw_strokes(drawing, axis, top, history, family)
    prefix = topology.vip_prefix(family)
    changes = history.route_changes("far", prefix)
    _draw_route(drawing, axis, top + LANE + GAP, changes)
    _draw_ping_strokes(
        drawing, axis, top + 2 * (LANE + GAP), history.pings["client", family]
    )
    late_ms = row.takeover_ms - row.detection_floor_ms
    words = f"takeover {row.takeover_ms:.1f} ms = floor {floor_ms:.1f} + {late_ms:.1f}"
    drawing.text(right, y, words, 11, INK, "end")
    if axis.has(event.time):
        x = axis(event.time)
        drawing.line(x, top - 8, x, bottom + 4, INK, 1.2, "3,2")
        drawing.text(x + 4, top - 6, ACTS[event.name], 10.5)
    _draw_axis(drawing, axis, bottom + 4, zero, 0.1, "", 1000)
    return bottom + 24


def _draw_strokes(drawing, axis, y, history, family):
    """A stroke for each advertisement; the priority-0 one has a ring."""
    drawing.line(axis.left, y + LANE, axis.right, y + LANE, SOFT)
    for advert in history.adverts[family]:
        if axis.has(advert.time):
            x = axis(advert.time)
            drawing.box(x - 1.2, y, 2.4, LANE, COLOURS[advert.router])
            if advert.priority == 0:
                drawing.elements.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="white"'
                    f' stroke="{COLOURS[advert.router]}" stroke-width="2"/>'
                )


def _draw_ping_strokes(drawing, axis, y, pings):
    """A stroke for each ping: tall and red if lost."""
    drawing.line(axis.left, y + LANE, axis.right, y + LANE, SOFT)
    for ping in pings:
        if axis.has(ping.time):
            lost = ping.answered is None
            height = LANE if lost else LANE * 0.6
            colour = LOST if lost else ANSWERED
            drawing.box(axis(ping.time) - 0.7, y + LANE - height, 1.4, height, colour)


def _draw_closeups(drawing, history, top):
    """The takeovers that take the time set by the protocol, side by side."""
    drawing.text(20, top, "The takeovers, magnified", 14, weight="bold")
    words = (
        "milliseconds from the last sign of the old Active router;"
        " a stroke is one advertisement, or one ping;"
        " yellow: the wait that the protocol demands"
    )
    drawing.text(230, top, words, 11, SOFT)
    events = [e for e in history.events if e.name in ("kill", "graceful-stop")]
    y = bottom = top + 26
    for event in events:
        for index, family in enumerate(topology.FAMILIES):
            middle = (LEFT + WIDTH - RIGHT) / 2
            left = LEFT if index == 0 else middle + 15
            right = middle - 15 if index == 0 else WIDTH - RIGHT
            bottom = max(
                bottom, _draw_closeup(drawing, history, event, family, left, right, y)
            )
        for index, name in enumerate(("adverts", "far's route", "pings")):
            drawing.text(
                LEFT - 10, y + 24 + 13 + index * (LANE + GAP), name, 12, INK, "end"
            )
        y = bottom + 26
    return bottom


def _draw_legend(drawing, y):
    """The legend of the colours."""
    x = WIDTH - RIGHT - 560
    for colour, words, width in (
        (COLOURS["r1"], "r1, site 1", 100),
        (COLOURS["r2"], "r2, site 2", 100),
        (NOTHING, "nobody, no route", 140),
        (ANSWERED, "pings answered", 130),
        (LOST, "lost", 90),
    ):
        drawing.box(x, y - 10, 14, 12, colour, stroke=SOFT)
        drawing.text(x + 19, y, words, 11)
        x += width


def draw(history, rows):
    """The picture, as the text of an SVG file."""
    drawing = Drawing()
    title = "A VIP that moves between two routers which share no subnet"
    drawing.text(20, 30, title, 18, weight="bold")
    words = (
        "VRRP by unicast elects r1 or r2; far learns the VIP by BGP, the fabric by"
        " OSPF; a client behind far pings it every 10 ms."
    )
    drawing.text(20, 50, words, 12, SOFT)
    _draw_legend(drawing, 72)
    bottom = _draw_overview(drawing, history, rows, 84)
    bottom = _draw_closeups(drawing, history, bottom + 34)
    return drawing.document(bottom + 20)
