# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs nft ns veth
# timeout: 300
"""
Real traffic through direct routing, with a rule that masquerades in its way.

    client --- r1 --- s1
       +---------------+

r1 is Active and balances the VIPs between itself and s1, which answers the client
past r1. Web servers answer with the address of their client. Connections of IPVS are tracked on r1
(net.ipv4.vs.conntrack=1), since rules get no others.
"""
import pytest

from helpers import ipvs
from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.wait import differs, wait_for

CLIENT, R1, S1 = Namespace("client"), Namespace("r1"), Namespace("s1")
FAMILIES = ("v4", "v6")
VIP = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
URL = {"v4": f"http://{VIP['v4']}/who", "v6": f"http://[{VIP['v6']}]/who"}
# cable: a machine, its interface and addresses, twice
CABLES = (
    (CLIENT, "c-r1", ("198.51.100.2/24", "2001:db8:1::2/64"))
    + (R1, "r1-c", ("198.51.100.1/24", "2001:db8:1::1/64")),
    (R1, "r1-s1", ("192.0.2.1/24", "2001:db8:2::1/64"))
    + (S1, "s1-r1", ("192.0.2.11/24", "2001:db8:2::11/64")),
    (S1, "s1-c", ("203.0.113.130/25", "2001:db8:4::2/64"))
    + (CLIENT, "c-s1", ("203.0.113.129/25", "2001:db8:4::1/64")),
)
CLIENTS = {"v4": "198.51.100.2", "v6": "2001:db8:1::2"}
SERVERS = {
    "v4": ("192.0.2.1", "192.0.2.11"),
    "v6": ("2001:db8:2::1", "2001:db8:2::11"),
}
CONFIGURATION = [
    "interface r1-c",
    "vrrp 10 priority 255",
    "vrrp 10 peer 198.51.100.3",
    "vrrp 10 peer 2001:db8:1::3",
    f"vrrp 10 ip {VIP['v4']}",
    f"vrrp 10 ipv6 {VIP['v6']}",
    "exit",
    *(
        line
        for family in FAMILIES
        for line in (
            f"ipvs service {family} tcp {VIP[family]} 80",
            f"ipvs service {family} scheduler rr",
            *(f"ipvs service {family} server {a} 80" for a in SERVERS[family]),
        )
    ),
]
NAT_CHAIN = "nft add chain inet t post '{ type nat hook postrouting priority 100; }'"
NFT = f"nft add table inet t; {NAT_CHAIN}; nft add rule inet t post"
# Rule of a tool: how it is added, and the families it is in the way of.
RULES = {
    "nft": (f"{NFT} masquerade", FAMILIES),
    "iptables": ("iptables-nft -t nat -A POSTROUTING -j MASQUERADE", ("v4",)),
    "ip6tables": ("ip6tables-nft -t nat -A POSTROUTING -j MASQUERADE", ("v6",)),
}
# The rule of the recipe: it excepts the VIP and the servers.
SPARING = (
    f"{NFT} ip saddr 198.51.100.0/24"
    f" ip daddr != {VIP['v4']} ip daddr != 192.0.2.0/24 masquerade"
)


def setup_module():
    """Everything is up, and no rule is there."""
    for machine in (CLIENT, R1, S1):
        machine.build()
    for one, name1, addresses1, other, name2, addresses2 in CABLES:
        link(name1, one, name2, other)
        address(one, name1, addresses1)
        address(other, name2, addresses2)
    R1.must_run(
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
        " net.ipv4.vs.conntrack=1"
    )
    CLIENT.must_run(
        f"ip route add {VIP['v4']} via 198.51.100.1;"
        f"ip -6 route add {VIP['v6']} via 2001:db8:1::1"
    )
    S1.must_run(
        "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2;"
        f"ip address add {VIP['v4']}/32 dev lo; ip address add {VIP['v6']}/128 dev lo;"
        "ip route add default via 203.0.113.129;"
        "ip -6 route add default via 2001:db8:4::1"
    )
    for machine in (R1, S1):
        start_nginx(machine)
    R1.start("zebra")
    R1.launch("vrrpd")
    R1.configure(*CONFIGURATION)
    R1.wait_state("Active")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, S1):
        stop_nginx(machine)
    for machine in (CLIENT, R1, S1):
        machine.demolish()


