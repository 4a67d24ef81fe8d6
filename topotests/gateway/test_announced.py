# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 900
"""
VIPs are announced again when hosts, or the switch, may have been told otherwise.

One LAN has its VIPs on the interface of r1 and r2 themselves, with a lease of 6 seconds,
the other on virtual MACs of unicast peers. r1 wins wherever both are heard. What the host
h1 believes is set to the loser's MAC before, as if h1 had asked at the wrong time: h1
itself asks nobody while a test waits.
"""
import time

import pytest

from helpers.frames import ND_ADVERTISEMENT, Arp, Neighbor
from helpers.lan import (
    FAMILIES,
    INTERFACE,
    INTERVAL_MSEC,
    LOCAL_VIP,
    OWN,
    PREFIX,
    PRIORITY,
    VIP,
    VMAC,
    VRID,
    Lan,
    conf,
)
from helpers.wait import differs, stays, wait_for
from helpers.wire import Capture

ON_LINK, ON_VMAC = Lan("onlink"), Lan("onvmac")
LANS = (ON_LINK, ON_VMAC)
each_lan = pytest.mark.parametrize("lan", LANS, ids=("interface", "vmac"))
OTHER = {"r1": "r2", "r2": "r1"}
LEASE_SEC = 6
OWNED = 30
OWNERS = {"v4": "192.0.2.11", "v6": "2001:db8:1::11"}
REFRESHES_SEC = 17
NEW_MAC = "02:00:00:00:00:61"
SOON = 4
# it defends every 10 s
DEFENDED_WITHIN = 25
HEARD = {}

DEAF = (
    "nft add table inet deaf",
    "nft add chain inet deaf in '{ type filter hook input priority 0; }'",
    "nft add rule inet deaf in meta l4proto 112 counter drop",
)


def more(lan, name):
    """Configuration of the virtual routers of a LAN beyond helpers.lan, and of one that r1 owns."""
    yield f"vrrp address-lease {LEASE_SEC}"
    yield f"interface {INTERFACE}"
    for family, vrid in VRID.items():
        where = "interface" if lan is ON_LINK else "vmac"
        yield f" vrrp {vrid} placement {where}"
        if lan is ON_VMAC:
            yield f" vrrp {vrid} peer {OWN[OTHER[name]][family]}"
    if lan is ON_LINK:
        yield f" vrrp {OWNED} priority {255 if name == 'r1' else 100}"
        yield f" vrrp {OWNED} advertisement-interval {INTERVAL_MSEC}"
        yield f" vrrp {OWNED} placement interface"
        yield f" vrrp {OWNED} ip {OWNERS['v4']}"
        yield f" vrrp {OWNED} ipv6 fe80::{OWNED}"
        yield f" vrrp {OWNED} ipv6 {OWNERS['v6']}"
    yield "exit"


def setup_module():
    """Both LANs; what h1 hears from r1's becoming Active on is kept."""
    for lan in LANS:
        lan.build()
        for name in OTHER:
            lan.nodes[name].write_conf(*conf(PRIORITY[name]), *more(lan, name))
    for family, address in OWNERS.items():
        ON_LINK.r1.must_run(
            f"ip address add {address}/{PREFIX[family]} dev {INTERFACE}"
        )
    with Capture({lan: (lan.h1, INTERFACE) for lan in LANS}) as capture:
        for lan in LANS:
            lan.r1.start("vrrpd")
            lan.wait_states(r1="Active")
        for lan in LANS:
            lan.r2.start("vrrpd")
            lan.wait_states(r1="Active", r2="Backup")
        began = time.monotonic()
        wait_for(
            "all that is announced by itself is heard",
            lambda: differs(capture.heard[-1].time - began > REFRESHES_SEC, True),
        )
    for lan in LANS:
        HEARD[lan] = [heard for heard in capture.heard if heard.name is lan]


def teardown_module():
    """Nothing is left."""
    for lan in LANS:
        lan.demolish()


