# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules
# timeout: 300
"""
The daemon in the place of FRR's own, as Debian starts it.

No topology: frrinit.sh, watchfrr, /etc/frr/daemons and the integrated
/etc/frr/frr.conf of the lab itself, where our vrrpd and vtysh are installed.
"""
import json
import os
import re
import socket

import pytest

from helpers.router import Machine
from helpers.wait import differs, wait_for

HERE = os.path.dirname(os.path.realpath(__file__))
FRRINIT = "/usr/lib/frr/frrinit.sh"
RELOAD_LOG = "/var/log/frr/frr-reload.log"
VRRPD_VTY_PORT = 2619
VIP = "203.0.113.10/32"
SETUP = (
    "ip link add up0 type dummy",
    "ip link set up0 up",
    "ip address add 192.0.2.1/24 dev up0",
    f"install -o frr -g frr -m 640 {HERE}/frr.conf /etc/frr/frr.conf",
    "sed -i 's/^vrrpd=no/vrrpd=yes/' /etc/frr/daemons",
)


def setup_module():
    """Configures the lab's FRR and starts it."""
    assert os.environ.get("LAB_KERNEL"), (
        "this test rewrites /etc/frr and starts FRR: it runs only in the lab "
        "(lab/run sets LAB_KERNEL)"
    )
    lab = Machine()
    for command in SETUP:
        lab.must_run(command)
    # daemons must not hold the pipe that a test reads the output from
    lab.must_run(f"{FRRINIT} start >/tmp/frrinit.log 2>&1 </dev/null")


def teardown_module():
    """Stops it, if a failed test left it running."""
    lab = Machine()
    lab.run(f"{FRRINIT} stop >/tmp/frrinit.log 2>&1")
    lab.run("ip link delete up0")


@pytest.fixture(name="lab", autouse=True)
def fixture_lab():
    """The lab as a router, Active for its VRID."""
    lab = Machine()
    lab.wait_state("Active", ["v4"])
    return lab


def test_frrinit_starts_vrrpd_with_the_integrated_configuration(lab):
    """/etc/frr/daemons names it, vtysh -b gives it its lines."""
    # printed always, from FRR 10.4 on
    configured = [line.strip().removesuffix(" version 3") for line in lab.running_config()]
    with open(f"{HERE}/frr.conf", encoding="ascii") as file:
        wanted = [line.strip() for line in file if re.match(" vrrp |ipvs ", line)]
    missing = [line for line in wanted if line not in configured]
    assert not missing, f"the running configuration lacks {missing}: {configured}"
    wait_for(f"vip0 has {VIP}", lambda: lab.has_address("vip0", VIP))


def test_daemon_listens_on_its_vty_port_and_socket(lab):
    """2619, and /run/frr/vrrpd.vty with FRR's group."""
    with socket.create_connection(("127.0.0.1", VRRPD_VTY_PORT), timeout=10):
        pass
    assert "VRRP" in lab.show("vrrpd", "show vrrp") or lab.show("vrrpd", "show vrrp")
    assert lab.must_run("stat -c %G /run/frr/vrrpd.vty").strip() == "frrvty"


def test_watchfrr_watches_it(lab):
    """As one of its daemons, by name."""
    assert "vrrpd" in lab.must_run("vtysh -c 'show watchfrr'")


SHOW = ("vrrp", "vrrp summary", "vrrp vip", "vrrp statistics", "ipvs", "ipvs web")


@pytest.mark.parametrize("command", SHOW)
def test_show_commands_answer_in_vtysh_as_text_and_json(lab, command):
    """The vtysh built here knows them all."""
    command = f"show {command}"
    assert lab.must_run(f"vtysh -c '{command}'").strip()
    assert json.loads(lab.must_run(f"vtysh -c '{command} json'"))


