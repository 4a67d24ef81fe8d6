# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules netem ns veth
# timeout: 900
"""
A VIP that moves between two subnets, carried by OSPF and BGP.

    r1 (site 1) ---+
                   core --- far --- h1
    r2 (site 2) ---+

r1 and r2 share no subnet. They elect by unicast VRRP through core, both
families, priority 200 and 100, from their loopback addresses. core learns the VIP by OSPFv2 and OSPFv3, far by
BGP alone, and the client h1 reaches it through both. Every test starts with r1
Active and r2 Backup, and says in its name which rule it checks.
"""
import signal
from contextlib import contextmanager

import pytest

from helpers import moves, topology
from helpers.events import Recorder
from helpers.wait import differs, stays, wait_for

VIPS = {"v4": "203.0.113.10/32", "v6": "2001:db8:ffff::10/128"}
SOURCE = {"v4": "192.0.2.193/32", "v6": "2001:db8:a::1/128"}
# twice what the demo has: a busy machine may stall, and that is not the subject
ADVERT_SEC = 0.2
METRIC_B = 50
METRIC_OSPF = 30
TAG = 112
TABLE = 112
LEASE_SEC = 6
LEASE = f"vrrp address-lease {LEASE_SEC}"
PREEMPT = ("interface r1-core", "vrrp 10 preempt")
NO_PREEMPT = ("interface r1-core", "no vrrp 10 preempt")

NODES = {}


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(moves.start(module.__name__))


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, with r1 Active, r2 Backup and the VIP known to far."""
    for router in (NODES["r1"], NODES["r2"]):
        router.revive("zebra")
        router.revive("vrrpd")
    NODES["r1"].wait_state("Active")
    NODES["r2"].wait_state("Backup")
    for family in VIPS:
        wait_far_learns(family, "r1")
    return NODES


# Effects on the network


def bgp_paths(router, family):
    """The BGP paths of a VIP: [(AS of the neighbor, metric)], in any order."""
    safi = {"v4": "ipv4", "v6": "ipv6"}[family]
    table = router.show_json("bgpd", f"show bgp {safi} unicast {VIPS[family]} json")
    return [
        (path["aspath"]["string"], path.get("metric"))
        for path in table.get("paths", [])
    ]


def wait_far_learns(family, name, metric=METRIC_B):
    """far knows the VIP of a family from that router alone."""
    wait_for(
        f"far has {VIPS[family]} by BGP from {name} alone, metric {metric}",
        lambda: differs(bgp_paths(NODES["far"], family), [(moves.NEXT_AS[name], metric)]),
    )


def ospf_route(family):
    """The VIP as core's zebra has it: (protocol, metric, tag, out interface)."""
    command = {"v4": "show ip route", "v6": "show ipv6 route"}[family]
    table = NODES["core"].show_json("zebra", f"{command} {VIPS[family]} json")
    for route in table.get(VIPS[family], []):
        hops = [hop.get("interfaceName") for hop in route["nexthops"]]
        return route["protocol"], route["metric"], route.get("tag"), hops
    return None


def wait_core_learns(family, name):
    """core has the VIP by OSPF over the link to that router."""
    protocol = {"v4": "ospf", "v6": "ospf6"}[family]
    expected = (protocol, METRIC_OSPF, TAG, [f"core-{name}"])
    wait_for(
        f"core has {VIPS[family]} as (protocol, metric, tag, links) {expected}",
        lambda: differs(ospf_route(family), expected),
    )


def zapi_route(router, family):
    """(metric, tag) of the VIP's route in zebra's table of VIPs; None without one."""
    command = {"v4": "show ip route", "v6": "show ipv6 route"}[family]
    table = router.show_json("zebra", f"{command} table {TABLE} json")
    for route in table.get(VIPS[family], []):
        return route["metric"], route.get("tag")
    return None


