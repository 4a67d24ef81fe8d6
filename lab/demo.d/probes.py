# SPDX-License-Identifier: GPL-2.0-or-later
"""The measuring process: it watches the network and says what was seen when.

One process of its own, in real-time priority where that is allowed, which does
nothing but wait on a handful of sockets, each of another namespace:

* a packet socket at the fabric. Every advertisement passes there once on its
  way to the other site, so one clock sees the old Active router's last one and
  the new one's first.
* an ICMP socket for each family at each client, which sends a ping each 10 ms.
* rtnetlink listeners at far, at the fabric, and at r1 and r2.

Packets carry the kernel's receive time, so what this process was doing when
one came does not count. That time is of CLOCK_REALTIME; it is brought to
CLOCK_MONOTONIC by its age at the moment of reading, so a step of the wall
clock between two packets does no harm. rtnetlink has no such stamps: a route
change is dated when it is read.
"""

import contextlib
import fcntl
import os
import selectors
import socket
import struct
import time
import traceback

import records
import rtnetlink
import topology

PING_PERIOD = 0.010
PING_PATIENCE = 0.5
VRRP = 112
ETHERTYPES = {"ipv4": 0x0800, "ipv6": 0x86DD}
SO_TIMESTAMPNS = 35
ECHO_REQUEST = {"ipv4": 8, "ipv6": 128}


def _receive(sock):
    """One packet and the monotonic time at which the kernel got it."""
    data, ancillary, _, address = sock.recvmsg(2048, 64)
    now = time.monotonic()
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", value)
            now -= max(0.0, time.time() - seconds - nanoseconds / 1e9)
    return data, now, address


class AdvertProbe:
    """Hears the advertisements of one family that come to the fabric."""

    def __init__(self, family, report):
        self.family = family
        self.report = report
        with topology.inside("fabric"):
            self.sock = socket.socket(
                socket.AF_PACKET,
                socket.SOCK_DGRAM,
                socket.htons(ETHERTYPES[family]),
            )
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.setblocking(False)

    def read(self):
        """Reports the packet if it is an advertisement."""
        packet, when, (_, _, kind, *_) = _receive(self.sock)
        if kind != socket.PACKET_HOST:
            return
        if self.family == "ipv4":
            protocol, start = packet[9], (packet[0] & 15) * 4
            source = socket.inet_ntop(socket.AF_INET, packet[12:16])
        else:
            protocol, start = packet[6], 40
            source = socket.inet_ntop(socket.AF_INET6, packet[8:24])
        router = topology.ADVERTISER.get(source)
        if protocol != VRRP or router is None:
            return
        _, _, priority, _, interval = struct.unpack_from("!BBBBH", packet, start)
        interval_ms = (interval & 0xFFF) * 10
        self.report(records.Advert(when, self.family, router, priority, interval_ms))


class PingProbe:
    """Sends numbered pings of one family to the VIP, and says what became of each."""

    def __init__(self, client, family, report):
        self.client = client
        self.family = family
        self.report = report
        self.number = 0
        self.waiting = {}
        with topology.inside(client):
            self.sock = socket.socket(
                socket.AF_INET if family == "ipv4" else socket.AF_INET6,
                socket.SOCK_DGRAM,
                socket.getprotobyname("icmp" if family == "ipv4" else "ipv6-icmp"),
            )
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.setblocking(False)

    def send(self):
        """Sends the next ping, and gives up those that are too old."""
        number = self.number & 0xFFFF
        request = struct.pack("!BBHHH", ECHO_REQUEST[self.family], 0, 0, 0, number)
        self.number += 1
        now = time.monotonic()
        self.waiting[number] = now
        try:
            self.sock.sendto(request, (topology.VIP[self.family], 0))
        except OSError:
            pass  # no way there: a ping that gets no answer
        while self.waiting:
            number, sent = next(iter(self.waiting.items()))
            if now - sent < PING_PATIENCE:
                break
            del self.waiting[number]
            self.report(records.Ping(sent, self.client, self.family, number, None))

    def read(self):
        """Takes one answer."""
        answer, when, _ = _receive(self.sock)
        (number,) = struct.unpack_from("!H", answer, 6)
        sent = self.waiting.pop(number, None)
        if sent is not None:
            self.report(records.Ping(sent, self.client, self.family, number, when))


