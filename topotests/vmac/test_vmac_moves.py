# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge ifb macvlan nft ns veth
# timeout: 1200
"""
A virtual router moves from link to link, and leaves.

r1 (priority 150) and r2 (100) stand on a LAN with the host h1; an ifb serves as VIP
interface. Every test starts with r1 Active and r2 Backup, both with virtual MACs.
"""
import signal

import pytest

from helpers.frames import Advert
from helpers.lan import (
    FAMILIES,
    HOST,
    INTERFACE,
    INTERVAL_MSEC,
    LOWER,
    OWN,
    PRIORITY,
    VIP,
    VMAC,
    VRID,
    Lan,
    conf,
)
from helpers.wait import differs, stays, wait_for
from helpers.wire import Capture, Wire

LAN = Lan("moves")
# Each to each other one, and back.
WALK = ("interface", "vmac", "vip-interface", "interface", "vip-interface", "vmac")
# Where the address of no other host is, nobody is told of it by ARP or ND alone.
ANSWERS = {"vmac": ("v4", "v6"), "interface": ("v4", "v6"), "vip-interface": ("v4",)}
NO_FILE = f"{LAN.r1.log_directory}/no.conf"
NO_GROUPS = (f"interface {INTERFACE}", " no vrrp 10", " no vrrp 20", "exit")
# Reverts the commands that the tests type in addition to the files.
UNDO = tuple(
    f" {undo}"
    for vrid in VRID.values()
    for undo in (
        f"no vrrp {vrid} shutdown",
        f"no vrrp {vrid} placement",
        f"vrrp {vrid} version 3",
        f"vrrp {vrid} advertisement-interval {INTERVAL_MSEC}",
    )
)


def setup_module():
    """Makes it."""
    LAN.build()
    for node in (LAN.r1, LAN.r2):
        node.add_vip0()


def teardown_module():
    """Takes it down."""
    LAN.demolish()


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """h1's link."""
    return Wire(LAN.h1, INTERFACE)


@pytest.fixture(autouse=True)
def fixture_lan():
    """r1 Active, r2 Backup, with what is in their files."""
    for name in OWN:
        node = LAN.nodes[name]
        node.write_conf(*conf(PRIORITY[name])[:-1], *UNDO, "exit")
        node.revive("vrrpd")
        node.must_run(f"vtysh -N {node.name} -b -d vrrpd")
    LAN.wait_states(r1="Active", r2="Backup")


def place(name, placement):
    """Types a placement of both groups."""
    lines = [f"vrrp {vrid} placement {placement}" for vrid in VRID.values()]
    LAN.nodes[name].configure(f"interface {INTERFACE}", *lines)


def prefer(name):
    """That router becomes Active of both families, and the other one Backup."""
    priority = PRIORITY["r1"] if name == "r1" else LOWER
    lines = [f"vrrp {vrid} priority {priority}" for vrid in VRID.values()]
    LAN.r1.configure(f"interface {INTERFACE}", *lines)
    LAN.wait_states(**{n: "Active" if n == name else "Backup" for n in OWN})


def counts(name):
    """(state, transitions) of both families."""
    shown = {family: LAN.nodes[name].family(family, VRID[family]) for family in FAMILIES}
    return [(shown[f]["state"], shown[f]["stats"]["transitions"]) for f in FAMILIES]


def heard(name):
    """How many advertisements a router has accepted, by family."""
    shown = {family: LAN.nodes[name].family(family, VRID[family]) for family in FAMILIES}
    return {family: shown[family]["stats"]["adverRx"] for family in FAMILIES}


def wait_heard(name, what):
    """A router accepts what the other one sends."""
    before = heard(name)
    wait_for(
        f"{name} hears the other one of both families {what}",
        lambda: differs({f for f in FAMILIES if heard(name)[f] > before[f]}, set(FAMILIES)),
    )


def answering(name, placement):
    """Which MAC answers for the VIPs while that router is Active there."""
    own = LAN.nodes[name].link(INTERFACE)["address"]
    families = ANSWERS[placement]
    if placement == "vmac":
        return {VIP[family]: [VMAC[family]] for family in families}
    return {VIP[family]: [own] for family in families}


def test_active_moves_from_each_placement_to_each_other(wire):
    """It stays Active, is heard and answers; the other one stays Backup."""
    before = counts("r1") + counts("r2")
    for placement in WALK:
        place("r1", placement)
        wait_heard("r2", f"when r1 has gone to {placement}")
        wire.wait_answers(answering("r1", placement), HOST)
        assert counts("r1") + counts("r2") == before, f"somebody moved at {placement}"
    stays("nobody moves", lambda: differs(counts("r1") + counts("r2"), before), 4)


def test_backup_moves_from_each_placement_to_each_other(wire):
    """It stays Backup, and serves by the new link when it is its turn."""
    for placement in WALK:
        before = counts("r1") + counts("r2")
        place("r2", placement)
        wait_heard("r2", f"when it has gone to {placement}")
        assert counts("r1") + counts("r2") == before, f"somebody moved at {placement}"
        prefer("r2")
        wire.wait_answers(answering("r2", placement), HOST)
        wait_heard("r1", f"when r2 is Active at {placement}")
        prefer("r1")
        wait_heard("r2", "when it has given way")


