# SPDX-License-Identifier: GPL-2.0-or-later
# needs: nft ns veth
# timeout: 300
"""
Rules that rewrite sources stand in the way of direct routing, and are named.

One router, r1, with services on a kernel that has nftables (and need not have
IPVS). Rules are made by nft and iptables-nft, as an operator's firewall does.
"""
import pytest

from helpers import ipvs
from helpers.namespace import Namespace
from helpers.wait import differs, stays, wait_for

R1 = Namespace("r1")
VIP, VIP6 = "203.0.113.10", "2001:db8:3::10"
SERVICES = (
    f"ipvs service direct tcp {VIP} 80",
    "ipvs service direct server 192.0.2.11 80",
    f"ipvs service tunnel tcp {VIP6} 80",
    "ipvs service tunnel server 2001:db8:1::11 80 forwarding tunnel",
    f"ipvs service other tcp {VIP} 81",
    "ipvs service other server 192.0.2.11 81 forwarding masquerade",
)
CHAIN = "nft add table {0} t; nft add chain {0} t post '{{ type nat hook postrouting priority 100; }}'"

# Rule: services it stands in the way of, and how it is named.
RULES = {
    "nft masquerade": ("nft add rule ip t post masquerade", ["direct"], "ip t post"),
    "nft to the VIP": (
        f"nft add rule ip t post ip daddr {VIP} snat to 192.0.2.1",
        ["direct"],
        "ip t post",
    ),
    "nft from the servers' network": (
        "nft add rule ip t post ip saddr 192.0.2.0/24 masquerade",
        ["direct"],
        "ip t post",
    ),
    "nft of both families": (
        "nft add rule inet t post oifname eth0 masquerade",
        ["direct", "tunnel"],
        "inet t post",
    ),
    "nft to the tunnel's end": (
        "nft add rule ip6 t post ip6 daddr 2001:db8:1::/64 masquerade",
        ["tunnel"],
        "ip6 t post",
    ),
    "nft elsewhere": (
        "nft add rule ip t post ip saddr 10.0.0.0/8 ip daddr != 192.0.0.0-203.255.255.255 masquerade",
        [],
        None,
    ),
    "iptables": (
        "iptables-nft -t nat -A POSTROUTING -o eth0 -j MASQUERADE",
        ["direct"],
        "ip nat POSTROUTING",
    ),
    "iptables with addresses": (
        f"iptables-nft -t nat -A POSTROUTING -d {VIP}/32 -j SNAT --to-source 192.0.2.1",
        ["direct"],
        "ip nat POSTROUTING",
    ),
    "iptables elsewhere": (
        "iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -d 203.0.113.0/24"
        " -m comment --comment x -j ACCEPT",
        [],
        None,
    ),
    "ip6tables": (
        "ip6tables-nft -t nat -A POSTROUTING -s 2001:db8::/32 -j MASQUERADE",
        ["tunnel"],
        "ip6 nat POSTROUTING",
    ),
}


def setup_module():
    """r1 and its services."""
    R1.build()
    R1.start("zebra")
    R1.launch("vrrpd")
    R1.configure("log timestamp precision 3", *SERVICES)


def teardown_module():
    """Nothing is left."""
    R1.demolish()


@pytest.fixture(autouse=True)
def fixture_chains():
    """Chains without rules; nothing is named at first."""
    R1.must_run("; ".join(CHAIN.format(family) for family in ("ip", "ip6", "inet")))
    wait_for("nothing is named", lambda: differs(ipvs.rules_named(R1), {}))
    yield
    R1.must_run("nft flush ruleset")


def logged(service, sentence):
    """How often the log has it of a service."""
    with open(f"{R1.log_directory}/vrrpd.log", encoding="utf-8") as file:
        return sum(f"ipvs service {service}: {sentence}" in line for line in file)


def is_named(services, name):
    """A check: these services, by a rule of that name, and no other."""
    told = ipvs.rules_named(R1)
    if sorted(told) != sorted(services):
        return f"named are {told}"
    return None if all(rule.startswith(name) for rule in told.values()) else str(told)