def wait_ping(family):
    """The client's ping of the VIP is answered."""
    address = VIPS[family].split("/", maxsplit=1)[0]

    def unanswered():
        status, output = NODES["h1"].run(f"ping -c 1 -W 1 {address}")
        return output if status else None

    wait_for(f"the client's ping of {address} is answered", unanswered)


def wait_served_by(name):
    """Route and client agree that this router has the VIPs."""
    for family in VIPS:
        wait_far_learns(family, name)
        wait_core_learns(family, name)
        wait_ping(family)


def wait_vips(router, present):
    """The VIPs are, or are not, on the router's dummy."""
    check = router.has_address if present else router.has_not_address
    for vip in VIPS.values():
        wait_for(
            f"{router.name}: {vip} is {'there' if present else 'gone'}",
            lambda v=vip: check("vip0", v),
        )


@contextmanager
def ways_to_the_peer_without_zebra(router):
    """
    Routes to r2 in r1's kernel that no zebra has put there: a zebra that starts
    sweeps those of its predecessor, and adverts would have no way meanwhile.
    """
    routes = (
        "ip route {} 192.0.2.194/32 via 192.0.2.62",
        "ip -6 route {} 2001:db8:a::2/128 via 2001:db8:1::ff dev r1-core onlink metric 5",
    )
    for route in routes:
        router.must_run(route.format("add"))
    try:
        yield
    finally:
        for route in routes:
            router.run(route.format("delete"))


def restart_protocols(router):
    """FRR's own daemons do not tell a new zebra their routes; watchfrr does this."""
    daemons = [name for name in moves.DAEMONS[router.name] if name != "vrrpd"]
    for daemon in daemons:
        router.stop(daemon)
    router.start(*daemons)


@contextmanager
def configured(router, lines, undo):
    """Configuration that is written, so that a restart has it, and taken back."""
    router.configure(*lines)
    router.must_run("vtysh -c 'write memory'")
    try:
        yield
    finally:
        router.configure(*undo)
        router.must_run("vtysh -c 'write memory'")


# The order of events


def happened(record, node, verb, kind, prefix):
    """The first event of that kind; fails with the whole story without one."""

    def missing():
        found = record.first(node, verb, kind, prefix)
        return None if found else f"only {record.story(prefix) or 'nothing'}"

    wait_for(f"{node.name}: {verb} {kind} {prefix}", missing)
    return record.first(node, verb, kind, prefix)


def assert_order(record, first, second, rule):
    """Two events in that order, or too close to be told apart."""
    assert first.time <= second.time, f"{rule}: {record.story(first.prefix)}"


def assert_withdrawn_before_takeover(record):
    """far forgot each VIP's route before r2 took the VIP."""
    for vip in VIPS.values():
        gone = happened(record, NODES["far"], "del", "route", vip)
        taken = happened(record, NODES["r2"], "add", "address", vip)
        assert_order(record, gone, taken, "far's route goes before r2 takes over")


def counters(router, name):
    """A counter of both families of a router."""
    return [router.family(family)["statistics"][name] for family in VIPS]


def assert_transitions(router, before, changes):
    """Each family of a router changed its state exactly that many times."""
    expected = [count + changes for count in before]
    seen = router.transitions()
    assert seen == expected, f"{router.name}: transitions {seen}, expected {expected}"


# The tests


def test_router_with_the_higher_priority_is_elected(net):
    """Both routers agree, and both families elect for themselves."""
    for family in VIPS:
        active, backup = net["r1"].family(family), net["r2"].family(family)
        assert active["state"] == "Active" and backup["state"] == "Backup"
        assert active["effectivePriority"] == 200
        assert backup["effectivePriority"] == 100
        assert active["stats"]["adverTx"] > 0
        assert backup["stats"]["adverRx"] > 0


