# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 300
"""
VRRPV3-MIB (RFC 6527) by the real snmpd and snmptrapd, on r1, whose vrrpd has the module snmp.

r1 is Active for VRID 10 of both families, and for more groups, whose order as names is not that of
the MIB; far is a machine on its link that answers to nobody.
"""
import ipaddress
import os
import re
import signal
import subprocess

import pytest

from helpers import packet
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, stays, wait_for

R1, FAR = Namespace("r1"), Namespace("far")
OURS, PEER = "192.0.2.1", "192.0.2.2"
MIB = ".1.3.6.1.2.1.207"
OPERATIONS, ASSOCIATED, STATISTICS = f"{MIB}.1.1.1.1", f"{MIB}.1.1.2.1", f"{MIB}.1.2.5.1"
NEW_MASTER, PROTO_ERROR = f"{MIB}.0.1", f"{MIB}.0.2"
INTERVAL_MS = 100
TYPES = {1: "v4", 2: "v6"}
LINKS = ("eth1", "eth0")  # in the order of their indexes
SNMPD = f"""
rocommunity public 127.0.0.1
master agentx
agentXPerms 0777 0755
trap2sink 127.0.0.1 public
"""
STATUS = {"Initialize": 1, "Backup": 2, "Active": 3}
RUNNING = {}


def groups():
    """The lines of frr.conf."""
    for number, ifname in enumerate(LINKS):
        yield f"interface {ifname}"
        for vrid in (200, 10, 9):
            yield f" vrrp {vrid}"
            yield f" vrrp {vrid} priority {vrid}"
            yield f" vrrp {vrid} advertisement-interval {INTERVAL_MS}"
            yield f" vrrp {vrid} peer 192.0.{2 + number}.2"
            yield f" vrrp {vrid} ip 203.0.{113 + number}.{vrid}"
            yield f" vrrp {vrid} ip 203.0.{113 + number}.{vrid + 20}"
        yield f" vrrp 10 peer 2001:db8:{number}::2"
        yield f" vrrp 10 ipv6 2001:db8:ff:{number}::10"
        yield "exit"


def start(name, command):
    """A program that stays in the foreground."""
    log = open(f"/tmp/r1/{name}.log", "ab")  # noqa: SIM115 - the process keeps it
    RUNNING[name] = subprocess.Popen(
        f"exec ip netns exec r1 {command}", shell=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL
    )
    log.close()


def end(name):
    """And ends."""
    process = RUNNING.pop(name)
    process.kill()
    process.wait()


def start_snmpd():
    """It listens, and has the vrrpd's part of the tree."""
    start("snmpd", "snmpd -f -Lo -C -c /tmp/r1/snmpd.conf udp:127.0.0.1:161")
    wait_for("vrrpd is in snmpd's tree", lambda: None if walk(OPERATIONS) else "it is not")


def setup_module():
    """Links, whose indexes are not in the order of their names, and the daemons."""
    for machine in (R1, FAR):
        machine.build()
    for number, ifname in enumerate(LINKS):
        link(ifname, R1, f"far{number}", FAR)
        R1.must_run(
            f"ip address add 192.0.{2 + number}.1/24 dev {ifname};"
            f"ip address add 2001:db8:{number}::1/64 dev {ifname} nodad"
        )
        FAR.must_run(
            f"ip address add 192.0.{2 + number}.2/24 dev far{number};"
            f"ip address add 2001:db8:{number}::2/64 dev far{number} nodad"
        )
    R1.add_vip0()
    R1.write_conf(*groups())
    with open("/tmp/r1/snmpd.conf", "w", encoding="ascii") as file:
        file.write(SNMPD)
    start("snmptrapd", "snmptrapd -f -Lo -On -C --disableAuthorization=yes udp:127.0.0.1:162")
    R1.start("zebra")
    R1.launch("vrrpd", f"{BINARIES}/vrrpd -M snmp")
    R1.must_run("vtysh -N r1 -b -d vrrpd")
    start_snmpd()


