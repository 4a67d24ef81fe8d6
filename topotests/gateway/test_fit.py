# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ifb macvlan ns veth
# timeout: 300
"""
Virtual routers with addresses that fit their host badly, or only seem to.

r1 has two LANs. On the first it has, when frr.conf is read, the VIPs as ordinary
addresses, as a killed keepalived leaves them. On the second its own addresses are in other
subnets than the VIPs and the host h2. The gateway of both is fe80::1.
"""
import pytest

from helpers.namespace import Namespace, link
from helpers.wait import differs, stays, wait_for, wait_logged
from helpers.wire import Wire

SWITCH, R1, H1, H2 = (Namespace(name) for name in ("switch", "r1", "h1", "h2"))
LEFT = {"v4": "192.0.2.100", "v6": "2001:db8:1::100"}
OUTSIDE = {"v4": "198.51.100.100", "v6": "2001:db8:9::100"}
GATEWAY = "fe80::1"
OWN_PEER = "192.0.2.1"
# of eth1
OWN = "203.0.113.1"
FAMILIES = ("v4", "v6")
CONF = (
    "vrrp vip-interface br9",
    "interface eth0",
    " vrrp 10",
    " vrrp 10 advertisement-interval 100",
    f" vrrp 10 ip {LEFT['v4']}",
    f" vrrp 10 ipv6 {LEFT['v6']}",
    f" vrrp 10 ipv6 {GATEWAY}",
    " vrrp 12",
    f" vrrp 12 peer {OWN_PEER}",
    " vrrp 12 ip 203.0.113.12",
    "exit",
    "interface eth1",
    " vrrp 20",
    " vrrp 20 advertisement-interval 100",
    f" vrrp 20 ip {OUTSIDE['v4']}",
    f" vrrp 20 ipv6 {OUTSIDE['v6']}",
    f" vrrp 20 ipv6 {GATEWAY}",
    "exit",
)
ROUTES = ("ip route 198.51.100.0/24 eth1", "ipv6 route 2001:db8:9::/64 eth1")


def setup_module():
    """Both LANs; the addresses are there before the daemon."""
    for node in (SWITCH, R1, H1, H2):
        node.build()
        node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
    for number, host in enumerate((H1, H2)):
        bridge = f"br{number}"
        SWITCH.must_run(
            f"ip link add {bridge} type bridge mcast_snooping 0; ip link set {bridge} up"
        )
        for port, node in ((f"r{number}", R1), (f"h{number}", host)):
            name = f"eth{number}" if node is R1 else "eth0"
            link(port, SWITCH, name, node)
            SWITCH.must_run(f"ip link set {port} master {bridge}")
    R1.must_run(
        "ip link add br9 type bridge;"
        "ip address add 192.0.2.1/24 dev eth0; ip address add 2001:db8:1::1/64 dev eth0;"
        f"ip address add {LEFT['v4']}/32 dev eth0; ip address add {LEFT['v6']}/128 dev eth0;"
        f"ip address add {OWN}/29 dev eth1"
    )
    H1.must_run("ip address add 192.0.2.9/24 dev eth0")
    H1.must_run("ip address add 2001:db8:1::9/64 dev eth0")
    H2.must_run("ip address add 198.51.100.9/24 dev eth0")
    H2.must_run("ip address add 2001:db8:9::9/64 dev eth0")
    R1.write_conf(*CONF)
    R1.boot()
    for vrid in (10, 20):
        R1.wait_state("Active", FAMILIES, vrid)


def teardown_module():
    """Nothing is left."""
    for node in (SWITCH, R1, H1, H2):
        node.demolish()


def warnings(vrid, family="v4"):
    """The warnings of show vrrp."""
    return R1.family(family, vrid).get("warnings", [])


def names(vrid, family, address):
    """Is it warned of this address?"""
    return any(f" {address} " in f"{text} " for text in warnings(vrid, family))


def test_no_line_of_a_file_is_lost():
    """Whatever state the host was in."""
    assert [line for line in CONF if line not in R1.running_config()] == []


def test_file_that_vtysh_reads_later_loses_no_line_either():
    """As frr-reload has it."""
    lines = ("interface eth0", f" vrrp 13 ip {OWN}", " vrrp 13 shutdown")
    path = f"{R1.log_directory}/more.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    R1.must_run(f"vtysh -N {R1.name} -f {path}")
    assert lines[1] in R1.running_config()
    assert names(13, "v4", OWN)
    R1.configure("interface eth0", "no vrrp 13")


