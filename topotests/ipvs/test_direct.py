# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
# timeout: 3600
"""
Direct routing to a local and a remote real server, as the recipe says.

Every test finds r1 Active, r2 Backup, and the recipe's services on both.
"""
import os
import re
import threading

import pytest

from fabric import LAN, VIP, Download, done_on, ill, well
from helpers import ipvs, recipe
from helpers.nltap import Tap
from helpers.wait import differs, wait_for
from helpers.wire import Wire

HEADING = "Load balancing, direct routing"
SERVICES, SYNC = recipe.configuration(HEADING)
ON_SERVER, ON_DIRECTOR, (OWN,) = recipe.commands(HEADING)
OFF_SERVER = [
    "ip address delete 203.0.113.10/32 dev lo",
    "ip address delete 2001:db8:ffff::10/128 dev lo",
    "sysctl -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0",
]
KEYS = {"v4": "TCP 203.0.113.10:80", "v6": "TCP [2001:db8:ffff::10]:80"}
FORWARDING = {"direct": "Route", "masquerade": "Masq", "tunnel": "Tunnel"}
SHUTDOWN = ("interface eth0", "vrrp 10 shutdown")
NO_SHUTDOWN = ("interface eth0", "no vrrp 10 shutdown")


@pytest.fixture(name="net", autouse=True)
def fixture_recipe(net):
    """The recipe, typed; what r2 served in the test before has gone."""
    with done_on([net.s1], ON_SERVER, OFF_SERVER):
        net.configure(SERVICES)
        net.wait_names({"r1", "s1"})
        for family in VIP:
            wait_weights(net.r2, None, family)
        yield net


def server(name, family="v4"):
    """A server as ipvsadm writes it."""
    v4, v6 = LAN[name]
    return f"{v4}:80" if family == "v4" else f"[{v6}]:80"


def wait_weights(node, expected, family="v4"):
    """The kernel has these servers with these weights: {"r1": 1}; None: no service."""
    wanted = expected and {server(n, family): w for n, w in expected.items()}
    wait_for(
        f"{node.name}: {KEYS[family]} has {wanted}",
        lambda: differs(ipvs.weights(node, KEYS[family]), wanted),
    )


def logged(node, text):
    """A check: vrrpd has logged it."""
    status, lines = node.run(f"grep -F '{text}' {node.log_directory}/vrrpd.log")
    return lines if status else None


def hand_over(net):
    """A planned failover to r2."""
    net.r1.configure(*SHUTDOWN)
    net.r2.wait_state("Active")
    net.wait_vip_at("r2")


def take_back(net):
    """And back."""
    net.r1.configure(*NO_SHUTDOWN)
    net.r1.wait_state("Active")
    net.r2.wait_state("Backup")
    net.wait_vip_at("r1")


def test_local_and_remote_server_serve_through_failover_and_back(net):
    """Both families; each director gives to itself and to s1."""
    hand_over(net)
    net.wait_names({"r2", "s1"})
    take_back(net)
    net.wait_names({"r1", "s1"})


def test_client_is_served_by_both_while_the_vip_moves(net):
    """Requests fail while nobody has the VIP, and at no other time."""
    answers, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            (answer,) = net.names("v4", 1)
            answers.append(answer)

    def served_by(*names):
        wait_for(
            f"{names} answered last", lambda: differs(set(answers[-2:]), set(names))
        )

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        served_by("r1", "s1")
        hand_over(net)
        served_by("r2", "s1")
        take_back(net)
        served_by("r1", "s1")
    finally:
        stop.set()
        thread.join()
    phases = {"r1": "1", "r2": "2", "s1": ""}
    story = "".join(phases.get(answer, ".") for answer in answers)
    assert re.fullmatch(r"1+\.*2+\.*1+", story), answers


def test_services_are_only_where_the_vip_is_active(net):
    """So two directors that are each other's servers do not balance twice."""
    for family in VIP:
        wait_weights(net.r2, None, family)
        wait_weights(net.r1, {"r1": 1, "s1": 1}, family)
    hand_over(net)
    for family in VIP:
        wait_weights(net.r1, None, family)
        wait_weights(net.r2, {"r2": 1, "s1": 1}, family)


