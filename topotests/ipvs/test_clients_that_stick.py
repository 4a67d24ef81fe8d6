# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""
Clients that stay with their server, and their server is no more.

The kernel would keep them there; the sysctls that end it are ours while a service wants
them, and what was there before comes back.
"""
import select
import socket
import threading

import pytest

from fabric import LAN, VIP, done_on, ill, well
from helpers import ipvs
from helpers.listen import socket_in
from helpers.wait import differs, wait_for

KEY = "TCP 203.0.113.10:80"
ON_SERVER = (
    "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2",
    "ip address add 203.0.113.10/32 dev lo",
)
OFF_SERVER = ("ip address delete 203.0.113.10/32 dev lo",)
# r2 serves the VIP as a server, though it is a Backup.
ON_R2 = ("ip route append local 203.0.113.10 dev lo",)
OFF_R2 = ("ip route delete local 203.0.113.10 dev lo",)
CLIENTS = [f"192.0.2.{number}" for number in range(140, 148)]
ON_CLIENT = tuple(f"ip address add {a}/26 dev eth0" for a in CLIENTS)
OFF_CLIENT = tuple(f"ip address delete {a}/26 dev eth0" for a in CLIENTS)
WEB = (
    "ipvs service web tcp 203.0.113.10 80",
    "ipvs service web scheduler rr",
    "ipvs service web persistent 3600",
    "ipvs service web check http /health interval 1 timeout 5 fall 1",
    f"ipvs service web server {LAN['r1'][0]} 80",
    f"ipvs service web server {LAN['s1'][0]} 80",
    f"ipvs service web sorry-server {LAN['r2'][0]} 80",
)
DNS = (
    "ipvs service dns udp 203.0.113.10 5300",
    "ipvs service dns scheduler rr",
    "ipvs service dns check http /health port 80 interval 1 timeout 5 fall 1",
    f"ipvs service dns server {LAN['r1'][0]} 5300",
    f"ipvs service dns server {LAN['s1'][0]} 5300",
)
SYSCTLS = ("expire_quiescent_template", "expire_nodest_conn")


@pytest.fixture(name="net")
def fixture_clients(net):
    """A client of many addresses, and servers that have the VIP."""
    with done_on([net.client], ON_CLIENT, OFF_CLIENT):
        with done_on([net.s1], ON_SERVER, OFF_SERVER):
            with done_on([net.r2], ON_R2, OFF_R2):
                yield net


def sysctl(router, name):
    """One of net.ipv4.vs."""
    return int(router.must_run(f"cat /proc/sys/net/ipv4/vs/{name}"))


def served(net):
    """{address of the client: who answered it}."""
    requests = [
        f"-sS -m 3 -H 'Connection: close' --interface {address} http://{VIP['v4']}/name"
        for address in CLIENTS
    ]
    output = net.client.run("curl " + " --next ".join(requests))[1]
    return dict(zip(CLIENTS, output.splitlines()))


@pytest.mark.parametrize("inhibit", (False, True), ids=("removed", "inhibited"))
def test_sorry_server_gets_persistent_clients_too(net, inhibit):
    """Those of the server that is down, and those of one that is up without quorum."""
    net.r1.configure(*WEB, *(["ipvs service web inhibit"] if inhibit else []))
    # a client that asked while one of them was not known yet would stick to the other
    both = {f"{LAN[name][0]}:80": 1 for name in ("r1", "s1")}
    wait_for("both are known", lambda: differs(ipvs.weights(net.r1, KEY), both))
    wait_for("both serve", lambda: differs(set(served(net).values()), {"r1", "s1"}))
    before = served(net)
    assert served(net) == before, "it is not persistent: this shows nothing"

    ill(net.s1)
    left = {f"{LAN['r1'][0]}:80": 1, **({f"{LAN['s1'][0]}:80": 0} if inhibit else {})}
    wait_for("s1 is out", lambda: differs(ipvs.weights(net.r1, KEY), left))
    assert set(served(net).values()) == {"r1"}

    net.r1.configure("ipvs service web quorum 2")
    wait_for(
        "it is sorry",
        lambda: differs(ipvs.shown_service(net.r1, "web")["state"], "sorry"),
    )
    wait_for("the sorry server serves", lambda: differs(set(served(net).values()), {"r2"}))

    well(net.s1)
    wait_for("both serve again", lambda: differs(set(served(net).values()), {"r1", "s1"}))


def test_sysctls_are_set_while_they_are_wanted_and_put_back(net):
    """Also those that a killed vrrpd has left, by the next one."""
    r1 = net.r1
    for name in SYSCTLS:
        wait_for(f"{name} is not set", lambda n=name: differs(sysctl(r1, n), 0))
    r1.configure(*WEB, *DNS)
    for name in SYSCTLS:
        wait_for(f"{name} is set", lambda n=name: differs(sysctl(r1, n), 1))
    r1.configure("no ipvs service dns")
    wait_for("one is back", lambda: differs(sysctl(r1, SYSCTLS[1]), 0))
    assert sysctl(r1, SYSCTLS[0]) == 1
    r1.kill("vrrpd")
    assert sysctl(r1, SYSCTLS[0]) == 1
    r1.start("vrrpd")
    wait_for("the other is back", lambda: differs(sysctl(r1, SYSCTLS[0]), 0))


def test_sysctl_that_a_killed_daemon_left_is_not_the_operators(net):
    """The next one wants it as well; it is put back when nobody wants it any more."""
    r1 = net.r1
    net.keep(WEB, "r1")
    r1.configure(*WEB)
    wait_for("it is set", lambda: differs(sysctl(r1, SYSCTLS[0]), 1))
    r1.kill("vrrpd")
    r1.start("vrrpd")
    wait_for("it balances", lambda: differs(set(served(net).values()), {"r1", "s1"}))
    r1.configure("no ipvs service web")
    wait_for("it is put back", lambda: differs(sysctl(r1, SYSCTLS[0]), 0))


class Flow:
    """One UDP port of the client that asks again and again; who answered last."""

    def __init__(self, net):
        self._sock = socket_in(net.client, socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind((CLIENTS[0], 5353))

    def ask(self):
        """The name, or "" when nobody answers."""
        self._sock.sendto(b"?", (VIP["v4"], 5300))
        if not select.select([self._sock], [], [], 0.5)[0]:
            return ""
        return self._sock.recv(99).decode()

    def close(self):
        """Ends it."""
        self._sock.close()


def answer_datagrams(machine):
    """A server on the VIP that tells the machine's name; close what is returned to end it."""
    sock = socket_in(machine, socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((VIP["v4"], 5300))

    def serve():
        while True:
            try:
                data, peer = sock.recvfrom(99)
            except OSError:
                return
            if not data:
                return
            sock.sendto(machine.name.encode(), peer)

    threading.Thread(target=serve, daemon=True).start()
    return sock


def test_flow_of_datagrams_leaves_a_server_that_is_down(net):
    """From one port, without a pause in which the kernel could forget it."""
    net.r1.configure(*DNS)
    servers = [answer_datagrams(net.machines[name]) for name in ("r1", "s1")]
    flow = Flow(net)
    try:
        answers = []

        def unanswered():
            answers.append(flow.ask())
            return None if answers[-1] else "nobody answers"

        wait_for("it is answered", unanswered)
        first = answers[-1]
        (other,) = {"r1", "s1"} - {first}
        ill(net.machines[first])
        wait_for(f"{other} answers", lambda: differs(flow.ask(), other))
    finally:
        flow.close()
        for sock in servers:
            sock.close()
        well(net.r1)
