# SPDX-License-Identifier: GPL-2.0-or-later
"""The live view.

Lines is for a pipe, a file or a dumb terminal: a line for each thing that is
told. Picture is for a terminal: one screen of at most 80 columns and 24 lines,
drawn again in place; when it closes, what was told is printed as Lines would.
The program cannot see which it has, because the lab may put User-Mode Linux
between it and the terminal: lab/demo looks and says so with --screen.
"""

import sys

import measures
import topology
from tale import NAMES

CELL = 0.1
CELLS = 32
RESET = "\033[0m"
STYLES = {
    "1": "\033[1;37;44m",
    "2": "\033[1;30;43m",
    "=": "\033[1;30;47m",
    "x": "\033[1;37;41m",
    "|": "\033[30;42m",
    "title": "\033[1m",
    "dim": "\033[2m",
    "r1": "\033[1;37;44m",
    "r2": "\033[1;30;43m",
    "bad": "\033[1;31m",
}
LETTERS = {"r1": "1", "r2": "2"}


class Lines:
    """Prints what is told, and draws nothing."""

    def __init__(self, output=sys.stdout):
        self.output = output

    def tell(self, time, sentence):
        """One line; time is in seconds since the demo's zero."""
        stamp = f"{time:8.3f}" if time is not None else " " * 8
        self.output.write(f"{stamp}  {sentence}\n")
        self.output.flush()

    def head(self, time, sentence):
        """The line that opens an event."""
        self.tell(time, f"-- {sentence}")

    def draw(self, history, now, condition):
        """Nothing to draw."""

    def close(self):
        """Nothing to close."""


def _letter(routers):
    """One character for a set of routers."""
    if len(routers) == 2:
        return "="
    return LETTERS.get(routers[0], "?") if routers else " "


def _route_strip(changes, times):
    """Which way a route pointed at each of the times."""
    strip, index, towards = "", 0, []
    for time in times:
        while index < len(changes) and changes[index].time <= time:
            towards = changes[index].towards
            index += 1
        strip += _letter(towards)
    return strip


def _active_strip(reigns, times, now):
    """The Active router in each of the cells; the present one is still Active."""
    strip = ""
    for time in times:
        letter = " "
        for router, first, last in reigns[-6:]:
            ends = last if now - last > 2.5 * CELL else now
            if first <= time and time - CELL <= ends:
                letter = LETTERS[router]
        strip += letter
    return strip


def _ping_strip(pings, times):
    """The worst that happened to a ping in each of the cells."""
    cells = [" "] * len(times)
    start = times[0] - CELL
    for ping in reversed(pings):
        if ping.time < start - 1:
            break
        index = int((ping.time - start) / CELL)
        if 0 <= index < len(cells) and cells[index] != "x":
            cells[index] = "x" if ping.answered is None else "|"
    return "".join(cells)


class Picture:
    """One screen, drawn again and again."""

    PERIOD = 0.2

    def __init__(self, columns, rows, output=sys.stdout):
        self.columns = min(columns, 80)
        self.rows = min(rows, 24)
        self.output = output
        self.told = []
        self.headline = ""
        self.drawn = 0.0
        self.output.write("\033[?1049h\033[?25l\033[2J")

    def tell(self, time, sentence):
        """Remembers a line for the lower part of the screen."""
        self.told.append((time, sentence))

    def head(self, time, sentence):
        """The line that opens an event stays until the next one does."""
        self.headline = sentence
        self.tell(time, f"-- {sentence}")

    def close(self):
        """Gives the terminal back, and prints what was told."""
        self.output.write("\033[?25h\033[?1049l")
        lines = Lines(self.output)
        for time, sentence in self.told:
            lines.tell(time, sentence)

    def draw(self, history, now, condition):
        """Draws all, if it is time; condition says what each vrrpd does."""
        if now - self.drawn < self.PERIOD:
            return
        self.drawn = now
        lines = [*_map(history, condition)]
        lines.append(_styled(f" {self.headline}", "title"))
        lines += [*_strips(history, now), *_numbers(history), ""]
        room = self.rows - 1 - len(lines)
        for time, sentence in self.told[-room:]:
            stamp = f"{time:8.3f}" if time is not None else " " * 8
            lines.append(f" {stamp}  {sentence}"[: self.columns])
        screen = "\033[H" + "".join(f"{line}\033[K\r\n" for line in lines)
        self.output.write(screen + "\033[J")
        self.output.flush()