def unicast():
    """Whether each router sends to peers."""
    return [LAN.nodes[name].family("v4", 10)["unicast"] for name in OWN]


def test_losing_the_last_peer_on_a_lan_is_a_move_as_well(wire):
    """Unicast at the VIP interface, then multicast at a virtual MAC, Active or Backup."""
    peers = {"r1": OWN["r2"]["v4"], "r2": OWN["r1"]["v4"]}
    for no, *more in (("",), ("no ", "vrrp 10 placement vmac")):
        for name, peer in peers.items():
            lines = [f"{no}vrrp 10 peer {peer}", *more]
            LAN.nodes[name].configure(f"interface {INTERFACE}", *lines)
        wait_for("both have settled", lambda no=no: differs(unicast(), [not no, not no]))
        LAN.wait_states(r1="Active", r2="Backup")
        wait_heard("r2", "by unicast" if not no else "by multicast")
    before = counts("r1") + counts("r2")
    wire.wait_answers(answering("r1", "vmac"), HOST)
    stays("nobody moves", lambda: differs(counts("r1") + counts("r2"), before), 4)


def warnings():
    """The warnings of r1."""
    groups = LAN.r1.groups().values()
    return [text for g in groups for f in FAMILIES for text in g[f].get("warnings", [])]


def test_move_warns_of_nothing_that_goes_with_it():
    """The old link's address is ours, and on its way out."""
    for placement in ("interface", "vmac"):
        place("r1", placement)
        assert not [text for text in warnings() if "also configured on" in text]
    assert not LAN.r1.has_logged("is also configured on eth0")
    LAN.r1.must_run(f"ip address add {VIP['v4']}/24 dev {INTERFACE}")
    try:
        wait_for(
            "an address of the operator's is warned of",
            lambda: None if [t for t in warnings() if "also configured on" in t] else "nothing",
        )
    finally:
        LAN.r1.must_run(f"ip address del {VIP['v4']}/24 dev {INTERFACE}")


# Leaving


def write(path, *lines):
    """A file of configuration."""
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def by_command():
    """Typed."""
    LAN.r1.configure(f"interface {INTERFACE}", "no vrrp 10", "no vrrp 20")


def by_file():
    """As reload does it."""
    write(NO_FILE, *NO_GROUPS)
    LAN.r1.must_run(f"vtysh -N {LAN.r1.name} -d vrrpd -f {NO_FILE}")


def by_shutdown():
    """Typed."""
    LAN.r1.configure(f"interface {INTERFACE}", "vrrp 10 shutdown", "vrrp 20 shutdown")


def by_its_last_address():
    """Typed."""
    lines = [f"no vrrp 10 ip {VIP['v4']}", f"no vrrp 20 ipv6 {VIP['v6']}"]
    LAN.r1.configure(f"interface {INTERFACE}", *lines, "no vrrp 20 ipv6 fe80::20")


def by_another_version():
    """It begins anew in that; IPv6 has none of it."""
    LAN.r1.configure(
        f"interface {INTERFACE}",
        "vrrp 10 advertisement-interval 1000",
        "vrrp 10 version 2",
        "no vrrp 20",
    )


def by_end_of_the_daemon():
    """SIGTERM."""
    LAN.r1.stop("vrrpd")


WAYS = (
    by_command,
    by_file,
    by_shutdown,
    by_its_last_address,
    by_another_version,
    by_end_of_the_daemon,
)


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("placement", ("vmac", "interface", "vip-interface"))
def test_leaving_sends_priority_zero(leave, placement):
    """Whichever way: the other one need not wait."""
    place("r1", placement)
    with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
        leave()
        wait_for(
            "r1 says of both that it leaves",
            lambda: differs(released(capture), set(VRID.values())),
        )
    assert not LAN.r1.has_logged("is a leftover of an earlier vrrpd"), "of its own"


def test_file_that_is_read_again_may_end_groups():
    """SIGHUP, with a file of the daemon's own."""
    r1, path = LAN.r1, f"{LAN.r1.log_directory}/vrrpd.conf"
    write(path, *conf(PRIORITY["r1"]))
    r1.stop("vrrpd")
    r1.launch("vrrpd", f"/usr/lib/frr/vrrpd -f {path}")
    LAN.wait_states(r1="Active", r2="Backup")
    write(path, *NO_GROUPS)
    with Capture({"h1": (LAN.h1, INTERFACE)}) as capture:
        r1.signal("vrrpd", signal.SIGHUP)
        wait_for(
            "r1 says of both that it leaves",
            lambda: differs(released(capture), set(VRID.values())),
        )
    assert not r1.has_logged("is a leftover of an earlier vrrpd"), "of its own"
    r1.stop("vrrpd")


def released(capture):
    """The VRIDs of which priority 0 was heard."""
    frames = [heard_.frame for heard_ in list(capture.heard)]
    return {
        f.vrid
        for f in frames
        if isinstance(f, Advert) and (f.version, f.priority) == (3, 0)
    }
