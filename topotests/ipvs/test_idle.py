# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 2400
"""
A director that was away is sent the whole table of connections when it returns: idle ones, which the
kernel does not tell of, live as well.

By hand with as many connections as you like, real ones (IDLE) or such that only directors know (TABLE):

    lab/run --kernel uml -- sh -c 'cd topotests/ipvs && TABLE=100000 python3 -m pytest -s -v -k table'
"""
import os
import re
import socket
import struct
import time
from contextlib import contextmanager

import pytest
from fabric import DIRECTORS, LAN, UPLINKS, VIP, done_on, r2s
from helpers import ipvs, recipe
from helpers.crowd import Crowd, Echo
from helpers.listen import socket_in
from helpers.wait import differs, wait_for, wait_logged
from test_settle import DEAF, LEARNS, NOT_DEAF, SYNC, leave, says
from test_tunnel import OFF_SERVER, ON_SERVER, SERVICES, SURVIVE, in_another_order

COUNT = int(os.environ.get("IDLE", "10000"))
TABLE = int(os.environ.get("TABLE", "20000"))
# connections that a director's buffer has room for, in messages
AT_ONCE, IN_MESSAGE = 2000, 38
FEW = 40
PORT = 7
KERNELS = ("224.0.0.81", 8848)
# a source has ports for so many connections to each of two addresses
OF_A_SOURCE = 20000
SOURCES = [f"192.0.2.{number}" for number in range(131, 131 + 1 + COUNT // OF_A_SOURCE)]
# a source of one test alone: nothing that directors remember of others looks like its connections
STICKS = "192.0.2.189"
ACROSS = "Load balancing, connections told of across subnets"
VXLAN, (GRETAP,) = recipe.commands(ACROSS)
(ACROSS_SYNC,) = recipe.configuration(ACROSS)


def idle_service(family, *more):
    """A service of servers that wait to be asked something."""
    name, v6 = f"idle{family[1]}", family == "v6"
    return [
        f"ipvs service {name} tcp {VIP[family]} {PORT}",
        f"ipvs service {name} always",
        *(f"ipvs service {name} {line}" for line in more),
        f"ipvs service {name} server {LAN['s1'][v6]} {PORT} forwarding tunnel",
        f"ipvs service {name} server {UPLINKS['s2'][v6]} {PORT} forwarding tunnel",
    ]


IDLE = SERVICES + idle_service("v4") + idle_service("v6")


@pytest.fixture(name="crowd")
def fixture_crowd(net):
    """Servers that answer, and a client with many sources."""
    add = [f"ip address add {source}/26 dev eth0" for source in (*SOURCES, STICKS)]
    delete = [f"ip address delete {source}/26 dev eth0" for source in (*SOURCES, STICKS)]
    with (
        done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER),
        done_on([net.client], add, delete),
        Echo(net.s1, PORT),
        Echo(net.s2, PORT),
        Crowd(net.client) as crowd,
    ):
        yield crowd


def sync_daemon(director):
    """What show ipvs says of synchronisation."""
    return director.show_json("vrrpd", "show ipvs json").get("syncDaemon", {})


def sent(director, count):
    """A check: the director has sent so many connections."""
    transfer = sync_daemon(director).get("transfer", {})
    is_done = transfer.get("state") == "done" and transfer["connections"] >= count
    return None if is_done else transfer


def established(director):
    """How many connections to the idle services the kernel of a director knows."""
    lines = director.must_run("cat /proc/net/ip_vs_conn").splitlines()
    return sum(bool(re.search(rf" {PORT:04X} .* {PORT:04X} ESTABLISHED", l)) for l in lines)


def fewer(director, count):
    """A check: the kernel of a director knows that many."""
    known = established(director)
    return None if known >= count else known


def open_idle(net, crowd, count):
    """That many connections of both families by r2, which nobody uses."""
    of_ipv6 = min(count // 2, OF_A_SOURCE)
    crowd.open([VIP["v4"]], PORT, count - of_ipv6, SOURCES)
    crowd.open([VIP["v6"]], PORT, of_ipv6)
    assert established(net.r2) >= count


def take_over(net):
    """r1 has learned enough."""
    net.r1.configure(SYNC)
    net.r1.wait_state("Active")
    net.wait_vip_at("r1")


def test_idle_connections_live_when_a_director_returns(net, crowd):
    """All of them; r1 never saw a packet of any."""
    leave(net, IDLE + [f"{SYNC} settle 3600"])
    open_idle(net, crowd, COUNT)
    net.r1.start("vrrpd")
    begun = time.monotonic()
    wait_for("r2 has sent all", lambda: sent(net.r2, COUNT))
    told = sync_daemon(net.r2)
    print(f"{COUNT} connections: {told['transfer']}, {time.monotonic() - begun:.1f} s after r1's start")
    assert [d["listens"] for d in told["directors"]] == [True], told
    wait_for("r1 knows all", lambda: fewer(net.r1, COUNT))
    wait_for("r1 learns", lambda: says(net.r1, LEARNS))
    take_over(net)
    assert crowd.living() == COUNT


def test_idle_connections_break_when_they_are_not_sent(net, crowd):
    """r2 does not hear that r1 is there."""
    with done_on([net.r2], DEAF, NOT_DEAF):
        leave(net, IDLE + [f"{SYNC} settle 3600"])
        open_idle(net, crowd, FEW)
        net.r1.start("vrrpd")
        wait_for("r1 listens", lambda: differs(ipvs.daemons(net.r1), ["backup"]))
        wait_for("r1 hears r2", lambda: None if sync_daemon(net.r1)["directors"] else "no")
        take_over(net)
        assert crowd.living() == 0


def test_director_that_missed_hellos_is_sent_them_later(net, crowd):
    """... when it is heard."""
    with done_on([net.r2], DEAF, NOT_DEAF):
        leave(net, IDLE + [f"{SYNC} settle 3600"])
        open_idle(net, crowd, FEW)
        net.r1.start("vrrpd")
        wait_for("r1 hears r2", lambda: None if sync_daemon(net.r1)["directors"] else "no")
        assert established(net.r1) == 0
    wait_for("r1 knows all", lambda: fewer(net.r1, FEW))
    wait_for("r2 has sent them", lambda: sent(net.r2, FEW))
    take_over(net)
    assert crowd.living() == FEW


def known_of(director, client):
    """[(client's port, server)] of what the kernel of a director knows; a port of 0: persistence."""
    source = socket.inet_aton(client).hex().upper()
    lines = director.must_run("cat /proc/net/ip_vs_conn").splitlines()
    found = [re.match(rf"TCP {source} (\S+) \S+ \S+ (\S+) ", line) for line in lines]
    return [(int(match[1], 16), match[2]) for match in found if match]


def templates(director, client):
    """Servers that a client sticks to."""
    return [server for port, server in known_of(director, client) if port == 0]


def test_clients_stick_to_their_server_when_a_director_returns(net, crowd):
    """Persistence is sent as well, for as long as it is configured."""
    stick = idle_service("v4", "scheduler rr", "persistent 300")
    leave(net, SERVICES + stick + [f"{SYNC} settle 3600"])
    crowd.open([VIP["v4"]], PORT, 1, [STICKS])
    [server] = templates(net.r2, STICKS)
    net.r1.start("vrrpd")
    wait_for("r1 knows it", lambda: differs(templates(net.r1, STICKS), [server]))
    take_over(net)
    crowd.open([VIP["v4"]], PORT, 4, [STICKS])
    assert {server for _, server in known_of(net.r1, STICKS)} == {server}
    assert crowd.living() == 5


@pytest.mark.parametrize("tunnel", ("vxlan", "gretap"))
def test_idle_connections_live_across_subnets(net, crowd, tunnel):
    """Directors tell each other through a tunnel, as the recipe says."""
    commands = list(VXLAN) if tunnel == "vxlan" else [GRETAP, *VXLAN[1:]]
    add = "\n".join(commands)
    net.r1.must_run(add)
    net.r2.must_run(r2s(add))
    try:
        leave(net, IDLE + ACROSS_SYNC)
        open_idle(net, crowd, FEW)
        net.r1.start("vrrpd")
        wait_for("r2 has sent them", lambda: sent(net.r2, FEW))
        net.r1.wait_state("Active")
        net.wait_vip_at("r1")
        assert crowd.living() == FEW
    finally:
        for name in DIRECTORS:
            net.machines[name].configure("no ipvs sync-daemon")
            net.machines[name].must_run("ip link delete sync0")


def forged(clients, port):
    """A message of the kernel's synchronisation with a connection of each client, to a server on s1."""
    ends = socket.inet_aton(VIP["v4"]) + socket.inet_aton(LAN["s1"][0])
    facts = struct.pack("!BBHIHHHHII", 0, 6, 36, 0x82, 1, 4000, port, port, 0, 900)
    connections = b"".join(facts + socket.inet_aton(client) + ends for client in clients)
    size = 8 + len(connections)
    return struct.pack("!BBHBBH", 0, 0, size, len(clients), 1, 0) + connections


def mouth_of(machine):
    """A socket that speaks to directors, from the LAN."""
    mouth = socket_in(machine, socket.AF_INET, socket.SOCK_DGRAM)
    mouth.bind((LAN[machine.name][0], 0))
    source = socket.inet_aton(LAN[machine.name][0])
    mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, source)
    return mouth


def test_kernel_takes_connections_from_anybody(net):
    """Which is why the recipe fences the interface: topotests/fence."""
    net.configure(SERVICES + [SYNC])
    wait_for("r2 listens", lambda: differs(ipvs.daemons(net.r2), ["backup"]))
    mouth = mouth_of(net.s1)

    def is_taken():
        mouth.sendto(forged(["192.0.2.77"], 80), KERNELS)
        known = [line for line in ipvs.connections(net.r2) if "192.0.2.77:4000" in line]
        return None if known else "nothing"

    wait_for("r2 has it", is_taken)
    mouth.close()


def fill(net, count):
    """r2, which listens, is told of that many connections."""
    clients = [f"198.18.{number >> 8}.{number & 255}" for number in range(1 << 16)]
    clients += [f"198.19.{number >> 8}.{number & 255}" for number in range(1 << 16)]
    mouth = mouth_of(net.s1)

    def tell(begin, end):
        for first in range(begin, end, IN_MESSAGE):
            mouth.sendto(forged(clients[first : min(first + IN_MESSAGE, end)], PORT), KERNELS)
        return fewer(net.r2, end)

    for begin in range(0, count, AT_ONCE):
        end = min(begin + AT_ONCE, count)
        wait_for(f"r2 knows {end}", lambda b=begin, e=end: tell(b, e))
    mouth.close()


def test_whole_table_is_sent(net):
    """However many there are."""
    lines = IDLE + [f"{SYNC} settle 3600"]
    net.configure(lines)
    wait_for("r2 listens", lambda: differs(ipvs.daemons(net.r2), ["backup"]))
    fill(net, TABLE)
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        leave(net, lines)
        net.r1.start("vrrpd")
        begun = time.monotonic()
        wait_for("r2 has sent all", lambda: sent(net.r2, TABLE))
        wait_for("r1 knows all", lambda: fewer(net.r1, TABLE))
    seconds = time.monotonic() - begun
    print(f"{TABLE}: {sync_daemon(net.r2)['transfer']}, {seconds:.1f} s after r1's start")


def warned(director):
    """Whether it says that the other one has other servers."""
    warnings = ipvs.shown_service(director, "web4")["warnings"]
    return any("has had other addresses, servers" in warning for warning in warnings)


def test_servers_that_differ_for_long_are_told_of(net):
    """... by both directors, of a service that is to survive; in another order they are the same."""
    net.configure([SYNC])
    net.configure(SURVIVE, "r1")
    net.configure(in_another_order(SURVIVE), "r2")
    weight = f"ipvs service web4 server {LAN['s1'][0]} 80 forwarding tunnel"
    net.r2.configure(f"{weight} weight 5")
    for director in (net.r1, net.r2):
        wait_for(
            f"{director.name} says so",
            lambda d=director: differs(warned(d), True),
            120,
        )
    wait_logged(net.r1, "has other addresses, servers, weights or health")
    net.r2.configure(weight)
    for director in (net.r1, net.r2):
        wait_for(
            f"{director.name} is content", lambda d=director: differs(warned(d), False)
        )
