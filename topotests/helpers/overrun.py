# SPDX-License-Identifier: GPL-2.0-or-later
"""Netlink events that are lost: a daemon stands still, and too much happens."""
import signal
from contextlib import contextmanager

EVENTS = 40000
# with all addresses on one link, the kernel takes longer for each than for the last
LINKS = 20


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
    come by few requests, the ends of the links: a test has not all day.
    """
    batch = machine.path("/tmp/flood")
    with open(batch, "w", encoding="ascii") as file:
        for link in range(LINKS):
            file.write(f"link add flood{link} type veth peer floods{link}\n")
            file.write(f"link set flood{link} up\n")
        for number in range(EVENTS // 2):
            host = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}/32"
            file.write(f"address add {host} dev flood{number % LINKS}\n")
        for link in range(LINKS):
            file.write(f"link delete flood{link}\n")
    machine.must_run("ip -batch /tmp/flood")
