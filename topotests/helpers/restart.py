# SPDX-License-Identifier: GPL-2.0-or-later
"""
vrrpd of a router of a topology, ended and started again as watchfrr.sh does it.

watchfrr runs for as long as "vrrp restart" needs it to, and starts nothing itself.
"""
import shlex

from helpers.wait import wait_for


def command_line(router):
    """How its vrrpd was started."""
    with open(f"/proc/{router.pid('vrrpd')}/cmdline", encoding="utf-8") as file:
        return shlex.join(file.read().rstrip("\0").split("\0"))


def start_script(router):
    """What watchfrr.sh does: the daemon, and its part of frr.conf."""
    return f"{command_line(router)} >/dev/null 2>&1; vtysh -b -d vrrpd"


def watch(router):
    """watchfrr runs, which would be too slow to start it again."""
    if not router.alive("watchfrr"):
        router.must_run(
            "/usr/lib/frr/watchfrr -d -r '/bin/false %s' mgmtd zebra vrrpd >/dev/null 2>&1"
        )
        wait_for(
            "watchfrr has seen vrrpd",
            lambda: None if "vrrpd" in (out := _watchfrr_says(router)) and "Up" in out else out,
        )


def end_without_a_farewell(router):
    """Someone types "vrrp restart"; returns the script that starts it again."""
    watch(router)
    again = start_script(router)
    router.must_run("vtysh -d vrrpd -c 'vrrp restart'")
    router.kill("watchfrr")  # "write memory" would go by it
    return again


def restarted(router, between="true"):
    """... and starts it again."""
    watch(router)
    again = start_script(router)
    router.must_run(f"vtysh -d vrrpd -c 'vrrp restart' && {between}; {again}")
    router.kill("watchfrr")


def _watchfrr_says(router):
    """Its view of vrrpd."""
    shown = router.run("vtysh -d watchfrr -c 'show watchfrr'")[1]
    lines = [line for line in shown.splitlines() if line.split()[:1] == ["vrrpd"]]
    return " ".join(lines)