def teardown_module():
    """Nothing is left."""
    for name in list(RUNNING):
        end(name)
    for machine in (R1, FAR):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_active():
    """All groups are Active."""
    wait_for("all are Active", lambda: differs(states(), {"Active"}))


def shown():
    """show vrrp json, by interface and VRID."""
    groups_shown = R1.show_json("vrrpd", "show vrrp json")
    return {(group["interface"], group["vrid"]): group for group in groups_shown}


def states():
    """Of all virtual routers that have VIPs."""
    return {
        group[family]["state"]
        for group in shown().values()
        for family in TYPES.values()
        if group[family]["addresses"]
    }


def walk(oid):
    """{(index, …): value} of all that is below, values without their types; in the MIB's order."""
    status, output = R1.run(f"snmpbulkwalk -v 2c -c public -On -OU -Oe -Ox 127.0.0.1 {oid}")
    found = {}
    for line in output.splitlines() if status == 0 else ():
        match = re.fullmatch(rf"{re.escape(oid)}\.([0-9.]+) = [\w-]+: (.*)", line)
        if match:
            index = tuple(int(part) for part in match[1].split("."))
            assert index not in found, f"{line} comes twice"
            found[index] = match[2].strip()
    assert list(found) == sorted(found), "it is not in order"
    return found


def value(text):
    """A number, or octets."""
    if re.fullmatch(r"([0-9A-F]{2} ?)+", text) and len(text) > 2:
        return bytes.fromhex(text)
    match = re.fullmatch(r"\((\d+)\).*|(\d+)", text)
    return int(match[1] or match[2])


def rows(oid):
    """{index: {column: value}}"""
    found = {}
    for (column, *index), text in walk(oid).items():
        found.setdefault(tuple(index), {})[column] = value(text)
    return found


def packed(address):
    """Its octets."""
    return ipaddress.ip_address(address).packed


def expected_indexes():
    """{index: (group, its family)} of all that show vrrp json has."""
    found = {}
    for (ifname, vrid), group in shown().items():
        ifindex = R1.link(ifname)["ifindex"]
        for number, family in TYPES.items():
            if group[family]["addresses"]:
                found[ifindex, vrid, number] = (group, group[family])
    return found


def test_operations_are_what_show_vrrp_says():
    """Each column of each row, and no other row."""
    table, expected = rows(OPERATIONS), expected_indexes()
    assert sorted(table) == sorted(expected) and len(expected) == 8
    for index, (group, family) in expected.items():
        row = table[index]
        assert row.pop(12) > 0
        assert row == {
            3: packed(family["active"]["address"]),
            4: packed(family["primaryAddress"]),
            5: bytes.fromhex(family["vmac"].replace(":", "")),
            6: STATUS[family["state"]],
            7: family["effectivePriority"],
            8: len(family["addresses"]),
            9: group["advertisementInterval"] // 10,
            10: 1 if group["preemptMode"] else 2,
            11: 1 if group["acceptMode"] else 2,
            13: 1,
        }, index


def test_associated_addresses_are_the_vips():
    """By an index that has them, in order."""
    found = [index for _, *index in walk(ASSOCIATED)]
    expected = [
        [*index, len(packed(vip)), *packed(vip)]
        for index, (_, family) in expected_indexes().items()
        for vip in family["addresses"]
    ]
    assert found == sorted(expected) and len(found) == 14


