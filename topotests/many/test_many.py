# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 600
"""
Many groups on one router, many VIPs in one, and a router that has too much to do.

r1 has GROUPS groups on some links, alone, so it is Active for all. What happens to
all of them at once is to cost little more than what happens to one; what is done to
one leaves the others alone. Speed is measured elsewhere (tests/bench), here it is
counted: system calls, transitions, sockets, words of the kernel. INTERVAL_MS in the environment is
that of all groups.
"""
import os
import signal
import socket
from collections import Counter

import pytest

from helpers.calls import Calls
from helpers.events import Recorder
from helpers.listen import socket_in
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, stays, wait_for

R1, FAR = Namespace("r1"), Namespace("far")
GROUPS, PER_LINK = 1000, 250
CROWD_SEC = 0.15 * GROUPS  # the least lease of so many
KEYS = [(f"eth{n // PER_LINK}", n % PER_LINK + 1) for n in range(GROUPS)]
LINKS = sorted({ifname for ifname, _ in KEYS})
ONE = ("eth0", 7)
# One batch each way is a handful; one for each group would be GROUPS and more.
FEW = GROUPS // 10
CONF = "/etc/frr/r1/frr.conf"
RELOAD = "/usr/lib/frr/frr-reload.py"
INTERVAL_MS = int(os.environ.get("INTERVAL_MS", 1000))
INTERVAL_SEC = INTERVAL_MS / 1000
FLOOD = 40000


def on(ifname, network, host):
    """An address of a link: 10.1.*.* is the routers', 10.200.*.* the VIPs'."""
    return f"10.{network}.{ifname.removeprefix('eth')}.{host}"


VIPS = {f"{on(ifname, 200, vrid)}/32" for ifname, vrid in KEYS}


def group(ifname, vrid):
    """The configuration of a group."""
    return (
        f" vrrp {vrid}",
        f" vrrp {vrid} advertisement-interval {INTERVAL_MS}",
        f" vrrp {vrid} ip {on(ifname, 200, vrid)}",
        f" vrrp {vrid} peer {on(ifname, 1, 2)}",
    )


def configuration():
    """The whole frr.conf."""
    for ifname in LINKS:
        yield f"interface {ifname}"
        for key in KEYS:
            if key[0] == ifname:
                yield from group(*key)
        yield "exit"


def setup_module():
    """Cables with silent far ends."""
    for machine in (R1, FAR):
        machine.build()
    for ifname in LINKS:
        link(ifname, R1, ifname, FAR)
        for machine, host in ((R1, 1), (FAR, 2)):
            machine.must_run(f"ip address add {on(ifname, 1, host)}/24 dev {ifname}")
    R1.add_vip0()
    R1.write_conf(*configuration())
    R1.boot()


def teardown_module():
    """Nothing is left."""
    for machine in (R1, FAR):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_active():
    """r1 is Active for all."""
    wait_states("Active")


def groups():
    """show vrrp json, by interface and VRID."""
    shown = R1.show_json("vrrpd", "show vrrp json")
    return {(found["interface"], found["vrid"]): found for found in shown}


def states():
    """How many groups are in which state."""
    return Counter(found["v4"]["state"] for found in groups().values())


def wait_states(state):
    """All are in this state."""
    wait_for(
        f"all {GROUPS} groups are {state}",
        lambda: differs(dict(states()), {state: GROUPS}),
    )


def transitions():
    """Changes of state so far, by group."""
    return {
        key: found["v4"]["stats"]["transitions"] for key, found in groups().items()
    }


def of_all(counter):
    """That counter, of each group."""
    return {key: found["v4"]["statistics"][counter] for key, found in groups().items()}


def zebra_work_left(state):
    """A check: zebra has a route to each VIP of Active groups, and to none else."""
    shown = R1.show_json("zebra", "show ip route table 112 json")
    return differs(len(shown), GROUPS if state == "Active" else 0)


# Events of all groups


def test_all_that_leave_and_come_cost_one_batch():
    """
    The VIP interface goes down and up again: no netlink request for each group. They come
    up when their timers say so; those of half a millisecond together. And zebra may take
    its time: what it has not yet withdrawn is no leftover.
    """
    for verb, state in (("down", "Initialize"), ("up", "Active")):
        with Calls(R1, "vrrpd", "sendmsg", "sendmmsg") as calls:
            R1.must_run(f"ip link set vip0 {verb}")
            wait_states(state)
        assert calls.of("sendmsg") < FEW, f"{verb}: {calls.counts} for {GROUPS} groups"
        wait_for("zebra has no more to do", lambda s=state: zebra_work_left(s))


