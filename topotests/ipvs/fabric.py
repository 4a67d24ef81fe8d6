# SPDX-License-Identifier: GPL-2.0-or-later
"""
Two directors in two subnets, their servers, and a client in a third subnet.

    client --- core --- r1 (site 1) --- eth1 --+
                |  +--- r2 (site 2) --- eth1 --+-- lan -- s1
                |  +--------------------------(+)
                +------ s2

r1 and r2 are what the recipe BGP says, core is their neighbor. Web servers, nginx,
run on r1, r2, s1 and s2; each tells its name. core is the way back of s1, too.
"""
import os
import re
import threading
from collections import Counter
from contextlib import contextmanager
from itertools import count, islice

from helpers import ipvs, recipe
from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.router import Machine
from helpers.wait import differs, wait_for

DIRECTORS = ("r1", "r2")
SERVERS = ("r1", "r2", "s1", "s2")
VIP = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
URL = {"v4": f"http://{VIP['v4']}", "v6": f"http://[{VIP['v6']}]"}
LAN = {
    "r1": ("198.51.100.129", "2001:db8:5::129"),
    "r2": ("198.51.100.130", "2001:db8:5::130"),
    "s1": ("198.51.100.131", "2001:db8:5::131"),
    "core": ("198.51.100.190", "2001:db8:5::190"),
}
# machine: (interface, its addresses, core's addresses); core's end is named as the machine
UPLINKS = {
    "r1": ("192.0.2.1", "2001:db8:1::1", "192.0.2.62", "2001:db8:1::ff"),
    "r2": ("198.51.100.1", "2001:db8:2::1", "198.51.100.62", "2001:db8:2::ff"),
    "s2": ("192.0.2.194", "2001:db8:6::194", "192.0.2.193", "2001:db8:6::1"),
    "client": ("192.0.2.130", "2001:db8:4::130", "192.0.2.129", "2001:db8:4::1"),
}
V4_BITS, V6_BITS = 26, 64
# Addresses of r1 in the recipes, and those of r2 in their place; swapped both ways at once.
SWAPPED = (
    ("192.0.2.1", "198.51.100.1"),
    ("2001:db8:1::1", "2001:db8:2::1"),
    ("198.51.100.129", "198.51.100.130"),
    ("2001:db8:5::129", "2001:db8:5::130"),
    ("198.51.100.253", "198.51.100.254"),
)
R2_ONLY = (
    (" vrrp 10 priority 200\n", ""),
    (" vrrp 20 priority 200\n", ""),
)
# A machine that is busy may stall, and that is not the subject.
CALM = (("advertisement-interval 100", "advertisement-interval 500"),)
CORE = """
router bgp 65100
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 neighbor 192.0.2.1 remote-as 65001
 neighbor 198.51.100.1 remote-as 65002
 neighbor 2001:db8:1::1 remote-as 65001
 neighbor 2001:db8:2::1 remote-as 65002
 address-family ipv4 unicast
  neighbor 192.0.2.1 activate
  neighbor 198.51.100.1 activate
 exit-address-family
 address-family ipv6 unicast
  neighbor 2001:db8:1::1 activate
  neighbor 2001:db8:2::1 activate
 exit-address-family
exit
"""
SLOW_FILE, SLOW_BYTES = "/tmp/slow", 3 << 19
CONNECTIONS = 24  # of Downloads: half of each family


def r2s(text):
    """The lines of the recipes for r1, changed for r2."""
    for one, other in SWAPPED:
        text = re.sub(rf"(?<![\d:.]){re.escape(one)}(?![\d:])", "<>", text)
        text = re.sub(rf"(?<![\d:.]){re.escape(other)}(?![\d:])", one, text)
        text = text.replace("<>", other)
    for one, other in R2_ONLY:
        text = text.replace(one, other)
    return text


def lines_for(name, lines):
    """Lines of a recipe as that director has them."""
    text = "\n".join(lines) + "\n"
    return (r2s(text) if name == "r2" else text).splitlines()