def test_services_are_there_before_the_vip_and_go_after_it(net):
    """Of both families, as a record of the requests to both kernels tells."""
    with Tap(net.r1) as r1, Tap(net.r2) as r2:
        hand_over(net)
        for family in VIP:
            wait_weights(net.r1, None, family)
    for family in VIP:
        made, came = r2.last(f"add server {family}"), r2.first(f"add address {family}")
        assert made < came, r2.requests
        left, gone = (
            r1.last(f"delete address {family}"),
            r1.first(f"delete service {family}"),
        )
        assert left < gone, r1.requests


class Log:
    """The lines that vrrpd logs from now on."""

    def __init__(self, node):
        self._path = f"{node.log_directory}/vrrpd.log"
        self._from = os.path.getsize(self._path)

    def place(self, what, last=False):
        """Where it stands, the first time or the last, once it does: a thread writes it."""
        wait_for(f"the log has '{what}'", lambda: None if what in self._text() else self._text())
        text = self._text()
        return text.rindex(what) if last else text.index(what)

    def _text(self):
        with open(self._path, encoding="utf-8") as file:
            file.seek(self._from)
            return file.read()


def test_services_are_there_before_the_route_is_announced(net):
    """And go after it was withdrawn, as the daemons' logs tell."""
    debug = "debug vrrp zebra ipvs"
    r1, r2 = Log(net.r1), Log(net.r2)
    net.configure([debug])
    try:
        hand_over(net)
        for family in VIP:
            wait_weights(net.r1, None, family)
    finally:
        net.configure([f"no {debug}"])
    for vip in VIP.values():
        made = r2.place(f"ipvs: add server tcp {vip} 80", last=True)
        assert made < r2.place(f"zebra: add {vip}/")
        gone = r1.place(f"ipvs: delete service tcp {vip} 80")
        assert r1.place(f"zebra: drop {vip}/") < gone


def test_service_that_is_always_there_is_there_on_a_backup(net):
    """And is not touched by a takeover."""
    net.configure(["ipvs service web4 always"])
    wait_weights(net.r2, {"r2": 1, "s1": 1})
    wait_weights(net.r2, None, "v6")
    with Tap(net.r2) as tap:
        hand_over(net)
        wait_weights(net.r2, {"r2": 1, "s1": 1}, "v6")
    assert "add service v4" not in tap.requests, tap.requests
    net.wait_names({"r2", "s1"})


def test_synchronisation_is_master_where_active_and_backup_elsewhere(net):
    """The threads follow the VIP, and the master is there before the services."""
    net.configure(SYNC)
    wait_for("r1 is master", lambda: differs(ipvs.daemons(net.r1), ["master"]))
    wait_for("r2 is backup", lambda: differs(ipvs.daemons(net.r2), ["backup"]))
    with Tap(net.r2) as tap:
        hand_over(net)
        wait_for("r2 is master", lambda: differs(ipvs.daemons(net.r2), ["master"]))
    assert tap.first("start daemon") < tap.first("add service v4"), tap.requests
    wait_for("r1 is backup", lambda: differs(ipvs.daemons(net.r1), ["backup"]))
    net.configure(["no ipvs sync-daemon"])
    for node in (net.r1, net.r2):
        wait_for("no thread runs", lambda n=node: differs(ipvs.daemons(n), []))


def test_synchronisation_on_a_missing_interface_has_failed(net):
    """Until the interface is there."""

    def told():
        daemon = net.r1.show_json("vrrpd", "show ipvs json")["syncDaemon"]
        return daemon["role"], "error" in daemon

    net.r1.configure("ipvs sync-daemon interface later")
    wait_for("it has failed", lambda: differs(told(), ("failed", True)))
    net.r1.must_run("ip link add later type dummy; ip link set later up")
    try:
        wait_for("it is master", lambda: differs(told(), ("master", False)))
        net.r1.configure("no ipvs sync-daemon")
        wait_for("it is off", lambda: differs(told(), ("off", False)))
    finally:
        net.r1.must_run("ip link delete later")


@pytest.mark.parametrize("family", VIP)
def test_connection_in_flight_survives_a_planned_failover(net, family):
    """A slow download from s1 goes on through r2, which has learnt of it."""
    net.configure(SYNC)
    net.configure(
        [f"ipvs service web{family[1]} server {LAN['r1'][family == 'v6']} 80 weight 0"],
        "r1",
    )
    wait_weights(net.r1, {"r1": 0, "s1": 1}, family)
    download = Download(net, family)
    download.start()
    wait_for("r2 has learnt of the connection", lambda: download.known_to(net.r2))
    hand_over(net)
    download.check()


