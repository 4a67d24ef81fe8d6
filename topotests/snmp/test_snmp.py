# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 600
"""
VRRPV3-MIB (RFC 6527) by the real snmpd and snmptrapd, on r1, whose vrrpd has the module snmp.

r1 is Active for VRID 10 of both families, and for more groups, whose order as names is not that of
the MIB; far is a machine on its links that answers to nobody. The first tests follow each other:
there is no snmpd at first, and then there is.
"""
import json
import os
import signal
from contextlib import contextmanager

import pytest

from helpers import packet, snmp
from helpers.frames import Advert
from helpers.namespace import BINARIES, Namespace, link
from helpers.recording import Recording
from helpers.wait import differs, stays, wait_for, wait_logged

R1, FAR = Namespace("r1"), Namespace("far")
SNMP = snmp.Snmp(R1)
OURS, PEER, VIPS = "192.0.2.1", "192.0.2.2", ["203.0.113.10", "203.0.113.30"]
INTERVAL_MS = 100
LINKS = ("eth1", "eth0")  # in the order of their indexes
NO_SNMPD = 'there is no snmpd with "master agentx"'
COMES, GOES_AGAIN = "snmpd shows VRRPV3-MIB", "it is started again in"
# libnetsnmp looks for snmpd, or asks whether it is there, every five seconds
LONG_SEC = 12


def groups():
    """The lines of frr.conf."""
    for number, ifname in enumerate(LINKS):
        yield f"interface {ifname}"
        for vrid in (200, 10, 9):
            yield f" vrrp {vrid}"
            yield f" vrrp {vrid} priority {vrid}"
            yield f" vrrp {vrid} advertisement-interval {INTERVAL_MS}"
            yield f" vrrp {vrid} ttl-security hops 1"
            yield f" vrrp {vrid} peer 192.0.{2 + number}.2"
            yield f" vrrp {vrid} ip 203.0.{113 + number}.{vrid}"
            yield f" vrrp {vrid} ip 203.0.{113 + number}.{vrid + 20}"
        yield f" vrrp 10 peer 2001:db8:{number}::2"
        yield f" vrrp 10 ipv6 2001:db8:ff:{number}::10"
        yield "exit"


def start_vrrpd():
    """With its module."""
    R1.launch("vrrpd", f"{BINARIES}/vrrpd -M snmp")
    R1.must_run("vtysh -N r1 -b -d vrrpd")


def setup_module():
    """Links, whose indexes are not in the order of their names, and the daemons; no snmpd."""
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
    SNMP.start_snmptrapd()
    R1.start("mgmtd", "zebra")
    start_vrrpd()


def teardown_module():
    """Nothing is left."""
    SNMP.end()
    for machine in (R1, FAR):
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_active():
    """All eight virtual routers are Active."""
    wait_for("all are Active", lambda: differs(states(), ["Active"] * 8))


def states():
    """Of all virtual routers that have VIPs."""
    return [family["state"] for _, family in snmp.virtual_routers(R1).values()]


def transitions():
    """Of each virtual router."""
    routers = snmp.virtual_routers(R1)
    return {index: family["stats"]["transitions"] for index, (_, family) in routers.items()}


def faults():
    """What show vrrp health says beside its word."""
    # its exit status is that of the virtual routers, whose peers are silent
    return json.loads(R1.vtysh("show vrrp health json")[1])["faults"]


@contextmanager
def undisturbed():
    """
    Meanwhile no state changes, and advertisements of VRID 10 leave as they should.

    A machine under load may send some late; a daemon that stood still for a good part of this time sends
    none for as long.
    """
    before = transitions()
    recording = Recording(FAR, "far0")
    yield
    times = [
        seen.time
        for seen in recording.take()
        if isinstance(seen.what, Advert) and seen.what.vrid == 10 and seen.what.source == OURS
    ]
    lasted = times[-1] - times[0]
    longest = max(later - earlier for earlier, later in zip(times, times[1:]))
    expected = lasted * 1000 / INTERVAL_MS
    print(f"{len(times)} advertisements in {lasted:.1f} s, at most {longest * 1000:.0f} ms apart")
    assert lasted > LONG_SEC / 2
    assert longest < lasted / 8, "advertisements stood still"
    assert len(times) > 0.8 * expected, "advertisements are missing"
    assert transitions() == before


# Without snmpd, and when it comes