def _styled(text, style):
    return f"{STYLES[style]}{text}{RESET}"


def _coloured(strip):
    """A strip with each letter in its colour."""
    return "".join(_styled(c, c) if c in STYLES else c for c in strip)


def _box(history, router, condition):
    """The two family lines of a router's box, 20 columns each."""
    for family in topology.FAMILIES:
        if condition[router] != "runs":
            yield _styled(f"{NAMES[family]} {condition[router]:15}", "bad")
        elif history.active(family) == router:
            yield _styled(f"{NAMES[family]} {'ACTIVE':15}", router)
        else:
            yield f"{NAMES[family]} {'backup':15}"


def _map(history, condition):
    """The upper half: the network, and who is what in it."""
    left = [*_box(history, "r1", condition)]
    right = [*_box(history, "r2", condition)]
    ways = {"r1": [], "r2": []}
    for family in topology.FAMILIES:
        for router in history.vip_towards("far", family):
            if router in ways:
                ways[router].append(NAMES[family])
    way1 = f"{' and '.join(ways['r1']):^13}"
    way2 = f"{' and '.join(ways['r2']):^13}"
    bar1 = _styled("======", "r1") if ways["r1"] else "------"
    bar2 = _styled("======", "r2") if ways["r2"] else "------"
    return [
        _styled(" A VIP that moves between two routers which share no subnet", "title"),
        "   site 1   10.1.1.0/24                          site 2   10.1.2.0/24",
        "  +----------------------+                      +----------------------+",
        "  | r1                   |------- fabric -------| r2                   |",
        f"  | {left[0]} |    OSPFv2, OSPFv3    | {right[0]} |",
        f"  | {left[1]} |                      | {right[1]} |",
        "  +-----------+----------+                      +----------+-----------+",
        f"              +{bar1}{way1}{bar1} far {bar2}{way2}{bar2}+",
        "                                     | BGP",
        "                                  client",
    ]


def _strips(history, now):
    """The middle: what the last seconds were like, a cell for 100 ms."""
    last = int(now / CELL) * CELL
    times = [last - CELL * (CELLS - 1 - index) for index in range(CELLS)]
    rows = {"": [], "Active": [], "far": [], "fabric": [], "pings": []}
    for family in topology.FAMILIES:
        prefix = topology.vip_prefix(family)
        pings = history.pings["client", family]
        title = f"{NAMES[family]} {topology.VIP[family]}"
        rows[""].append(_styled(f"{title:{CELLS}}", "title"))
        reigns = history.reigns(family)
        rows["Active"].append(_coloured(_active_strip(reigns, times, now)))
        for node in ("far", "fabric"):
            changes = history.route_changes(node, prefix)
            rows[node].append(_coloured(_route_strip(changes, times)))
        rows["pings"].append(_coloured(_ping_strip(pings, times)))
    for label, cells in rows.items():
        yield f" {label:8} {'   '.join(cells)}"


def _numbers(history):
    """Below the strips: what has been measured of the present event."""
    if not history.events:
        return ["", ""]
    takeover, switched = [], []
    for family in topology.FAMILIES:
        row = measures.measure(history, history.events[-1], family)
        first = second = ""
        if row.takeover_ms is not None:
            first = f"{row.takeover_ms:.1f} ms"
        if row.detection_floor_ms is not None:
            first += f", floor {row.detection_floor_ms:.1f}"
        if row.route_switched_ms is not None:
            second = f"{row.route_switched_ms:.1f} ms, {sum(row.lost.values())} pings lost"
        takeover.append(f"{first:{CELLS}}")
        switched.append(f"{second:{CELLS}}")
    return [
        f" takeover {'   '.join(takeover)}",
        f" switched {'   '.join(switched)}",
    ]