def address(machine, ifname, addresses):
    """Those of an interface."""
    for one in addresses:
        machine.must_run(
            f"ip address add {one} dev {ifname} {'nodad' if ':' in one else ''}"
        )


@pytest.fixture(autouse=True)
def fixture_no_rule():
    """Every test finds all well, and no rule; it leaves none."""
    for family in FAMILIES:
        wait_for(f"{VIP[family]} is served rightly", lambda f=family: is_right(f))
    yield
    R1.must_run(
        "nft flush ruleset; sysctl -qw net.ipv4.vs.conntrack=1"
        " net.ipv4.conf.r1-s1.accept_local=0"
    )


def answers(family):
    """The answers to the client, with one request for each server."""
    asked = [CLIENT.run(f"curl -sS -m 3 {URL[family]}") for _ in SERVERS[family]]
    return sorted(said.strip() if status == 0 else "none" for status, said in asked)


def is_right(family):
    """A check: each server answers, and hears the client."""
    expected = [f"{name} hears {CLIENTS[family]}" for name in ("r1", "s1")]
    return differs(answers(family), expected)


def are_named(families):
    """A check: the services of these families name a rule, and no other does."""
    return differs(tuple(sorted(ipvs.rules_named(R1))), families)


def times_logged(family, sentence):
    """How often vrrpd has logged it of the family's service."""
    return R1.log().count(f"ipvs service {family}: {sentence}")


def wait_times_logged(family, came, gone):
    """It has logged so often that a rule is there, and that none is."""
    wait_for(
        f"{came} lines that a rule of {family} came, and {gone} that it is gone",
        lambda: differs(
            (times_logged(family, "rule "), times_logged(family, "no rule ")), (came, gone)
        ),
    )


@pytest.mark.parametrize("tool", RULES)
def test_a_rule_in_the_way_breaks_the_service_and_is_named_until_it_goes(tool):
    """The remote server's answers fail; logged is one line when it comes, and one when it is gone."""
    rule, families = RULES[tool]
    came = {f: times_logged(f, "rule ") for f in FAMILIES}
    gone = {f: times_logged(f, "no rule ") for f in FAMILIES}
    R1.must_run(rule)
    wait_for("the rule is named", lambda: are_named(families))
    for family in FAMILIES:
        if family in families:
            assert answers(family) == ["none", f"r1 hears {CLIENTS[family]}"]
        else:
            assert is_right(family) is None
        came[family] += family in families
        wait_times_logged(family, came[family], gone[family])
    R1.must_run("nft flush ruleset")
    wait_for("no rule is named", lambda: are_named(()))
    for family in FAMILIES:
        wait_for(f"{VIP[family]} is served rightly", lambda f=family: is_right(f))
        wait_times_logged(family, came[family], gone[family] + (family in families))


def test_a_real_server_hears_the_director_where_a_rule_masquerades():
    """Its answers come back by the director, if that takes packets from the VIP."""
    R1.must_run(
        "sysctl -qw net.ipv4.conf.r1-s1.accept_local=1 net.ipv4.conf.r1-s1.rp_filter=0"
        " net.ipv4.conf.all.rp_filter=0"
    )
    R1.must_run(RULES["nft"][0])
    assert answers("v4") == [f"r1 hears {CLIENTS['v4']}", "s1 hears 192.0.2.1"]


def test_a_rule_that_spares_the_vip_is_not_in_the_way():
    """As the recipe says: it is not named, and all is well."""
    R1.must_run(SPARING)
    R1.must_run(RULES["ip6tables"][0])  # once it is named, the other one has been read
    wait_for("one rule is named", lambda: are_named(("v6",)))
    assert is_right("v4") is None


def test_connections_that_are_not_tracked_are_not_rewritten():
    """net.ipv4.vs.conntrack=0, the kernel's default; the rule is named all the same."""
    R1.must_run("sysctl -qw net.ipv4.vs.conntrack=0")
    R1.must_run(RULES["nft"][0])
    wait_for("the rule is named", lambda: are_named(FAMILIES))
    for family in FAMILIES:
        assert is_right(family) is None