def test_failed_server_goes_and_comes_back(net):
    """Status 503 is a failure; one server's does not concern the other."""
    ill(net.s1)
    wait_weights(net.r1, {"r1": 1})
    wait_weights(net.r1, {"r1": 1}, "v6")
    net.wait_names({"r1"})
    well(net.s1)
    net.wait_names({"r1", "s1"})


def health(router, service, name):
    """A router's data about a server of a service."""
    return ipvs.shown_service(router, service)["servers"][LAN[name][0]]["health"]


def wait_health(router, service, name, expected):
    """The router knows by its own checks how a server is; at first it takes it to be up."""
    wait_for(
        f"{router.name} knows that {name} is {expected}",
        lambda: differs(health(router, service, name), expected),
    )


def test_failed_server_is_known_at_the_takeover(net):
    """Backups check as well."""
    ill(net.s1)
    for router in (net.r1, net.r2):
        wait_health(router, "web4", "s1", "down")
    hand_over(net)
    assert ipvs.weights(net.r2, KEYS["v4"]) == {server("r2"): 1}


def test_inhibited_server_stays_with_weight_0(net):
    """Its connections may end."""
    net.configure(["ipvs service web4 inhibit"], "r1")
    ill(net.s1)
    wait_weights(net.r1, {"r1": 1, "s1": 0})
    wait_weights(net.r1, {"r1": 1}, "v6")
    well(net.s1)
    wait_weights(net.r1, {"r1": 1, "s1": 1})


def test_sorry_server_serves_while_there_is_no_quorum(net):
    """s1 is one; those that are up keep their connections and get no new ones."""
    net.configure(
        [
            "no ipvs service web4 server 198.51.100.131 80",
            "ipvs service web4 server 198.51.100.130 80",
            "ipvs service web4 quorum 2",
            "ipvs service web4 sorry-server 198.51.100.131 80",
        ],
        "r1",
    )
    wait_weights(net.r1, {"r1": 1, "r2": 1})
    ill(net.r2)
    wait_weights(net.r1, {"r1": 0, "s1": 1})
    wait_for("s1 serves alone", lambda: differs(set(net.names("v4")), {"s1"}))
    well(net.r2)
    wait_weights(net.r1, {"r1": 1, "r2": 1})


def shown(node):
    """The kernel's services from show ipvs json, in the form of ipvs.services()."""
    found = {}
    for service in node.show_json("vrrpd", "show ipvs json")["services"]:
        if service["state"] not in ("active", "sorry", "no-quorum"):
            continue
        servers = [*service["servers"], *filter(None, [service.get("sorryServer")])]
        found[f"TCP {endpoint(service)}"] = ipvs.Service(
            service["scheduler"],
            {
                endpoint(server): ipvs.Server(
                    FORWARDING[server["forwarding"]],
                    server["effectiveWeight"],
                    server["activeConnections"],
                    server["inactiveConnections"],
                )
                for server in servers
                if "effectiveWeight" in server
            },
        )
    return found


def endpoint(what):
    """Address and port as ipvsadm writes them."""
    address = what["address"]
    return (
        f"[{address}]:{what['port']}" if ":" in address else f"{address}:{what['port']}"
    )


def shown_connections(node):
    """How many were made through each service: {"TCP 203.0.113.10:80": 12}."""
    return {
        f"TCP {endpoint(service)}": service["statistics"]["connections"]
        for service in node.show_json("vrrpd", "show ipvs json")["services"]
    }


def total_connections(node):
    """The same, as ipvsadm tells."""
    lines = node.must_run("ipvsadm -Ln --stats --exact").splitlines()
    return {" ".join(l.split()[:2]): int(l.split()[2]) for l in lines if l[:3] == "TCP"}


