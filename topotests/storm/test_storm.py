# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ns veth
# timeout: 900
"""
vrrpd is killed again and again, and watchfrr starts it each time.

r1 (priority 200) and r2 (100) are routers as the package leaves them: FRR's init script has
started them, and its watchfrr is at work, only sooner than it usually is. KILLS in the environment
is how often (doc/developer/testing.md).
"""
import itertools
import os

from helpers.claims import ours_on
from helpers.events import DRAIN_LINK
from helpers.installed import Installed, at_once
from helpers.namespace import link
from helpers.router import MACHINES, Machine
from helpers.wait import differs, stays, wait_for

R1, R2 = Installed("r1"), Installed("r2")
KILLS = int(os.environ.get("KILLS", "9"))
VIPS = {"203.0.113.10/32", "2001:db8:ffff::10/128"}
HOST = {R1: 1, R2: 2}
QUIET_SEC = 5
# it looks each second, and does not wait longer and longer
WATCHFRR = "-i 1 --min-restart-interval 1 --max-restart-interval 1"
DAEMONS = (
    "sed -i -E 's/^vrrpd=no/vrrpd=yes/' /etc/frr/daemons",
    f"echo 'watchfrr_options=\"{WATCHFRR}\"' >>/etc/frr/daemons",
)


def configuration(router, priority):
    """The whole frr.conf."""
    own, other = HOST[router], 3 - HOST[router]
    return f"""
interface eth0
 ip address 192.0.2.{own}/24
 ipv6 address 2001:db8:1::{own}/64
 vrrp 10
 vrrp 10 priority {priority}
 vrrp 10 advertisement-interval 200
 vrrp 10 peer 192.0.2.{other}
 vrrp 10 peer 2001:db8:1::{other}
 vrrp 10 ip 203.0.113.10
 vrrp 10 ipv6 2001:db8:ffff::10
exit
"""


def setup_module():
    """A cable, and both are switched on."""
    for machine in (R1, R2):
        machine.build()
    link("eth0", R1, "eth0", R2)
    R1.install(configuration(R1, 200), *DAEMONS)
    R2.install(configuration(R2, 100), *DAEMONS)
    at_once(R1.power_on, R2.power_on)
    wait_settled()


def teardown_module():
    """Nothing is left."""
    for machine in list(MACHINES):
        machine.demolish()


def wait_settled():
    """r1 has the VIPs, and r2 has none."""
    R1.wait_state("Active")
    R2.wait_state("Backup")
    wait_for("r1 has the VIPs", lambda: differs(ours_on(R1), VIPS))
    wait_for("r2 has nothing left", lambda: differs(ours_on(R2), set()))


def answers():
    """A check: somebody can talk to it."""
    return None if R1.groups() else "it does not answer"


def is_active():
    """A check: it has come so far that it has VIPs."""
    return differs(R1.state(), "Active")


def exists():
    """A check: there is a process, however young."""
    return None if R1.alive("vrrpd") else "none"


STAGES = (exists, answers, is_active)


def running(name):
    """How many processes of that name a router has."""
    pids = Machine().must_run(f"ip netns pids {R1.name}").split()
    return [pid for pid in pids if Machine().run(f"grep -qx {name} /proc/{pid}/comm")[0] == 0]


def test_storm_of_kills_leaves_nothing():
    """It is killed in whatever stage it is, and at the end all is as it was."""
    others = {name: R1.pid(name) for name in ("zebra", "mgmtd", "watchfrr")}
    for number, stage in zip(range(KILLS), itertools.cycle(STAGES)):
        wait_for(f"kill {number}: {stage.__name__}", stage)
        R1.kill("vrrpd")
    wait_settled()
    wait_for("one guardian is left", lambda: differs(len(running("vrrp-guardian")), 1))
    assert len(running("vrrpd")) == 1
    pid = R1.pid("vrrpd")
    stays("vrrpd runs", lambda: differs(R1.pid("vrrpd"), pid), QUIET_SEC)
    wait_settled()
    assert {name: R1.pid(name) for name in others} == others
    assert not R1.addresses(DRAIN_LINK).keys() & VIPS
    shown = R1.must_run("vtysh -c 'show ip route table 112' -c 'show ipv6 route table 112'")
    assert all(shown.count(vip) == 1 for vip in VIPS), shown