def test_vip_is_a_leased_host_address_on_the_dummy_of_the_active(net):
    """/32 and /128, protocol 112, never a source address, with a lifetime."""
    link = net["r1"].link("vip0")
    assert link and link["linkinfo"]["info_kind"] == "dummy", link
    addresses = net["r1"].addresses("vip0")
    for family, vip in VIPS.items():
        info = addresses[vip]
        assert int(info["protocol"], 0) == 112, info
        assert 0 < info["valid_life_time"] <= LEASE_SEC, info
        assert "noprefixroute" not in info, info
        if family == "v4":
            assert info["scope"] == "link", info
        else:
            assert info["preferred_life_time"] == 0 and info["deprecated"], info
    wait_vips(net["r2"], present=False)


@pytest.mark.parametrize("family", VIPS)
def test_vip_route_by_ospf_is_the_connected_route(family):
    """Path A: metric and tag of the redistribution, external, towards r1."""
    wait_core_learns(family, "r1")


@pytest.mark.parametrize("family", VIPS)
def test_vip_route_by_bgp_has_the_metric_and_tag_of_the_group(net, family):
    """Path B: table-direct; MED is the metric, and the route-map wants the tag."""
    assert zapi_route(net["r1"], family) == (METRIC_B, TAG)
    wait_far_learns(family, "r1", METRIC_B)


@pytest.mark.parametrize("family", VIPS)
def test_vip_route_by_bgp_from_the_connected_route(net, family):
    """Path A works for BGP as well."""
    node = ("router bgp 65001", f"address-family ip{family} unicast")
    path_b = "redistribute table-direct 112"
    path_a = "redistribute connected route-map VRRP-VIPS"
    net["r1"].configure(*node, f"no {path_b}", path_a)
    try:
        wait_far_learns(family, "r1", 0)
    finally:
        net["r1"].configure(*node, f"no {path_a}", f"{path_b} route-map VRRP-TAG")
    wait_far_learns(family, "r1", METRIC_B)


@pytest.mark.parametrize("family", VIPS)
def test_client_reaches_the_vip(family):
    """Over BGP to far's next hop, and by OSPF from core on."""
    wait_core_learns(family, "r1")
    wait_ping(family)


def test_kill_9_of_the_active_withdraws_its_route_before_the_takeover(net):
    """Without a guardian zebra withdraws what it had; its addresses end with the lease."""
    r1, r2 = net["r1"], net["r2"]
    r1.configure("no vrrp guardian")
    before = r2.transitions()
    # zebra and bgpd have three of these, also on a busy machine
    r1.configure("interface r1-core", "vrrp 10 advertisement-interval 1000")
    for family in VIPS:
        wait_for(
            f"r2 has learnt the interval, {family}",
            lambda f=family: differs(r2.family(f)["masterAdverInterval"], 1000),
        )
    with Recorder(r1, r2, net["far"]) as record:
        r1.kill("vrrpd")
        r2.wait_state("Active")
        assert_withdrawn_before_takeover(record)
        wait_vips(r1, present=False)
    wait_served_by("r2")
    assert_transitions(r2, before, 1)


def test_killed_daemon_comes_back_and_preempts(net):
    """It is Active again, once, and the other hands over without a flap."""
    r1, r2 = net["r1"], net["r2"]
    r1.kill("vrrpd")
    r2.wait_state("Active")
    before = r2.transitions()
    r1.start("vrrpd")
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")
    wait_vips(r2, present=False)
    assert_transitions(r2, before, 1)


def test_leftovers_are_ours_by_protocol_and_nothing_else_is_touched(net):
    """An address of protocol 112 nobody configured goes; what is foreign stays."""
    r1 = net["r1"]
    foreign = (
        "ip address add 203.0.113.77/32 dev vip0",
        "ip link add other0 type dummy",
        "ip link set other0 up",
        "ip address add 203.0.113.78/32 dev other0",
        "ip route add 203.0.113.79/32 dev other0 proto static",
    )
    r1.kill("vrrpd")
    try:
        for command in foreign:
            r1.must_run(command)
        r1.must_run("ip address add 203.0.113.99/32 dev vip0 proto 112 scope link")
        r1.start("vrrpd")
        r1.wait_state("Active")
        wait_vips(r1, present=True)
        wait_for(
            "r1: the leftover 203.0.113.99/32 is gone",
            lambda: r1.has_not_address("vip0", "203.0.113.99/32"),
        )
        assert r1.has_address("vip0", "203.0.113.77/32") is None
        assert r1.has_address("other0", "203.0.113.78/32") is None
        assert "other0" in r1.must_run("ip route show 203.0.113.79/32")
    finally:
        r1.run("ip address delete 203.0.113.77/32 dev vip0")
        r1.run("ip link delete other0")


