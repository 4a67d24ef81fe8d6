# SPDX-License-Identifier: GPL-2.0-or-later
"""The namespaces of two routers, joined by veth pairs, which are made anew for every stage."""

import contextlib
import json
import subprocess
import time

import groups as grouping

ROUTERS = ("r1", "r2")
PATIENCE_SEC = 10


def _ip(*lines, check=True):
    """Runs ip commands in one process; returns whether all went well."""
    done = subprocess.run(
        ["ip", "-batch", "-"],
        input="\n".join(lines),
        text=True,
        check=check,
        capture_output=not check,
    )
    return done.returncode == 0


def vip_device():
    """The kind of device for VIPs: dummy, or ifb where the kernel has none."""
    if _ip("link add probe type dummy", check=False):
        _ip("link del probe")
        return "dummy"
    return "ifb"


def _furnish(router, groups, device):
    """The ip commands, in the router's namespace, that make it ready."""
    yield "link set lo up"
    if device:
        yield f"link add vip0 type {device}"
        yield "link set vip0 up"
    for link in grouping.links(groups):
        for family, more in (("ipv4", "/24"), ("ipv6", "/64 nodad")):
            own = grouping.address(link, router, family)
            yield f"address add {own}{more} dev a{link}"
        yield f"link set a{link} up"
    yield from _sources(router, [group for group in groups if group.sourced])


def _sources(router, groups):
    """The ip commands for groups with sources: the source, and the route to the other router's."""
    other = grouping.OTHER[router]
    for group in groups:
        yield f"address add {group.source(router)}/32 dev a{group.link}"
    for link in grouping.links(groups):
        there = f"{grouping.SOURCES[other]}.{link}.0/24"
        yield f"route add {there} via {grouping.address(link, other)}"


def _links_up(router, groups):
    """True when the kernel reports all its links as running."""
    shown = subprocess.run(
        ["ip", "-n", router, "-json", "link", "show"], check=True, capture_output=True
    )
    states = {link["ifname"]: link["operstate"] for link in json.loads(shown.stdout)}
    return all(states[f"a{link}"] == "UP" for link in grouping.links(groups))


def _await_links(groups):
    """A daemon that starts before them begins with links that are down.

    The kernel tells of a new link's carrier up to a second late.
    """
    end = time.monotonic() + PATIENCE_SEC
    while not all(_links_up(router, groups) for router in ROUTERS):
        if time.monotonic() > end:
            raise TimeoutError(f"the links are not up after {PATIENCE_SEC} s")
        time.sleep(0.02)


@contextlib.contextmanager
def built(groups, device):
    """A context in which the two routers exist; device is that for VIPs, or None."""
    _ip(*(f"netns add {router}" for router in ROUTERS))
    try:
        _ip(
            *(
                f"link add a{link} netns r1 type veth peer name a{link} netns r2"
                for link in grouping.links(groups)
            )
        )
        for router in ROUTERS:
            subprocess.run(
                ["ip", "-n", router, "-batch", "-"],
                input="\n".join(_furnish(router, groups, device)),
                text=True,
                check=True,
            )
        _await_links(groups)
        yield
    finally:
        _ip(*(f"netns del {router}" for router in ROUTERS))
