# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge nft ns veth
"""
Forged messages of connection synchronisation, and the rules of the recipe that keep them out.

    r1 --+
    r2 --+-- lan
 rogue --+

r1 and r2 have the recipe's tunnel. rogue, on the same network, makes one to r1 as well, and gives itself
the inner address of r2. A socket of r1's hears what the kernel's backup thread would hear.
"""
import re
import socket
from contextlib import contextmanager

import pytest
from helpers import recipe
from helpers.listen import socket_in
from helpers.namespace import Namespace, link
from helpers.wait import wait_for

HEADING = "Load balancing, connections told of across subnets"
ON_R1 = recipe.commands(HEADING)[0]
(RULES,) = recipe.rules(HEADING)
ADDRESSES = {"r1": "192.0.2.1", "r2": "198.51.100.1", "rogue": "192.0.2.66"}
INNER = {"r1": "198.51.100.253", "r2": "198.51.100.254", "rogue": "198.51.100.254"}
GROUP, PORT = "224.0.0.81", 8848
MACHINES = {name: Namespace(name) for name in (*ADDRESSES, "lan")}
R1, R2, ROGUE = MACHINES["r1"], MACHINES["r2"], MACHINES["rogue"]
SO_BINDTODEVICE = 25
OTHER = "198.51.100.200"
RULES_FILE = "/tmp/fence.nft"
TIMES = 20  # a network that is new may lose some


def tunnel_of(name):
    """The commands of the recipe as that machine has to type them; to r1, but for r1."""
    peer = "r2" if name == "r1" else "r1"
    ends = f"local {ADDRESSES[name]} remote {ADDRESSES[peer]}"
    text = re.sub(r"local \S+ remote \S+", ends, "\n".join(ON_R1))
    return text.replace(INNER["r1"], INNER[name])


def setup_module():
    """A network of all, and their tunnels."""
    for machine in MACHINES.values():
        machine.build()
    MACHINES["lan"].must_run("ip link add bridge type bridge; ip link set bridge up")
    for name, address in ADDRESSES.items():
        machine = MACHINES[name]
        link("eth0", machine, name, MACHINES["lan"])
        MACHINES["lan"].must_run(f"ip link set {name} master bridge")
        machine.must_run(f"ip address add {address}/32 dev eth0")
        others = [other for other in ADDRESSES.values() if other != address]
        machine.must_run("\n".join(f"ip route add {other} dev eth0" for other in others))
        machine.must_run(tunnel_of(name))
        machine.must_run("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.sync0.rp_filter=0")


def teardown_module():
    """Nothing is left."""
    for machine in MACHINES.values():
        machine.demolish()


@pytest.fixture(name="ear")
def fixture_ear():
    """Hears what comes by the tunnel of r1, as the kernel's backup thread does."""
    sock = socket_in(R1, socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, b"sync0\0")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((GROUP, PORT))
    membership = socket.inet_aton(GROUP) + socket.inet_aton(INNER["r1"])
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    sock.setblocking(False)
    yield sock
    sock.close()


def mouth_of(machine, source=None):
    """A socket that speaks to those who listen for connections, through the tunnel."""
    mouth = socket_in(machine, socket.AF_INET, socket.SOCK_DGRAM)
    mouth.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, b"sync0\0")
    mouth.bind((source or "", 0))
    return mouth


@pytest.fixture(name="mouths")
def fixture_mouths():
    """Those of r2, of r2 with another inner address, and of rogue."""
    R2.must_run(f"ip address add {OTHER}/32 dev sync0")
    mouths = {"r2": mouth_of(R2, INNER["r2"]), "other": mouth_of(R2, OTHER), "rogue": mouth_of(ROGUE)}
    yield mouths
    for mouth in mouths.values():
        mouth.close()
    R2.must_run(f"ip address delete {OTHER}/32 dev sync0")


@contextmanager
def fenced():
    """The rules are loaded on r1."""
    with open(RULES_FILE, "w", encoding="ascii") as file:
        file.write(RULES)
    R1.must_run(f"nft -f {RULES_FILE}")
    try:
        yield
    finally:
        R1.must_run("nft delete table inet sync")


def all_of(ear):
    """What has come so far."""
    while True:
        try:
            yield ear.recv(100).decode()
        except BlockingIOError:
            return


def heard(ear, mouths):
    """Who of them is heard: each speaks before r2 does, and r2 is heard in the end."""
    found = set()

    def is_r2_heard():
        for name in (*(name for name in mouths if name != "r2"), "r2"):
            mouths[name].sendto(name.encode(), (GROUP, PORT))
        found.update(all_of(ear))
        return None if "r2" in found else found

    for _ in range(TIMES):
        wait_for("r2 is heard", is_r2_heard)
    return found


def test_anybody_is_heard_without_the_rules(ear, mouths):
    """Who knows the address of a director, and of its tunnel, can forge connections."""
    assert heard(ear, mouths) == {"r2", "other", "rogue"}


def test_only_the_other_director_is_heard_with_the_rules(ear, mouths):
    """The recipe's, loaded as they are printed."""
    with fenced():
        assert heard(ear, mouths) == {"r2"}