def test_a_zebra_that_is_slow_to_withdraw_is_not_taken_for_one_that_was_killed():
    """It says nothing for seconds, and holds the route of a group that has left."""
    since = len(R1.log())
    R1.signal("zebra", signal.SIGSTOP)
    try:
        R1.configure(f"interface {ONE[0]}", f"vrrp {ONE[1]} shutdown")
        stays(
            "nothing is taken out of the table",
            lambda: R1.log()[since:] if "killed zebra" in R1.log()[since:] else None,
            2.5,
        )
    finally:
        R1.signal("zebra", signal.SIGCONT)
        R1.configure(f"interface {ONE[0]}", f"no vrrp {ONE[1]} shutdown")


def short_leases():
    """None, or those that end sooner than 1000 VIPs allow."""
    vips = R1.show_json("vrrpd", "show vrrp vip json")
    return [vip for vip in vips if not CROWD_SEC / 2 < vip["leaseLeft"] <= CROWD_SEC][:3] or None


def test_leases_of_a_crowd_are_longer_and_renewed_one_by_one():
    """Each renewal is work for zebra and routing protocols that grows with the number of VIPs."""
    asked_sec, most_a_second, watched_sec = 12, 10, 24
    R1.configure(f"vrrp address-lease {asked_sec}")
    try:
        wait_for("all have the lease of a crowd", short_leases)
        with Recorder(R1) as record:
            stays("all are Active", lambda: differs(len(states()), 1), watched_sec)
    finally:
        R1.configure("no vrrp address-lease")
    seconds = Counter()
    for event in record.events:
        assert event.verb == "add" or event.prefix not in VIPS, f"it went: {event}"
        if event.kind == "address" and event.prefix in VIPS:
            seconds[int(event.time)] += 1
    assert seconds, "none was renewed"
    assert sum(seconds.values()) <= 2 * most_a_second * watched_sec, f"renewed: {seconds}"
    assert max(seconds.values()) < GROUPS / 10, f"renewed in each second: {seconds}"


TRACKED = "/tmp/tracked-by-all"


def write_tracked(number):
    """As an editor does it."""
    with open(f"{TRACKED}.new", "w", encoding="ascii") as file:
        file.write(f"{number}\n")
    os.chmod(f"{TRACKED}.new", 0o644)
    os.rename(f"{TRACKED}.new", TRACKED)


def type_for_all(line):
    """A line that all groups get, or lose."""
    path = f"{R1.log_directory}/all.conf"
    with open(path, "w", encoding="ascii") as file:
        for ifname in LINKS:
            file.write(f"interface {ifname}\n")
            file.writelines(line.format(vrid) + "\n" for name, vrid in KEYS if name == ifname)
            file.write("exit\n")
    R1.must_run(f"vtysh -N r1 -d vrrpd -f {path}")


def tracked():
    """State and users of each object that is tracked."""
    shown = R1.show_json("vrrpd", "show vrrp track json")
    return [(one["state"], one["users"]) for one in shown]


def advertised():
    """How many groups advertise which priority."""
    return Counter(found["v4"]["active"]["priority"] for found in groups().values())


def test_what_all_groups_track_is_looked_at_once():
    """A file: read once for all, and all advertise what is left of their priority."""
    write_tracked(0)
    type_for_all(f"vrrp {{}} track file {TRACKED}")
    try:
        before = transitions()
        wait_for("all track it, and it is up", lambda: differs(tracked(), [("up", GROUPS)]))
        for number in (40, 0):
            with Calls(R1, "vrrpd", "openat") as calls:
                write_tracked(number)
                wait_for(
                    f"all advertise {100 - number}",
                    lambda n=number: differs(dict(advertised()), {100 - n: GROUPS}),
                )
            assert calls.of("openat") < FEW, f"{calls.counts} for {GROUPS} groups"
        assert transitions() == before
    finally:
        type_for_all(f"no vrrp {{}} track file {TRACKED}")
        os.remove(TRACKED)


AWAY_SEC = 4 * INTERVAL_SEC  # longer than others wait
SO_RCVBUFFORCE, ROOM = 33, 1 << 24


