# SPDX-License-Identifier: GPL-2.0-or-later
"""
The real snmpd and snmptrapd of a machine, and VRRPV3-MIB (RFC 6527) as they have it.

snmpd is started as Debian's unit starts it, with Debian's own configuration and the file that
doc/user/show.md prints. Debian has no text of the MIB, so names are numbers here.
"""
import ipaddress
import os
import re
import signal
import subprocess

from helpers.recipe import printed
from helpers.router import Machine
from helpers.wait import wait_for

DOCUMENT, HEADING = "doc/user/show.md", "SNMP"
SNIPPET = "/etc/snmp/snmpd.conf.d/vrrp.conf"
SNMPD = "snmpd -Lo -u Debian-snmp -g Debian-snmp -I -smux,mteTrigger,mteTriggerConf -f"
# no texts of MIBs: Debian has few, and those name others
SNMPTRAPD = "env MIBS= snmptrapd -f -Lo -On -Oe -Ox -C --disableAuthorization=yes udp:127.0.0.1:162"
PROGRAM = "vrrp-snmp"

MIB = 1, 3, 6, 1, 2, 1, 207
OPERATIONS, ASSOCIATED = (*MIB, 1, 1, 1, 1), (*MIB, 1, 1, 2, 1)
SCALARS, STATISTICS = (*MIB, 1, 2), (*MIB, 1, 2, 5, 1)
NEW_MASTER, PROTO_ERROR = (*MIB, 0, 1), (*MIB, 0, 2)
FAMILIES = {1: "v4", 2: "v6"}


def dotted(oid):
    """As net-snmp writes it with -On."""
    return "".join(f".{number}" for number in oid)


def value(text):
    """A number, or octets."""
    if text.startswith("Hex-STRING: "):
        return bytes.fromhex(text.split(": ")[1])
    return int(text.split(": ")[-1])  # a time has no kind


class Snmp:
    """Of one machine."""

    def __init__(self, machine):
        self.machine = machine
        self.running = {}

    def _start(self, name, command):
        """A program that stays in the foreground."""
        # emptied: another test in this lab may have written to it
        path = os.path.join(self.machine.log_directory, f"{name}.log")
        with open(path, "wb") as log:
            self.running[name] = subprocess.Popen(  # pylint: disable=consider-using-with
                f"exec ip netns exec {self.machine.name} {command}",
                shell=True,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def start_snmptrapd(self):
        """Which writes down what snmpd sends it."""
        self._start("snmptrapd", SNMPTRAPD)

    def start_snmpd(self):
        """And waits until it has the rows."""
        with open(SNIPPET, "w", encoding="ascii") as file:
            file.write(printed(HEADING, "snmpd", DOCUMENT))
        self._start("snmpd", SNMPD)
        wait_for("vrrp-snmp is in snmpd's tree", lambda: None if self.walk() else "it is not")

    def end_snmpd(self):
        """At once."""
        self._end("snmpd")

    def end(self):
        """Ends all."""
        for name in list(self.running):
            self._end(name)

    def _end(self, name):
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def signal_snmpd(self, number):
        """SIGSTOP, SIGCONT."""
        self.running["snmpd"].send_signal(number)

    def program(self):
        """The process id of vrrp-snmp; None when there is none."""
        for pid in Machine().must_run(f"ip netns pids {self.machine.name}").split():
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                    name, state = re.fullmatch(r"\d+ \((.*)\) (\w) .*\n", file.read()).groups()
            except OSError:
                continue
            if name == PROGRAM and state != "Z":
                return int(pid)
        return None

    def kill_program(self):
        """SIGKILL."""
        os.kill(self.program(), signal.SIGKILL)

    def walk(self):
        """{oid below MIB: value} of the whole MIB, in its order; {} when there is nothing."""
        status, output = self.machine.run(
            f"env MIBS= snmpbulkwalk -v 2c -c public -t 20 -r 0 -On -Oe -Ox -Ot 127.0.0.1 {dotted(MIB)}"
        )
        if status or "No Such" in output:
            return {}
        line = rf"^{re.escape(dotted(MIB))}\.([0-9.]+) = (?!No more)(.*)$"
        lines = re.findall(line, output, re.MULTILINE)
        oids = [tuple(int(number) for number in oid.split(".")) for oid, _ in lines]
        assert oids == sorted(set(oids)), f"not in order, or something comes twice:\n{output}"
        return {oid: text for oid, (_, text) in zip(oids, lines)}

    def traps(self, notification):
        """The lines of snmptrapd about a notification."""
        path = os.path.join(self.machine.log_directory, "snmptrapd.log")
        with open(path, encoding="utf-8", errors="replace") as file:
            return [line for line in file if f"OID: {dotted(notification)}\t" in f"{line.rstrip()}\t"]


def below(walked, table):
    """{index below the table: text}"""
    start = table[len(MIB) :]
    return {oid[len(start) :]: text for oid, text in walked.items() if oid[: len(start)] == start}


def rows(walked, table):
    """{index: {column: value}}"""
    found = {}
    for (column, *index), text in below(walked, table).items():
        found.setdefault(tuple(index), {})[column] = value(text)
    return found


def scalars(walked):
    """{number: value}"""
    return {oid[0]: value(text) for oid, text in below(walked, SCALARS).items() if oid[1:] == (0,)}


def packed(address):
    """Its octets."""
    return ipaddress.ip_address(address).packed


def virtual_routers(machine):
    """{index: (group, its family)} of all of show vrrp json that have VIPs."""
    indexes = {}
    found = {}
    for group in machine.show_json("vrrpd", "show vrrp json"):
        ifname = group["interface"]
        if ifname not in indexes:
            indexes[ifname] = machine.link(ifname)["ifindex"]
        for number, family in FAMILIES.items():
            if group[family]["addresses"]:
                found[indexes[ifname], group["vrid"], number] = (group, group[family])
    return found


# The columns of the two tables that follow from what show vrrp json says.

STATUS = {"Initialize": 1, "Backup": 2, "Active": 3}
UP_TIME, REASON, ERROR, REFRESH = 12, 2, 6, 13
ZERO_TIME = 12


def operations_of(group, family):
    """All columns but the time."""
    return {
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
    }


def statistics_of(family):
    """All columns but the reasons."""
    told = family["statistics"]
    return {
        1: told["activeTransitions"],
        3: told["advertisementRcvd"],
        4: told["intervalErrors"] + told["intervalDifferences"],
        5: told["ipTtlErrors"],
        7: told["priorityZeroPktsRcvd"],
        8: told["priorityZeroPktsSent"],
        9: told["invalidTypePktsRcvd"],
        10: told["addressListErrors"] + told["addressListDifferences"],
        11: told["packetLengthErrors"],
        ZERO_TIME: 0,
        REFRESH: 1000,
    }


def vips_of(routers):
    """The indexes of vrrpv3AssociatedIpAddrTable."""
    return {
        (*index, len(packed(vip)), *packed(vip))
        for index, (_, family) in routers.items()
        for vip in family["addresses"]
    }
