# SPDX-License-Identifier: GPL-2.0-or-later
"""keepalived with the same configuration: unicast, version 3, VIPs on vip0."""

import os
import pathlib
import signal
import subprocess

import groups as grouping
import process
import topology

NAME = "keepalived"
RUN = pathlib.Path("/run/bench-keepalived")
PATIENCE_SEC = 60

# nice -10 is what our vrrpd gives itself.
GLOBAL = """global_defs {
 vrrp_version 3
 vrrp_priority -10
}
"""

INSTANCE = """vrrp_instance {name} {{
 state BACKUP
 nopreempt
 interface a{link}
 virtual_router_id {vrid}
 priority {priority}
 advert_int {interval_sec}
 unicast_src_ip {own}
 unicast_peer {{
  {peer}
 }}
 virtual_ipaddress {{
  {vip} dev vip0
 }}
}}
"""


def _instance(router, group, interval_ms):
    """The configuration of one group on one router."""
    return INSTANCE.format(
        name=f"g{group.link}_{group.vrid}",
        link=group.link,
        vrid=group.vrid,
        priority=grouping.PRIORITY[router],
        interval_sec=interval_ms / 1000,
        own=group.source(router),
        peer=group.peer(router),
        vip=f"{group.vip}/{grouping.LENGTH[group.family]}",
    )


# The files by which it knows that it runs already. It looks at those of the parts that it does not
# start as well, so two that start at once must not share them.
PID_FILES = ("pid", "vrrp_pid", "checkers_pid", "bfd_pid")


def launch(router, configuration):
    """Starts it on a router; returns its process, whose group has its child as well."""
    command = ["keepalived", "--dont-fork", "--vrrp", "-f", configuration]
    command += [f"--{name}={RUN}/{router}.{name}" for name in PID_FILES]
    with topology.inside(router):
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=process.usual_priority,
        )


class Daemon:
    """keepalived of one router."""

    def __init__(self, router, groups, interval_ms):
        RUN.mkdir(exist_ok=True)
        self.router = router
        self.process = None
        self.configuration = RUN / f"{router}.conf"
        instances = (_instance(router, group, interval_ms) for group in groups)
        self.configuration.write_text(GLOBAL + "".join(instances))

    def start(self):
        """Starts it; it reads its configuration by itself."""
        self.process = launch(self.router, self.configuration)

    def crash(self):
        """Kills parent and child in one call: the child alone would be restarted."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self):
        """Sends it SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def reap(self):
        """Returns when it has ended."""
        self.process.wait(PATIENCE_SEC)
        self.process = None

    def reload(self):
        """Makes it read the same file again; returns no process to wait for."""
        self.process.send_signal(signal.SIGHUP)

    def processes(self):
        """The processes that are measured."""
        return {"vrrp": list(process.family(self.process.pid))}

    def heap_kb(self):
        """Nothing: keepalived does not report its memory."""
        return {}

    def close(self):
        """Ends it."""
        if self.process:
            self.crash()
            self.process.wait()