def test_write_memory_writes_what_starts_the_same_daemon(lab):
    """write memory, restart, and the running configuration is the same."""
    before = lab.running_config()
    lab.must_run("vtysh -c 'write memory'")
    pid = lab.pid("vrrpd")
    lab.must_run(f"{FRRINIT} restart >/tmp/frrinit.log 2>&1 </dev/null")
    wait_for(
        "vrrpd has a new pid", lambda: "the old" if lab.pid("vrrpd") == pid else None
    )
    lab.wait_state("Active", ["v4"])
    assert lab.running_config() == before


def test_reload_moves_only_what_changed(lab):
    """frrinit.sh reload with another advertisement interval: no transition."""
    before, pid = lab.transitions(), lab.pid("vrrpd")
    lab.must_run("sed -i 's/interval 100/interval 200/' /etc/frr/frr.conf")
    lab.must_run(f"{FRRINIT} reload >/tmp/frrinit.log 2>&1 </dev/null")
    wait_for(
        "the interval is 200 ms",
        lambda: differs(lab.groups()[10]["advertisementInterval"], 200),
    )
    assert lab.transitions() == before and lab.pid("vrrpd") == pid


def services_differ(lab):
    """Lines of load balancing that run and are not in /etc/frr/frr.conf, or the reverse."""
    with open("/etc/frr/frr.conf", encoding="ascii") as file:
        wanted = {line.strip() for line in file if line.startswith("ipvs ")}
    running = {line for line in lab.running_config() if line.startswith("ipvs ")}
    return sorted(wanted ^ running) or None


EDITS = {
    "a weight": "s/weight 5/weight 6/",
    "a scheduler": "s/scheduler sh fallback by-port/scheduler wrr/",
    "a check": "s/interval 1 timeout 1/interval 2/",
    "a mark": "s/fwmark 7/fwmark 8/",
    "a service less": "/^ipvs service dns/d",
    "a server less": "/^ipvs service web server 192.0.2.12/d",
    "nothing of it": "/^ipvs/d",
}


@pytest.mark.parametrize("edit", EDITS)
def test_reload_leaves_no_rest_of_load_balancing(lab, edit):
    """frr-reload types what is new, and "no" before what is not there any more."""
    transitions, pid = lab.transitions(), lab.pid("vrrpd")
    lab.must_run(f"sed -i '{EDITS[edit]}' /etc/frr/frr.conf")
    lab.must_run(f"rm -f {RELOAD_LOG}")
    assert services_differ(lab), "the edit changes nothing"
    lab.must_run(f"{FRRINIT} reload >/tmp/frrinit.log 2>&1 </dev/null")
    wait_for("the services are those of the file", lambda: services_differ(lab))
    refused = lab.run(f"grep -i failed {RELOAD_LOG}")[1]
    assert lab.run(f"test -s {RELOAD_LOG}")[0] == 0, "there is no log of frr-reload"
    assert not refused, f"frr-reload had to find other words: {refused}"
    assert lab.transitions() == transitions and lab.pid("vrrpd") == pid


def test_killed_daemon_is_restarted_by_watchfrr(lab):
    """With its configuration, and Active again."""
    before, pid = lab.running_config(), lab.pid("vrrpd")
    lab.kill("vrrpd")
    wait_for(
        "watchfrr has started vrrpd again",
        lambda: None if lab.alive("vrrpd") and lab.pid("vrrpd") != pid else "not yet",
        timeout=120,
    )
    lab.wait_state("Active", ["v4"])
    assert lab.running_config() == before
    wait_for(f"vip0 has {VIP}", lambda: lab.has_address("vip0", VIP))


def test_frrinit_stops_it_and_nothing_is_left(lab):
    """No process, no VIP, no dummy."""
    lab.must_run(f"{FRRINIT} stop >/tmp/frrinit.log 2>&1 </dev/null")
    wait_for("vrrpd is gone", lambda: "alive" if lab.alive("vrrpd") else None)
    assert lab.link("vip0") is None, lab.must_run("ip address")