def test_show_agrees_with_ipvsadm(net):
    """Services, servers, weights and connections, some of them down, one open."""
    net.configure(["ipvs service web4 inhibit"], "r1")
    net.configure(["ipvs service web6 quorum 2"], "r1")
    net.configure([f"ipvs service web6 sorry-server {LAN['r2'][1]} 80"], "r1")
    ill(net.s1)
    wait_weights(net.r1, {"r1": 1, "s1": 0})
    wait_weights(net.r1, {"r1": 0, "r2": 1}, "v6")
    download = Download(net, "v4")
    download.start()
    wait_for("a connection is open", lambda: download.known_to(net.r1))
    net.names("v6")
    wait_for(
        "show ipvs json and ipvsadm -Ln say the same",
        lambda: differs(shown(net.r1), ipvs.services(net.r1)),
    )
    assert set(shown(net.r1)) == set(KEYS.values())

    def differing():
        ours, theirs = shown_connections(net.r1), total_connections(net.r1)
        return None if ours == theirs and all(ours.values()) else f"{ours}, {theirs}"

    # the kernel adds them up every two seconds
    wait_for("both tell as many connections", differing)
    download.join()


def test_show_tells_health_with_its_reason_and_since_when(net):
    """Of a server that is up, and of one that went down."""
    r1, s1 = LAN["r1"][0], LAN["s1"][0]
    for name in ("r1", "s1"):
        wait_health(net.r1, "web4", name, "up")
    before = ipvs.shown_service(net.r1, "web4")
    ill(net.s1)
    wait_weights(net.r1, {"r1": 1})
    wanted = {r1: ("up", "ok"), s1: ("down", "status 503")}
    after = {}

    def differing():
        after.update(ipvs.shown_service(net.r1, "web4"))
        told = {
            address: (server["health"], server["healthReason"])
            for address, server in after["servers"].items()
        }
        return differs(told, wanted)

    wait_for("both are shown with the result of the last try", differing)
    up, down = after["servers"][r1], after["servers"][s1]
    assert down["healthSince"] < up["healthSince"]
    assert down["checksFailed"] >= before["servers"][s1]["checksFailed"] + 3
    assert "effectiveWeight" not in down
    assert after["weightUp"] == before["weightUp"] - 1
    assert after["serverTransitions"] == before["serverTransitions"] + 1
    history = net.r1.show_json("vrrpd", "show vrrp history json")
    told = [event["text"] for event in history if event["event"] == "ipvs"]
    words = rf"ipvs service web4: server {s1} port \d+ is down: .*status 503"
    assert re.search(words, "\n".join(told)), told


def test_show_tells_rates(net):
    """As the kernel estimates them, which halves them every few seconds once nobody asks."""
    keys = ("connectionRate", "packetRateIn", "byteRateIn")

    def rates():
        statistics = ipvs.shown_service(net.r1, "web4")["statistics"]
        return [statistics[key] for key in keys]

    def asking():
        net.names("v4", 32)
        return None if min(rates()) > 0 else rates()

    def falling():
        now = rates()
        return None if all(2 * rate < highest for rate, highest in zip(now, seen)) else now

    wait_for("there are rates", asking)
    seen = rates()
    wait_for("they fall", falling)


def test_foreign_services_are_not_touched(net):
    """Nor what is made by someone else where ours would be."""
    net.r1.must_run(
        "ipvsadm -A -t 203.0.113.77:80 -s rr; ipvsadm -A -t 203.0.113.10:81 -s sed"
    )
    try:
        net.configure(
            [
                "ipvs service other tcp 203.0.113.10 81",
                "ipvs service other server 198.51.100.131 81",
            ],
            "r1",
        )
        wait_for(
            "the log says why", lambda: logged(net.r1, "other: cannot add service")
        )
        hand_over(net)
        for family in VIP:
            wait_weights(net.r1, None, family)
        assert set(ipvs.services(net.r1)) == {
            "TCP 203.0.113.77:80",
            "TCP 203.0.113.10:81",
        }
        assert ipvs.services(net.r1)["TCP 203.0.113.10:81"].scheduler == "sed"
    finally:
        net.r1.run("ipvsadm -D -t 203.0.113.77:80; ipvsadm -D -t 203.0.113.10:81")


def test_what_others_do_to_our_services_is_mended(net):
    """Within some seconds."""
    net.r1.must_run(f"ipvsadm -d -t 203.0.113.10:80 -r {server('s1')}")
    net.r1.must_run("ipvsadm -D -t [2001:db8:ffff::10]:80")
    wait_weights(net.r1, {"r1": 1, "s1": 1})
    wait_weights(net.r1, {"r1": 1, "s1": 1}, "v6")


