# SPDX-License-Identifier: GPL-2.0-or-later
"""
ExaBGP and its health check, as its users do it: both routers have the addresses all the time, and
announce them by BGP with a metric each, as long as a command succeeds. Nobody is elected.
"""

import os
import pathlib
import shutil
import signal
import subprocess

import fabric
import foreign
import process
import topology

RUN = pathlib.Path("/run/bench-exabgp")
METRIC = {"r1": 100, "r2": 200}
WITHDRAWN = 500  # the metric of one that is to give way
SUBNET = {"r1": 101, "r2": 102}
COMMAND = {"ipv4": "ip -4", "ipv6": "ip -6"}
LENGTH = {"ipv4": 32, "ipv6": 128}
CLIENTS = {"ipv4": "10.1.200.0/24", "ipv6": "2001:db8:200::/64"}
HEALTH = "/usr/bin/python3 -m exabgp healthcheck --no-syslog --no-ip-setup --no-ack --user root"
SETTINGS = {
    "exabgp.api.cli": "false",
    "exabgp.api.ack": "false",
    "exabgp.daemon.user": "root",
    "exabgp.log.level": "WARNING",
}


def _ends(router, family):
    """The addresses of a router and of far on the link between them."""
    net = SUBNET[router]
    if family == "ipv4":
        return f"10.1.{net}.1", f"10.1.{net}.254"
    return f"2001:db8:{net}::1", f"2001:db8:{net}::254"


def _neighbor(router, family, vips):
    """The session with far of one family, and what is announced there."""
    own, far = _ends(router, family)
    addresses = " ".join(f"--ip {vip}/{LENGTH[family]}" for vip in vips)
    return (
        f"process {family} {{\n encoder text;\n run {HEALTH} --cmd true --interval 1 --rise 1"
        f" --fall 1 --up-metric {METRIC[router]} --increase 0 --disabled-metric {WITHDRAWN}"
        f" --disable {RUN}/{router}.disabled --next-hop {own} {addresses};\n}}\n"
        f"neighbor {far} {{\n router-id {_ends(router, 'ipv4')[0]};\n local-address {own};\n"
        f" local-as 65001;\n peer-as 65100;\n family {{\n  {family} unicast;\n }}\n"
        f" api {{\n  processes [ {family} ];\n }}\n}}\n"
    )


class ExaBGP(foreign.Foreign):
    """ExaBGP in the place of bgpd, with static routes in the place of those that bgpd learned."""

    NAME = "ExaBGP"
    MAKES_DEVICE = False
    PROTOCOLS = ("BGP",)
    ADDRESSES_MOVE = False

    def __init__(self, groups, moves):
        super().__init__()
        self._vips = {family: [] for family in moves.families}
        for _, family, vips in groups:
            self._vips[family] += vips
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir()
        for router in topology.ROUTERS:
            fabric.write_conf(router, fabric.frr_conf(router, self.PROTOCOLS))
            text = "".join(_neighbor(router, *each) for each in self._vips.items())
            (RUN / f"{router}.conf").write_text(text)

    def _furnish(self, router):
        """What is there before ExaBGP starts, and whatever becomes of it."""
        if "bgpd" in self.running[router].processes:
            self.running[router].signal("bgpd", signal.SIGTERM)
            self.running[router].reap("bgpd")
        for family, vips in self._vips.items():
            far = _ends(router, family)[1]
            lines = [f"{COMMAND[family]} route replace {CLIENTS[family]} via {far}"]
            lines += [f"ip address replace {vip}/{LENGTH[family]} dev vip0" for vip in vips]
            fabric.run_in(router, "\n".join(lines))

    def start(self, router):
        """Starts it; it reads its configuration by itself."""
        self._furnish(router)
        with topology.inside(router), open(RUN / f"{router}.log", "ab") as log:
            self.processes[router] = subprocess.Popen(
                ["exabgp", RUN / f"{router}.conf"],
                env={**os.environ, **SETTINGS},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=process.usual_priority,
            )

    def boot(self, router):
        """After FRR."""
        self.running[router].configure()
        self.start(router)

    def lower(self, router):
        """It gives way to the other one, by the file that its health check looks for."""
        (RUN / f"{router}.disabled").touch()

    def raise_again(self, router):
        """It is preferred again."""
        (RUN / f"{router}.disabled").unlink()