def heard(listener):
    """The groups of which an advertisement has come, with the priority that it had."""
    found = set()
    while True:
        try:
            data = listener.recv(2048, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return found
        network = data[18]  # 10.1.*.2 is where it goes
        found.add(((f"eth{network}", data[21]), data[22]))


def test_nobody_notices_a_restart_of_all():
    """While nobody is there the guardian advertises for each, until it is configured again."""
    watchfrr = f"{BINARIES}/watchfrr -d -N r1 -r '/bin/false %s' mgmtd zebra vrrpd"
    R1.must_run(f"{watchfrr} >/dev/null 2>&1")
    with socket_in(FAR, socket.AF_INET, socket.SOCK_RAW, 112) as listener:
        R1.must_run("vtysh -N r1 -d vrrpd -c 'vrrp restart'")
        wait_for("vrrpd has ended", lambda: "it runs" if R1.alive("vrrpd") else None)
        R1.kill("watchfrr")
        listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        heard(listener)
        stays("nobody is there", lambda: "it runs" if R1.alive("vrrpd") else None, AWAY_SEC)
        assert heard(listener) == {(key, 100) for key in KEYS}
    R1.start("vrrpd")
    wait_states("Active")
    reasons = Counter(found["v4"]["lastReason"] for found in groups().values())
    assert reasons == {"resumed": GROUPS}


# Events of one group


def test_a_reload_of_one_line_moves_one_group():
    """frr-reload, for real: no other group moves, and no socket or address of any."""
    before, sockets, since = transitions(), R1.raw_sockets("vrrpd"), len(R1.log())
    sent = of_all("advertisementSent")
    with open(CONF, encoding="ascii") as file:
        lines = file.read().splitlines()
    place = lines.index(" vrrp 7") + 1
    R1.write_conf(*lines[:place], " vrrp 7 priority 110", *lines[place:])
    try:
        with Recorder(R1) as record:
            R1.must_run(f"{RELOAD} --reload -N r1 {CONF}")
            wait_for(
                "all go on advertising",
                lambda: None
                if all(now > sent[key] + 1 for key, now in of_all("advertisementSent").items())
                else "not yet",
            )
        priorities = {key: found["priority"] for key, found in groups().items()}
        assert priorities == {**dict.fromkeys(KEYS, 100), ONE: 110}
        moved = {key for key, count in transitions().items() if count != before[key]}
        assert not moved, f"these groups changed their state: {moved}"
        assert " -> " not in R1.log()[since:], "the log tells of transitions"
        assert R1.raw_sockets("vrrpd") == sockets
        gone = [event for event in record.events if event.verb == "del"]
        assert not [event for event in gone if event.prefix in VIPS], gone
    finally:
        R1.write_conf(*lines)
        R1.must_run(f"{RELOAD} --reload -N r1 {CONF}")


def test_a_file_with_many_interface_lines_is_one_transaction():
    """frr-reload writes a group line by line, each under "interface": it starts complete."""
    vrid = PER_LINK + 1
    lines = (*group("eth0", vrid), f" vrrp {vrid} ip 224.0.0.1", f" vrrp {vrid} version 2")
    path = f"{R1.log_directory}/pieces.conf"
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"interface eth0\n{line}\nexit\n" for line in lines)
    try:
        status, output = R1.run(f"vtysh -N r1 -d vrrpd -f {path}")
        assert "224.0.0.1" in output, f"not refused ({status}): {output}"
        wait_for(
            "the group is Active", lambda: differs(R1.state("v4", vrid), "Active")
        )
        # its version changed while it ran, it would have left the election and come back
        seen = R1.transitions(vrid)[0]
        assert seen == 2, f"it changed its state {seen} times: it began in pieces"
        assert R1.groups()[vrid]["version"] == 2
    finally:
        R1.configure("interface eth0", f"no vrrp {vrid}")


# Limits of a group

FULL, FULL_VRID = 255, 255
FULL_VIPS = {
    "ip": [f"10.201.0.{n}" for n in range(1, FULL + 1)],
    "ipv6": [f"2001:db8:201::{n:x}" for n in range(1, FULL + 1)],
}
FULL_OWN = {R1.name: ("10.1.0.1", "2001:db8:1::1"), FAR.name: ("10.1.0.2", "2001:db8:1::2")}


def full_group(machine, peer, priority):
    """A group with as many VIPs as an advertisement has room for."""
    yield "interface eth0"
    for family, vips in FULL_VIPS.items():
        yield from (f" vrrp {FULL_VRID} {family} {vip}" for vip in vips)
    yield from (f" vrrp {FULL_VRID} peer {address}" for address in FULL_OWN[peer.name])
    yield f" vrrp {FULL_VRID} priority {priority}"
    yield "exit"
    machine.must_run(f"ip address replace {FULL_OWN[machine.name][1]}/64 dev eth0 nodad")