def test_killed_daemon_leaves_nothing_that_its_successor_does_not_want(net):
    """Neither service nor thread, also when the new configuration names none; a stranger's stays."""
    r1 = net.r1
    net.configure(SYNC)
    wait_for("r1 is master", lambda: differs(ipvs.daemons(r1), ["master"]))
    wait_for(
        "services of earlier tests have gone",
        lambda: differs(set(ipvs.services(r1)), set(KEYS.values())),
    )
    r1.must_run("ipvsadm -A -t 203.0.113.77:80 -s rr")
    try:
        r1.kill("vrrpd")
        net.r2.wait_state("Active")
        assert set(ipvs.services(r1)) == {*KEYS.values(), "TCP 203.0.113.77:80"}
        assert ipvs.daemons(r1) == ["master"]
        r1.start("vrrpd")  # frr.conf has nothing of IPVS
        wait_for(
            "r1 has only the stranger's service",
            lambda: differs(set(ipvs.services(r1)), {"TCP 203.0.113.77:80"}),
        )
        wait_for("no thread runs", lambda: differs(ipvs.daemons(r1), []))
        r1.wait_state("Active")
        net.configure(SERVICES, "r1")
        net.wait_names({"r1", "s1"})
    finally:
        r1.run("ipvsadm -D -t 203.0.113.77:80")


def test_graceful_stop_leaves_no_service_and_no_thread(net):
    """Services on nobody's VIP go as well."""
    net.configure(SYNC)
    net.configure(["ipvs service free tcp 203.0.113.99 80"], "r1")
    wait_for("r1 is master", lambda: differs(ipvs.daemons(net.r1), ["master"]))
    wait_for(
        "r1 has it",
        lambda: differs("TCP 203.0.113.99:80" in ipvs.services(net.r1), True),
    )
    net.r1.stop("vrrpd")
    assert ipvs.services(net.r1) == {}
    assert ipvs.daemons(net.r1) == []


def test_server_with_the_vip_does_not_answer_for_it(net):
    """arp_ignore=1 on the server; IPv6 does not answer for lo anyway."""
    wire, mac = Wire(net.r2, "eth1"), net.s1.link("eth0")["address"]
    source = dict(zip(VIP, LAN["r2"]))

    def answering():
        found = wire.who_has(VIP.values(), source)
        return [family for family, vip in VIP.items() if mac in str(found[vip])]

    assert answering() == []
    net.s1.must_run("sysctl -w net.ipv4.conf.all.arp_ignore=0")
    wait_for("s1 answers for the VIP", lambda: differs(answering(), ["v4"]))


def test_server_may_have_the_director_as_its_gateway(net):
    """With what the recipe says for it, and not without."""
    gateway = f"ip route replace default via {LAN['r1'][0]}"
    back = f"ip route replace default via {LAN['core'][0]}"
    with done_on([net.s1], [gateway], [back]):
        wait_for(
            "s1's answers are dropped by r1",
            lambda: None if "s1" not in net.names("v4", 2) else "s1 serves",
        )
        undo = [line.replace("=1", "=0") for line in ON_DIRECTOR]
        with done_on([net.r1], ON_DIRECTOR, undo):
            net.wait_names({"r1", "s1"})


def test_director_itself_is_served_when_it_speaks_from_the_lan(net):
    """By s1, as the recipe says; and not from the VIP, which it takes otherwise."""
    for family in VIP:
        r1 = LAN["r1"][family == "v6"]
        net.r1.configure(f"ipvs service web{family[1]} server {r1} 80 weight 0")
        wait_weights(net.r1, {"r1": 0, "s1": 1}, family)
    own = {"v4": OWN, "v6": OWN.replace(LAN["r1"][0], LAN["r1"][1])}
    own["v6"] = own["v6"].replace(VIP["v4"], f"[{VIP['v6']}]")
    undo = [line.replace("=1", "=0") for line in ON_DIRECTOR]
    with done_on([net.r1], ON_DIRECTOR, undo):
        for family, command in own.items():
            assert net.r1.must_run(f"{command} -sS -m 20") == "well\n"
            unbound = command.split("--interface")[0] + command.split()[-1]
            assert net.r1.run(f"{unbound} -sS -m 2")[0] == 28, f"{family} is served"