def test_statistics_are_those_of_show_vrrp():
    """The counters that do not count on meanwhile, and some that do."""
    for (source, ttl) in ((PEER, 64), (PEER, 255)):
        packet.send(FAR, source, OURS, packet.advert(source, OURS, 10, 0, ["203.0.113.10"]), ttl)
    wait_for(
        "both have arrived",
        lambda: differs(statistics()[2], 1) or differs(statistics()[0], 1),
    )
    table, expected = rows(STATISTICS), expected_indexes()
    assert sorted(table) == sorted(expected)
    for index, (_, family) in expected.items():
        row, told = table[index], family["statistics"]
        assert row[1] == told["activeTransitions"] == 1
        assert row[2] == 3, "nobody was Active"
        assert (row[3], row[7]) == (told["advertisementRcvd"], told["priorityZeroPktsRcvd"])
        assert (row[5], row[8]) == (told["ipTtlErrors"], told["priorityZeroPktsSent"])
        assert set(row) == set(range(1, 14))


def statistics():
    """Of VRID 10 on the first link: TTL errors, and others."""
    told = shown()["eth1", 10]["v4"]["statistics"]
    return told["ipTtlErrors"], told["advertisementSent"], told["priorityZeroPktsRcvd"]


def test_strays_are_scalars():
    """A version that there is not, for no group of ours."""
    before = scalars()
    payload = packet.advert(PEER, OURS, 77, 100, ["203.0.113.10"], version=5)
    packet.send(FAR, PEER, OURS, payload)
    wait_for("it is counted", lambda: differs(scalars()[2], before[2] + 1))
    packet.send(FAR, PEER, OURS, packet.advert(PEER, OURS, 78, 100, ["203.0.113.10"]))
    wait_for("it is counted", lambda: differs(scalars()[3], before[3] + 1))


def scalars():
    """{number: value}"""
    return {number: value(text) for (number, *_), text in walk(f"{MIB}.1.2").items() if number < 5}


def traps(oid):
    """The lines of snmptrapd about a notification."""
    with open("/tmp/r1/snmptrapd.log", encoding="utf-8", errors="replace") as file:
        return [line for line in file if f"OID: {oid}" in line]


def test_becoming_active_is_a_notification():
    """With the address and the reason, of that row."""
    index = f"{R1.link('eth1')['ifindex']}.200.1"
    before = len(traps(NEW_MASTER))
    R1.configure("interface eth1", "vrrp 200 shutdown")
    R1.wait_state("Initialize", ["v4"], 200)
    R1.configure("interface eth1", "no vrrp 200 shutdown")
    wait_for("it is told", lambda: differs(len(traps(NEW_MASTER)) > before, True))
    last = traps(NEW_MASTER)[-1]
    assert f"{OPERATIONS}.3.{index} = Hex-STRING: C0 00 02 01" in last
    assert f"{STATISTICS}.2.{index} = INTEGER: 3" in last


def test_a_protocol_error_is_a_notification():
    """With its reason."""
    payload = packet.advert(PEER, OURS, 10, 50, ["203.0.113.10"], checksum=1)
    packet.send(FAR, PEER, OURS, payload)
    wait_for(
        "it is told",
        lambda: differs(any(".6." in t and "INTEGER: 3" in t for t in traps(PROTO_ERROR)), True),
    )


def late():
    """How many advertisements left late, and how often states have changed."""
    both = [group[family] for group in shown().values() for family in TYPES.values()]
    return [(one["statistics"]["sentLate"], one["stats"]["transitions"]) for one in both]


PING_SEC = 15  # after which libnetsnmp asks whether snmpd is there


def test_snmpd_that_stands_still_delays_nobody():
    """libnetsnmp waits for its answer, but not for long; and there is more than its socket takes."""
    before = late()
    pid = int(R1.must_run("pgrep -n -x snmpd").strip())
    os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(200):
            payload = packet.advert(PEER, OURS, 10, 50, ["203.0.113.10"], checksum=1)
            packet.send(FAR, PEER, OURS, payload)
        stays("none is late", lambda: differs(late(), before), PING_SEC + 5)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_snmpd_that_starts_again_is_found():
    """Without anything to be done."""
    before = late()
    end("snmpd")
    stays("none is late", lambda: differs(late(), before), 3)
    start_snmpd()
    assert len(rows(OPERATIONS)) == 8
    assert late() == before
