# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs modules ns veth vrf
# timeout: 900
"""
Groups in VRFs, as doc/user/recipes.md has them: the same VIPs in two VRFs at once, each with an
Active router of its own.

    red ----- r1 (VRF red) ------ r2 (VRF red)
              r1 (VRF blue) ----- r2 (VRF blue) ----- blue

red is a router of its own, linked to r1 and r2, who announce to it by BGP what is in a table of
VRF red's; blue is one, to whom they announce by OSPF what is connected in VRF blue. r1 has the
priority 200 in both, r2 100.
"""
import json
import shlex

import pytest

from helpers import recipe, topology
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for

FAMILIES = ("v4", "v6")
VIPS = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
PREFIXES = {"v4": "203.0.113.10/32", "v6": "2001:db8:ffff::10/128"}
# of a VRF: its table, the VRID of its group, and its VIP interface
TABLES = {"red": 10, "blue": 20}
VRIDS = {"red": 10, "blue": 20}
LINKS = {"red": "vip-red", "blue": "tenant0"}
INTERFACES = {"red": "eth0", "blue": "eth1"}
RECIPE = "In VRFs"
# of a router in a VRF: its addresses and prefix lengths
OWN = {
    ("r1", "red"): ("192.0.2.1/26", "2001:db8:1::1/64"),
    ("r1", "blue"): ("192.0.2.65/26", "2001:db8:11::1/64"),
    ("r2", "red"): ("198.51.100.1/26", "2001:db8:2::1/64"),
    ("r2", "blue"): ("198.51.100.65/26", "2001:db8:12::1/64"),
}
DAEMONS = {
    "r1": ("ospfd", "ospf6d", "bgpd", "bfdd", "vrrpd"),
    "r2": ("ospfd", "ospf6d", "bgpd", "bfdd", "vrrpd"),
    "red": ("bgpd",),
    "blue": ("ospfd", "ospf6d"),
}
NODES = {}
TRIES = 6
TRACKED = "203.0.113.128/26"
MARKER = "203.0.113.192/26"


def build(tgen):
    """The links of the drawing."""
    for name in DAEMONS:
        tgen.add_router(name)
    for name in ("r1", "r2"):
        for vrf, ifname in INTERFACES.items():
            tgen.add_link(tgen.gears[name], tgen.gears[vrf], ifname, f"{vrf}-{name}")


def add_vrf(router, vrf):
    """Makes the VRF, and moves its interface into it."""
    router.must_run(
        f"ip link add {vrf} type vrf table {TABLES[vrf]} && ip link set {vrf} up"
    )
    move(router, vrf, vrf)


def move(router, which, vrf):
    """Moves an interface into a VRF (None: into the default one), and gives it its addresses."""
    ifname = INTERFACES[which]
    router.must_run(
        f"ip link set {ifname} " + (f"master {vrf}" if vrf else "nomaster")
    )
    ipv4, ipv6 = OWN[router.name, which]
    router.must_run(
        f"ip address replace {ipv4} dev {ifname}; ip address replace {ipv6} dev {ifname} nodad"
    )


def prepare(nodes):
    """The VRFs are there before the daemons."""
    for name in ("r1", "r2"):
        for vrf in TABLES:
            add_vrf(nodes[name], vrf)


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, DAEMONS, prepare))
    for name in ("r1", "r2"):
        path = f"{NODES[name].log_directory}/recipe.conf"
        with open(path, "w", encoding="ascii") as file:
            file.write(recipe.addition(RECIPE, f"vrf {name}"))
        NODES[name].must_run(f"vtysh -f {path} && vtysh -c 'write memory'")
    all_on("r1", "r2")


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="r1", autouse=True)
def fixture_r1():
    """All is as in the beginning."""
    begin()
    return NODES["r1"]


def begin():
    """All daemons run, and r1 is Active in both VRFs."""
    for name in ("r1", "r2"):
        NODES[name].revive("vrrpd")
    all_on("r1", "r2")


