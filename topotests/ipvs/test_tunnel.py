# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""Tunnels to a server on the LAN and to one some routers away, as the recipe says."""
import pytest

from fabric import VIP, Download, done_on
from helpers import ipvs, recipe
from helpers.wait import differs, wait_for

HEADING = "Load balancing, tunnels across subnets"
SERVICES, SYNC = recipe.configuration(HEADING)
(ON_SERVER,) = recipe.commands(HEADING)
OFF_SERVER = (
    "ip address delete 203.0.113.10/32 dev tunl0",
    "ip address delete 2001:db8:ffff::10/128 dev ip6tnl0",
    "ip link set tunl0 down; ip link set ip6tnl0 down",
    "sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0",
)


def test_servers_of_two_subnets_serve_through_failover_and_back(net):
    """Both families, by either director."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        net.configure(SERVICES)
        net.wait_names({"s1", "s2"})
        net.r1.configure("interface eth0", "vrrp 10 shutdown")
        net.wait_vip_at("r2")
        net.wait_names({"s1", "s2"})
        net.r1.configure("interface eth0", "no vrrp 10 shutdown")
        net.wait_vip_at("r1")
        net.wait_names({"s1", "s2"})


@pytest.mark.parametrize("family", VIP)
def test_connection_in_flight_survives_a_planned_failover(net, family):
    """A slow download goes on through r2, which has learnt of it and has the server."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        net.configure(SERVICES + SYNC)
        net.wait_names({"s1", "s2"})
        download = Download(net, family)
        download.start()
        wait_for("r2 has learnt of the connection", lambda: download.known_to(net.r2))
        net.r1.configure("interface eth0", "vrrp 10 shutdown")
        net.wait_vip_at("r2")
        download.check()


def test_tunnel_that_a_backup_has_not_is_told(net):
    """While connections are synchronised, which is in vain then."""

    def told():
        warnings = ipvs.shown_service(net.r1, "web4")["warnings"]
        return sum("by a tunnel" in warning for warning in warnings)

    net.configure(SERVICES + SYNC)
    assert told() == 0
    net.configure(["no ipvs service web4 always"])
    wait_for("each server is told of", lambda: differs(told(), 2))
    net.configure(["no ipvs sync-daemon"])
    wait_for("nothing is told any more", lambda: differs(told(), 0))