def test_permanent_leftovers_of_a_killed_daemon_go_with_its_successor(net):
    """Without lease and guardian they stay, until a daemon starts that is only Backup."""
    r1, r2 = net["r1"], net["r2"]
    without = ("vrrp address-lease 0", "no vrrp guardian", *NO_PREEMPT)
    with configured(r1, without, (LEASE, "vrrp guardian", *PREEMPT)):
        wait_for(
            "r1's VIPs have no lease",
            lambda: differs(
                {info.get("dynamic") for info in r1.addresses("vip0").values()}, {None}
            ),
        )
        r1.kill("vrrpd")
        r2.wait_state("Active")
        wait_vips(r1, present=True)
        r1.start("vrrpd")
        r1.wait_state("Backup")
        wait_vips(r1, present=False)


def test_hung_active_loses_its_addresses_and_listens_first_afterwards(net):
    """SIGSTOP: the lease ends, the peer takes over; SIGCONT: no second Active."""
    with moves.seldom(net):
        wake_up(net["r1"], net["r2"])
    net["r1"].wait_state("Active")


def wake_up(r1, r2):
    """r1 has slept for longer than r2 waits."""
    r1.configure(*NO_PREEMPT)
    try:
        before = r2.transitions()
        r1.signal("vrrpd", signal.SIGSTOP)
        r2.wait_state("Active")
        wait_vips(r1, present=False)
        with Recorder(r1) as record:
            r1.signal("vrrpd", signal.SIGCONT)
            r1.wait_state("Backup")
            stays(
                "r1, which was asleep, listens and stays Backup",
                lambda: differs(r1.state(), "Backup"),
                seconds=5,
            )
        for vip in VIPS.values():
            again = record.first(r1, "add", "address", vip)
            assert again is None, f"r1 took {vip} on waking: {record.story(vip)}"
        assert_transitions(r2, before, 1)
    finally:
        r1.signal("vrrpd", signal.SIGCONT)
        r1.configure(*PREEMPT)


def test_graceful_stop_hands_over_and_leaves_nothing_behind(net):
    """Priority 0; route, then addresses, then the dummy that it made go at once."""
    r1, r2 = net["r1"], net["r2"]
    before, heard = r2.transitions(), counters(r2, "priorityZeroPktsRcvd")
    with Recorder(r1, r2) as record:
        r1.stop("vrrpd")
        assert r1.link("vip0") is None, "vip0 outlived the daemon that made it"
        r2.wait_state("Active")
        for vip in VIPS.values():
            gone = happened(record, r1, "del", "address", vip)
            taken = happened(record, r2, "add", "address", vip)
            assert_order(record, gone, taken, "r1 lets go before r2 takes over")
    zeros = [
        now - then for now, then in zip(counters(r2, "priorityZeroPktsRcvd"), heard)
    ]
    assert all(zeros), f"r2 heard no priority 0 in each family: {zeros}"
    wait_served_by("r2")
    assert_transitions(r2, before, 1)


def test_link_down_leaves_the_election_and_link_up_returns(net):
    """A router without its uplink is no candidate, and does not keep the VIP."""
    r1, r2 = net["r1"], net["r2"]
    r1.must_run("ip link set r1-core down")
    try:
        r1.wait_state("Initialize")
        wait_vips(r1, present=False)
        r2.wait_state("Active")
    finally:
        r1.must_run("ip link set r1-core up")
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")


