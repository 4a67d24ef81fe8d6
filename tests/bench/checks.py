#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The cost of keepalived's health checks, on the servers of probes.c and at the same time.

checks.py SERVERS SECONDS: each server is checked every second, by one kind of check after the
other. It wants ip_vs, for without it keepalived checks nothing.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

import process

# Port, the check, and where the kernel counts how often one has reached a server.
CHECKS = {
    "TCP": (80, "TCP_CHECK { connect_timeout 1 }", ("Tcp", "PassiveOpens")),
    "HTTP": (
        80,
        "HTTP_GET { url { path / status_code 200 } connect_timeout 1 }",
        ("Tcp", "PassiveOpens"),
    ),
    "HTTPS": (
        443,
        "SSL_GET { url { path / status_code 200 } connect_timeout 1 }",
        ("Tcp", "PassiveOpens"),
    ),
    "ICMP": (80, "PING_CHECK { connect_timeout 1 }", ("Icmp", "InEchos")),
}
PATIENCE_SEC = 60


def configuration(kind, servers):
    """One virtual server with all of them."""
    port, check, _ = CHECKS[kind]
    yield "virtual_server 192.0.2.200 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n"
    yield " protocol TCP\n retry 0\n"
    for i in range(servers):
        yield f" real_server 127.1.{i // 250}.{1 + i % 250} {port} {{ {check} }}\n"
    yield "}\n"


def counted(table, column):
    """A counter of /proc/net/snmp."""
    lines = pathlib.Path("/proc/net/snmp").read_text().splitlines()
    names, values = (line.split()[1:] for line in lines if line.startswith(f"{table}: "))
    return int(values[names.index(column)])


def alive():
    """The number of real servers that keepalived has in the kernel."""
    return pathlib.Path("/proc/net/ip_vs").read_text().count("->") - 1


def wait_until_tried(kind, servers, began):
    """Waits until each server has been tried twice since the counter had this value."""
    end = time.monotonic() + PATIENCE_SEC
    while counted(*CHECKS[kind][2]) < began + 2 * servers:
        if time.monotonic() > end:
            sys.exit(f"keepalived does not check by {kind}: has this kernel ip_vs?")
        time.sleep(0.1)


def measure(kind, servers, seconds, where):
    """Prints a row."""
    path = pathlib.Path(where) / "keepalived.conf"
    path.write_text("".join(configuration(kind, servers)))
    command = ["keepalived", "--dont-fork", "--check", "--use-file", path]
    command += [f"--pid={where}/pid", f"--checkers_pid={where}/checkers.pid"]
    began = counted(*CHECKS[kind][2])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
        try:
            wait_until_tried(kind, servers, began)
            family = list(process.family(daemon.pid))
            before = process.cpu_sec(family), counted(*CHECKS[kind][2]), time.monotonic()
            time.sleep(seconds)
            now = process.cpu_sec(family), counted(*CHECKS[kind][2]), time.monotonic()
            cpu, tries, passed = (b - a for a, b in zip(before, now))
            memory = process.memory_kb(family)["pss"]
            print(
                f"{'keepalived, ' + kind:17}{tries / passed:6.0f} tries/s,"
                f" {alive() / servers * 100:5.1f} % good, {cpu / passed * 100:5.1f} % of a core,"
                f" {cpu / max(tries, 1) * 1e6:5.1f} us a try, {memory:.0f} KB",
                flush=True,
            )
        finally:
            daemon.terminate()


def main():
    """Runs the checks that the command line names."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as where:
        for kind in CHECKS:
            measure(kind, int(sys.argv[1]), int(sys.argv[2]), where)


main()
