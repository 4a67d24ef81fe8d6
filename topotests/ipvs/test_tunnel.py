# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""Tunnels to a server on the LAN and to one some routers away, as the recipe says."""
import pytest

from fabric import CONNECTIONS, VIP, Download, Downloads, done_on
from helpers import ipvs, recipe
from helpers.wait import differs, wait_for

HEADING = "Load balancing, tunnels across subnets"
SERVICES, SYNC, SURVIVE = recipe.configuration(HEADING)
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


# Connections that survive without synchronisation


def leave(net):
    """r2 is the director."""
    net.r1.configure("interface eth0", "vrrp 10 shutdown")
    net.wait_vip_at("r2")


def come_back(net):
    """r1 is, again."""
    net.r1.configure("interface eth0", "no vrrp 10 shutdown")
    net.wait_vip_at("r1")


def living(net, active, move, what="slow"):
    """How many connections by this director outlive the move."""
    downloads = Downloads(net, what)
    downloads.start()
    wait_for("all are established", lambda: downloads.known_to(active))
    move(net)
    downloads.join()
    return downloads.whole()


def in_another_order(lines):
    """The same lines, those of servers backwards."""
    servers = [line for line in lines if " server " in line]
    return [line for line in lines if line not in servers] + servers[::-1]


def servers_hash(director):
    """Of its IPv4 service."""
    return ipvs.shown_service(director, "web4")["serversHash"]


def test_connections_survive_at_a_director_that_never_saw_them(net):
    """There and back, both families; the servers' lines are in another order on r2."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        net.configure(SURVIVE, "r1")
        net.configure(in_another_order(SURVIVE), "r2")
        net.wait_names({"s1", "s2"})
        wait_for(
            "both have the same servers",
            lambda: differs(servers_hash(net.r2), servers_hash(net.r1)),
        )
        assert living(net, net.r1, leave) == CONNECTIONS
        assert living(net, net.r2, come_back) == CONNECTIONS


def test_connections_do_not_survive_by_themselves(net):
    """Nor would they above, were they not in flight."""
    with done_on([net.s1, net.s2], ON_SERVER, OFF_SERVER):
        net.configure(SERVICES)
        for director in (net.r1, net.r2):  # what is taken back goes when nobody types any more
            wait_for(
                f"{director.name} has no service that survives",
                lambda d=director: differs(
                    d.must_run("cat /proc/sys/net/ipv4/vs/sloppy_tcp").strip(), "0"
                ),
            )
        net.wait_names({"s1", "s2"})
        assert living(net, net.r1, leave) < CONNECTIONS


def test_sysctl_is_set_while_a_service_survives(net):
    """... and is in the kernel; and put back."""
    path = "/proc/sys/net/ipv4/vs/sloppy_tcp"
    net.configure(SURVIVE)
    wait_for("it is set", lambda: differs(net.r1.must_run(f"cat {path}").strip(), "1"))
    net.configure(["no ipvs service web4", "no ipvs service web6"])
    wait_for("it is put back", lambda: differs(net.r1.must_run(f"cat {path}").strip(), "0"))


@pytest.mark.parametrize(
    "line, words",
    (
        ("scheduler rr", "survive needs scheduler mh"),
        ("persistent 300", "survive excludes persistent"),
    ),
)
def test_what_excludes_survival_is_refused(net, line, words):
    """... in either order."""
    net.configure(SURVIVE, "r1")
    assert words in net.r1.vtysh("configure terminal", f"ipvs service web4 {line}")[1]
    net.r1.configure("no ipvs service web4 survive", f"ipvs service web4 {line}")
    assert words in net.r1.vtysh("configure terminal", "ipvs service web4 survive")[1]