def test_without_snmpd_all_goes_on():
    """The log and show vrrp health say what is missing; nothing else is different."""
    wait_logged(R1, NO_SNMPD)
    [fault] = faults()
    assert NO_SNMPD in fault
    with undisturbed():
        stays("the log says it once", lambda: differs(R1.log().count(NO_SNMPD), 1), LONG_SEC)


def test_snmpd_that_comes_is_told_what_happened():
    """The notifications of the start have waited for it."""
    SNMP.start_snmpd()
    wait_for("nothing is missing", lambda: differs(faults(), []))
    assert R1.log().count(COMES) == 1
    expected = sorted(snmp.virtual_routers(R1))
    wait_for("one for each", lambda: differs(len(SNMP.traps(snmp.NEW_MASTER)), len(expected)))
    said = "".join(SNMP.traps(snmp.NEW_MASTER))
    for index in expected:
        assert f"{snmp.dotted((*snmp.OPERATIONS, 3, *index))} = " in said
    assert "Cannot find module" not in R1.log(), "it has looked for texts of MIBs"


# What is there


def test_the_whole_mib_is_what_show_vrrp_says():
    """Each column of each row, and nothing else."""
    walked, routers = SNMP.walk(), snmp.virtual_routers(R1)
    operations, statistics = (snmp.rows(walked, t) for t in (snmp.OPERATIONS, snmp.STATISTICS))
    assert sorted(operations) == sorted(statistics) == sorted(routers) and len(routers) == 8
    for index, (group, family) in routers.items():
        assert operations[index].pop(snmp.UP_TIME) > 0
        assert operations[index] == snmp.operations_of(group, family), index
        assert statistics[index].pop(snmp.REASON) == 3, "nobody was Active"
        assert statistics[index].pop(snmp.ERROR) == 0
        assert statistics[index] == snmp.statistics_of(family), index
    vips = {(2, *index): "INTEGER: 1" for index in snmp.vips_of(routers)}
    assert snmp.below(walked, snmp.ASSOCIATED) == vips and len(vips) == 14
    assert snmp.scalars(walked) == {1: 0, 2: 0, 3: 0, 4: 0}
    assert len(walked) == 8 * 11 + 14 + 8 * 13 + 4, "there is more"


def test_a_write_is_refused():
    """The configuration is vtysh's."""
    oid = snmp.dotted((*snmp.OPERATIONS, 7, *min(snmp.virtual_routers(R1))))
    status, output = R1.run(f"snmpset -v 2c -c public 127.0.0.1 {oid} u 1")
    assert status and "No Such" not in output


def send(vrid, ttl, **wrong):
    """An advertisement to r1 that may be wrong."""
    payload = packet.advert(PEER, OURS, vrid, wrong.pop("priority", 1), VIPS, **wrong)
    packet.send(FAR, PEER, OURS, payload, ttl)


def test_statistics_count():
    """Those of the peer that is wrong, or leaves; renewed once a second."""
    index = (R1.link("eth1")["ifindex"], 10, 1)

    def column(number):
        return snmp.rows(SNMP.walk(), snmp.STATISTICS)[index][number]

    send(10, 64)  # of vrrpv3StatisticsRcvdIpTtlErrors
    send(10, 255, priority=0)
    send(10, 255, interval_cs=77)
    for number in (5, 7, 4):
        wait_for(f"column {number} is 1", lambda n=number: differs(column(n), 1))
    walked, routers = SNMP.walk(), snmp.virtual_routers(R1)
    found = snmp.rows(walked, snmp.STATISTICS)[index]
    assert found.pop(snmp.REASON) == 3 and found.pop(snmp.ERROR) == 1
    assert found == snmp.statistics_of(routers[index][1])
    assert found[3] == 2, "two were accepted"


def test_strays_are_scalars():
    """What no virtual router is there for."""
    before = snmp.scalars(SNMP.walk())
    send(10, 255, checksum=1)
    send(77, 255, version=5)
    send(78, 255)
    for number in (1, 2, 3):
        wait_for(
            f"scalar {number} counts",
            lambda n=number: differs(snmp.scalars(SNMP.walk())[n], before[n] + 1),
        )


# Notifications


def test_becoming_active_is_a_notification():
    """With the address and the reason, of that row."""
    index = R1.link("eth1")["ifindex"], 200, 1
    before = len(SNMP.traps(snmp.NEW_MASTER))
    R1.configure("interface eth1", "vrrp 200 shutdown")
    wait_for("it is not Active", lambda: differs("Initialize" in states(), True))
    R1.configure("interface eth1", "no vrrp 200 shutdown")
    wait_for("it is told", lambda: differs(len(SNMP.traps(snmp.NEW_MASTER)), before + 1))
    told = SNMP.traps(snmp.NEW_MASTER)[-1]
    assert f"{snmp.dotted((*snmp.OPERATIONS, 3, *index))} = Hex-STRING: C0 00 02 01" in told
    assert f"{snmp.dotted((*snmp.STATISTICS, 2, *index))} = INTEGER: 3" in told


