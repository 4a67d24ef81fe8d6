# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers with one implementation, and the watch over them; used by every stage."""

import contextlib

import groups as grouping
import keepalived
import ours
import sites
import topology
import watch

IMPLEMENTATIONS = (ours, keepalived)
PATIENCE_SEC = 60.0
PROTOCOL_HEX = f"{watch.VRRP:04X}"


class Stuck(Exception):
    """An expected event did not happen."""


def _listens(router):
    """Whether a socket of VRRP's is open in the router's namespace."""
    with topology.inside(router):
        for table in ("raw", "raw6"):
            with open(f"/proc/thread-self/net/{table}") as sockets:
                if any(f":{PROTOCOL_HEX} " in line for line in sockets):
                    return True
    return False


class Pair:
    """The daemons of both sides and the watch over them."""

    def __init__(self, implementation, groups, interval_ms, watching):
        self.interval_ms = interval_ms
        self.watch = watching
        self.vips = {group.vip for group in groups}
        self.daemons = {}
        for router in sites.ROUTERS:
            daemon = implementation.Daemon(router, groups, interval_ms)
            self.daemons[router] = daemon

    def close(self):
        """Ends all daemons."""
        for daemon in self.daemons.values():
            daemon.close()

    def start(self, side):
        """Starts a side's daemon; returns when it listens."""
        self.daemons[side].start()
        self.expect(lambda: _listens(side), f"{side} listens")

    def settle(self):
        """Waits until a router that just started is stable and has heard the other one."""
        self.watch.pause(2.5 * self.interval_ms / 1000 + 0.2 + len(self.vips) / 4000)

    def holds(self, side):
        """Whether all VIPs are up on a side."""
        return self.watch.up[side] >= self.vips

    def expect(self, reached, what):
        """Watches until reached(); it is an error if that never comes."""
        if not self.watch.until(reached, PATIENCE_SEC):
            up = {side: len(vips) for side, vips in self.watch.up.items()}
            raise Stuck(f"after {PATIENCE_SEC} s it is not so that {what}; up: {up}")

    def lead(self, side):
        """Starts both, this side first, so that it is Active."""
        self.start(side)
        self.expect(lambda: self.holds(side), f"{side} has all VIPs")
        self.start(grouping.OTHER[side])
        self.settle()

    def heal(self, side):
        """Starts a side again that was crashed or stopped, as the Backup."""
        self.daemons[side].reap()
        self.start(side)
        self.expect(lambda: not self.watch.up[side], f"{side} let go of its VIPs")
        self.settle()


@contextlib.contextmanager
def running(implementation, groups, interval_ms, adverts=None):
    """A context with a Pair of which nothing is started yet."""
    device = sites.vip_device()
    if implementation is ours and device == "dummy":
        device = None  # it makes its own
    with contextlib.ExitStack() as stack:
        stack.enter_context(sites.built(groups, device))
        vips = {group.vip for group in groups}
        watching = stack.enter_context(watch.Watch(sites.ROUTERS, vips, adverts))
        pair = Pair(implementation, groups, interval_ms, watching)
        stack.callback(pair.close)
        yield pair
