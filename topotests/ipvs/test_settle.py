# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 1800
"""A director that was away returns while connections that it never saw are in use."""
from fabric import CONNECTIONS, Downloads, done_on
from helpers import ipvs, recipe
from helpers.wait import differs, stays, wait_for
from test_masquerade import TWO_DIRECTORS
from test_tunnel import OFF_SERVER, ON_SERVER, SERVICES

SYNC = "ipvs sync-daemon interface eth1"
LEARNS = "learns connections on eth1 first: does not preempt for"
# drops what other directors say of themselves, so that none is sent the whole table
DEAF = (
    "tc qdisc add dev eth1 clsact",
    "tc filter add dev eth1 ingress protocol ip flower ip_proto udp dst_port 8849 action drop",
)
NOT_DEAF = ("tc qdisc delete dev eth1 clsact",)
CANNOT = "does not preempt, since it cannot learn connections on later"


def leave(net, lines):
    """r1's vrrpd ends, and will start with these lines; r2 is the director."""
    net.configure(lines)
    net.keep(lines)
    net.wait_names({"s1", "s2"})
    net.r1.stop("vrrpd")
    net.r2.wait_state("Active")
    net.wait_vip_at("r2")


def says(router, words):
    """A check: a warning of its IPv4 group has these words."""
    warnings = router.family("v4").get("warnings", [])
    return None if any(words in warning for warning in warnings) else warnings


def living(net, lines, watch):
    """How many connections that began while r1 was away, and are all that it hears of, outlive its return."""
    with (
        done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER),
        done_on([net.r2], DEAF, NOT_DEAF),
    ):
        leave(net, lines)
        downloads = Downloads(net, "slower")
        downloads.start()
        wait_for("all are established", lambda: downloads.known_to(net.r2))
        net.r1.start("vrrpd")
        watch()
        net.r1.wait_state("Active")
        net.wait_vip_at("r1")
        downloads.join()
        return downloads.whole()


def test_busy_connections_live_when_a_director_settles(net):
    """r1 has heard of each before it preempts, and says for how long it will not."""

    def watch():
        wait_for("r1 says that it learns", lambda: says(net.r1, LEARNS))
        told = net.r1.show_json("vrrpd", "show ipvs json")["syncDaemon"]
        assert told["settle"] == 12 and 0 < told["settleLeft"] <= 12, told
        assert net.r2.state() == "Active"

    assert living(net, SERVICES + [f"{SYNC} settle 12"], watch) == CONNECTIONS
    assert says(net.r1, LEARNS) is not None


def test_director_that_learns_takes_over_from_one_that_dies(net):
    """It waits with preemption, and with nothing else."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        leave(net, SERVICES + [f"{SYNC} settle 3600"])
        net.r1.start("vrrpd")
        wait_for("r1 says that it learns", lambda: says(net.r1, LEARNS))
        net.r2.kill("vrrpd")
        net.r1.wait_state("Active")
        net.wait_vip_at("r1")


def test_settling_ends_when_it_is_no_longer_configured(net):
    """... once nobody types any more."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        leave(net, SERVICES + [f"{SYNC} settle 3600"])
        net.r1.start("vrrpd")
        wait_for("r1 says that it learns", lambda: says(net.r1, LEARNS))
        net.r1.configure(SYNC)
        net.r1.wait_state("Active")


def test_director_that_cannot_learn_says_so(net):
    """The interface is missing; it preempts when it has been there for long enough."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        leave(net, SERVICES + ["ipvs sync-daemon interface later settle 1"])
        net.r1.start("vrrpd")
        wait_for("r1 says why", lambda: says(net.r1, CANNOT))
        assert net.r1.state() == "Backup"
        net.r1.must_run("ip link add later type dummy; ip link set later up")
        try:
            wait_for("r1 listens", lambda: differs(ipvs.daemons(net.r1), ["backup"]))
            net.r1.wait_state("Active")
        finally:
            net.r1.configure("no ipvs sync-daemon")
            net.r1.must_run("ip link delete later")


def test_sync_group_waits_for_its_member_with_services(net):
    """A group that has none would preempt at once by itself."""
    together = [
        line
        for vrid, ifname in ((10, "eth0"), (20, "eth1"))
        for line in (f"interface {ifname}", f"vrrp {vrid} sync-group web", "exit")
    ]
    gateway = [line for line in TWO_DIRECTORS if not line.startswith("ipvs")]
    lines = gateway + together + SERVICES + [f"{SYNC} settle 3600"]
    try:
        with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
            leave(net, lines)
            net.r1.start("vrrpd")
            wait_for("r1 says that it learns", lambda: says(net.r1, LEARNS))
            net.r1.wait_state("Backup", vrid=20)
            for vrid in (10, 20):
                stays(
                    f"r1 is Backup of {vrid}",
                    lambda v=vrid: differs(net.r1.state(vrid=v), "Backup"),
                    3,
                )
            net.r1.configure(SYNC)
            for vrid in (10, 20):
                net.r1.wait_state("Active", vrid=vrid)
    finally:
        net.configure(["interface eth0", "no vrrp 10 sync-group", "interface eth1", "no vrrp 20"])


def test_router_without_services_does_not_wait(net):
    """There is nothing that it would have to learn."""
    lines = [f"{SYNC} settle 3600"]
    net.configure(lines)
    net.keep(lines)
    net.r1.stop("vrrpd")
    net.r2.wait_state("Active")
    net.r1.start("vrrpd")
    net.r1.wait_state("Active")
