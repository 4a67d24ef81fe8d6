# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs ns veth
# timeout: 1200
"""
The pairs of doc/user/converted.md: keepalived and ours do the same.

    r1 ==== core ==== r2        eth0 of each: outside, and eth1: inside
             |
         h1, s1, s2, h2

Each is booted twice from what the document prints: two keepalived, then two of our vrrpd. Both
times the same test pulls the same cable, or lets the same program fail, and judges by the same
eyes: which router's kernel has the VIPs, and who answers h1. core is a switch, or the router of a
cloud.
"""
import os
import re
import signal
from contextlib import contextmanager, suppress

import pytest

from helpers.installed import Installed, at_once
from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.recipe import CONVERTED, RECIPES, commands, printed
from helpers.router import MACHINES
from helpers.wait import differs, wait_for

R1, R2 = Installed("r1"), Installed("r2")
CORE, H1, H2, S1, S2 = (Namespace(name) for name in ("core", "h1", "h2", "s1", "s2"))
ROUTERS = (R1, R2)
WEB, DIRECTORS = "A web pair that follows a script", "A pair of LVS directors"
FIREWALLS, CLOUD = "A pair of firewalls", "A unicast pair in a cloud"
MOVES = "Metrics, and something that runs when a VIP moves"
OUTSIDE, INSIDE, FAR = "192.0.2.60", "198.51.100.190", "203.0.113.10"
# what a host has before keepalived starts, and frr.conf says with ours
ON_LAN = (
    "ip link set eth0 up; ip address add {} dev eth0;"
    "ip link set eth1 up; ip address add {} dev eth1"
)
ON_LANS = {
    "r1": ON_LAN.format("192.0.2.1/26", "198.51.100.129/26"),
    "r2": ON_LAN.format("192.0.2.2/26", "198.51.100.130/26"),
}
IN_SUBNET = "ip link set eth0 up; ip address add {} dev eth0; ip route add default via {}"
IN_CLOUD = {
    "r1": IN_SUBNET.format("192.0.2.1/26", "192.0.2.62"),
    "r2": IN_SUBNET.format("198.51.100.1/26", "198.51.100.62"),
}
CLOUDS_OWN = {"r1a": "192.0.2.62/26", "r2a": "198.51.100.62/26", "h1": "192.0.2.129/26"}
KEEPALIVED_CONF = "/etc/keepalived/keepalived.conf"
# For the call of a cloud's API: the way to the VIP is by this host from now on.
TAKE_VIP = f"""\
#!/bin/sh
own=$(ip -4 -o address show dev eth0 | sed -E 's/.* inet ([0-9.]+).*/\\1/')
exec ip -n core route replace {FAR}/32 via "$own"
"""


def setup_module():
    """Cables; core is a switch outside and inside."""
    for machine in (*ROUTERS, CORE, H1, H2, S1, S2):
        machine.build()
    CORE.must_run("ip link add outside type bridge mcast_snooping 0; ip link set outside up")
    CORE.must_run("ip link add inside type bridge mcast_snooping 0; ip link set inside up")
    for router in ROUTERS:
        plug(router, "eth0", f"{router.name}a", "outside")
        plug(router, "eth1", f"{router.name}b", "inside")
    for host, address in ((H1, "192.0.2.9"), (S1, "192.0.2.11"), (S2, "192.0.2.12")):
        plug(host, "eth0", host.name, "outside")
        host.must_run(f"ip address add {address}/26 dev eth0")
    plug(H2, "eth0", "h2", "inside")
    H2.must_run("ip address add 198.51.100.131/26 dev eth0")


def plug(machine, ifname, port, switch):
    """A cable from a machine to a port of core."""
    link(ifname, machine, port, CORE)
    CORE.must_run(f"ip link set {port} master {switch}")


def teardown_module():
    """Nothing is left."""
    for machine in list(MACHINES):
        machine.demolish()