@pytest.mark.parametrize("case", RULES)
def test_a_rule_in_the_way_is_named(case):
    """While it is there, and for those services alone."""
    rule, services, name = RULES[case]
    R1.must_run(rule)
    if not services:  # once a later one is named, this one has been read
        R1.must_run("nft add rule ip6 t post masquerade")
        services, name = ["tunnel"], "ip6 t post"
    wait_for("the rule is named", lambda: is_named(services, name))
    R1.must_run("nft flush ruleset")
    wait_for("it is named no more", lambda: differs(ipvs.rules_named(R1), {}))


def test_it_is_logged_once_when_it_comes_and_once_when_it_is_gone():
    """However often the rules change meanwhile."""
    came, gone = logged("direct", 'rule "'), logged("direct", "no rule")
    R1.must_run("nft add rule ip t post masquerade")
    wait_for("it is logged", lambda: differs(logged("direct", 'rule "'), came + 1))
    R1.must_run(
        "nft add rule ip t post ip saddr 192.0.2.11 masquerade; nft add table ip x"
    )
    stays("one line", lambda: differs(logged("direct", 'rule "'), came + 1), 3)
    assert logged("direct", "no rule") == gone
    R1.must_run("nft flush ruleset")
    wait_for(
        "its end is logged", lambda: differs(logged("direct", "no rule"), gone + 1)
    )
    assert logged("direct", 'rule "') == came + 1
    assert logged("other", "rule") == 0, "a service that masquerades is warned of"


def test_a_new_service_is_looked_at():
    """A rule that is older than the service is named and logged as well."""
    R1.must_run(
        "nft add rule inet t post ip saddr 192.0.2.77 ip daddr 203.0.113.77 masquerade"
    )
    stays("nothing is named", lambda: differs(ipvs.rules_named(R1), {}), 2)
    R1.configure(
        "ipvs service late tcp 203.0.113.77 80",
        "ipvs service late server 192.0.2.12 80",
    )
    wait_for("it is named", lambda: is_named(["late"], "inet t post"))
    wait_for("it is logged", lambda: differs(logged("late", 'rule "'), 1))
    R1.configure("no ipvs service late")


def test_operational_data_name_a_rule():
    """With the service that has packets which it may rewrite."""
    R1.must_run("nft add rule ip t post masquerade")
    wait_for("it is named", lambda: is_named(["direct"], "ip t post"))
    path = "/frr-crossvip:ipvs/service[name='direct']/masquerade-rule"
    _, told = R1.vtysh(f"show yang operational-data {path} vrrpd")
    assert "ip t post handle" in told, told
    _, told = R1.vtysh("show ipvs direct")
    assert "Masquerade Rule" in told, told


def test_rules_are_never_changed():
    """The ruleset stays as the operator made it."""
    R1.must_run("nft add rule ip t post masquerade")
    R1.must_run("iptables-nft -t nat -A POSTROUTING -j MASQUERADE")
    before = R1.must_run("nft -a list ruleset")
    wait_for("it is named", lambda: is_named(["direct"], "ip t post"))
    R1.kill("vrrpd")
    assert R1.must_run("nft -a list ruleset") == before
    R1.launch("vrrpd")
    R1.configure(*SERVICES)
    wait_for("it is named again", lambda: is_named(["direct"], "ip t post"))


def test_without_services_nobody_listens():
    """The sockets are there while there is a service."""
    R1.configure(*(f"no ipvs service {name}" for name in ("direct", "tunnel", "other")))
    wait_for("no socket listens", lambda: differs(listening(), 0))
    R1.configure(*SERVICES)
    wait_for("a socket listens", lambda: None if listening() else "none")


def listening():
    """
    Sockets of vrrpd that nf_tables tells of changes: group 7 of netlink protocol
    12. That of the filter of virtual MACs is always there.
    """
    pid = R1.must_run("cat /run/frr/r1/vrrpd.pid").strip()
    inodes = R1.must_run(
        f"ls -l /proc/{pid}/fd | grep -o 'socket:.[0-9]*' | tr -dc '0-9\\n'"
    )
    found = 0
    for line in R1.must_run("cat /proc/net/netlink").splitlines()[1:]:
        word = line.split()
        if word[1] == "12" and int(word[3], 16) & 1 << 6 and word[-1] in inodes.split():
            found += 1
    return found - 1