def test_pulled_cable_moves_the_vip_and_its_route(net):
    """The far end goes down: no carrier, no candidate."""
    r1, r2, core = net["r1"], net["r2"], net["core"]
    core.must_run("ip link set core-r1 down")
    try:
        r1.wait_state("Initialize")
        wait_vips(r1, present=False)
        r2.wait_state("Active")
        wait_served_by("r2")
    finally:
        core.must_run("ip link set core-r1 up")
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")


@contextmanager
def silenced(*ends):
    """Nothing passes a link, and both its ends are up."""
    for node, ifname in ends:
        node.must_run(f"tc qdisc add dev {ifname} root netem loss 100%")
    try:
        yield
    finally:
        for node, ifname in ends:
            node.must_run(f"tc qdisc delete dev {ifname} root")


def test_lost_node_is_replaced_and_its_route_too(net):
    """Nobody hears of it any more: the peer, OSPF and BGP find out by themselves."""
    r1, r2 = net["r1"], net["r2"]
    before = r2.transitions()
    with silenced((r1, "r1-core"), (net["core"], "core-r1")):
        r2.wait_state("Active")
        wait_served_by("r2")
        assert_transitions(r2, before, 1)
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")


def test_drain_by_shutdown_withdraws_before_the_takeover(net):
    """Priority 0, then routes, then addresses; and back."""
    r1, r2 = net["r1"], net["r2"]
    before, heard = r2.transitions(), counters(r2, "priorityZeroPktsRcvd")
    try:
        with Recorder(r1, r2) as record:
            r1.configure("interface r1-core", "vrrp 10 shutdown")
            r2.wait_state("Active")
            wait_served_by("r2")
            for vip in VIPS.values():
                gone = happened(record, r1, "del", "address", vip)
                taken = happened(record, r2, "add", "address", vip)
                assert_order(record, gone, taken, "r1 lets go before r2 takes over")
        assert counters(r2, "priorityZeroPktsRcvd") == [count + 1 for count in heard]
        assert_transitions(r2, before, 1)
    finally:
        r1.configure("interface r1-core", "no vrrp 10 shutdown")
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")


def test_drain_by_priority_leaves_no_gap(net):
    """r1 keeps the VIP until it hears that r2, of higher priority now, has it."""
    r1, r2 = net["r1"], net["r2"]
    before = r1.transitions(), r2.transitions()
    try:
        r1.configure("interface r1-core", "vrrp 10 priority 1")
        r1.wait_state("Backup")
        wait_served_by("r2")
        assert reasons(r1) == ["priority", "priority"]
        assert reasons(r2) == ["preempted", "preempted"]
    finally:
        r1.configure("interface r1-core", "vrrp 10 priority 200")
    r1.wait_state("Active")
    r2.wait_state("Backup")
    wait_served_by("r1")
    for router, then in zip((r1, r2), before):
        assert_transitions(router, then, 2)


def reasons(router):
    """Why both families of a router are in their states."""
    return [router.family(family)["lastReason"] for family in VIPS]


def test_zebra_restart_brings_the_routes_back_without_a_flap(net):
    """The election goes on without zebra; the new zebra is told everything."""
    r1, r2 = net["r1"], net["r2"]
    before = r1.transitions(), r2.transitions()
    with moves.seldom(net), ways_to_the_peer_without_zebra(r1):
        r1.kill("zebra")
        r1.start("zebra")
        for family in VIPS:
            wait_for(
                f"the new zebra has the route of {VIPS[family]} in table {TABLE}",
                lambda f=family: differs(zapi_route(r1, f), (METRIC_B, TAG)),
            )
        assert (r1.transitions(), r2.transitions()) == before, "mastership flapped"
        restart_protocols(r1)
        wait_served_by("r1")


def test_route_follows_the_dummy_down_and_up(net):
    """zebra would go on announcing it; so we withdraw, hand over, and return."""
    r1 = net["r1"]
    r1.must_run("ip link set vip0 down")
    try:
        wait_served_by("r2")
        for family in VIPS:
            assert zapi_route(r1, family) is None
    finally:
        r1.must_run("ip link set vip0 up")
    r1.wait_state("Active")
    wait_vips(r1, present=True)
    wait_served_by("r1")


