# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan ns veth
# timeout: 300
"""
Routers of others on our LAN that advertise a first IPv6 address which is not link-local.

r1 runs our vrrpd, f1 FRR's own and k1 keepalived, and share a virtual router for each
way to configure the other two: from a file or typed, link-local address first or last,
above r1's priority or below.
"""
import os
import signal
from collections import namedtuple

import pytest

from helpers.frames import Advert
from helpers.lan_peer import VirtualRouter, make_macvlan
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, stays, wait_for
from helpers.wire import Wire

INTERFACE = "eth0"
SWITCH = Namespace("switch")
R1, F1, K1, H1 = (Namespace(name) for name in ("r1", "f1", "k1", "h1"))
OURS, LOWER, HIGHER = 100, 50, 200
# so long that a machine may stall, and keepalived's below
INTERVAL_MS = 500

# how: "file" or "typed" (stock), "global" or "local" first (keepalived)
Case = namedtuple("Case", "vrid peer how priority local_first")
CASES = (
    Case(11, F1, "file", HIGHER, False),
    Case(12, F1, "file", LOWER, False),
    Case(13, F1, "typed", HIGHER, True),
    Case(14, F1, "typed", LOWER, True),
    Case(15, K1, "global", HIGHER, False),
    Case(16, K1, "global", LOWER, False),
    Case(17, K1, "local", HIGHER, True),
    Case(18, K1, "local", LOWER, True),
)
each_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda c: f"{c.peer.name}-{c.how}-{c.priority}"
)

KEEPALIVED = """
vrrp_instance vr{vrid} {{
    state BACKUP
    interface eth0
    use_vmac vrrp.{vrid}
    version 3
    virtual_router_id {vrid}
    priority {priority}
    advert_int 0.5
    virtual_ipaddress {{
        {vips}
    }}
}}
"""


def vips(case):
    """Link-local, then global."""
    return (f"fe80::{case.vrid}", f"2001:db8:1::{case.vrid}")


def lines(case, priority):
    """A virtual router of FRR's, link-local address first."""
    return [
        f" vrrp {case.vrid} priority {priority}",
        f" vrrp {case.vrid} advertisement-interval {INTERVAL_MS}",
        *(f" vrrp {case.vrid} ipv6 {vip}" for vip in vips(case)),
    ]


def setup_module():
    """The LAN, with all three routers on it."""
    for node in (SWITCH, R1, F1, K1, H1):
        node.build()
    SWITCH.must_run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up")
    for number, node in enumerate((R1, F1, K1, H1), 1):
        node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
        link(f"p{number}", SWITCH, INTERFACE, node)
        SWITCH.must_run(f"ip link set p{number} master br0")
        node.must_run(f"ip address add 2001:db8:1::{number}/64 dev {INTERFACE}")
    R1.write_conf(
        f"interface {INTERFACE}", *(line for c in CASES for line in lines(c, OURS))
    )
    R1.start("zebra", "vrrpd")
    start_stock()
    start_keepalived()


def start_stock():
    """Half of it from a file, which it sorts, and half typed, line by line."""
    cases = [case for case in CASES if case.peer is F1]
    for case in cases:
        addresses = [f"{vip}/64" for vip in vips(case)]
        make_macvlan(F1, INTERFACE, VirtualRouter(case.vrid, 3, "v6", INTERVAL_MS, addresses))
    F1.write_conf(
        f"interface {INTERFACE}",
        *(li for c in cases if c.how == "file" for li in lines(c, c.priority)),
    )
    F1.launch("zebra")
    F1.launch("vrrpd", f"{BINARIES}/vrrpd.stock")
    F1.must_run(f"vtysh.stock -N {F1.name} -b -d vrrpd")
    typed = [li for c in cases if c.how == "typed" for li in lines(c, c.priority)]
    F1.configure(f"interface {INTERFACE}", *typed)


def start_keepalived():
    """It has no other way than a file."""
    instances = (
        KEEPALIVED.format(
            vrid=case.vrid,
            priority=case.priority,
            vips="\n".join(vips(case) if case.local_first else vips(case)[::-1]),
        )
        for case in CASES
        if case.peer is K1
    )
    path = os.path.join(K1.log_directory, "keepalived")
    with open(f"{path}.conf", "w", encoding="ascii") as file:
        file.write("global_defs {\n router_id k1\n}\n" + "".join(instances))
    K1.must_run(
        f"keepalived -f {path}.conf --vrrp -p {path}.pid -r {path}-vrrp.pid"
        f" --log-detail --no-syslog --flush-log-file -g {path}.log"
    )


def teardown_module():
    """Nothing is left."""
    path = os.path.join(K1.log_directory, "keepalived.pid")
    with open(path, encoding="ascii") as file:
        os.kill(int(file.read()), signal.SIGTERM)
    wait_for("keepalived ends", lambda: "it runs" if os.path.exists(path) else None)
    for node in (SWITCH, R1, F1, K1, H1):
        node.demolish()


def peer_is_active(case):
    """As FRR's own says, or as keepalived's addresses say."""
    if case.peer is F1:
        return F1.family("v6", case.vrid).get("status") == "Master"
    return f"{vips(case)[1]}/128" in K1.addresses(f"vrrp.{case.vrid}")


def active(case):
    """The Active routers: {"r1", "f1" or "k1"}."""
    seen = {"r1"} if R1.state("v6", case.vrid) == "Active" else set()
    return seen | ({case.peer.name} if peer_is_active(case) else set())


@each_case
def test_one_is_active_whatever_address_comes_first(case):
    """The one with the higher priority, and it stays so."""
    expected = {case.peer.name if case.priority > OURS else "r1"}
    what = f"VRID {case.vrid}: only {expected} is Active"
    wait_for(what, lambda: differs(active(case), expected))
    stays(what, lambda: differs(active(case), expected), seconds=2)


@each_case
def test_advertisement_is_counted_by_its_first_address(case):
    """Those of the Active one are seen on the LAN, and r1 counts those that it hears."""
    if case.priority > OURS:
        heard = next(
            frame
            for frame in Wire(H1, INTERFACE).frames(10)
            if isinstance(frame, Advert) and frame.vrid == case.vrid
        )
        assert heard.addresses[0].startswith("fe80:") == case.local_first, heard
    counted = R1.family("v6", case.vrid)["statistics"]["linkLocalDifferences"]
    assert (counted > 0) <= (not case.local_first), counted
    if case.priority > OURS:
        assert (counted > 0) == (not case.local_first), counted


def test_ours_comes_first_whatever_its_order():
    """RFC 9568 5.2.9: typed last, a link-local address is sent first."""
    R1.configure(f"interface {INTERFACE}", "vrrp 19 ipv6 2001:db8:1::19")
    R1.configure(f"interface {INTERFACE}", "vrrp 19 ipv6 fe80::19")
    R1.wait_state("Active", ["v6"], 19)
    heard = next(
        frame
        for frame in Wire(H1, INTERFACE).frames(10)
        if isinstance(frame, Advert) and frame.vrid == 19 and len(frame.addresses) == 2
    )
    assert heard.addresses == ("fe80::19", "2001:db8:1::19")