def mac_of(lan, name, family):
    """Where a router has its VIPs."""
    if lan is ON_VMAC:
        return VMAC[family]
    return lan.nodes[name].link(INTERFACE)["address"]


def announced(frame, mac):
    """The address that a frame says to be at a MAC, unasked; or None."""
    if isinstance(frame, Arp) and frame.sender == frame.target and frame.sender_mac == mac:
        return frame.sender
    if isinstance(frame, Neighbor) and frame.kind == ND_ADVERTISEMENT:
        if frame.mac_from == mac and "S" not in frame.flags and "O" in frame.flags:
            return frame.target
    return None


def believe(lan, address, mac):
    """h1 has that in its cache, and the switch where the MAC is."""
    lan.h1.must_run(
        f"ip neigh replace {address} lladdr {mac} nud stale dev {INTERFACE}"
    )


def wait_believed(lan, name, addresses, seconds=SOON):
    """h1, or where MACs are alike the switch, learns that addresses are at a router."""
    for family, address in addresses:
        mac = mac_of(lan, name, family)
        check = on_port if lan is ON_VMAC else in_cache
        where = name if lan is ON_VMAC else address
        wait_for(
            f"{address} is taken to be at {name}",
            lambda c=check, w=where, m=mac: c(lan, w, m),
            timeout=seconds,
        )


def in_cache(lan, address, mac):
    """A check: h1 would send there."""
    shown = lan.h1.must_run(f"ip neigh show {address} dev {INTERFACE}")
    return None if f"lladdr {mac} " in shown else shown


def on_port(lan, name, mac):
    """A check: the switch would forward there; its ports have the routers' names."""
    shown = lan.switch.must_run(f"bridge fdb show br br0 | grep {mac} || true")
    return None if f"dev {name} master" in shown else shown


def vips():
    """(family, address) of all, a link-local one among them."""
    return [("v4", VIP["v4"]), ("v6", VIP["v6"]), ("v6", LOCAL_VIP)]


def say_to_loser(lan):
    """As after a split: h1, or the switch, believes the loser, who announced last."""
    lan.wait_states(r1="Active", r2="Active")
    for family, address in vips():
        if lan is ON_LINK:
            believe(lan, address, mac_of(lan, "r2", family))
    wait_believed(lan, "r2", vips())


@each_lan
def test_active_router_announces_again_and_again(lan):
    """5 and 15 seconds after the first time, both families, and not much more often."""
    for family, address in vips():
        mac = mac_of(lan, "r1", family)
        times = [h.time for h in HEARD[lan] if announced(h.frame, mac) == address]
        offsets = [time - times[0] for time in times]
        # and while a silent router's lease may last, and when r2's is heard to begin
        assert 3 <= len(offsets) <= 12, (address, offsets)
        for second in (5, 15):
            near = [offset for offset in offsets if second - 1 < offset < second + 2]
            assert near, (address, second, offsets)


def cut(lan, how):
    """Both become Active."""
    if how == "at once":
        for name in OTHER:
            lan.switch.must_run(f"bridge link set dev {name} isolated on")
        return
    for name in OTHER:
        for command in DEAF:
            lan.nodes[name].must_run(command)


def heal(lan, how):
    """Both hear each other again, at one instant or the winner some time before."""
    if how == "at once":
        for name in OTHER:
            lan.switch.must_run(f"bridge link set dev {name} isolated off")
        return
    for name in OTHER:
        lan.nodes[name].must_run("nft delete table inet deaf")


def test_winner_that_is_still_deaf_announces_when_the_loser_has_given_way():
    """It knows from what it hears of the VIPs, and hears nothing any more."""
    lan = ON_LINK
    cut(lan, "winner first")
    try:
        say_to_loser(lan)
        lan.r2.must_run("nft delete table inet deaf")
        lan.wait_states(r1="Active", r2="Backup")
        for family, address in vips():
            believe(lan, address, mac_of(lan, "r2", family))
        wait_believed(lan, "r1", vips(), seconds=DEFENDED_WITHIN)
    finally:
        for name in OTHER:
            lan.nodes[name].run("nft delete table inet deaf")