def test_a_protocol_error_is_a_notification():
    """With its reason, as the row has it then."""
    index = R1.link("eth1")["ifindex"], 9, 1
    send(9, 64)
    oid = snmp.dotted((*snmp.STATISTICS, 6, *index))
    wait_for(
        "it is told",
        lambda: differs(
            any(f"{oid} = INTEGER: 1" in trap for trap in SNMP.traps(snmp.PROTO_ERROR)), True
        ),
    )
    wait_for(
        "the row has it",
        lambda: differs(snmp.rows(SNMP.walk(), snmp.STATISTICS)[index][snmp.ERROR], 1),
    )


# What goes wrong


def test_snmpd_that_stands_still_delays_nobody():
    """Its subagent waits for it; vrrpd does not. What happened meanwhile is told afterwards."""
    before = len(SNMP.traps(snmp.NEW_MASTER))
    SNMP.signal_snmpd(signal.SIGSTOP)
    try:
        R1.configure("interface eth0", "vrrp 200 shutdown")
        R1.configure("interface eth0", "no vrrp 200 shutdown")
        wait_for("it is Active again", lambda: differs(states(), ["Active"] * 8))
        with undisturbed():
            stays("vrrp-snmp runs", lambda: differs(SNMP.program() is None, False), LONG_SEC)
    finally:
        SNMP.signal_snmpd(signal.SIGCONT)
    wait_for("it is told", lambda: differs(len(SNMP.traps(snmp.NEW_MASTER)) > before, True))
    wait_for("the rows are there", lambda: differs(len(rows()), 8))


def rows():
    """Of the table of virtual routers."""
    return snmp.rows(SNMP.walk(), snmp.OPERATIONS)


def test_snmpd_that_starts_again_is_found():
    """Without anything to be done."""
    SNMP.end_snmpd()
    with undisturbed():
        wait_for("that is said", lambda: differs(len(faults()), 1))
        stays("vrrpd goes on", lambda: differs(states(), ["Active"] * 8), LONG_SEC)
    SNMP.start_snmpd()
    wait_for("nothing is missing", lambda: differs(faults(), []))
    assert len(rows()) == 8


def test_a_subagent_that_dies_is_started_again():
    """After a pause, which doubles if it dies again soon."""
    said = R1.log().count(GOES_AGAIN)
    for number in range(3):
        pid = SNMP.program()
        SNMP.kill_program()
        wait_logged(R1, GOES_AGAIN, said + number + 1)
        wait_for("there is another", lambda p=pid: differs(SNMP.program() in (None, p), False))
    lines = [line for line in R1.log().splitlines() if GOES_AGAIN in line][said:]
    pauses = [int(line.rsplit(" ", 2)[1]) for line in lines]
    assert pauses[1:] == [2 * pauses[0], 4 * pauses[0]]
    assert "vrrp-snmp died by signal 9" in lines[0]
    wait_for("the rows are there", lambda: differs(len(rows()), 8))
    wait_for("nothing is missing", lambda: differs(faults(), []))


def test_the_subagent_has_no_privileges():
    """Neither capabilities, nor the priority, nor files of the daemon."""
    pid = SNMP.program()
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Amb")} == {"0" * 16}
    assert status["Uid"].split()[0] != "0"
    assert os.getpriority(os.PRIO_PROCESS, pid) == 0
    links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
    # libnetsnmp has pipes and sockets of its own
    others = [name for name in links if not name.startswith(("/dev/null", "socket:", "pipe:"))]
    assert others == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_subagent_ends_with_the_daemon(number):
    """Even while snmpd stands still, and however the daemon ends."""
    wait_for("it runs", lambda: differs(len(rows()), 8))
    SNMP.signal_snmpd(signal.SIGSTOP)
    try:
        if number == signal.SIGTERM:
            R1.stop("vrrpd")
        else:
            R1.kill("vrrpd")
        wait_for("vrrp-snmp has ended", lambda: differs(SNMP.program(), None))
    finally:
        SNMP.signal_snmpd(signal.SIGCONT)
    start_vrrpd()
    wait_for("the rows are there", lambda: differs(len(rows()), 8))
