# SPDX-License-Identifier: GPL-2.0-or-later
"""Netlink events that are lost: a daemon stands still, and too much happens."""
import signal
from contextlib import contextmanager

EVENTS = 40000


@contextmanager
def asleep(machine):
    """Its vrrpd stands still."""
    machine.signal("vrrpd", signal.SIGSTOP)
    try:
        yield
    finally:
        machine.signal("vrrpd", signal.SIGCONT)


def flood(machine):
    """
    Address events, more than a socket of someone who sleeps can hold. Half of them
    come by one request, the end of the link: a test has not all day.
    """
    machine.must_run("ip link add flood0 type veth peer flood1; ip link set flood0 up")
    batch = machine.path("/tmp/flood")
    with open(batch, "w", encoding="ascii") as file:
        for number in range(EVENTS // 2):
            host = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}/32"
            file.write(f"address add {host} dev flood0\n")
    machine.must_run("ip -batch /tmp/flood; ip link delete flood0")