def all_on(active, backup, vrfs=tuple(TABLES)):
    """In these VRFs the one is Active, the other Backup and without the VIPs, and all know."""
    for vrf in vrfs:
        NODES[active].wait_state("Active", vrid=VRIDS[vrf])
        NODES[backup].wait_state("Backup", vrid=VRIDS[vrf])
        for family in FAMILIES:
            wait_for(
                f"{vrf} reaches {VIPS[family]} by {active} alone",
                lambda v=vrf, f=family: differs(ways(v, f), [active]),
            )
            wait_for(
                f"{backup} has {VIPS[family]} nowhere in {vrf}",
                lambda v=vrf, f=family: differs(places(NODES[backup], v, f), []),
            )


def ways(vrf, family):
    """By whom that router reaches the VIP, from its kernel."""
    command = "ip -6 route" if family == "v6" else "ip route"
    found = NODES[vrf].must_run(f"{command} show {PREFIXES[family]}")
    return [name for name in ("r1", "r2") if f"{vrf}-{name}" in found]


def places(router, vrf, family):
    """The links of that VRF with the VIP."""
    found = router.must_run(
        f"ip -o address show to {VIPS[family]} master {vrf} 2>/dev/null || true"
    )
    return [line.split()[1] for line in found.splitlines()]


def everywhere(router, family):
    """All links with the VIP."""
    found = router.must_run(f"ip -o address show to {VIPS[family]}")
    return sorted(line.split()[1] for line in found.splitlines())


def lower(router, vrf, priority):
    """Somebody configures the priority in that VRF."""
    router.configure(
        f"interface {INTERFACES[vrf]}", f"vrrp {VRIDS[vrf]} priority {priority}"
    )


def test_vips_are_on_a_link_of_their_vrf(r1):
    """Each VRF has a dummy of its own, and no other link has a VIP."""
    for vrf, link in LINKS.items():
        assert r1.link(link)["master"] == vrf
        assert r1.link(link)["linkinfo"]["info_kind"] == "dummy"
    for family in FAMILIES:
        assert everywhere(r1, family) == sorted(LINKS.values())
        for table, times in (("local", 0), *((table, 1) for table in TABLES.values())):
            found = r1.must_run(f"ip -4 route show table {table}; ip -6 route show table {table}")
            assert found.count(f"local {VIPS[family]} ") == times, found


def warned(router, vrf, words):
    """A check: both families of the group that began in that VRF warn so."""
    told = [router.family(family, VRIDS[vrf]).get("warnings", []) for family in FAMILIES]
    return None if all(any(words in text for text in one) for one in told) else told


def test_service_on_a_vip_of_a_vrf_is_warned_of(r1):
    """IPVS knows no VRF: when it is typed, and as long as it is there."""
    line, words = f"ipvs service web tcp {VIPS['v4']} 80", "IPVS knows no VRF"
    try:
        assert words in r1.configure(line)
        [service] = [s for s in r1.show_json("vrrpd", "show ipvs json")["services"] if s["name"] == "web"]
        assert [words in text for text in service["warnings"]] == [True]
    finally:
        r1.configure(f"no {line}")


def test_route_table_has_only_what_is_in_its_vrf(r1):
    """VRF red has a table of routes, VRF blue none."""
    shown = r1.must_run(
        "vtysh -c 'show ip route table 113' -c 'show ipv6 route table 113'"
    )
    for prefix in PREFIXES.values():
        assert f"{prefix}" in shown and "vip-red" in shown
    shown = r1.must_run("vtysh -c 'show ip route table 112'")
    assert "203.0.113.10" not in shown


def assert_loses_nothing(act, *vrfs):
    """
    Neither in these VRFs (none: in any) nor by what act() returns, in one of three times: on a busy
    machine routing may lack the time that a drain gives it.
    """
    seen = []
    for _ in range(TRIES):
        begin()
        with Probes([NODES[vrf] for vrf in vrfs or TABLES], VIPS.values()) as probes:
            wrong = act()
        seen.append((probes.lost(), wrong))
        if not wrong and not any(count for count, _ in seen[-1][0].values()):
            return
    raise AssertionError(f"(lost, sent), and what moved: {seen}")


@pytest.mark.parametrize("vrf, other", (("red", "blue"), ("blue", "red")))
def test_move_and_back_loses_nothing(r1, vrf, other):
    """A lowered priority in one VRF moves its VIPs, and the other VRF's stay."""

    def there_and_back():
        lower(r1, vrf, 50)
        all_on("r2", "r1", [vrf])
        all_on("r1", "r2", [other])
        lower(r1, vrf, 200)
        all_on("r1", "r2")

    assert_loses_nothing(there_and_back)


