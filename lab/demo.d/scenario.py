# SPDX-License-Identifier: GPL-2.0-or-later
"""Events done to the network, and their required effects.

Every step acts once, and then waits for what must be seen: the right router
Active in both families, far's and the fabric's route leading to it alone, and
two seconds' worth of pings answered since, and nothing left at the router that
has given way. What does not come in time is a
Failure with a sentence. There is no other pause.
"""

import json
import select
import signal
import time
from typing import NamedTuple

import measures
import routers
import topology
from history import Event
from routers import Failure
from tale import NAMES, Tale

START_PATIENCE = 60.0
EVENT_PATIENCE = 30.0
CALM_PINGS = 200
SETTLE_MSEC = 6000


class Stage:
    """The running demo: feeds the history, and shows it."""

    def __init__(self, probes, history, screen):
        self.probes = probes
        self.history = history
        self.screen = screen
        self.tale = Tale(history)
        self.routers = {}
        self.condition = {name: "starts" for name in topology.ROUTERS}

    def since_start(self, when):
        """Seconds since the first event, or None before it."""
        return when - self.history.events[0].time if self.history.events else None

    def watch(self, seconds):
        """Reads the records of the probes; waits for them for this time at most."""
        if select.select([self.probes.output], [], [], seconds)[0]:
            for record in self.probes.read():
                sentence = self.tale.sentence(record)
                self.history.add(record)
                if sentence:
                    self.screen.tell(self.since_start(record.time), sentence)
        self.screen.draw(self.history, time.monotonic(), self.condition)

    def until(self, missing, patience):
        """Watches until missing() is None; its sentence is the Failure."""
        limit = time.monotonic() + patience
        while (sentence := missing()) is not None:
            if time.monotonic() > limit:
                raise Failure(f"{sentence}, {patience:.0f} s on.")
            self.watch(0.1)
            for router in self.routers.values():
                router.check()

    def act(self, name, old, new, when, sentence):
        """Enters an event, which happened at `when`."""
        event = Event(name, when, old, new)
        self.history.begin(event)
        self.screen.head(self.since_start(when), sentence)
        return event

    def settle(self, event):
        """Watches until the event has had its effect."""
        self.until(lambda: unsettled(self.history, event), EVENT_PATIENCE)


def unsettled(history, event):
    """The missing effect of the event, as a sentence, or None."""
    for family in topology.FAMILIES:
        about = f"{event.name}: {NAMES[family]}:"
        if event.name == "graceful-stop" and not history.farewell(event, family):
            return f"{about} {event.old} has not said that it leaves"
        is_active = history.active(family) == event.new
        if not is_active and not measures.vip_came(history, event, family):
            return f"{about} {event.new} has not become Active"
        for node in ("far", "fabric"):
            if history.vip_towards(node, family) != [event.new]:
                return f"{about} {node}'s route does not lead to {event.new} alone"
        other = topology.other(event.new)
        if history.vip_present(other, family):
            return f"{about} {other} still has the VIP"
        since = measures.route_switched(history, event, family) or event.time
        for client in topology.CLIENTS:
            if history.answered_in_a_row(client, family, since) < CALM_PINGS:
                return f"{about} the pings from {client} are not all answered"
    return None


def missing_underlay(history):
    """Which route between the nodes is still to come, as a sentence, or None."""
    for node, prefix in topology.UNDERLAY:
        if not history.towards(node, prefix):
            return f"{node} has no route to {prefix}"
    return None


def prepare(stage):
    """Starts all routers, and waits for OSPF and BGP to know all subnets."""
    stage.screen.head(None, "starting zebra, ospfd, ospf6d and bgpd of four routers")
    routers.start_all(stage.routers)
    stage.screen.head(None, "waiting for OSPF and BGP")
    stage.until(lambda: missing_underlay(stage.history), START_PATIENCE)


def start_vrrpd(stage, *names):
    """Starts and configures vrrpd; returns when the first of them was started."""
    starting = [stage.routers[name] for name in names]
    instants = [router.start("vrrpd") for router in starting]
    for router in starting:
        router.wait_for("vrrpd")
        router.give_precedence("vrrpd")
        router.configure("vrrpd")
        stage.condition[router.name] = "runs"
    return instants[0]


def end_vrrpd(stage, name, number, condition):
    """Sends vrrpd a signal that ends it; returns when."""
    instant = stage.routers[name].signal("vrrpd", number)
    stage.routers[name].reap("vrrpd")
    stage.condition[name] = condition
    return instant


