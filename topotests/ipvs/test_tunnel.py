# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""Tunnels to a server on the LAN and to one some routers away, as the recipe says."""
from fabric import done_on
from helpers import recipe

HEADING = "Load balancing, tunnels across subnets"
(SERVICES,) = recipe.configuration(HEADING)
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