def full_vips_on(machine):
    """How many of them a machine has, of each family."""
    on_link = {address.split("/")[0] for address in machine.addresses("vip0")}
    return [len(on_link.intersection(vips)) for vips in FULL_VIPS.values()]


def wait_full(machine, state, count):
    """The group is in that state, and this many of its VIPs are there."""
    machine.wait_state(state, vrid=FULL_VRID)
    wait_for(
        f"{machine.name} has {count} VIPs of each family",
        lambda: differs(full_vips_on(machine), [count, count]),
    )


def test_a_group_has_all_the_vips_an_advertisement_has_room_for():
    """The IPv6 ones go in fragments; a Backup hears them, and takes all over."""
    path = f"{R1.log_directory}/full.conf"
    FAR.add_vip0()
    FAR.write_conf(*full_group(FAR, R1, 100))
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in full_group(R1, FAR, 200))
    R1.must_run(f"vtysh -N r1 -d vrrpd -f {path}")
    try:
        wait_full(R1, "Active", FULL)
        FAR.boot()
        wait_full(FAR, "Backup", 0)
        heard = [FAR.family(f, FULL_VRID)["stats"]["adverRx"] for f in ("v4", "v6")]
        stays(
            "far stays Backup",
            lambda: differs(FAR.state("v6", FULL_VRID), "Backup"),
            5 * INTERVAL_SEC,
        )
        now = [FAR.family(f, FULL_VRID)["stats"]["adverRx"] for f in ("v4", "v6")]
        assert all(after > before for after, before in zip(now, heard)), (heard, now)
        status, output = R1.vtysh(
            "configure terminal", "interface eth0", f"vrrp {FULL_VRID} ip 10.201.1.1"
        )
        assert status and "one too many" in output, output
        R1.kill("vrrpd")
        wait_full(FAR, "Active", FULL)
    finally:
        if FAR.alive("vrrpd"):
            FAR.stop("vrrpd")
        R1.revive("vrrpd")


# Too much to do


def is_stopped():
    """A check: vrrpd stands still."""
    with open(f"/proc/{R1.pid('vrrpd')}/stat", encoding="ascii") as file:
        return differs(file.read().rsplit(")", 1)[1].split()[0], "T")


def wait_log(words, since):
    """vrrpd logs that."""
    wait_for(
        f"the log says '{words}'",
        lambda: None if words in R1.log()[since:] else R1.log()[-400:],
    )


def test_late_advertisements_are_counted_and_told():
    """Late by an interval, but not so late that another has taken over."""
    R1.must_run("vtysh -N r1 -d vrrpd -c 'clear vrrp statistics'")
    since = len(R1.log())
    R1.signal("vrrpd", signal.SIGSTOP)
    wait_for("vrrpd stops", is_stopped)
    stays("vrrpd stands still", is_stopped, 2.1 * INTERVAL_SEC)
    R1.signal("vrrpd", signal.SIGCONT)
    wait_log("ms late, every 1000 ms", since)
    wait_for(
        "all are counted as late",
        lambda: [key for key, count in of_all("sentLate").items() if not count] or None,
    )
    assert R1.log()[since:].count("ms late") == 1, "told for each group"


def test_lost_packets_are_counted_and_told():
    """More than the receive buffer holds come while nobody reads."""
    since = len(R1.log())
    with socket_in(FAR, socket.AF_INET, socket.SOCK_RAW, 112) as sender:
        R1.signal("vrrpd", signal.SIGSTOP)
        for _ in range(FLOOD):
            sender.sendto(bytes(8), (on("eth0", 1, 1), 0))
        R1.signal("vrrpd", signal.SIGCONT)
        # the kernel tells with what it receives afterwards
        wait_for("packets are counted as lost", lambda: is_lost(sender))
    wait_log("are lost; in the last second or two, ", since)
    assert lost()["ipv6"] == 0


def lost():
    """Packets without room in the receive buffers, by family."""
    return R1.show_json("vrrpd", "show vrrp statistics json")["lost"]


def is_lost(sender):
    """A check: there is room again, and something was lost."""
    sender.sendto(bytes(8), (on("eth0", 1, 1), 0))
    return None if lost()["ipv4"] else "nothing"
