# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs modules ns veth
# timeout: 900
"""
"vrrp N announce when healthy": the recipe "Both routers answer", booted.

core has a way to each VIP by every router whose check succeeds, whoever is Active, and h1 asks
for both VIPs each millisecond: r1 gets its questions of IPv4 at first, and r2 those of IPv6. Every test starts with r1 Active, and both servers up.
"""
import pytest

from helpers.pair import FAMILIES, GROUP, PREFIXES, VIPS, Pair
from helpers.probes import Probes
from helpers.wait import differs, stays, wait_for

PAIRS, SERVERS = [], {}
# of each kind, until the machine was not too busy to tell
TRIES = 9
SERVER = "python3 -m http.server --bind 127.0.0.1 80"


def setup_module():
    """The pair, as printed, and a server on each."""
    PAIRS.append(Pair("Both routers answer"))


def teardown_module():
    """Nothing is left."""
    for name in list(SERVERS):
        stop_server(name)
    PAIRS.pop().demolish()


@pytest.fixture(name="pair", autouse=True)
def fixture_pair():
    """r1 is Active, and both answer."""
    again()
    return PAIRS[0]


def again():
    """Whatever was done."""
    pair = PAIRS[0]
    for name in ("r1", "r2"):
        if name not in SERVERS:
            start_server(name)
        pair.nodes[name].revive("vrrpd")
        pair.nodes[name].configure(
            GROUP, "no vrrp 10 shutdown", "vrrp 10 announce when healthy", "vrrp 10 track check server"
        )
        pair.nodes[name].must_run(f"vtysh -N {name} -d vrrpd -c 'no vrrp drain'")
    pair.revive()
    served_by(pair, "r1", "r2")
    pair.spread()


def start_server(name):
    """Something that takes connections."""
    node = PAIRS[0].nodes[name]
    pid = node.must_run(f"{SERVER} >/dev/null 2>&1 </dev/null & echo $!")
    SERVERS[name] = int(pid)


def stop_server(name):
    """It dies."""
    PAIRS[0].nodes[name].must_run(f"kill -9 {SERVERS.pop(name)}")


def served_by(pair, *names):
    """core has just these ways, for long; those routers have the VIPs, and no other has anything."""
    for family in FAMILIES:
        pair.wait_ways(PREFIXES[family], *names)
    for name in ("r1", "r2"):
        wait_for(
            f"{name} has {'both VIPs' if name in names else 'nothing'}",
            lambda n=name: differs(shown(pair.nodes[n]), [(n in names, n in names)] * 2),
        )


def shown(router):
    """Of each VIP: does the kernel have it, and is it announced?"""
    told = router.show_json("vrrpd", "show vrrp vip json") if router.alive("vrrpd") else None
    if told is None:
        return [(bool(f in str(router.addresses("vip0"))),) * 2 for f in VIPS.values()]
    return [(vip["installed"], vip["announced"]) for vip in told]


def loses_nothing(pair, change, *after):
    """No probe is lost from before the change until all know, in a try that counts."""
    for _ in range(TRIES):
        with Probes((pair.nodes["h1"],), VIPS.values()) as probes:
            change(pair)
            served_by(pair, *after)
        results = probes.results()
        for key, result in results.items():
            print(f"{change.__name__}: {key}: {result}", flush=True)
        if not any(result.lost for result in results.values()):
            return
        assert any(r.late for r in results.values()), f"lost by {change.__name__}: {results}"
        again()
    raise AssertionError("too busy a machine")


def active_fails(pair):
    """The server of the Active router dies: it leaves, and r2 is Active."""
    stop_server("r1")
    pair.nodes["r2"].wait_state("Active")


def backup_fails(pair):
    """That of the Backup dies: nobody moves."""
    stop_server("r2")
    wait_for("r2 is held", lambda: differs(pair.nodes["r2"].family("v4").get("hold"), "tracking"))


def active_is_shut_down(pair):
    """By an operator."""
    pair.nodes["r1"].configure(GROUP, "vrrp 10 shutdown")


def backup_is_shut_down(pair):
    """By an operator."""
    pair.nodes["r2"].configure(GROUP, "vrrp 10 shutdown")


def active_host_is_drained(pair):
    """vrrp drain: gives up being Active, and announcing."""
    pair.nodes["r1"].must_run("vtysh -N r1 -d vrrpd -c 'vrrp drain'")


def backup_host_is_drained(pair):
    """The same of r2."""
    pair.nodes["r2"].must_run("vtysh -N r2 -d vrrpd -c 'vrrp drain'")


def active_ends(pair):
    """SIGTERM."""
    pair.nodes["r1"].stop("vrrpd")


def backup_ends(pair):
    """SIGTERM."""
    pair.nodes["r2"].stop("vrrpd")


def backup_is_killed(pair):
    """SIGKILL: its guardian drains what it had."""
    pair.nodes["r2"].kill("vrrpd")


def active_is_killed(pair):
    """The same of r1."""
    pair.nodes["r1"].kill("vrrpd")


