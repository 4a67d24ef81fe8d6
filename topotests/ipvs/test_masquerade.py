# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 3600
"""Servers that know nothing of the VIP and answer by the director."""
import pytest

from fabric import CONNECTIONS, LAN, VIP, Downloads, done_on
from helpers import ipvs, recipe
from helpers.wait import differs, wait_for

HEADING = "Load balancing, masquerade on two directors"
(RECIPE,) = recipe.configuration(HEADING)
# addresses and the router's ID are zebra's business, and there already
TWO_DIRECTORS = [
    line for line in RECIPE if " address " not in line and "router-id" not in line
]
(ON_SERVER,) = recipe.commands(HEADING)


def gateway(name):
    """Commands that make that machine of the LAN the default gateway."""
    v4, v6 = LAN[name]
    return [
        f"ip route replace default via {v4}",
        f"ip -6 route replace default via {v6}",
    ]


def test_masqueraded_server_serves_on_another_port(net):
    """The VIP's port 80 is port 8080 of s1, both families."""
    lines = []
    for name, family in (("web4", "v4"), ("web6", "v6")):
        address = LAN["s1"][family == "v6"]
        lines += [
            f"ipvs service {name} tcp {VIP[family]} 80",
            f"ipvs service {name} check http /health interval 1 timeout 1",
            f"ipvs service {name} server {address} 8080 forwarding masquerade",
        ]
    with done_on([net.s1], gateway("r1"), gateway("core")):
        net.configure(lines)
        net.wait_names({"s1"})


def on_both_groups(net, what):
    """A line for the group of the VIP and that of the servers' gateway."""
    net.r1.configure(
        "interface eth0", f"vrrp 10 {what}", "interface eth1", f"vrrp 20 {what}"
    )


def stop(net):
    """vrrpd ends, as for an upgrade."""
    net.r1.stop("vrrpd")


def shut_down(net):
    """Both groups are given away."""
    on_both_groups(net, "shutdown")


def lower(net):
    """r2 has the higher priority now."""
    on_both_groups(net, "priority 50")


def gateway_first(net):
    """The servers' gateway is given away, and the VIP some time later."""
    net.r1.configure("interface eth1", "vrrp 20 shutdown")
    net.r2.wait_state("Active", vrid=20)
    net.r1.configure("interface eth0", "vrrp 10 shutdown")


def living(net, lines, event):
    """How many connections outlive that event, with those lines on both directors."""
    with done_on([net.s1], ON_SERVER, gateway("core")):
        net.configure(lines)
        try:
            for router in (net.r1, net.r2):
                router.wait_state("Active" if router is net.r1 else "Backup", vrid=20)
            net.wait_names({"s1"})
            downloads = Downloads(net)
            downloads.start()
            wait_for("r2 knows all", lambda: downloads.known_to(net.r2))
            event(net)
            net.r2.wait_state("Active")
            downloads.join()
            return downloads.whole()
        finally:
            if not net.r1.alive("vrrpd"):
                net.r1.start("vrrpd")
            net.configure(["interface eth1", "no vrrp 20"])
            net.r1.configure("interface eth0", "vrrp 10 priority 200")


@pytest.mark.parametrize("event", (stop, shut_down, lower, gateway_first))
def test_masqueraded_connections_live_when_the_director_is_left(net, event):
    """All of both families, by the recipe: r2 goes on with what r1 began."""
    assert living(net, TWO_DIRECTORS, event) == CONNECTIONS


def test_masqueraded_connections_need_always_when_the_gateway_goes_first(net):
    """r2 gets answers that it cannot translate yet, and the client resets what it does not know."""
    lines = [line for line in TWO_DIRECTORS if not line.endswith(" always")]
    assert living(net, lines, gateway_first) < CONNECTIONS


def test_masqueraded_server_that_a_backup_has_not_is_told(net):
    """While connections are synchronised, which may be in vain then."""

    def told():
        warnings = ipvs.shown_service(net.r1, "web4")["warnings"]
        return sum("is masqueraded" in warning for warning in warnings)

    net.configure([line for line in TWO_DIRECTORS if line.startswith("ipvs")])
    assert told() == 0
    net.configure(["no ipvs service web4 always"])
    wait_for("the server is told of", lambda: differs(told(), 1))
    net.configure(["no ipvs sync-daemon"])
    wait_for("nothing is told any more", lambda: differs(told(), 0))