class Fabric:
    """All of it; machines are attributes."""

    def __init__(self):
        names = ("core", "lan", "client", *SERVERS)
        self.machines = {name: Namespace(name) for name in names}
        self.__dict__.update(self.machines)
        # A port used again goes where directors remember that it went before.
        self.ports = count(1024)
        self.files = {}

    def build(self):
        """Links, addresses, daemons and web servers."""
        for machine in self.machines.values():
            machine.build()
        self.core.must_run(
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
        )
        self._build_lan()
        for name, addresses in UPLINKS.items():
            link("eth0", self.machines[name], name, self.core)
            _address(self.machines[name], "eth0", addresses[:2])
            _address(self.core, name, addresses[2:])
            _default(self.machines[name], addresses[2:])
        _default(self.s1, LAN["core"])
        # so that a port may be used again at once
        self.client.must_run("sysctl -qw net.ipv4.tcp_max_tw_buckets=0")
        with open(SLOW_FILE, "wb") as file:
            file.write(os.urandom(SLOW_BYTES))
        for name in SERVERS:
            start_nginx(self.machines[name], SLOW_FILE)
        for name in DIRECTORS:
            self.machines[name].must_run(
                "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
            )
        self._start_daemons()

    def _build_lan(self):
        self.lan.must_run("ip link add bridge type bridge; ip link set bridge up")
        for name, addresses in LAN.items():
            machine = self.machines[name]
            ifname = (
                "eth1" if name in DIRECTORS else "lan" if name == "core" else "eth0"
            )
            link(ifname, machine, name, self.lan)
            self.lan.must_run(f"ip link set {name} master bridge")
            _address(machine, ifname, addresses)

    def _start_daemons(self):
        self.core.write_conf(CORE)
        for name, bgp in recipe.complete("BGP").configuration.items():
            for one, other in CALM:
                bgp = bgp.replace(one, other)
            self.files[name] = bgp
            self.keep((), name)
        self.core.start("zebra", "bgpd")
        for name in DIRECTORS:
            self.machines[name].start("zebra", "bgpd", "vrrpd")

    def demolish(self):
        """Ends it all."""
        for name, machine in self.machines.items():
            if name in SERVERS:
                stop_nginx(machine)
            if machine.alive("bgpd"):
                machine.kill("bgpd")
            machine.demolish()

    # What the client sees

    def names(self, family, requests=8):
        """Which servers answered that many requests, or how they failed: {name: how many}."""
        return self.ask_from(family, islice(self.ports, requests))

    def ask_from(self, family, ports):
        """The same for requests from these ports."""
        requests = (
            f"-sS -m 5 -H 'Connection: close' --local-port {port} {URL[family]}/name"
            for port in ports
        )
        output = self.client.run("curl " + " --next ".join(requests))[1]
        return Counter(output.splitlines())

    def wait_names(self, expected, timeout=60, families=VIP):
        """The client is served by these, and by no others, in both families."""
        for family in families:
            wait_for(
                f"{URL[family]} is served by {sorted(expected)}",
                lambda f=family: differs(set(self.names(f)), set(expected)),
                timeout,
            )

    # What directors do

    def configure(self, lines, *names):
        """Lines of a recipe, on those directors or on both."""
        for name in names or DIRECTORS:
            self.machines[name].configure(*lines_for(name, lines))

    def keep(self, lines, *names):
        """They are in the file of those directors, or of both, for a vrrpd that starts again."""
        for name in names or DIRECTORS:
            self.machines[name].write_conf(self.files[name], *lines_for(name, lines))

    def forget(self):
        """No service, no synchronisation; both directors up, r1 Active."""
        for name in DIRECTORS:
            director = self.machines[name]
            self.keep((), name)
            if not director.alive("vrrpd"):
                director.start("vrrpd")
            made = re.compile(
                r"ipvs (service \S+ (tcp|udp|sctp|fwmark) .*|sync-daemon .*|timeout .*)"
            )
            lines = [f"no {l}" for l in director.running_config() if made.fullmatch(l)]
            if lines:
                director.configure(*lines)
            director.configure("interface eth0", "no vrrp 10 shutdown")
            well(director)
        well(self.s1)
        well(self.s2)
        self.r1.wait_state("Active")
        self.r2.wait_state("Backup")
        self.wait_vip_at("r1")

    def wait_vip_at(self, name):
        """core sends the VIPs to that director."""
        for family, vip in VIP.items():
            option = "-6" if family == "v6" else "-4"
            wait_for(
                f"core sends {vip} to {name}",
                lambda o=option, v=vip: differs(_route_device(self.core, o, v), name),
            )


