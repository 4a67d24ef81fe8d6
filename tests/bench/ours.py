# SPDX-License-Identifier: GPL-2.0-or-later
"""vrrpd of this project, as an operator runs it: with zebra, mgmtd and frr.conf."""

import pathlib
import signal
import subprocess

import groups as grouping
import process
import routers

NAME = "ours"
CONFIGURATIONS = pathlib.Path("/run/bench-frr")
DEFAULT_INTERVAL_MS = 1000
COMMAND = {"ipv4": "ip", "ipv6": "ipv6"}
# of libfrr, filled by vrrpd
CONTAINERS = ("Dynamic Array", "Typed-heap array", "Typed-hash bucket")
RELOAD = "/usr/lib/frr/frr-reload.py"


def _lines(router, groups, interval_ms):
    """frr.conf of one router."""
    link = None
    for group in groups:
        if group.link != link:
            link = group.link
            yield f"interface a{link}"
        vrrp = f" vrrp {group.vrid}"
        yield vrrp
        yield f"{vrrp} priority {grouping.PRIORITY[router]}"
        if interval_ms != DEFAULT_INTERVAL_MS:  # otherwise a reload would set it again
            yield f"{vrrp} advertisement-interval {interval_ms}"
        yield f" no vrrp {group.vrid} preempt"
        yield f"{vrrp} {COMMAND[group.family]} {group.vip}"
        if group.sourced:
            yield f"{vrrp} source {group.source(router)}"
        yield f"{vrrp} peer {group.peer(router)}"


class Daemon:
    """vrrpd of one router, and the daemons beside it."""

    def __init__(self, router, groups, interval_ms):
        CONFIGURATIONS.mkdir(exist_ok=True)
        text = "\n".join(_lines(router, groups, interval_ms)) + "\n"
        (CONFIGURATIONS / f"{router}.conf").write_text(text)
        routers.HERE = CONFIGURATIONS  # where Router looks for it
        self.router = routers.Router(router)
        for daemon, answers in (("mgmtd", "mgmtd_be.sock"), ("zebra", "zserv.api")):
            self.router.start(daemon)
            self.router.wait_for(daemon, answers)

    def start(self):
        """Starts vrrpd and gives it its configuration."""
        self.router.start("vrrpd")
        self.router.wait_for("vrrpd")
        self.router.configure("vrrpd")

    def crash(self):
        """Kills vrrpd."""
        self.router.signal("vrrpd", signal.SIGKILL)

    def stop(self):
        """Asks vrrpd to end."""
        self.router.signal("vrrpd", signal.SIGTERM)

    def reap(self):
        """Returns when vrrpd has ended."""
        self.router.reap("vrrpd")

    def reload(self):
        """Starts a reload of the same frr.conf, as `systemctl reload frr` does."""
        name = self.router.name
        return subprocess.Popen(
            [RELOAD, "--reload", "-N", name, routers.ETC / name / "frr.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=process.usual_priority,
        )

    def processes(self):
        """The processes that are measured: vrrpd, and separately zebra."""
        running = self.router.processes
        return {"vrrp": [running["vrrpd"].pid], "zebra": [running["zebra"].pid]}

    def heap_kb(self):
        """{owner: KB} of the memory types that vrrpd counts itself: vrrpd, libfrr."""
        command = ["vtysh", "-N", self.router.name, "-d", "vrrpd"]
        said = subprocess.run(
            [*command, "-c", "show memory vrrpd"], capture_output=True, text=True
        )
        sizes = {"vrrpd": 0, "libfrr": 0}
        owner = None
        for line in said.stdout.splitlines():
            name, _, row = line.partition(":")
            fields = row.split()
            if line.startswith("--- qmem"):
                owner = "vrrpd" if line.split()[2] == "vrrpd" else "libfrr"
            elif owner and len(fields) == 5 and fields[2].isdigit():
                ours = name.strip() in CONTAINERS or owner == "vrrpd"
                sizes["vrrpd" if ours else "libfrr"] += int(fields[2]) / 1024
        return sizes

    def close(self):
        """Ends all daemons."""
        self.router.stop()
