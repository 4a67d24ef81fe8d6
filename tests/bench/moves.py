# SPDX-License-Identifier: GPL-2.0-or-later
"""
What a move of VIPs costs a user: packets lost at third routers, one behind OSPF, one behind BGP.

The method is that of RFC 6412: a stream of probes at a known rate, whose losses are the time of
convergence. A move is over when the VIPs are on the router that is to have them, nothing of them
is on the other, and the ways of both third routers lead to it alone.
"""

import signal
import subprocess
from typing import NamedTuple

import fabric
import moving
import process
import progress
import routers
import spread
import stream

PATIENCE_SEC = 40.0
START_SEC = 90.0
# OSPF tells of the same route again after five seconds only (RFC 2328, MinLSInterval).
PAUSE_SEC = 6.0
CALM_SEC = 1.0
LOOK_SEC = 0.25
# by the node where probes begin
PROTOCOL = {probed: protocol for protocol, (probed, _) in fabric.THIRD.items()}


class Event(NamedTuple):
    """What is done, and from which router to which the VIPs move by that."""

    name: str
    old: str
    new: str
    act: callable
    # who dies without a word may leave its addresses where they are
    may_leave: bool = False


class Stage:
    """One implementation, with some VIPs."""

    def __init__(self, side, watching, streams, wanted, protocols):
        self.side, self.watch, self.streams = side, watching, streams
        self.protocols = protocols
        self.wanted = wanted  # {family: VIPs}
        self.all = {vip for vips in wanted.values() for vip in vips}

    def is_at(self, new, old):
        """Whether the VIPs are on new, and not on old, and all ways lead there."""
        return not any(self.misplaced(new, old).values())

    def misplaced(self, new, old):
        """{what is not as it should be: of how many VIPs}"""
        found, up = {}, self.watch.up
        if self.side.ADDRESSES_MOVE:
            found[f"not on {new}"] = len(self.all - up[new])
            found[f"on {old}"] = len(self.all & up[old])
        for protocol in self.protocols:
            _, node = fabric.THIRD[protocol]
            for family, vips in self.wanted.items():
                ways = fabric.leads_to(node, family)
                wrong = sum(ways.get(vip) != {new} for vip in vips)
                found[f"{family} at {node} elsewhere"] = wrong
        return found

    def settle(self, new, old, seconds=PATIENCE_SEC):
        """Waits until they are; returns whether that came true."""
        end = progress.seconds() + seconds
        while not self.is_at(new, old):
            if progress.seconds() > end:
                return False
            self.watch.pause(LOOK_SEC)
        return True

    def both_ms(self, before):
        """How long a VIP was on both routers, since the record began."""
        up = {side: set(vips) for side, vips in before.items()}
        total, since = 0.0, None
        for change in self.watch.changes:
            side = up[change.side]
            (side.add if change.present else side.discard)(change.address)
            if up["r1"] & up["r2"]:
                since = since or change.time
            elif since:
                total, since = total + change.time - since, None
        return total * 1000

    def play(self, event):
        """Does it: {(node, family): losses}, and how long both routers had a VIP."""
        fabric.lend_drain_links()
        self.watch.forget()
        before = {side: set(vips) for side, vips in self.watch.up.items()}
        self.streams.begin()
        self.watch.pause(CALM_SEC)
        event.act()
        settled = self.settle(event.new, event.old, 5.0 if event.may_leave else PATIENCE_SEC)
        if not settled and not event.may_leave:
            wrong = self.misplaced(event.new, event.old)
            said = ", ".join(f"{n} {what}" for what, n in wrong.items() if n)
            progress.say(f"{self.side.NAME}, {event.name}: VIPs {said}")
        self.watch.pause(CALM_SEC)
        found = self.streams.end()
        both = self.both_ms(before) if self.side.ADDRESSES_MOVE else None
        self.watch.pause(PAUSE_SEC)
        return {"streams": found, "both_ms": both, "settled": settled}


def _planned(side):
    """Moves that somebody asks for."""
    yield Event("stop", "r1", "r2", lambda: side.end("r1", signal.SIGTERM))
    yield Event("return", "r2", "r1", lambda: side.start("r1"))
    yield Event("lower priority", "r1", "r2", lambda: side.lower("r1"))
    yield Event("raise priority", "r2", "r1", lambda: side.raise_again("r1"))
    yield Event("restart", "r2", "r1", lambda: side.restart("r1"))