LEAVING = {
    active_fails: "r2",
    backup_fails: "r1",
    active_is_shut_down: "r2",
    backup_is_shut_down: "r1",
    active_host_is_drained: "r2",
    backup_host_is_drained: "r1",
    active_ends: "r2",
    backup_ends: "r1",
    backup_is_killed: "r1",
    active_is_killed: "r2",
}


@pytest.mark.parametrize("change", LEAVING)
def test_who_is_healthy_no_more_leaves_without_loss_and_comes_back(pair, change):
    """Two ways, then one; and when it has come back (the fixture of the next test) two."""
    loses_nothing(pair, change, LEAVING[change])


def came_back(pair):
    """Both servers answer again."""
    for name in ("r1", "r2"):
        if name not in SERVERS:
            start_server(name)


@pytest.mark.parametrize("fails", (active_fails, backup_fails))
def test_who_is_healthy_again_comes_back_without_loss(pair, fails):
    """To both ways, and r1 preempts."""
    for _ in range(TRIES):
        fails(pair)
        served_by(pair, LEAVING[fails])
        with Probes((pair.nodes["h1"],), VIPS.values()) as probes:
            came_back(pair)
            served_by(pair, "r1", "r2")
            pair.nodes["r1"].wait_state("Active")
        results = probes.results().values()
        print(f"back after {fails.__name__}: {results}", flush=True)
        if not any(result.lost for result in results):
            return
        assert any(result.late for result in results), results
        again()
    raise AssertionError("too busy a machine")


def service_of(name):
    """Of IPVS: whether it is wanted there, and how many services the kernel has."""
    node = PAIRS[0].nodes[name]
    (service,) = node.show_json("vrrpd", "show ipvs json")["services"]
    table = node.must_run("cat /proc/net/ip_vs").splitlines()
    return service["state"], sum(line.startswith("TCP") for line in table)


def test_service_is_where_its_vip_is(pair):
    """Both balance, and the one that gives the VIP up stops."""
    lines = (
        f"ipvs service web tcp {VIPS['ipv4']} 8080",
        "ipvs service web server 127.0.0.1 8080 forwarding masquerade",
    )
    try:
        for name in ("r1", "r2"):
            pair.nodes[name].configure(*lines)
        for name in ("r1", "r2"):
            wait_for(f"{name} balances", lambda n=name: differs(service_of(n), ("active", 1)))
        stop_server("r2")
        served_by(pair, "r1")
        wait_for("r2 does no more", lambda: differs(service_of("r2"), ("standby", 0)))
        assert service_of("r1") == ("active", 1)
    finally:
        for name in ("r1", "r2"):
            pair.nodes[name].configure("no ipvs service web")


def test_without_a_server_nobody_has_the_vips(pair):
    """A check without a decrement keeps both out."""
    for name in ("r1", "r2"):
        stop_server(name)
    served_by(pair)


def test_decrement_keeps_a_backup_from_announcing_but_not_the_active_router(pair):
    """However small it is; and it is still in the election."""
    for name in ("r1", "r2"):
        pair.nodes[name].configure(
            GROUP, "no vrrp 10 track check server", "vrrp 10 track check server decrement 1"
        )
    stop_server("r2")
    served_by(pair, "r1")
    assert pair.nodes["r2"].state() == "Backup"
    stop_server("r1")
    wait_for(
        "r1 is less",
        lambda: differs(pair.nodes["r1"].family("v4").get("effectivePriority"), 199),
    )
    served_by(pair, "r1")
    start_server("r2")
    served_by(pair, "r1", "r2")
    assert pair.nodes["r1"].state() == "Active"
    for name in ("r1", "r2"):
        pair.nodes[name].configure(
            GROUP, "no vrrp 10 track check server decrement 1", "vrrp 10 track check server"
        )


def to_active(pair):
    """Both are as a pair without it."""
    for name in ("r1", "r2"):
        pair.nodes[name].configure(GROUP, "no vrrp 10 announce when healthy")


def test_configuration_changes_it_without_loss(pair):
    """A Backup that is to announce while Active alone drains."""
    loses_nothing(pair, to_active, "r1")


def test_a_marker_follows_the_active_router_alone(pair):
    """A Backup that has the VIPs has none, nor while it is drained."""
    marker = "203.0.113.112/32"
    for name in ("r1", "r2"):
        pair.nodes[name].configure(GROUP, f"vrrp 10 announce marker {marker}")
    has = f"ip route show exact {marker} table 112"
    wait_for("r1 has it", lambda: None if pair.nodes["r1"].must_run(has) else "not yet")
    pair.nodes["r2"].configure(GROUP, "vrrp 10 drain 3000")
    assert not pair.nodes["r2"].must_run(has)
    backup_is_shut_down(pair)
    stays("r2 has none", lambda: pair.nodes["r2"].must_run(has) or None, 3)
    for name in ("r1", "r2"):
        pair.nodes[name].configure(GROUP, "no vrrp 10 announce marker", "no vrrp 10 drain")


def test_restart_keeps_both_ways(pair):
    """The next daemon of a Backup goes on with the addresses that the one before had."""
    for name in ("r2", "r1"):
        pair.restart(name)
        served_by(pair, "r1", "r2")
    assert pair.nodes["r1"].state() == "Active"