def _route_device(machine, option, vip):
    found = re.search(r"dev (\S+)", machine.run(f"ip {option} route get {vip}")[1])
    return found[1] if found else None


def _address(machine, ifname, addresses):
    machine.must_run(
        f"ip address add {addresses[0]}/{V4_BITS} dev {ifname};"
        f"ip address add {addresses[1]}/{V6_BITS} dev {ifname} nodad"
    )


def _default(machine, gateways):
    machine.must_run(
        f"ip route replace default via {gateways[0]};"
        f"ip -6 route replace default via {gateways[1]}"
    )


class Download(threading.Thread):
    """The client gets a file that takes many seconds."""

    def __init__(self, net, family):
        super().__init__()
        self._client, self._url = net.client, f"{URL[family]}/slow"
        self._port = next(net.ports)
        self._sum = self._said = None

    def run(self):
        file = "/tmp/client/slow"
        self._said = self._client.run(
            f"curl -sS -m 60 --local-port {self._port} -o {file} {self._url}"
        )
        self._sum = self._client.run(f"md5sum <{file}")[1]

    def known_to(self, node):
        """A check: the kernel knows of its connection, and that it is established."""
        known = [l for l in ipvs.connections(node) if f":{self._port} " in l]
        return None if "ESTABLISHED" in str(known) else known or "none"

    def check(self):
        """It is still under way, and will end well."""
        assert self.is_alive(), f"it ended too soon: {self._said}"
        self.join()
        expected = Machine().must_run(f"md5sum <{SLOW_FILE}")
        assert self._sum == expected, self._said


def _established(node):
    """TCP connections that a director knows as such: {(client's end, VIP's): server's}."""
    lines = [line.split() for line in ipvs.connections(node) if "ESTABLISHED" in line]
    return {(words[3], words[4]): words[5] for words in lines}


class Downloads(threading.Thread):
    """Many slow ones of both families; each must end well."""

    def __init__(self, net, what="slow"):
        super().__init__()
        self._net, self._what, self.said = net, what, None

    def run(self):
        urls = " ".join(
            f"-o /tmp/client/{family}-{number} {URL[family]}/{self._what}"
            for family in VIP
            for number in range(CONNECTIONS // len(VIP))
        )
        self.said = self._net.client.run(
            f"rm -f /tmp/client/v?-*; curl -Z --parallel-immediate -sS -m 150 -g {urls}"
        )

    def _open(self):
        """Their ends: {(client's, VIP's)}; a director also knows some of earlier ones."""
        lines = self._net.client.must_run("ss -Htn state established dport = 80").splitlines()
        return {tuple(line.split()[2:4]) for line in lines}

    def known_to(self, node):
        """A check: the kernel knows of all of them as established."""
        known = len(self._open() & _established(node).keys())
        return None if known == CONNECTIONS else known

    def count_to(self, node, server):
        """How many of them a director sends to a server, one of whose addresses is the end."""
        known = _established(node)
        ends = [known.get(ends, "").rpartition(":")[0].strip("[]") for ends in self._open()]
        return sum(end in server for end in ends)

    def whole(self):
        """How many files came as they are."""
        expected = Machine().must_run(f"md5sum <{SLOW_FILE}").split()[0]
        sums = self._net.client.run("md5sum /tmp/client/v?-*")[1]
        return sums.count(expected)


def ill(machine):
    """Its web server answers health checks with status 503 from now on."""
    Machine().must_run(f"touch {machine.log_directory}/ill")


def well(machine):
    """Its web server is healthy again."""
    Machine().must_run(f"rm -f {machine.log_directory}/ill")


@contextmanager
def done_on(machines, commands, undo):
    """Shell commands that are taken back."""
    for machine in machines:
        for command in commands:
            machine.must_run(command)
    try:
        yield
    finally:
        for machine in machines:
            for command in undo:
                machine.run(command)
