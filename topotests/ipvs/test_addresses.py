# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""One service of several addresses and ports: one pool, checked once, wherever its VIPs are."""
import pytest

from fabric import LAN, VIP, done_on, ill, well
from helpers import ipvs
from helpers.nltap import Tap
from helpers.wait import differs, wait_for

OTHER_VIP = "203.0.113.11"  # of group 11, whose better router is r2
S1 = f"{LAN['s1'][0]}:80"
SORRY = f"{LAN['r1'][0]}:8080"
SERVICE = (
    f"ipvs service web tcp {VIP['v4']} 80",
    f"ipvs service web address {VIP['v4']} 81 to 83",
    f"ipvs service web address {OTHER_VIP} 80",
    "ipvs service web check http /health interval 1 timeout 1",
    f"ipvs service web server {LAN['s1'][0]} 80 forwarding masquerade",
    f"ipvs service web sorry-server {LAN['r1'][0]} 8080 forwarding masquerade",
)
HERE = [f"TCP {VIP['v4']}:{port}" for port in (80, 81, 82, 83)]
THERE = [f"TCP {OTHER_VIP}:80"]
BY_R1 = [f"ip route replace default via {LAN['r1'][0]}"]
BY_CORE = [f"ip route replace default via {LAN['core'][0]}"]


def group(peer, *lines):
    """Group 11 of a director, IPv4 alone."""
    typed = (f"peer {peer}", "announce metric 50 tag 112", *lines, f"ip {OTHER_VIP}")
    return ("interface eth0", "vrrp 11", *(f"vrrp 11 {line}" for line in typed))


@pytest.fixture(name="two_vips", scope="module")
def fixture_two_vips(built):
    """One VIP is at r1, the other at r2."""
    built.forget()
    built.r1.configure(*group("198.51.100.1"))
    built.r2.configure(*group("192.0.2.1", "priority 200"))
    yield
    for router in (built.r1, built.r2):
        router.configure("interface eth0", "no vrrp 11")


@pytest.fixture(name="net")
def fixture_service(two_vips, net):
    """Both directors have the service."""
    _ = two_vips
    net.r2.configure("interface eth0", "no vrrp 11 shutdown")
    net.r2.wait_state("Active", ["v4"], 11)
    net.r1.wait_state("Backup", ["v4"], 11)
    net.configure(SERVICE)
    return net


def has(router, keys, servers):
    """A check: the kernel has these services, each with those servers, and no other."""
    found = {name: list(one.servers) for name, one in ipvs.services(router).items()}
    return differs(found, {key: servers for key in keys})


def wait_kernel(router, keys, servers):
    """Until then."""
    wait_for(f"the kernel has {keys}", lambda: has(router, keys, servers))


def names(net, *urls):
    """Who answers there."""
    return net.client.run("curl -sS -m 5 " + " ".join(f"http://{u}/name" for u in urls))[1].split()


def counted(router):
    """Connections of the service, and of its server."""
    shown = ipvs.shown_service(router, "web")
    told = (shown, *shown["servers"].values())
    return [one["statistics"]["connections"] for one in told]


def told_down(router):
    """How often the log says that s1 is down."""
    return router.log().count(f"server {LAN['s1'][0]} port 80 is down")


def test_each_address_is_where_its_vip_is_and_all_have_one_pool(net):
    """Ports of a range as well; what is counted is the sum."""
    wait_kernel(net.r1, HERE, [S1])
    wait_kernel(net.r2, THERE, [S1])
    shown = ipvs.shown_service(net.r1, "web")
    assert [one["inKernel"] for one in shown["addresses"]] == [True, True, False]
    assert (shown["state"], shown["addresses"][2]["group"]["vrid"]) == ("active", 11)
    with done_on([net.s1], BY_R1, BY_CORE):
        urls = [f"{VIP['v4']}:{port}" for port in (80, 81, 82, 83)]
        wait_for("all ports serve", lambda: differs(names(net, *urls), ["s1"] * 4))
        net.r2.configure("interface eth0", "vrrp 11 shutdown")
        wait_kernel(net.r1, HERE + THERE, [S1])
        wait_kernel(net.r2, [], [])
        wait_for("the other VIP serves", lambda: differs(names(net, OTHER_VIP), ["s1"]))
    # the kernel counts at its leisure
    wait_for("all are counted", lambda: differs(counted(net.r1)[0] >= 5, True))
    wait_for("by server as well", lambda: differs(len(set(counted(net.r1))), 1))


