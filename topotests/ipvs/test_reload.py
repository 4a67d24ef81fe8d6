# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""
What a reload, a restart or a typed line does not do to services.

frr-reload is the real one. What it asks of the kernel is recorded, and a client goes on
asking for names all the time: from s1, which is ill, it may never get one.
"""
import json
import re
import threading
from contextlib import contextmanager

import pytest

from fabric import LAN, VIP, done_on, ill
from helpers import ipvs
from helpers.nltap import Tap
from helpers.router import Machine
from helpers.wait import differs, wait_for

RELOAD = (
    "python3 /usr/lib/frr/frr-reload.py --reload -N r1 --bindir /usr/bin"
    " --confdir /etc/frr/r1 --rundir /run/frr/r1 /tmp/r1/new.conf"
)
ON_SERVER = (
    "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2",
    "ip address add 203.0.113.10/32 dev lo",
)
OFF_SERVER = ("ip address delete 203.0.113.10/32 dev lo",)
# A first result that comes late is what a reload and a start must wait for.
SERVICE = (
    "ipvs service web tcp 203.0.113.10 80",
    "ipvs service web scheduler rr",
    "ipvs service web check http /health interval 5 timeout 3",
    f"ipvs service web server {LAN['r1'][0]} 80",
    f"ipvs service web server {LAN['s1'][0]} 80",
)
DEFAULTS = {"server": " weight 1 forwarding direct", "check": " fall 3 rise 1"}
SPELLED = tuple(line + DEFAULTS.get(line.split()[3], "") for line in SERVICE)
RENAMED = tuple(line.replace("service web ", "service www ") for line in SERVICE)
HEAVIER = tuple(line + " weight 5" if ".129 80" in line else line for line in SERVICE)
# Further addresses, of which none is the first of a service.
MORE = ("ipvs service web address 203.0.113.10 8080 to 8082",)
KEY = "TCP 203.0.113.10:80"
R1_ALONE = {f"{LAN['r1'][0]}:80": 1}


@pytest.fixture(name="net")
def fixture_ill(net):
    """The service is in frr.conf and in the kernel, and s1 is known to be ill."""
    wait_for(
        "nothing of another test waits to go",
        lambda: differs(net.r1.show_json("vrrpd", "show ipvs json")["leaving"], []),
    )
    ill(net.s1)
    conf = Machine().must_run("cat /etc/frr/r1/frr.conf")
    with done_on([net.s1], ON_SERVER, OFF_SERVER):
        net.r1.configure(*SERVICE)
        wait_for("s1 is out", lambda: differs(ipvs.weights(net.r1, KEY), R1_ALONE))
        wait_for(  # it is out before anything is known of it, too
            "s1 is known to be down",
            lambda: differs(
                ipvs.shown_service(net.r1, "web")["servers"][LAN["s1"][0]]["health"], "down"
            ),
        )
        net.names("v4")
        yield net
    net.r1.write_conf(conf)


@contextmanager
def client_of(net):
    """Names and failures while this runs; one request at a time."""
    answers, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            answers.extend(net.names("v4", 1))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        stop.set()
        thread.join()


def reload(net, lines):
    """frr-reload, with what r1 runs but for these lines about IPVS."""
    if not net.r1.alive("mgmtd"):
        net.r1.launch("mgmtd")
    running = Machine().must_run("vtysh -N r1 -c 'show running-config'")
    kept = [l for l in running.splitlines() if not l.startswith("ipvs service")]
    begin = next(i for i, l in enumerate(kept) if l.startswith(("hostname", "!")))
    with open("/tmp/r1/new.conf", "w", encoding="ascii") as file:
        file.write("\n".join([*kept[begin:-1], *lines, "end"]) + "\n")
    output = Machine().must_run(f"{RELOAD} 2>&1")
    assert not re.search(r"[Ee]rror|Unknown command", output), output
    return output


def of_ipvs(tap):
    """Requests to change something of IPVS."""
    return [one for one in tap.requests if "address" not in one]


@pytest.mark.parametrize(
    "lines, more",
    ((SPELLED, ()), (RENAMED, ()), (SPELLED, MORE), (RENAMED, MORE)),
    ids=("spelled", "renamed", "addresses spelled", "addresses renamed"),
)
def test_reload_that_means_the_same_asks_nothing_of_the_kernel(net, lines, more):
    """Spelled defaults, or another name: clients notice nothing, what is known stays known."""
    if more:
        net.r1.configure(*more)
        wait_for("all are there", lambda: differs(len(ipvs.services(net.r1)), 4))
    name = lines[0].split()[2]
    lines = (*lines, *(line.replace("service web ", f"service {name} ") for line in more))
    before = ipvs.shown_service(net.r1, "web")
    with Tap(net.r1) as tap, client_of(net) as answers:
        reload(net, lines)
        wait_for(
            "the reload has settled",
            lambda: differs(len(ipvs.shown_service(net.r1, name)["warnings"]), 0),
        )
    assert of_ipvs(tap) == []
    assert set(answers) == {"r1"}
    after = ipvs.shown_service(net.r1, name)
    assert after["servers"][LAN["s1"][0]]["health"] == "down"
    assert after["serverTransitions"] == before["serverTransitions"]
    # a reload that was over before the settling would show nothing
    wait_for("nothing goes later", lambda: differs(ipvs.weights(net.r1, KEY), R1_ALONE))


def test_reload_of_a_weight_changes_that_weight(net):
    """And no server is removed and added for it."""
    with Tap(net.r1) as tap, client_of(net) as answers:
        reload(net, HEAVIER)
        wait_for(
            "r1 has weight 5",
            lambda: differs(
                ipvs.weights(net.r1, KEY), {f"{LAN['r1'][0]}:80": 5}
            ),
        )
    assert of_ipvs(tap) == ["change server v4"]
    assert set(answers) == {"r1"}


def test_what_is_taken_back_goes_when_nothing_follows(net):
    """A line, and then the service."""
    net.r1.configure("no ipvs service web scheduler", "no ipvs service web check")
    wait_for(
        "s1 is not checked any more",
        lambda: differs(
            ipvs.weights(net.r1, KEY), {**R1_ALONE, f"{LAN['s1'][0]}:80": 1}
        ),
    )
    assert ipvs.services(net.r1)[KEY].scheduler == "wlc"
    net.r1.configure("no ipvs service web")
    wait_for("it goes", lambda: differs(ipvs.services(net.r1), {}))


def test_service_that_waits_to_go_is_shown(net):
    """As long as it serves, though it is configured no more; in text and in JSON."""
    # in one vtysh, since it waits 3 s, and a busy machine may take as long to start another
    status, output = net.r1.vtysh(
        "configure terminal", "no ipvs service web", "end", "show ipvs web json", "show ipvs web"
    )
    assert status == 0, output
    told, end = json.JSONDecoder().raw_decode(output)
    (service,) = told["leaving"]
    assert (service["name"], service["state"], told["services"]) == ("web", "active", [])
    assert len(service["warnings"]) == 1
    text = output[end:]
    assert re.search(r"State +active, leaving", text), text
    wait_for("it goes", lambda: differs(ipvs.services(net.r1), {}))
    assert net.r1.show_json("vrrpd", "show ipvs web json")["leaving"] == []


def test_service_that_outlasts_its_vip_is_shown(net):
    """Its VIP is Active elsewhere, and the kernel has it still."""

    def shown():
        service = ipvs.shown_service(net.r1, "web")
        return service["state"], "draining" in service, "statistics" in service

    net.r1.configure(f"ipvs service web server {LAN['r1'][0]} 80 forwarding masquerade")
    wait_for("it is there", lambda: differs(shown(), ("active", False, True)))
    # looked at all the while: it drains for 3 s, and a busy machine's vtysh may end later
    shutdown = threading.Thread(
        target=net.r1.configure, args=("interface eth0", "vrrp 10 shutdown")
    )
    shutdown.start()
    wait_for("it drains", lambda: differs(shown(), ("standby", True, True)))
    shutdown.join()
    wait_for("it is gone", lambda: differs(shown(), ("standby", False, False)))


@contextmanager
def silent(machine):
    """Its web server answers nothing, so a check takes its timeout."""
    pid = f"$(cat {machine.log_directory}/nginx.pid)"
    processes = f"{pid} $(pgrep -P {pid})"
    Machine().must_run(f"kill -STOP {processes}")
    try:
        yield
    finally:
        Machine().must_run(f"kill -CONT {processes}")


def test_dead_server_gets_nothing_after_a_restart(net):
    """r1 is Active long before it knows that s1 is dead."""
    conf = Machine().must_run("cat /etc/frr/r1/frr.conf")
    slow = [line.replace("5 timeout 3", "60 timeout 9") for line in SERVICE]
    net.r1.write_conf(conf, *slow)
    with silent(net.s1):
        net.r2.configure(*slow)
        wait_for("r2 knows s1", lambda: differs(health(net.r2), "down"))
        with client_of(net) as answers:
            net.r1.stop("vrrpd")
            net.r2.wait_state("Active")
            net.r1.start("vrrpd")
            net.r1.wait_state("Active")
            net.wait_vip_at("r1")
            moved = len(answers)
            # one may have been under way
            wait_for("r1 serves", lambda: differs(len(answers) > moved + 1, True))
            before = len(answers)
            assert health(net.r1) == "unknown", "it is known: this shows nothing"
            wait_for("r1 knows s1", lambda: differs(health(net.r1), "down"))
    assert "s1" not in answers
    assert set(answers[before:]) == {"r1"}
    assert ipvs.weights(net.r1, KEY) == R1_ALONE


def test_killed_daemons_servers_go_on_until_they_are_known(net):
    """A service that is always there loses nothing by a restart, and s1 comes not back."""
    conf = Machine().must_run("cat /etc/frr/r1/frr.conf")
    always = "ipvs service web always"
    net.r1.configure(always)
    net.r1.write_conf(conf, *SERVICE, always)
    net.r1.kill("vrrpd")
    with Tap(net.r1) as tap:
        net.r1.start("vrrpd")
        wait_for("r1 knows s1", lambda: differs(health(net.r1), "down"))
        net.r1.wait_state("Active")
    assert of_ipvs(tap) == []
    assert ipvs.weights(net.r1, KEY) == R1_ALONE


def health(router):
    """A router's output about s1."""
    found = ipvs.shown_service(router, "web")["servers"]
    return found[LAN["s1"][0]]["health"]


