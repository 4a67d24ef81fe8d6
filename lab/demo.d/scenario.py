# SPDX-License-Identifier: GPL-2.0-or-later
"""Events done to the network, and their required effects.

Every step acts once, and then waits for what must be seen: the right router
Active in both families, far's and the fabric's route leading to it alone, and
two seconds' worth of pings answered since. What does not come in time is a
Failure with a sentence. There is no other pause.
"""

import select
import signal
import time

import measures
import routers
import topology
from history import Event
from routers import Failure
from tale import NAMES, Tale

START_PATIENCE = 60.0
EVENT_PATIENCE = 15.0
CALM_PINGS = 200


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
        if history.active(family) != event.new:
            return f"{about} {event.new} has not become Active"
        switched = measures.route_switched(history, event, family)
        if switched is None or history.vip_towards("far", family) != [event.new]:
            return f"{about} far's route does not lead to {event.new} alone"
        if history.vip_towards("fabric", family) != [event.new]:
            return f"{about} the fabric's route does not lead to {event.new} alone"
        if history.answered_in_a_row(family, switched) < CALM_PINGS:
            return f"{about} the client's pings are not all answered"
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