@pytest.mark.parametrize(
    "line, said",
    (
        (f"vrrp 13 ip {OWN}", "is a real address of this host"),
        (f"vrrp 13 peer {OWN_PEER}", "is an address of this host"),
    ),
)
def test_the_same_typed_is_refused(line, said):
    """The operator gets the sentence."""
    status, output = R1.vtysh("configure terminal", "interface eth0", line)
    assert status != 0 and said in output, output
    assert 13 not in R1.groups()


def test_priority_of_a_group_whose_vip_the_host_has_may_change():
    """The VIP is warned of; what is typed says nothing of it."""
    R1.configure("interface eth0", "vrrp 10 priority 1", "no vrrp 10 priority")


def test_vip_that_the_host_has_is_warned_of_as_long_as_it_has_it():
    """In the log, and in show vrrp."""
    for family, address in LEFT.items():
        assert names(10, family, address), warnings(10, family)
        wait_logged(R1, f"virtual address {address} ")
        assert any("choose another, or remove it there" in w for w in warnings(10, family))
    for family, length in (("v4", 32), ("v6", 128)):
        R1.must_run(f"ip address del {LEFT[family]}/{length} dev eth0")
        wait_for(
            f"{LEFT[family]} is warned of no more",
            lambda f=family: differs(names(10, f, LEFT[f]), False),
        )
    wire = Wire(H1, "eth0")
    macs = {"v4": "00:00:5e:00:01:0a", "v6": "00:00:5e:00:02:0a"}
    wire.wait_answers(
        {LEFT[family]: [macs[family]] for family in FAMILIES},
        {"v4": "192.0.2.9", "v6": "2001:db8:1::9"},
    )


def test_peer_that_is_the_host_itself_is_warned_of():
    """It was in the file."""
    assert names(12, "v4", OWN_PEER), warnings(12)


def test_link_local_vip_may_be_on_every_link():
    """Each LAN has its own, and hears its own virtual MAC."""
    for host, vrid in ((H1, "0a"), (H2, "14")):
        Wire(host, "eth0").wait_answers(
            {GATEWAY: [f"00:00:5e:00:02:{vrid}"]}, {"v4": None, "v6": "fe80::9"}
        )


def test_link_local_vip_is_for_one_group_of_a_link():
    """On the same link it is the same address."""
    line = f"vrrp 14 ipv6 {GATEWAY}"
    status, output = R1.vtysh("configure terminal", "interface eth0", line)
    assert status != 0 and "belongs to vrrp eth0 10 already" in output, output


def test_link_local_vip_may_be_another_links_own_address():
    """Typed, too."""
    R1.must_run("ip address add fe80::77/64 dev eth1")
    wait_for(
        "zebra knows fe80::77",
        lambda: differs("fe80::77" in R1.show("zebra", "show interface eth1"), True),
    )
    R1.configure("interface eth0", "vrrp 10 ipv6 fe80::77")
    R1.configure("interface eth0", "no vrrp 10 ipv6 fe80::77")
    status, output = R1.vtysh("configure terminal", "interface eth1", "vrrp 21 ipv6 fe80::77")
    assert status != 0 and "is a real address of this host, on eth1" in output, output


def test_vip_in_no_subnet_of_its_link_is_warned_of_until_there_is_a_route():
    """Without, its hosts get no answer; with one they do."""
    pings = {family: f"ping -c 1 -W 1 {OUTSIDE[family]}" for family in FAMILIES}
    for family in FAMILIES:
        assert names(20, family, OUTSIDE[family]), warnings(20, family)
    assert H2.run(pings["v4"])[0] != 0
    R1.configure_all(*ROUTES)
    for family in FAMILIES:
        wait_for(
            f"{OUTSIDE[family]} is warned of no more",
            lambda f=family: differs(names(20, f, OUTSIDE[f]), False),
        )
        wait_for(
            f"h2 reaches {OUTSIDE[family]}",
            lambda f=family: differs(H2.run(pings[f])[0], 0),
        )


def test_reflected_advertisements_are_known_as_our_own():
    """By a switch that sends them back: told once, and not as another router."""
    said = "our own advertisements come back to us"
    # of IPv4 the kernel drops what comes from an address of its own
    for wanted, hairpin in ((True, "on"), (False, "off")):
        SWITCH.must_run(f"bridge link set dev r0 hairpin {hairpin}")
        wait_for(
            f"with hairpin {hairpin}, a warning is {wanted}",
            lambda w=wanted: differs("reflects them" in " ".join(warnings(10, "v6")), w),
        )
        stays(
            "it is Active",
            lambda: differs({R1.state(family, 10) for family in FAMILIES}, {"Active"}),
            seconds=1,
        )
    wait_for("it is logged", lambda: differs(R1.has_logged(said), True))
    assert R1.log().count(said) == 1
    assert not R1.has_logged("stays Active beside us")