def test_tracked_route_is_that_of_its_vrf(r1):
    """The same prefix in the default VRF and in VRF blue is no help."""
    line = f"vrrp {VRIDS['red']} track route {TRACKED} vrf red decrement 150"
    add = f"ip route add {TRACKED} dev"
    r1.must_run(f"{add} lo; {add} {INTERFACES['blue']} vrf blue; {add} {INTERFACES['red']} vrf red")

    try:
        r1.configure(f"interface {INTERFACES['red']}", line)
        r1.must_run(f"ip route del {TRACKED} vrf red")
        all_on("r2", "r1", ["red"])
        all_on("r1", "r2", ["blue"])
        r1.must_run(f"{add} {INTERFACES['red']} vrf red")
        all_on("r1", "r2")
    finally:
        r1.configure(f"interface {INTERFACES['red']}", f"no {line.partition(' decrement')[0]}")
        for vrf in ("", " vrf red", " vrf blue"):
            r1.run(f"ip route del {TRACKED}{vrf}")


def marker_routes(router, table):
    """What zebra has of the marker in that table."""
    found = router.must_run(f"vtysh -c 'show ip route table {table} json'")
    return MARKER in json.loads(found or "{}")


def without_table(router, words):
    """A check: the IPv4 virtual router, which has the marker, warns so."""
    told = router.family("v4", VRIDS["red"]).get("warnings", [])
    return None if any(words in text for text in told) else told


def test_marker_is_in_the_table_of_its_vrf(r1):
    """It follows the Active router of that VRF; table 112 is the default VRF's."""
    lines = f"vrrp {VRIDS['red']} announce marker {MARKER}"
    for name in ("r1", "r2"):
        NODES[name].configure(f"interface {INTERFACES['red']}", lines)
    try:
        wait_for("r1 has it", lambda: differs(marker_routes(r1, 113), True))
        assert not marker_routes(r1, 112) and not marker_routes(NODES["r2"], 113)
        lower(r1, "red", 50)
        all_on("r2", "r1", ["red"])
        wait_for("r2 has it", lambda: differs(marker_routes(NODES["r2"], 113), True))
        wait_for("r1 has it no more", lambda: differs(marker_routes(r1, 113), False))
        r1.configure("no vrrp route-table 113 vrf red")
        words = "the marker is not announced: VRF red has no route table"
        wait_for("r1 says so", lambda: without_table(r1, words))
    finally:
        r1.configure("vrrp route-table 113 vrf red")
        lower(r1, "red", 200)
        for name in ("r1", "r2"):
            NODES[name].configure(f"interface {INTERFACES['red']}", f"no {lines}")


def bfd_states(router, vrf):
    """What show vrrp json says of the sessions of a group, IPv4 and IPv6."""
    group = router.groups()[VRIDS[vrf]]
    return [peer.get("bfdState") for family in FAMILIES for peer in group[family]["peers"]]


def test_bfd_sessions_are_in_their_vrf(r1):
    """Both VRFs have them; without a way in the one, those of the other stay."""
    routers = (r1, NODES["r2"])
    for router in routers:
        for vrf, ifname in INTERFACES.items():
            router.configure(f"interface {ifname}", f"vrrp {VRIDS[vrf]} bfd")
    try:
        for router in routers:
            for vrf in TABLES:
                wait_bfd(router, vrf, "up")
                peers = router.show_json("bfdd", f"show bfd vrf {vrf} peers json")
                assert len(peers) == 2 and {peer["status"] for peer in peers} == {"up"}, peers
        NODES["red"].must_run("sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0")
        wait_bfd(r1, "red", "down")
        wait_bfd(r1, "blue", "up")
    finally:
        NODES["red"].must_run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        for router in routers:
            for vrf, ifname in INTERFACES.items():
                router.configure(f"interface {ifname}", f"no vrrp {VRIDS[vrf]} bfd")


def wait_bfd(router, vrf, state):
    """The sessions of both families of the group are in this state."""
    wait_for(
        f"{router.name}: BFD in VRF {vrf} is {state}",
        lambda: differs(bfd_states(router, vrf), [state] * 2),
    )


