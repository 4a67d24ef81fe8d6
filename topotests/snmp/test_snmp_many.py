# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb ns veth
# timeout: 600
"""
VRRPV3-MIB of many groups: the real snmpd walks it, and no advertisement is late for that.

r1 has GROUPS groups on some links, alone, so it is Active for all. MANY in the environment is
another number of them.
"""
import os
import signal
from collections import Counter

from helpers import snmp
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, wait_for

R1, FAR = Namespace("r1"), Namespace("far")
SNMP = snmp.Snmp(R1)
GROUPS, PER_LINK = int(os.environ.get("MANY", 1000)), 250
KEYS = [(n // PER_LINK, n % PER_LINK + 1) for n in range(GROUPS)]
LINKS = sorted({number for number, _ in KEYS})
COLUMNS = 11 + 1 + 13  # of both tables of virtual routers, and of that of VIPs
WALKS = 3


def configuration():
    """The whole frr.conf."""
    for number in LINKS:
        yield f"interface eth{number}"
        for vrid in (vrid for at, vrid in KEYS if at == number):
            yield f" vrrp {vrid}"
            yield f" vrrp {vrid} ip 10.200.{number}.{vrid}"
            yield f" vrrp {vrid} peer 10.1.{number}.2"
        yield "exit"


def setup_module():
    """Cables with silent far ends."""
    for machine in (R1, FAR):
        machine.build()
    for number in LINKS:
        link(f"eth{number}", R1, f"eth{number}", FAR)
        for machine, host in ((R1, 1), (FAR, 2)):
            machine.must_run(f"ip address add 10.1.{number}.{host}/24 dev eth{number}")
    R1.add_vip0()
    R1.write_conf(*configuration())
    SNMP.start_snmptrapd()
    R1.start("mgmtd", "zebra")
    R1.launch("vrrpd", f"{BINARIES}/vrrpd -M snmp")
    R1.must_run("vtysh -N r1 -b -d vrrpd")
    wait_active()
    SNMP.start_snmpd()
    wait_for("the start is told", lambda: differs(told(), GROUPS))


def teardown_module():
    """Nothing is left."""
    SNMP.end()
    for machine in (R1, FAR):
        machine.demolish()


def families():
    """Of show vrrp json, by interface and VRID."""
    shown = R1.show_json("vrrpd", "show vrrp json")
    return {(group["interface"], group["vrid"]): group["v4"] for group in shown}


def wait_active():
    """All are."""
    expected = {"Active": GROUPS}
    wait_for(
        f"all {GROUPS} are Active",
        lambda: differs(Counter(one["state"] for one in families().values()), expected),
        300,
    )


def late():
    """Advertisements that left late by an interval, and changes of state, of all."""
    found = families().values()
    return (
        sum(one["statistics"]["sentLate"] for one in found),
        sum(one["stats"]["transitions"] for one in found),
    )


def told():
    """Notifications that somebody is Active."""
    return len(SNMP.traps(snmp.NEW_MASTER))


def test_all_are_walked_and_none_is_late():
    """Each row is there each time, also while vrrpd has them all to send."""
    before = late()
    for _ in range(WALKS):
        walked = SNMP.walk()
        assert len(walked) == GROUPS * COLUMNS + 4
    assert late() == before
    routers = snmp.virtual_routers(R1)
    found = snmp.rows(walked, snmp.OPERATIONS)
    assert sorted(found) == sorted(routers) and len(routers) == GROUPS
    for index, (group, family) in routers.items():
        found[index].pop(snmp.UP_TIME)
        assert found[index] == snmp.operations_of(group, family), index
    assert set(snmp.below(walked, snmp.ASSOCIATED)) == {(2, *vip) for vip in snmp.vips_of(routers)}


def test_notifications_wait_for_a_subagent_that_stands_still():
    """
    Its socket does not take as many as groups that become Active. Each is told once it goes on;
    vrrpd goes on meanwhile.
    """
    before, program = told(), SNMP.program()
    os.kill(program, signal.SIGSTOP)
    try:
        R1.must_run("ip link set vip0 down")
        wait_for(
            "none is Active",
            lambda: differs({one["state"] for one in families().values()}, {"Initialize"}),
        )
        R1.must_run("ip link set vip0 up")
        wait_active()
        assert told() == before
    finally:
        os.kill(program, signal.SIGCONT)
    wait_for("each is told", lambda: differs(told(), before + GROUPS))
    assert SNMP.program() == program
    assert len(SNMP.walk()) == GROUPS * COLUMNS + 4