@each_lan
@pytest.mark.parametrize("how", ("at once", "winner first"))
def test_winner_announces_when_a_split_has_healed(lan, how):
    """Whichever hears the other first; the loser has said so then."""
    cut(lan, how)
    say_to_loser(lan)
    heal(lan, how)
    lan.wait_states(r1="Active", r2="Backup")
    wait_believed(lan, "r1", vips())


def test_loser_says_so_once_and_no_host_hears_it_announce():
    """So the winner knows: after the heal one advertisement of r2's is heard, and no more."""
    lan = ON_LINK
    for command in DEAF:
        for name in OTHER:
            lan.nodes[name].must_run(command)
    lan.wait_states(r1="Active", r2="Active")
    before = lan.r2.family("v4", VRID["v4"])["statistics"]["advertisementSent"]
    lan.r1.must_run("nft delete table inet deaf")
    with Capture({"h1": (lan.h1, INTERFACE)}) as capture:
        lan.r2.must_run("nft delete table inet deaf")
        lan.wait_states(r1="Active", r2="Backup")
        sent = lan.r2.family("v4", VRID["v4"])["statistics"]["advertisementSent"]
        stays(
            "r2 is silent",
            lambda: differs(
                lan.r2.family("v4", VRID["v4"])["statistics"]["advertisementSent"], sent
            ),
            seconds=1,
        )
    assert sent > before
    mac = mac_of(lan, "r2", "v4")
    told = [announced(heard.frame, mac) for heard in capture.heard]
    assert VIP["v4"] not in told


def test_another_mac_address_is_announced():
    """Of the interface that has the VIPs."""
    lan, old = ON_LINK, mac_of(ON_LINK, "r1", "v4")
    for mac in (NEW_MAC, old):
        lan.r1.must_run(f"ip link set {INTERFACE} address {mac}")
        wait_believed(lan, "r1", vips())


def test_owner_announces_its_own_address_on_return():
    """An address that its interface has is taken as it is, and hosts are told."""
    lan = ON_LINK
    owned = list(OWNERS.items())
    lan.r1.wait_state("Active", FAMILIES, OWNED)
    lan.switch.must_run("ip link set r1 down")
    lan.r2.wait_state("Active", FAMILIES, OWNED)
    for family, address in owned:
        believe(lan, address, mac_of(lan, "r2", family))
    lan.switch.must_run("ip link set r1 up")
    lan.r1.wait_state("Active", FAMILIES, OWNED)
    lan.r2.wait_state("Backup", FAMILIES, OWNED)
    wait_believed(lan, "r1", owned)
    assert not lan.r1.has_logged("cannot add address")
    shown = lan.r1.show_json("vrrpd", "show vrrp vip json")
    assert all(vip["installed"] for vip in shown if vip["vrid"] == OWNED), shown
    for _, address in owned:
        assert f" {address}/" in lan.r1.must_run(f"ip address show dev {INTERFACE}")


@each_lan
def test_new_active_announces_when_the_lease_of_a_killed_one_has_ended(lan):
    """A host that asked meanwhile has been told where the dead router is."""
    lan.wait_states(r1="Active", r2="Backup")
    links = {f: lan.r1.family(f, VRID[f])["interface"] for f in FAMILIES}
    lan.r1.configure("no vrrp guardian")
    lan.r1.kill("vrrpd")
    lan.wait_states(r2="Active")
    for family, address in vips():
        length = 32 if family == "v4" else 128
        wait_for(
            f"the lease of {address} has ended",
            lambda f=family, a=address, n=length: lan.r1.has_not_address(
                links[f], f"{a}/{n}"
            ),
        )
        if lan is ON_LINK:
            believe(lan, address, mac_of(lan, "r1", family))
    wait_believed(lan, "r2", vips())
