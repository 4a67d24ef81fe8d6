# SPDX-License-Identifier: GPL-2.0-or-later
"""Building a topology of FRR's framework with routers that may run vrrpd."""
from lib.topogen import Topogen, TopoRouter, get_topogen

from helpers.router import MACHINES, Router

RD_VRRP = 100
TopoRouter.RD[RD_VRRP] = "vrrpd"


def start(build, modname, daemons, prepare=None):
    """
    Builds and starts a topology and returns its nodes by name.

    build(tgen) makes gears and links. daemons says, for each router, which
    daemons it runs beside mgmtd and zebra; the unified configuration is
    <test directory>/<router>/frr.conf. prepare(nodes) is called before they start.
    """
    tgen = Topogen(build, modname)
    tgen.start_topology()
    nodes = {name: Router(tgen.gears[name]) for name in tgen.net.hosts}
    MACHINES.extend(nodes.values())
    if prepare:
        prepare(nodes)
    for name, names in daemons.items():
        _choose_daemons(nodes[name].gear, names)
        _boot(nodes[name])
    return nodes


def stop():
    """Ends the topology; for teardown_module."""
    MACHINES.clear()
    tgen = get_topogen()
    if tgen is not None:
        tgen.stop_topology()


def _boot(router):
    """Starts the daemons, and loads the integrated configuration by vtysh -b."""
    gear = router.gear
    # topogen would load it too, and not look whether that succeeded
    gear.net.unified_config = False
    # that of FRR 10.7 waits until zebra names each daemon, and ours is "table" to zebra
    has_vrrpd, gear.net.daemons["vrrpd"] = gear.net.daemons["vrrpd"], 0
    gear.start()
    if has_vrrpd:
        gear.net.daemons["vrrpd"] = has_vrrpd
        gear.startDaemons(["vrrpd"])
    router.must_run("echo service integrated-vtysh-config >/etc/frr/vtysh.conf")
    router.must_run("vtysh -b")


def _choose_daemons(gear, names):
    gear.net.daemons.setdefault("vrrpd", 0)
    gear.load_config(TopoRouter.RD_FRR, "frr.conf")
    for number, name in TopoRouter.RD.items():
        if name == "zebra" or name in names:
            gear.load_config(number, "")
    # topogen adds staticd to every zebra; each daemon costs a second here
    gear.net.daemons["staticd"] = int("staticd" in names)


def link(tgen, name1, name2):
    """A link with ends that are named after the other end: r1-core and core-r1."""
    tgen.add_link(
        tgen.gears[name1], tgen.gears[name2], f"{name1}-{name2}", f"{name2}-{name1}"
    )
