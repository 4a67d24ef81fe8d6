# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 300
"""
What the guide says under "Before you start on a LAN", done: each trap, and its way out.

A LAN with r1 Active on virtual MACs, and keepalived, k1, beside it later on.
"""
import os
import signal
import socket

import pytest

from helpers.lan import FAMILIES, HOST, INTERFACE, VIP, VRID, Lan, conf
from helpers.listen import socket_in
from helpers.namespace import Namespace, link
from helpers.recipe import rules
from helpers.wait import differs, stays, wait_for

LAN, K1 = Lan("before"), Namespace("before-k1")
SECTION = "Before you start on a LAN"
FIREWALL, STRICT, LOOSE = range(3)
NAIVE = """
table inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        iifname "eth0" accept
    }
}
"""
PORT = 5353
XMIT_BASE = """
global_defs {{
    router_id k1
}}
vrrp_instance vr {{
    state BACKUP
    interface eth0
    use_vmac vrrp.10
    vmac_xmit_base
    version 3
    virtual_router_id 10
    priority 200
    advert_int 0.3
    virtual_ipaddress {{
        {vip}/32
    }}
}}
"""


def setup_module():
    """r1 alone, on virtual MACs."""
    LAN.build()
    LAN.r1.write_conf(*conf(100))
    LAN.r1.start("vrrpd")
    LAN.wait_states(r1="Active")
    K1.build()
    link("k1", LAN.switch, INTERFACE, K1)
    LAN.switch.must_run("ip link set k1 master br0")
    K1.must_run(f"ip address add 192.0.2.3/24 dev {INTERFACE}")


def teardown_module():
    """Nothing is left."""
    LAN.demolish()
    K1.demolish()


def load(text):
    """Loads rules on r1, in place of those of the test before."""
    for table in ("filter", "rpfilter"):
        LAN.r1.run(f"nft delete table inet {table}")
    path = os.path.join(LAN.r1.log_directory, "rules.nft")
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    LAN.r1.must_run(f"nft -f {path}")


@pytest.fixture(name="unload")
def fixture_unload():
    """No rules are left."""
    yield
    load("")


def reaches(family):
    """Does a ping of h1's to the VIP come back? Having forgotten where it is."""
    LAN.h1.must_run(f"ip neigh flush dev {INTERFACE}")
    return LAN.h1.run(f"ping -c 1 -W 1 {VIP[family]}")[0] == 0


def wait_reaches(expected):
    """In both families, or in those."""
    for family, answer in expected.items():
        wait_for(
            f"ping of the VIP, {family}: {answer}",
            lambda f=family, a=answer: differs(reaches(f), a),
        )


@pytest.mark.usefixtures("unload")
def test_rule_for_the_interface_alone_misses_the_vips():
    """And the one of the guide does not."""
    load(NAIVE)
    wait_reaches({family: False for family in FAMILIES})
    load(rules(SECTION)[FIREWALL])
    wait_reaches({family: True for family in FAMILIES})


@pytest.mark.usefixtures("unload")
def test_strict_reverse_path_filter_cuts_ipv6_vips():
    """And a loose one does not."""
    load(rules(SECTION)[STRICT])
    wait_reaches({"v4": True, "v6": False})
    load(rules(SECTION)[LOOSE])
    wait_reaches({family: True for family in FAMILIES})


def answers(device, address):
    """Does a program of r1's, bound to those, get what h1 sends to the VIP?"""
    with socket_in(LAN.r1, socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.settimeout(5)
        if device:
            server.setsockopt(
                socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode()
            )
        server.bind((address, PORT))
        with socket_in(LAN.h1, socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.sendto(b"?", (VIP["v4"], PORT))
            try:
                return server.recvfrom(16)[1][0] == HOST["v4"]
            except TimeoutError:
                return False


def test_daemon_that_is_bound_to_the_interface_does_not_hear():
    """One that is bound to the VIP does."""
    assert not answers(INTERFACE, "0.0.0.0")
    assert answers(None, VIP["v4"])


def start_keepalived():
    """Higher than r1, and its advertisements leave by the interface itself."""
    path = os.path.join(K1.log_directory, "keepalived")
    with open(f"{path}.conf", "w", encoding="ascii") as file:
        file.write(XMIT_BASE.format(vip=VIP["v4"]))
    K1.must_run(
        f"keepalived -f {path}.conf --vrrp -p {path}.pid -r {path}-vrrp.pid"
        f" --log-detail --no-syslog --flush-log-file -g {path}.log"
    )
    wait_for("keepalived is Active", lambda: K1.has_address("vrrp.10", f"{VIP['v4']}/32"))
    return f"{path}.pid"


def test_keepalived_that_sends_by_its_interface_wants_placement_interface():
    """Beside our virtual MAC both are Active, for it does not hear us when we are lower."""
    pid_file = start_keepalived()
    try:
        LAN.r1.configure(f"interface {INTERFACE}", "vrrp 10 priority 250")
        LAN.wait_state("r1", "v4", "Active")
        stays(
            "both are Active",
            lambda: K1.has_address("vrrp.10", f"{VIP['v4']}/32")
            or differs(LAN.r1.state("v4", VRID["v4"]), "Active"),
            seconds=2,
        )
        LAN.r1.configure(f"interface {INTERFACE}", "vrrp 10 placement interface")
        wait_for(
            "keepalived gives way",
            lambda: K1.has_not_address("vrrp.10", f"{VIP['v4']}/32"),
        )
    finally:
        with open(pid_file, encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)
        wait_for(
            "keepalived ends",
            lambda: "it runs" if os.path.exists(pid_file) else None,
        )