class KernelProbe:
    """Hears the routes or the VIP addresses of one node change."""

    def __init__(self, node, groups, report):
        self.node = node
        self.report = report
        self.seen = {}
        with topology.inside(node):
            self.sock = rtnetlink.open_listener(groups)

    def names(self):
        """The devices of this node; they may come late, like vip0."""
        with topology.inside(self.node):
            return dict(socket.if_nameindex())

    def read(self):
        """Reports what changed for a VIP or in the underlay."""
        data = self.sock.recv(65536)
        when = time.monotonic()
        for change in rtnetlink.parse(data, self.names()):
            if isinstance(change, rtnetlink.RouteChange):
                self.route(change, when)
            else:
                self.address(change, when)

    def route(self, change, when):
        """A deleted route counts only if it is the one in use."""
        if change.prefix not in WATCHED_ROUTES[self.node]:
            return
        towards = [device.removeprefix("to-") for device in change.devices]
        before = self.seen.get(change.prefix)
        if not change.present:
            if towards and towards != before:
                return
            towards = []
        if towards != before:
            self.seen[change.prefix] = towards
            self.report(records.Route(when, self.node, change.prefix, towards))

    def address(self, change, when):
        """A refreshed address is no news."""
        for family, vip in topology.VIP.items():
            if change.address == vip and self.seen.get(vip) != change.present:
                self.seen[vip] = change.present
                self.report(
                    records.Address(when, self.node, family, change.present),
                )


WATCHED_ROUTES = {
    node: {topology.vip_prefix(family) for family in topology.FAMILIES}
    for node in ("fabric", "far")
}
for _node, _prefix in topology.UNDERLAY:
    WATCHED_ROUTES.setdefault(_node, set()).add(_prefix)


class Outbox:
    """Records on their way out, in few big writes: a pipe wakes its reader."""

    PERIOD = 0.05

    def __init__(self, output):
        self.output = output
        self.lines = []
        self.sent = 0.0

    def put(self, record):
        """Takes a record."""
        self.lines.append(records.to_line(record))

    def flush(self):
        """Sends what there is, if the last time is long enough ago."""
        now = time.monotonic()
        if self.lines and now - self.sent >= self.PERIOD:
            os.write(self.output, b"".join(self.lines))
            self.lines.clear()
            self.sent = now


class Pinger:
    """All clients' pings, on one timer."""

    def __init__(self, probes):
        self.probes = probes
        self.timer = os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK)

    def start(self):
        """The first pings leave one period from now."""
        os.timerfd_settime(self.timer, initial=PING_PERIOD, interval=PING_PERIOD)

    def read(self):
        """One ping of each for each period, also for those we were late for."""
        (periods,) = struct.unpack("Q", os.read(self.timer, 8))
        for _ in range(min(periods, 10)):
            for probe in self.probes:
                probe.send()


def _watch(output, wake):
    """The life of the measuring process, which ends when `wake` is closed."""
    outbox = Outbox(output)
    report = outbox.put
    routes = rtnetlink.GROUP_IPV4_ROUTE | rtnetlink.GROUP_IPV6_ROUTE
    addresses = rtnetlink.GROUP_IPV4_ADDRESS | rtnetlink.GROUP_IPV6_ADDRESS
    listeners = [KernelProbe(node, routes, report) for node in ("far", "fabric")]
    for router in topology.ROUTERS:
        listeners.append(KernelProbe(router, routes | addresses, report))
    listeners += [AdvertProbe(family, report) for family in topology.FAMILIES]
    pings = [
        PingProbe(client, family, report)
        for client in topology.CLIENTS
        for family in topology.FAMILIES
    ]
    pinger = Pinger(pings)

    selector = selectors.DefaultSelector()
    for probe in listeners + pings:
        selector.register(probe.sock, selectors.EVENT_READ, probe)
    selector.register(pinger.timer, selectors.EVENT_READ, pinger)
    selector.register(wake, selectors.EVENT_READ)
    os.write(output, b"\n")  # ready
    while True:
        for key, _ in selector.select(Outbox.PERIOD):
            if key.fd == wake:
                if os.read(wake, 1) == b"":
                    return
                pinger.start()
            else:
                with contextlib.suppress(BlockingIOError):
                    key.data.read()
        outbox.flush()


class Probes:
    """The measuring process, seen from the one that started it."""

    def __init__(self):
        self.output, child_output = os.pipe()
        # room for what is seen while the other process is busy
        fcntl.fcntl(self.output, fcntl.F_SETPIPE_SZ, 1 << 20)
        child_wake, self.wake = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.output)
            os.close(self.wake)
            _run_child(child_output, child_wake)
        os.close(child_output)
        os.close(child_wake)
        self.rest = b""
        os.read(self.output, 1)
        os.set_blocking(self.output, False)

    def start_pinging(self):
        """From now on pings leave the clients."""
        os.write(self.wake, b"p")

    def read(self):
        """The records since the last time; call it when `output` is readable."""
        try:
            data = os.read(self.output, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            raise RuntimeError("the measuring process ended by itself")
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            if line:
                yield records.from_line(line)

    def stop(self):
        """Ends the process."""
        os.close(self.wake)
        os.waitpid(self.pid, 0)


def _run_child(output, wake):
    """Runs _watch and never returns."""
    status = 1
    try:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except PermissionError:
            pass
        _watch(output, wake)
        status = 0
    except KeyboardInterrupt:
        pass
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)
