# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two routers, real reloads, and what is judged of them.

    r1 --- r2

r1 is given configurations (plan.py) by the real frr-reload. r2 answers, and never changes.
What r1 sent is judged by what reached r2.
"""
import socket
import struct
import time
from collections import namedtuple

from helpers.events import Recorder
from helpers.frames import Advert, decode
from helpers.listen import SO_RCVBUFFORCE, socket_in
from helpers.namespace import Namespace, link
from helpers.sleeper import Sleeper
from helpers.wait import wait_for
from helpers.wire import ETH_P_ALL

import plan as plans
from plan import FAMILIES, LIVE

R1, R2 = Namespace("r1"), Namespace("r2")
CONF = "/etc/frr/r1/frr.conf"
RELOAD = "/usr/lib/frr/frr-reload.py"
SETTLE_SEC = 3
# A reload in which nothing is typed for SETTLE_SEC is two, so a machine must not stand still
# for much of that: then it is judged anew.
STALL_SEC, TRIES = 1, 4
MULTICAST = {"v4": "224.0.0.18", "v6": "ff02::12"}
SO_TIMESTAMPNS = 35

Sent = namedtuple("Sent", "time vrid family destination priority")


class Wire:
    """VRRP from r1 as it reached r2, with the kernel's times."""

    def __init__(self):
        protocol = socket.htons(ETH_P_ALL)
        self.sock = socket_in(R2, socket.AF_PACKET, socket.SOCK_RAW, protocol)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.bind(("eth0", ETH_P_ALL))
        self.sock.setblocking(False)

    def take(self):
        """All since the last time."""
        seen = []
        while True:
            try:
                octets, ancillary, _, address = self.sock.recvmsg(1 << 16, 256)
            except BlockingIOError:
                return seen
            advert = decode(octets)
            if address[2] == socket.PACKET_OUTGOING or not isinstance(advert, Advert):
                continue
            now = sum(n / d for n, d in zip(struct.unpack("=qq", ancillary[0][2]), (1, 1e9)))
            family = "v6" if ":" in advert.source else "v4"
            seen.append(Sent(now, advert.vrid, family, advert.destination, advert.priority))


def build():
    """A cable, and a VIP interface that every kernel has."""
    for machine in (R1, R2):
        machine.build()
    link("eth0", R1, "eth0", R2)
    for machine, hosts in ((R1, (1, 11, 12)), (R2, (2,))):
        machine.must_run("ip link add vip0 type dummy || ip link add vip0 type ifb")
        machine.must_run("ip link set vip0 up")
        for host in hosts:
            machine.must_run(f"ip address add 192.0.2.{host}/24 dev eth0")
            machine.must_run(f"ip address add 2001:db8:1::{host}/64 dev eth0 nodad")
    R2.write_conf(*plans.peer_lines())
    for machine in (R2, R1):
        machine.boot()


def demolish():
    """Nothing is left."""
    for machine in (R1, R2):
        machine.demolish()


def reload(*lines):
    """frr-reload, which has to succeed."""
    R1.write_conf(*lines)
    R1.must_run(f"{RELOAD} --reload -N r1 {CONF}")


def ours(lines):
    """Those of groups and services, as a set."""
    return {line for line in lines if line.strip().startswith(("vrrp", "no vrrp", "ipvs"))}


def all_of(groups, key):
    """{(vrid, family): that of the family}."""
    return {
        (vrid, family): found[family].get(key)
        for vrid, found in groups.items()
        for family in FAMILIES
    }


def unsettled():
    """A check: nothing waits to take effect."""
    waiting = {
        key: said
        for key, said in all_of(R1.groups(), "warnings").items()
        if any("take effect" in sentence for sentence in said)
    }
    return str(waiting) if waiting else None


def states_differ(plan):
    """A check: each router of r1 is in the state that its configuration demands."""
    seen = all_of(R1.groups(), "state")
    wrong = {
        (vrid, family): (seen.get((vrid, family)), plan.state(vrid, family))
        for vrid in plan.groups
        for family in FAMILIES
        if plan.state(vrid, family) and seen.get((vrid, family)) != plan.state(vrid, family)
    }
    return f"seen, and wanted: {wrong}" if wrong else None