def test_killed_daemon_is_replaced_in_each_vrf(r1):
    """The guardian says priority 0 in both, and answers in both while routing learns of r2."""

    def killed():
        r1.kill("vrrpd")
        for vrf in TABLES:
            NODES["r2"].wait_state("Active", vrid=VRIDS[vrf])
        for vrf in TABLES:
            for family in FAMILIES:
                wait_for(
                    f"{vrf} reaches {VIPS[family]} by r2 alone",
                    lambda v=vrf, f=family: differs(ways(v, f), ["r2"]),
                )
                wait_for(
                    f"r1 has {VIPS[family]} nowhere",
                    lambda f=family: differs(everywhere(r1, f), []),
                )

    assert_loses_nothing(killed)
    left = r1.must_run("ip -o link show type dummy")
    assert "vip-drain" not in left, left


def test_restart_moves_nothing(r1):
    """
    A killed daemon that is started at once finds the VIPs of both VRFs. Nobody misses those that are
    announced as connected; routes in a table end with the daemon, if no guardian holds them.
    """
    guarded = "vrrp guardian"
    for router, line in ((r1, f"no {guarded}"), (NODES["r2"], guarded)):
        router.configure(line, *advertising(1000))
    for vrid in VRIDS.values():  # which takes effect when nobody has typed for a while
        for family in FAMILIES:
            wait_for(
                f"r2 has heard that r1 advertises each second, VRID {vrid} {family}",
                lambda f=family, v=vrid: differs(
                    NODES["r2"].family(f, v).get("masterAdverInterval"), 1000
                ),
            )
    all_on("r1", "r2")
    r1.must_run("vtysh -c 'write memory'")
    with open(f"/proc/{r1.pid('vrrpd')}/cmdline", encoding="utf-8") as file:
        command = shlex.join(file.read().rstrip("\0").split("\0"))

    def killed_and_started():
        before = transitions()
        r1.must_run(
            f"kill -9 {r1.pid('vrrpd')}; {command} >/dev/null 2>&1; vtysh -b -d vrrpd"
        )
        all_on("r1", "r2")
        return differs(transitions(), before)

    try:
        assert_loses_nothing(killed_and_started, "blue")
    finally:
        for router in (r1, NODES["r2"]):
            router.configure(guarded, *advertising(200))
        r1.must_run("vtysh -c 'write memory'")


def transitions():
    """Of r2, in each VRF."""
    return {vrid: NODES["r2"].transitions(vrid) for vrid in VRIDS.values()}


def advertising(msec):
    """The lines with that interval for both groups."""
    return [
        line
        for vrf, vrid in VRIDS.items()
        for line in (f"interface {INTERFACES[vrf]}", f"vrrp {vrid} advertisement-interval {msec}")
    ]


def test_deleted_vrf_takes_its_vips_along(r1):
    """They are nowhere until it is made again, and the other VRF is as before."""

    def deleted_and_made():
        r1.must_run("ip link del red")
        NODES["r2"].wait_state("Active", vrid=VRIDS["red"])
        for family in FAMILIES:
            wait_for(
                f"only VRF blue has {VIPS[family]}",
                lambda f=family: differs(everywhere(r1, f), [LINKS["blue"]]),
            )
        wait_for(
            "its VIP interface is gone",
            lambda: r1.run("ip link show vip-red")[1] if r1.link("vip-red") else None,
        )
        make_again(r1)

    assert_loses_nothing(deleted_and_made, "blue")
    assert r1.link("vip-red")["master"] == "red"


def test_tracking_keeps_a_group_out_whose_vrf_is_deleted(r1):
    """Its interface is in the default VRF then, where the VIPs must not be announced."""
    line = f"vrrp {VRIDS['red']} track route {TRACKED} vrf red"
    r1.must_run(f"ip route add {TRACKED} dev {INTERFACES['red']} vrf red")
    try:
        r1.configure(f"interface {INTERFACES['red']}", line)
        all_on("r1", "r2")
        r1.must_run("ip link del red")
        for family in FAMILIES:
            wait_for(
                f"tracking keeps {family} out",
                lambda f=family: differs(r1.family(f, VRIDS["red"]).get("hold"), "tracking"),
            )
    finally:
        add_vrf(r1, "red")
        r1.configure(f"interface {INTERFACES['red']}", f"no {line}")
        make_again(r1, False)