def test_deleted_dummy_is_made_again(net):
    """Somebody's ip link delete costs no mastership for long."""
    r1 = net["r1"]
    r1.must_run("ip link delete vip0")
    wait_vips(r1, present=True)
    r1.wait_state("Active")
    wait_served_by("r1")


def test_vip_deleted_by_someone_else_is_put_back(net):
    """At once, counted, and without a change of mastership."""
    r1, r2 = net["r1"], net["r2"]
    before = r1.transitions(), r2.transitions()
    restored = counters(r1, "addressesRestored")
    for vip in VIPS.values():
        r1.must_run(f"ip address delete {vip} dev vip0")
    wait_vips(r1, present=True)
    wait_served_by("r1")
    assert counters(r1, "addressesRestored") == [count + 1 for count in restored]
    assert (r1.transitions(), r2.transitions()) == before, "mastership flapped"


@pytest.mark.parametrize("family", VIPS)
def test_router_without_its_source_address_leaves_the_election(net, family):
    """Only that family moves, and it comes back with the address."""
    r1, r2 = net["r1"], net["r2"]
    other = "v6" if family == "v4" else "v4"
    before = r1.family(other)["stats"]["transitions"]
    r1.must_run(f"ip address delete {SOURCE[family]} dev lo")
    try:
        r1.wait_state("Initialize", [family])
        r2.wait_state("Active", [family])
        assert r1.has_not_address("vip0", VIPS[family]) is None
        assert r1.family(other)["state"] == "Active"
        assert r1.family(other)["stats"]["transitions"] == before
    finally:
        r1.must_run(f"ip address add {SOURCE[family]} dev lo")
    r1.wait_state("Active", [family])
    r2.wait_state("Backup", [family])
    wait_served_by("r1")


def test_without_preemption_the_returning_router_stays_backup(net):
    """And takes over as soon as it is allowed to."""
    r1, r2 = net["r1"], net["r2"]
    with moves.seldom(net), configured(r1, NO_PREEMPT, PREEMPT):
        r1.stop("vrrpd")
        r2.wait_state("Active")
        r1.start("vrrpd")
        r1.wait_state("Backup")
        stays(
            "r1 lets r2 be Active",
            lambda: differs(r1.state(), "Backup"),
            seconds=30 * ADVERT_SEC,
        )
    r1.must_run("vtysh -c 'write memory'")
    r1.wait_state("Active")
    r2.wait_state("Backup")


def test_running_config_survives_write_memory_and_restart(net):
    """The daemon starts with the configuration that it showed."""
    r1 = net["r1"]
    before = r1.running_config()
    r1.must_run("vtysh -c 'write memory'")
    r1.stop("vrrpd")
    r1.start("vrrpd")
    assert r1.running_config() == before


def test_frr_reload_finds_no_difference_to_what_was_written(net):
    """Every line has one form, and defaults are shown consistently."""
    r1 = net["r1"]
    r1.must_run("vtysh -c 'write memory'")
    output = r1.must_run("/usr/lib/frr/frr-reload.py --test /etc/frr/frr.conf")
    assert "Lines To" not in output, f"frr-reload would change: {output}"


def test_nothing_moves_in_a_quiet_minute(net):
    """No transition, no VIP and no route comes or goes for sixty seconds."""
    r1, r2 = net["r1"], net["r2"]
    before = r1.transitions(), r2.transitions()
    with moves.seldom(net), Recorder(r1, r2, net["far"]) as record:
        stays(
            "no transition on r1 and r2",
            lambda: differs((r1.transitions(), r2.transitions()), before),
            seconds=60,
        )
    lost = [event for event in record.events if event.verb == "del"]
    assert not [event for event in lost if event.prefix in VIPS.values()], lost