def test_server_is_judged_once_for_all_addresses(net):
    """So is the quorum, and all have the sorry server together."""
    wait_kernel(net.r1, HERE, [S1])
    told = told_down(net.r1)
    losses = ipvs.shown_service(net.r1, "web")["quorumLosses"]
    ill(net.s1)
    wait_kernel(net.r1, HERE, [SORRY])
    wait_kernel(net.r2, THERE, [f"{LAN['r2'][0]}:8080"])
    shown = ipvs.shown_service(net.r1, "web")
    assert told_down(net.r1) == told + 1
    assert (shown["state"], shown["quorumLosses"]) == ("sorry", losses + 1)
    well(net.s1)
    wait_kernel(net.r1, HERE, [S1])


def test_address_that_moves_to_another_service_is_in_the_kernel_all_the_time(net):
    """And one that is taken back goes when nothing follows."""
    wait_kernel(net.r1, HERE, [S1])
    with Tap(net.r1) as tap:
        net.r1.configure(
            f"no ipvs service web address {VIP['v4']} 81",
            f"ipvs service more tcp {VIP['v4']} 81",
            f"ipvs service more server {LAN['s1'][0]} 80 forwarding masquerade",
        )
        wait_kernel(net.r1, HERE[:2], [S1])
    assert tap.requests.count("delete service v4") == 2, tap.requests
    assert "add service v4" not in tap.requests
    net.r1.configure("no ipvs service more")
    wait_kernel(net.r1, HERE[:1], [S1])


def test_address_that_somebody_has_already_is_named(net):
    """Its other addresses serve all the same."""
    net.r1.must_run(f"ipvsadm -A -t {VIP['v4']}:90")
    try:
        net.r1.configure(f"ipvs service web address {VIP['v4']} 89 to 90")
        wait_for(
            "it is told",
            lambda: differs(
                ipvs.shown_service(net.r1, "web").get("error"),
                f"tcp {VIP['v4']} 90: there is one already that is not ours",
            ),
        )
        assert ipvs.shown_service(net.r1, "web")["state"] == "failed"
        assert ipvs.weights(net.r1, f"TCP {VIP['v4']}:89") == {S1: 1}
        assert ipvs.weights(net.r1, f"TCP {VIP['v4']}:90") == {}
    finally:
        net.r1.must_run(f"ipvsadm -D -t {VIP['v4']}:90")
    wait_for(
        "it is there",
        lambda: differs(ipvs.weights(net.r1, f"TCP {VIP['v4']}:90"), {S1: 1}),
    )


def test_a_thousand_ports_lose_a_server_at_once(net):
    """As many as a service may have; and the routers stay what they are."""
    before = net.r1.transitions()
    net.r1.configure(f"ipvs service web address {VIP['v4']} 20001 to 21019")
    wait_for("they are there", lambda: differs(len(ipvs.services(net.r1)), 1023))
    ill(net.s1)
    wait_for(
        "all have the sorry server",
        lambda: differs(
            {str(list(one.servers)) for one in ipvs.services(net.r1).values()}, {str([SORRY])}
        ),
    )
    assert net.r1.transitions() == before


REFUSED = {
    "ipvs service web address 203.0.113.10 80":
        "tcp 203.0.113.10 80 is in two of its lines",
    "ipvs service web address 203.0.113.10 79 to 81":
        "tcp 203.0.113.10 80 is in two of its lines",
    "ipvs service web address 203.0.113.12 90 to 80":
        "address 203.0.113.12: port 80 comes before port 90",
    "ipvs service web address 2001:db8:ffff::10 80":
        "address 2001:db8:ffff::10 is of another address family than its first one",
    "ipvs service web address 224.0.0.1 80": "address 224.0.0.1 is",
    "ipvs service web address 203.0.113.12 1 to 1020":
        "it would have 1025 addresses and ports, and 1024 are the most",
    "ipvs service other tcp 203.0.113.10 82":
        "ipvs service other: tcp 203.0.113.10 82 is that of ipvs service web already",
    "ipvs service web fwmark 7": "is for a service of an address and port",
    "ipvs service none address 203.0.113.12 80": "no such service",
    f"ipvs service web server {LAN['s1'][0]} 0":
        "packets keep their port",
}


def test_what_cannot_be_is_refused_by_a_sentence(net):
    """And changes nothing."""
    net.r1.configure(f"ipvs service web server {LAN['s1'][0]} 80")
    before = net.r1.running_config()
    for line, sentence in REFUSED.items():
        status, output = net.r1.vtysh("configure terminal", line)
        assert status and sentence in output, (line, output)
    assert net.r1.running_config() == before