def make_again(r1, with_vrf=True):
    """VRF red, which was deleted."""
    if with_vrf:
        add_vrf(r1, "red")
    r1.wait_state("Active", vrid=VRIDS["red"])
    announce_again(r1)
    all_on("r1", "r2", ["red"])


def announce_again(router):
    """FRR 10.3's bgpd goes on with table-direct for the VRF that there was."""
    line = "redistribute table-direct 113"
    router.configure(
        f"router bgp 6500{router.name[1]} vrf red",
        "address-family ipv4 unicast",
        f"no {line}",
        f"{line} route-map VRRP-TAG",
    )


def test_interface_leaves_its_vrf_and_returns(r1):
    """An Active router's VIPs follow its interface into another VRF."""
    move(r1, "red", None)
    for family in FAMILIES:
        wait_for(
            f"{VIPS[family]} is not in red",
            lambda f=family: differs(places(r1, "red", f), []),
        )
    NODES["r2"].wait_state("Active", vrid=VRIDS["red"])
    move(r1, "red", "red")
    all_on("r1", "r2")
    for family in FAMILIES:
        assert everywhere(r1, family) == sorted(LINKS.values())


def test_interface_that_moves_to_another_with_the_same_vips(r1):
    """
    Both groups are then in VRF blue, with VIPs that each had alone in its own: the address is there
    once, and goes with the last of them.
    """
    move(r1, "red", "blue")
    try:
        for family in FAMILIES:
            wait_for(
                f"{VIPS[family]} is not in red",
                lambda f=family: differs(places(r1, "red", f), []),
            )
        NODES["r2"].wait_state("Active", vrid=VRIDS["red"])
        for which, other in (("red", "eth1 20"), ("blue", "eth0 10")):
            wait_for(
                f"the group of {which} says whose VIP it is as well",
                lambda w=which, o=other: warned(r1, w, f"belongs to vrrp {o} as well"),
            )
        for family in FAMILIES:
            wait_for(
                f"blue has {VIPS[family]} once",
                lambda f=family: differs(everywhere(r1, f), [LINKS["blue"]]),
            )
    finally:
        move(r1, "red", "red")
    all_on("r1", "r2")
    for family in FAMILIES:
        assert everywhere(r1, family) == sorted(LINKS.values())


def power_failure(router):
    """All ends, and only VRFs and their interfaces are there again, as networking makes them."""
    daemons = (*DAEMONS[router.name], "zebra", "mgmtd")
    router.configure("no vrrp guardian")
    router.must_run("vtysh -c 'write memory'")
    for daemon in daemons:
        router.kill(daemon)
    for link in (*LINKS.values(), "vip-drain"):
        router.run(f"ip link del {link}")
    for ifname in INTERFACES.values():
        router.must_run(f"ip address flush dev {ifname} scope global")
    router.must_run("ip route flush table all proto 112 2>/dev/null || true")
    return daemons


def test_both_boot_with_what_the_recipe_prints(r1):
    """Cold, with the addresses of the configuration."""
    daemons = {name: power_failure(NODES[name]) for name in ("r1", "r2")}
    for name, names in daemons.items():
        NODES[name].start(*reversed(names))
    all_on("r1", "r2")
    for name in daemons:
        NODES[name].configure("vrrp guardian")
        NODES[name].must_run("vtysh -c 'write memory'")


def test_renamed_vrf_keeps_its_vips(r1):
    """
    No daemon of FRR is told of it, and zebra 10.3 ends by it ("table id overlaps existing vrf"). The
    last test, therefore.
    """

    before = r1.transitions(VRIDS["red"])
    with Probes([NODES[vrf] for vrf in TABLES], VIPS.values()) as probes:
        r1.must_run("ip link set red name green")
        for family in FAMILIES:
            stays(
                f"{VIPS[family]} is in the VRF",
                lambda f=family: differs(places(r1, "green", f), [LINKS["red"]]),
                2,
            )
    print(f"(lost, sent): {probes.lost()}")
    assert r1.transitions(VRIDS["red"]) == before