def apply(plan):
    """Reloads, and waits until r1 is as the configuration demands."""
    reload(*plan.lines())
    wait_for("all has taken effect", unsettled)
    wait_for("all are in the state that is configured", lambda: states_differ(plan))


def faults_of(before, after, wire):
    """What is judged wrong of the reload that leads from one configuration to the other."""
    for _ in range(TRIES):
        judge = Judge(before, wire)
        with judge:
            apply(after)
        faults, stalled = list(judge.judge(after)), judge.stalled_sec()
        if not faults or stalled < STALL_SEC:
            break
        print(f"the machine stood still for {stalled:.1f} s; again, after {faults}", flush=True)
        apply(before)
    return faults


class Judge:
    """The events between two configurations; the second one comes in a with-block."""

    def __init__(self, before, wire):
        self.before, self.wire, self.began = before, wire, time.time()
        self.counts = all_of(R1.groups(), "stats")
        self.record, self.sleeper = Recorder(R1), Sleeper()
        wire.take()

    def __enter__(self):
        self.sleeper.__enter__()
        self.record.__enter__()
        return self

    def __exit__(self, *raised):
        self.record.__exit__(*raised)
        self.sleeper.__exit__(*raised)

    def stalled_sec(self):
        """How long the machine has stood still since."""
        return self.sleeper.overslept(self.began, time.time())

    def judge(self, after):
        """Yields a sentence for each thing that should not have been."""
        sent = self.wire.take()
        counts = all_of(R1.groups(), "stats")
        gone = {event.prefix for event in self.record.events if event.verb == "del"}
        differ = ours(R1.running_config()) ^ ours(after.lines())
        if differ:
            yield f"the running configuration differs: {differ}"
        for vrid in self.before.groups.keys() & after.groups.keys():
            old, new = self.before.groups[vrid], after.groups[vrid]
            if old.is_synced or new.is_synced:
                continue  # it follows others, whatever befalls them: only its end is judged
            for family in FAMILIES:
                if old.state(family) not in ("Active", "Backup") or not new.state(family):
                    continue
                changes = (
                    counts[vrid, family]["transitions"]
                    - self.counts[vrid, family]["transitions"]
                )
                seen = [s for s in sent if (s.vrid, s.family) == (vrid, family)]
                for fault in (
                    *judge_family(old, new, family, changes, seen, gone),
                    *self._judge_times(old, new, family, seen),
                ):
                    yield f"VRID {vrid} {family}: {fault}"

    def _judge_times(self, old, new, family, sent):
        """A Backup hears each advertisement of an Active one that is left alone, none late."""
        if old != new or old.state(family) != "Active" or not old.hears(family):
            return
        to = MULTICAST[family] if old.is_lan else LIVE[family]
        times = [s.time for s in sent if s.destination == to]
        allowed = 2 * old.interval_ms / 1000 + 0.2
        lasted = time.time() - self.began
        if len(times) < 2 and lasted > allowed + self.stalled_sec():
            yield f"{len(times)} advertisements in {lasted} s"
        for sooner, later in zip(times, times[1:]):
            stalled = self.sleeper.overslept(sooner, later)
            if later - sooner > allowed + stalled:
                yield (
                    f"{later - sooner} s between two advertisements; {allowed} s are allowed,"
                    f" and {stalled} s while the machine stood still"
                )


def judge_family(old, new, family, changes, sent, gone):
    """The faults of one virtual router."""
    if not old.is_lan and any(s.destination == MULTICAST[family] for s in sent):
        yield "it sent multicast"
    if old.version != new.version:
        return
    if changes > (old.state(family) != new.state(family)):
        yield f"{changes} transitions, {old.state(family)} to {new.state(family)}"
    allowed = {old.priority, new.priority}
    if new.state(family) == "Initialize":
        allowed.add(0)
    passed = {s.priority for s in sent} - allowed
    if passed:
        yield f"it passed through priority {passed}, from {old.priority} to {new.priority}"
    if not old.state(family) == new.state(family) == "Active":
        return
    if where(old) == where(new):
        length = 32 if family == "v4" else 128
        kept = set(getattr(old, family).vips) & set(getattr(new, family).vips)
        lost = {vip for vip in kept if f"{vip}/{length}" in gone}
        if lost:
            yield f"it lost {lost}"


def where(group):
    """Where its VIPs are put."""
    return group.placement or ("vmac" if group.is_lan else "vip-interface")