def test_quorum_lost_by_configuration_is_counted_and_logged(net):
    """As when a check does it; and reached again."""

    def quorum(what):
        lines = net.r1.log().splitlines()
        return sum(f"service web: quorum {what}" in line for line in lines)

    lost, reached = quorum("lost"), quorum("reached")
    net.r1.configure("ipvs service web quorum 7")
    wait_for("lost", lambda: differs(quorum("lost"), lost + 1))
    assert ipvs.shown_service(net.r1, "web")["quorumLosses"] == 1
    assert ipvs.shown_service(net.r1, "web")["state"] == "no-quorum"
    net.r1.configure("no ipvs service web quorum")
    wait_for("reached", lambda: differs(quorum("reached"), reached + 1))
    net.r1.configure(f"ipvs service web server {LAN['r1'][0]} 80 weight 0")
    wait_for("lost again", lambda: differs(quorum("lost"), lost + 2))
    assert ipvs.shown_service(net.r1, "web")["quorumLosses"] == 2


def test_file_that_cannot_be_written_is_shown_and_costs_nothing(net):
    """Its successor knows all the same which services a killed vrrpd has left."""
    blocked = "/run/frr/r1/vrrpd-ipvs"

    def warned():
        told = net.r1.show_json("vrrpd", "show ipvs json").get("warnings")
        return any(blocked in sentence for sentence in told or [])

    Machine().must_run(f"rm -f {blocked}; mkdir {blocked}")
    try:
        net.r1.configure("ipvs service more tcp 203.0.113.90 80")
        wait_for("it is shown", lambda: differs(warned(), True))
        net.r1.kill("vrrpd")
        net.r1.start("vrrpd")  # frr.conf has nothing of IPVS
        wait_for("r1 has none", lambda: differs(ipvs.services(net.r1), {}))
    finally:
        Machine().must_run(f"rmdir {blocked}")
    net.r1.configure(*SERVICE)
    wait_for("it is written again", lambda: differs(warned(), False))
    Machine().must_run(f"grep -q '203.0.113.10 80' {blocked}")