def _commands(side):
    """Those that only vrrpd has."""
    yield Event("shutdown", "r1", "r2", lambda: side.type_to_all("r1", "{} shutdown"))
    yield Event("no shutdown", "r2", "r1", lambda: side.type_to_all("r1", "no {} shutdown"))
    yield Event("switchover", "r1", "r2", lambda: side.say("r1", "vrrp switchover"))
    yield Event("switchover back", "r2", "r1", lambda: side.say("r2", "vrrp switchover"))
    yield Event("drain", "r1", "r2", lambda: side.say("r1", "vrrp drain"))
    yield Event("no drain", "r2", "r1", lambda: side.say("r1", "no vrrp drain"))


def _crash(side):
    """The daemon dies, and is started again."""
    yield Event("kill -9", "r1", "r2", lambda: side.end("r1", signal.SIGKILL), True)
    yield Event("return after kill", "r2", "r1", lambda: side.start("r1"))


def _host(side):
    """The host dies, and boots."""

    def off():
        fabric.power_off("r1", side.running)
        side.forget("r1")

    def on():
        fabric.power_on("r1", side.running)
        side.boot("r1")

    yield Event("host gone", "r1", "r2", off)
    yield Event("host back", "r2", "r1", on)


def _events(side, kinds):
    """Those of the kinds that the implementation has, in turn."""
    for kind in kinds:
        if kind != "commands" or side.NAME == "ours":
            yield from KINDS[kind](side)


KINDS = {"planned": _planned, "commands": _commands, "crash": _crash, "host": _host}


def _start(stage, running):
    """Both routers, and all that has to be there before an event."""
    stage.watch.until(fabric.underlay_is_there, START_SEC)
    for router in ("r1", "r2"):
        stage.side.start(router)
    if not stage.settle("r1", "r2", START_SEC):
        raise routers.Failure(f"{stage.side.NAME}: r1 has not become Active alone")
    stage.watch.pause(PAUSE_SEC)


def _rounds(implementation, moves):
    """Each event of each round, played: (event, what was found)."""
    groups = fabric.groups(moves.vips, moves.families)
    side = implementation(groups, moves)
    wanted = {family: fabric.vips(moves.vips, family) for family in moves.families}
    protocols = [each for each in moves.protocols if each in side.PROTOCOLS]
    targets = {
        (fabric.THIRD[protocol][0], family): vips
        for protocol in protocols
        for family, vips in wanted.items()
    }
    with fabric.built(moves.vips, moves.families, not side.MAKES_DEVICE) as built:
        side.running, watching = built
        process.go_first()
        with stream.Streams(targets, moves.period_ms) as streams:
            try:
                stage = Stage(side, watching, streams, wanted, protocols)
                _start(stage, side.running)
                for _ in range(moves.rounds):
                    for event in _events(side, moves.kinds):
                        yield event, stage.play(event)
            finally:
                side.close()


def _add(seen, event, found):
    """Puts one move with those of the same event."""
    entry = seen.setdefault(
        event.name, {"moves": 0, "both_ms": [], "left": 0, "streams": {}}
    )
    entry["moves"] += 1
    if found["both_ms"] is not None:
        entry["both_ms"].append(found["both_ms"])
    entry["left"] += not found["settled"]
    for (node, family), record in found["streams"].items():
        one = entry["streams"].setdefault(f"{PROTOCOL[node]}, {family}", {})
        for name, value in record.items():
            one.setdefault(name, []).append(value)


def _spread(seen):
    """Figures instead of the values of each move."""
    for entry in seen.values():
        entry["both_ms"] = spread.of(entry["both_ms"])
        for one in entry["streams"].values():
            totals = {f"{name}_in_all": sum(one[name]) for name in ("sent", "lost")}
            one.update({name: spread.of(values) for name, values in one.items()})
            one.update(totals)
    return seen


def _measure(implementation, moves):
    """{event: figures} of one implementation."""
    progress.say(f"{moves.title}, {implementation.NAME}")
    seen = {}
    try:
        for event, found in _rounds(implementation, moves):
            _add(seen, event, found)
    except (routers.Failure, subprocess.SubprocessError) as failure:
        progress.say(f"{implementation.NAME}: {failure}")
    return _spread(seen)


def measure(plan):
    """{title: {implementation: {event: figures}}}"""
    return {
        moves.title: {
            implementation.NAME: _measure(implementation, moves)
            for implementation in moving.IMPLEMENTATIONS
            if implementation.NAME in moves.of
        }
        for moves in plan.moves
    }
