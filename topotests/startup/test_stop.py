# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 300
"""
A vrrpd that is told to end while it waits for an echo ends as it always does.

r1 has a group with the peer p1, which exists and answers nothing. Its vrrpd runs in the
foreground of a shell, which notes its exit status.
"""
import os

import pytest

from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import wait_for

R1, P1 = Namespace("r1"), Namespace("p1")
GROUP = (
    "interface r1-p1",
    " vrrp 10",
    " no vrrp 10 preempt",
    " vrrp 10 startup-hold {}",
    " vrrp 10 peer 192.0.2.2",
    " vrrp 10 ip 203.0.113.10",
)
STATUS = "/tmp/r1/status"


def setup_module():
    """A cable, and zebra."""
    for machine in (R1, P1):
        machine.build()
    link("r1-p1", R1, "p1-r1", P1)
    R1.add_vip0()
    R1.must_run("ip address add 192.0.2.1/24 dev r1-p1")
    P1.must_run("ip address add 192.0.2.2/24 dev p1-r1; sysctl -qw net.ipv4.icmp_echo_ignore_all=1")
    R1.write_conf("ip router-id 192.0.2.1")
    R1.start("mgmtd", "zebra")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, P1):
        machine.demolish()


def exit_status():
    """Of the vrrpd that has ended; a wait's check."""
    if not os.path.exists(STATUS):
        return "it runs"
    with open(STATUS, encoding="ascii") as file:
        return None if file.read().strip() == "0" else "another status than 0"


@pytest.mark.parametrize("hold,state", [(60, "Initialize"), (1, "Active")])
def test_daemon_that_waits_for_an_echo_ends_well(hold, state):
    """Held, and when it went on alone, which goes on asking."""
    if os.path.exists(STATUS):
        os.unlink(STATUS)
    log = f"{R1.log_directory}/vrrpd.log"
    command = f"{BINARIES}/vrrpd -N r1 --log file:{log}"
    R1.must_run(f"({command}; echo $? >{STATUS}) >/dev/null 2>&1 </dev/null &")
    wait_for("vrrpd answers", lambda: R1._answers("vrrpd"))  # pylint: disable=protected-access
    R1.configure(GROUP[0], *(line.format(hold) for line in GROUP[1:]))
    R1.wait_state(state, ["v4"])
    R1.must_run("kill -TERM $(cat /run/frr/r1/vrrpd.pid)")
    wait_for("it ends with status 0", exit_status)
