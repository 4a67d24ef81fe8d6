# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers' namespaces, joined by veth pairs, made anew for every stage."""

import contextlib
import subprocess

import groups

ROUTERS = ("r1", "r2")


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


def _furnish(router, links, device):
    """The ip commands, in the router's namespace, that make it ready."""
    yield "link set lo up"
    if device:
        yield f"link add vip0 type {device}"
        yield "link set vip0 up"
    for link in links:
        yield f"address add {groups.address(link, router)}/24 dev a{link}"
        yield f"link set a{link} up"


@contextlib.contextmanager
def built(links, device):
    """Within this block the two routers exist; device is that for VIPs, or None."""
    _ip(*(f"netns add {router}" for router in ROUTERS))
    try:
        _ip(
            *(
                f"link add a{link} netns r1 type veth peer name a{link} netns r2"
                for link in links
            )
        )
        for router in ROUTERS:
            subprocess.run(
                ["ip", "-n", router, "-batch", "-"],
                input="\n".join(_furnish(router, links, device)),
                text=True,
                check=True,
            )
        yield
    finally:
        _ip(*(f"netns del {router}" for router in ROUTERS))