class Keepalived:
    """The original."""

    name = "keepalived"

    def __init__(self, heading):
        self.commands = IN_CLOUD if heading == CLOUD else ON_LANS

    def boot(self, router):
        """The host has its addresses, then keepalived starts."""
        router.must_run(self.commands[router.name])
        at = router.log_directory
        router.must_run(
            f"keepalived -f {at}/keepalived.conf"
            f" -p {at}/main.pid -r {at}/vrrp.pid -c {at}/ipvs.pid -b {at}/bfd.pid"
            f" --log-detail --no-syslog --flush-log-file --log-file={at}/keepalived.log"
        )
        wait_for(f"keepalived of {router.name} runs", lambda: None if self._pid(router) else "no")

    @staticmethod
    def _pid(router):
        try:
            with open(f"{router.log_directory}/main.pid", encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    def end(self, router):
        """SIGTERM, and it is gone."""
        pid = self._pid(router)
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            wait_ended(pid)


class Ours:
    """What the document says instead."""

    name = "vrrpd"

    def __init__(self, heading):
        self.heading, self.readers = heading, {}

    def boot(self, router):
        """By FRR's own init script; and each line is taken."""
        said = router.power_on()
        assert "failure" not in said, said
        running = {line.strip() for line in router.vtysh("show running-config")[1].splitlines()}
        with open(router.path("/etc/frr/frr.conf"), encoding="ascii") as file:
            assert {line.strip() for line in file} - running - {""} == set(), router.name
        if self.heading == CLOUD:
            self._read_events(router)

    def _read_events(self, router):
        socket = router.path("/run/frr/vrrp.events")
        wait_for("vrrpd tells of events", lambda: None if os.path.exists(socket) else "no socket")
        log = f"{router.log_directory}/moves.log"
        started = router.must_run(f"/usr/local/sbin/vrrp-moves >{log} 2>&1 </dev/null & echo $!")
        self.readers[router] = int(started)

    def end(self, router):
        """As systemd does it; what reads the stream ends with it."""
        if router.alive("vrrpd"):
            router.shut_down()
        if router in self.readers:
            wait_ended(self.readers[router])


def wait_ended(pid):
    """Until there is no such process."""
    process = f"/proc/{pid}"
    wait_for(f"{process} ends", lambda: "alive" if os.path.exists(process) else None)


def install(heading):
    """What is printed for r1 on both, and on r2 what the printed commands make of it."""
    [daemons] = commands("On both routers", CONVERTED)
    [for_r2] = commands(heading, CONVERTED)
    write(KEEPALIVED_CONF, printed(heading, "keepalived r1", CONVERTED))
    for router, changes in ((R1, []), (R2, for_r2)):
        router.install(printed(heading, "frr r1", CONVERTED), *daemons)
        for command in changes:
            router.must_run(command)
        router.must_run(f"cp {KEEPALIVED_CONF} {router.log_directory}/keepalived.conf")


def write(path, text, mode=0o644):
    """A file of the operator's."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)


@contextmanager
def running(heading, system):
    """Both routers run the original, or ours."""
    pair = system(heading)
    at_once(*(router.cut_power for router in ROUTERS))
    install(heading)
    try:
        at_once(*(lambda r=router: pair.boot(r) for router in ROUTERS))
        yield
    finally:
        for router in ROUTERS:
            pair.end(router)


@contextmanager
def web_servers(*machines):
    """They tell their names, and whether they are well."""
    for machine in machines:
        start_nginx(machine)
    try:
        yield
    finally:
        for machine in machines:
            stop_nginx(machine)


@contextmanager
def real_servers():
    """s1 and s2 have the VIP, as direct routing wants it."""
    for server in (S1, S2):
        server.must_run(
            "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2;"
            f"ip address replace {OUTSIDE}/32 dev lo"
        )
    with web_servers(S1, S2):
        yield


@contextmanager
def cloud():
    """From now on core is the router of three subnets, and its API moves the way to the VIP."""
    CORE.must_run("sysctl -qw net.ipv4.ip_forward=1")
    for port, address in CLOUDS_OWN.items():
        CORE.must_run(f"ip link set {port} nomaster; ip address replace {address} dev {port}")
    H1.must_run(
        "ip address flush dev eth0; ip address add 192.0.2.130/26 dev eth0;"
        "ip route add default via 192.0.2.129"
    )
    write("/usr/local/sbin/take-vip", TAKE_VIP, 0o755)
    write("/usr/local/sbin/vip-moved", printed(CLOUD, "sh", CONVERTED), 0o755)
    write("/usr/local/sbin/vrrp-moves", printed(MOVES, "python", RECIPES), 0o755)
    yield


def holders(vip):
    """The names of the routers whose kernels have it."""
    found = re.compile(rf"inet {re.escape(vip)}/")
    return {r.name for r in ROUTERS if found.search(r.must_run("ip -4 -o address"))}


def wait_at(router, *vips):
    """The VIPs are on this router and on no other."""
    for vip in vips:
        wait_for(
            f"{router.name} alone has {vip}", lambda v=vip: differs(holders(v), {router.name})
        )


def answers(vip):
    """Who answers h1's next requests, by name."""
    asked = f"for i in 1 2 3 4; do curl -sS -m 2 http://{vip}/name; done"
    return set(H1.run(asked)[1].splitlines())


def wait_answers(vip, *machines):
    """These answer h1, and no others."""
    names = {machine.name for machine in machines}
    wait_for(f"h1 is answered by {names}", lambda: differs(answers(vip), names))


def wait_ping(host, vip):
    """A host gets an echo."""

    def unanswered():
        status, output = host.run(f"ping -n -c 1 -W 1 {vip}")
        return output if status else None

    wait_for(f"{host.name} reaches {vip}", unanswered)


@contextmanager
def pulled(port):
    """A cable of core's is pulled, and plugged again."""
    CORE.must_run(f"ip link set {port} down")
    yield
    CORE.must_run(f"ip link set {port} up")


BOTH = pytest.mark.parametrize("system", (Keepalived, Ours), ids=lambda system: system.name)


@BOTH
def test_web_pair_follows_its_script(system):
    """The VIP is where the web server is well, and comes back."""
    with running(WEB, system), web_servers(*ROUTERS):
        wait_at(R1, OUTSIDE)
        wait_answers(OUTSIDE, R1)
        ill = f"{R1.log_directory}/ill"
        write(ill, "")
        wait_at(R2, OUTSIDE)
        wait_answers(OUTSIDE, R2)
        os.remove(ill)
        wait_at(R1, OUTSIDE)
        wait_answers(OUTSIDE, R1)


@BOTH
def test_directors_leave_out_a_dead_server_and_replace_a_dead_director(system):
    """The first moves nothing, and the second keeps the servers."""
    with running(DIRECTORS, system), real_servers():
        wait_at(R1, OUTSIDE)
        wait_answers(OUTSIDE, S1, S2)
        stop_nginx(S1)
        wait_answers(OUTSIDE, S2)
        assert holders(OUTSIDE) == {"r1"}
        start_nginx(S1)
        wait_answers(OUTSIDE, S1, S2)
        with pulled("r1a"):
            wait_at(R2, OUTSIDE)
            wait_answers(OUTSIDE, S1, S2)
        wait_at(R1, OUTSIDE)
        wait_answers(OUTSIDE, S1, S2)


@BOTH
def test_firewalls_move_both_addresses_with_one_cable(system):
    """Whichever of the two it is; and both come back."""
    with running(FIREWALLS, system):
        for port in ("r1a", "r1b"):
            wait_firewall(R1)
            with pulled(port):
                wait_firewall(R2)
        wait_firewall(R1)


def wait_firewall(router):
    """It has both addresses, and answers on both sides."""
    wait_at(router, OUTSIDE, INSIDE)
    wait_ping(H1, OUTSIDE)
    wait_ping(H2, INSIDE)


@BOTH
def test_cloud_is_told_who_has_the_vip(system):
    """Its way leads to r1, to r2 when r1 is cut off, and to r1 again."""
    with cloud(), running(CLOUD, system):
        wait_at(R1, FAR)
        wait_for("the way leads to r1", lambda: differs(way(), "192.0.2.1"))
        wait_ping(H1, FAR)
        with pulled("r1a"):
            wait_at(R2, FAR)
            wait_for("the way leads to r2", lambda: differs(way(), "198.51.100.1"))
            wait_ping(H1, FAR)
        wait_at(R1, FAR)
        wait_for("the way leads to r1", lambda: differs(way(), "192.0.2.1"))
        wait_ping(H1, FAR)


def way():
    """The cloud's next hop to the VIP."""
    found = re.search(r" via (\S+)", CORE.run(f"ip route show exact {FAR}/32")[1])
    return found and found[1]