def play(stage):
    """The whole demo, from an idle network to the last measurement."""
    stage.probes.start_pinging()
    when = start_vrrpd(stage, "r1", "r2")
    stage.settle(
        stage.act("election", None, "r1", when, "vrrpd starts at r1 and at r2")
    )
    play_daemons(stage)
    play_commands(stage)
    let_routes_settle(stage)
    play_host(stage, "host-gone", "without BFD")
    probe_by_bfd(stage)
    play_host(stage, "host-gone-bfd", "with BFD, 3 times 50 ms")


def play_daemons(stage):
    """r1's vrrpd is killed, stopped, and restarted."""
    when = end_vrrpd(stage, "r1", signal.SIGKILL, "killed")
    stage.settle(stage.act("kill", "r1", "r2", when, "kill -9 of vrrpd at r1"))

    when = start_vrrpd(stage, "r1")
    stage.settle(stage.act("preempt", "r2", "r1", when, "vrrpd starts again at r1"))

    when = end_vrrpd(stage, "r1", signal.SIGTERM, "stopped")
    stage.settle(
        stage.act("graceful-stop", "r1", "r2", when, "vrrpd at r1 is told to stop")
    )

    when = start_vrrpd(stage, "r1")
    stage.settle(stage.act("return", "r2", "r1", when, "vrrpd starts again at r1"))

    when = stage.routers["r1"].type("vrrp restart")
    stage.routers["r1"].reap("vrrpd")
    stage.condition["r1"] = "restarts"
    start_vrrpd(stage, "r1")
    stage.settle(stage.act("restart", "r1", "r1", when, "vrrp restart at r1"))


class Typed(NamedTuple):
    """What somebody types at r1 so that the VIP moves, and so that it comes back."""

    name: str
    there: tuple
    back: tuple


GROUP = ("configure terminal", "interface to-fabric")
TYPED = (
    Typed(
        "shutdown",
        (*GROUP, "vrrp 10 shutdown"),
        (*GROUP, "no vrrp 10 shutdown"),
    ),
    Typed(
        "lower",
        (*GROUP, "vrrp 10 priority 50"),
        (*GROUP, "vrrp 10 priority 200"),
    ),
    Typed("switchover", ("vrrp switchover",), ("clear vrrp switchover",)),
    Typed("drain", ("vrrp drain",), ("no vrrp drain",)),
)


def play_commands(stage):
    """Each of the commands, and what takes it back."""
    r1 = stage.routers["r1"]
    for typed in TYPED:
        for name, old, new, commands in (
            (typed.name, "r1", "r2", typed.there),
            (f"no-{typed.name}", "r2", "r1", typed.back),
        ):
            when = r1.type(*commands)
            stage.settle(
                stage.act(name, old, new, when, f"{commands[-1]} at r1")
            )
            r1.typed()


def play_host(stage, name, how):
    """The whole host goes, as others see it, and comes back."""
    r1 = stage.routers["r1"]
    when = r1.links("down")
    stage.settle(
        stage.act(name, "r1", "r2", when, f"all cables of r1 are cut, {how}")
    )
    when = r1.links("up")
    stage.settle(
        stage.act(f"{name}-over", "r2", "r1", when, "r1's cables are there again")
    )


def let_routes_settle(stage):
    """
    From now on r1 waits for BGP, whose sessions are not there yet when its host is back: until it
    knows the way to the client, and then until all know the way to it.
    """
    ways = (f"vrrp 10 track route {route}" for route in topology.CLIENTS_SUBNETS)
    r1 = stage.routers["r1"]
    r1.type(*GROUP, f"vrrp 10 preempt settle {SETTLE_MSEC}", *ways)
    r1.typed()


def probe_by_bfd(stage):
    """From now on r1 and r2 watch each other by BFD."""
    for router in (stage.routers[name] for name in topology.ROUTERS):
        router.type(*GROUP, "vrrp 10 bfd profile demo")
        router.typed()
    stage.until(lambda: missing_bfd(stage), START_PATIENCE)


def missing_bfd(stage):
    """Whether a session is not up, as a sentence, or None."""
    for name in topology.ROUTERS:
        stage.routers[name].type("show vrrp json")
        (group,) = json.loads(stage.routers[name].typed())
        for version in ("v4", "v6"):
            if group[version]["peers"][0].get("bfdState") != "up":
                return f"{name} has no BFD session with its peer"
    return None
