# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo's network, with as many VIPs as are asked for, and whose way leads where.

r1 and r2 tell the fabric of the VIPs by OSPF, and far by BGP: two third routers, at which the
probes begin. The configurations are the demo's, without its group.
"""

import contextlib
import ipaddress
import json
import os
import pathlib
import signal
import subprocess

import routers
import sites
import topology
import watch

DEMO = pathlib.Path(routers.__file__).parent
CONFIGURATIONS = pathlib.Path("/run/bench-fabric")
# by protocol: the node where probes begin, and the one that learns of the VIPs
THIRD = {"OSPF": ("fabric", "fabric"), "BGP": ("client", "far")}
PER_GROUP = {1: 1, 1000: 4, 4000: 16}
LINKS = ("to-fabric", "to-far")
ANSWERS = {"mgmtd": "mgmtd_be.sock", "zebra": "zserv.api"}
NETWORK = {"ipv4": "10.200.0.0/16", "ipv6": "2001:db8:255::/112"}
IP = {"ipv4": "ip -4", "ipv6": "ip -6"}


def vips(count, family):
    """The VIPs of a family, in the order of the groups."""
    first = ipaddress.ip_network(NETWORK[family]).network_address + 1
    return [str(first + n) for n in range(count)]


def groups(count, families):
    """[(VRID, family, VIPs)]: PER_GROUP in each."""
    per = PER_GROUP[count]
    return [
        (n // per + 1, family, vips(count, family)[n : n + per])
        for family in families
        for n in range(0, count, per)
    ]


def frr_conf(router, protocols, vrrp="", connected=False, lease=None):
    """
    The demo's frr.conf of a router, with other lines for VRRP: vrrp, in the interface.

    protocols: those that announce VIPs.
    connected: BGP takes the VIPs from the addresses, as OSPF does, since nobody makes routes.
    lease: that of the addresses, in seconds; without it, the default.
    """
    text = (DEMO / f"{router}.conf").read_text()
    lines = [line for line in text.splitlines() if not line.startswith(" vrrp ")]
    text = "\n".join(lines) + "\n"
    line = f"vrrp address-lease {lease}\n" if lease else ""
    text = text.replace("vrrp address-lease 3\n", line)
    if "OSPF" not in protocols:
        text = text.replace("\n redistribute connected route-map VRRP-VIPS", "")
    if connected:
        text = text.replace(
            "redistribute table-direct 112", "redistribute connected route-map VRRP-VIPS"
        )
    return text.replace("interface to-fabric\n", f"interface to-fabric\n{vrrp}", 1)


def write_conf(router, text):
    """Puts it where Router takes it from, and where vtysh -b does."""
    CONFIGURATIONS.mkdir(exist_ok=True)
    routers.HERE = CONFIGURATIONS
    (CONFIGURATIONS / f"{router}.conf").write_text(text)
    directory = routers.ETC / router
    if directory.is_dir():
        (directory / "frr.conf").write_text(text)


def run_in(node, command, check=True):
    """Runs a shell command in a node."""
    with topology.inside(node):
        return subprocess.run(
            command, shell=True, check=check, capture_output=True, text=True
        ).stdout


def leads_to(node, family):
    """{VIP: the set of neighbours that a node's kernel has a way by}."""
    found = {}
    for route in json.loads(run_in(node, f"{IP[family]} -j route show")):
        hops = route.get("nexthops", [route])
        found[route["dst"]] = {hop["dev"].removeprefix("to-") for hop in hops}
    return found


def underlay_is_there():
    """Whether routing knows all subnets."""
    for node, prefix in topology.UNDERLAY:
        family = "ipv6" if ":" in prefix else "ipv4"
        if prefix not in leads_to(node, family):
            return False
    return True


def power_off(router, running):
    """Its links go, and in the same instant all that runs, and all VIPs."""
    run_in(router, "".join(f"ip link set {link} down;" for link in LINKS))
    for pid in run_in("client", f"ip netns pids {router}").split():
        os.kill(int(pid), signal.SIGKILL)
    for process in running[router].processes.values():
        process.wait()
    running[router].processes.clear()
    run_in(router, "ip address flush dev vip0; ip route flush table 112", check=False)


def power_on(router, running):
    """FRR as its service starts it, and then the links, as if they were slow."""
    host = running[router]
    for daemon in ("mgmtd", "zebra", *routers.PROTOCOLS[router]):
        host.start(daemon)
        host.wait_for(daemon, ANSWERS.get(daemon, "{}.vty"))
    run_in(router, "".join(f"ip link set {link} up;" for link in LINKS))


def lend_drain_links():
    """
    Where the kernel has no dummy devices, vrrpd cannot make the one of its drains: an ifb takes its
    place, by the alias that vrrpd's own have.
    """
    if sites.vip_device() == "dummy":
        return
    for router in topology.ROUTERS:
        if not run_in(router, "ip -br link show dev vip-drain 2>/dev/null", check=False):
            run_in(router, "ip link add vip-drain type ifb")
            run_in(router, "ip link set vip-drain alias 'frr-crossvip vrrpd' up")


@contextlib.contextmanager
def built(count, families, make_device):
    """
    A context in which the network is there, its daemons but those of VRRP run, and the VIPs are
    watched: yields (routers by name, Watch).
    """
    device = sites.vip_device()
    if device == "dummy" and not make_device:
        device = None
    for _, name in THIRD.values():
        write_conf(name, (DEMO / f"{name}.conf").read_text())
    for name in topology.ROUTERS:
        if "bfdd" not in routers.PROTOCOLS[name]:
            routers.PROTOCOLS[name] += ("bfdd",)
    running = {}
    try:
        topology.build(device)
        for name in ("all", "default"):  # a link that was down has its addresses again
            run_in("r1", f"sysctl -qw net.ipv6.conf.{name}.keep_addr_on_down=1")
        expected = {vip for family in families for vip in vips(count, family)}
        with watch.Watch(topology.ROUTERS, expected) as watching:
            routers.start_all(running)
            yield running, watching
    finally:
        for router in running.values():
            router.stop()
        for node in topology.NODES:
            subprocess.run(["ip", "netns", "del", node], check=False)
