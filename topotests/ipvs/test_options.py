# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""Typed options are in the kernel, as ipvsadm -Sn prints them."""
import re

from helpers.wait import differs, wait_for

# On addresses of no group, so they are there at once.
SERVICES = {
    (
        "tcp 203.0.113.90 80",
        "scheduler sh by-port fallback",
        "persistent 300",
        "server 198.51.100.131 80 lower-threshold 50 upper-threshold 100"
        " encapsulation gue port 5555 forwarding tunnel weight 7",
        "server 192.0.2.194 80 forwarding tunnel encapsulation gre",
        "server 2001:db8:6::194 80 forwarding tunnel",
    ): [
        "-A -t 203.0.113.90:80 -s sh -p 300 -b sh-fallback,sh-port",
        "-a -t 203.0.113.90:80 -r 198.51.100.131:80 -i -w 7"
        " --tun-type gue --tun-port 5555 --tun-nocsum",
        "-a -t 203.0.113.90:80 -r 192.0.2.194:80 -i -w 1 --tun-type gre --tun-nocsum",
        "-a -t 203.0.113.90:80 -r [2001:db8:6::194]:80 -i -w 1 --tun-type ipip",
    ],
    (
        "udp 203.0.113.90 53",
        "scheduler mh by-port",
        "one-packet",
        "persistent 7",
        "persistent 0",
        "server 198.51.100.131 5353 forwarding masquerade weight 0 upper-threshold 0",
    ): [
        "-A -u 203.0.113.90:53 -s mh -o -b mh-port",
        "-a -u 203.0.113.90:53 -r 198.51.100.131:5353 -m -w 0",
    ],
    (
        "sctp 2001:db8:ffff::90 80",
        "scheduler ovf",
        "server 2001:db8:5::131 80 upper-threshold 9",
    ): [
        "-A --sctp-service [2001:db8:ffff::90]:80 -s ovf",
        "-a --sctp-service [2001:db8:ffff::90]:80 -r [2001:db8:5::131]:80 -g -w 1",
    ],
    ("fwmark 7 ipv6", "server 2001:db8:5::131 0"): [
        "-A -f 7 -6 -s wlc",
        "-a -f 7 -6 -r [2001:db8:5::131]:0 -g -w 1",
    ],
}

# {server: (upper, lower)}, of those that have some
THRESHOLDS = {
    "198.51.100.131:80": ("100", "50"),
    "[2001:db8:5::131]:80": ("9", "0"),
}


def table(node):
    """Lines of ipvsadm -Sn, their options in one order."""
    lines = node.must_run("ipvsadm -Sn").splitlines()
    return sorted(" ".join(sorted(line.split())) for line in lines)


def thresholds(node):
    """As THRESHOLDS; ipvsadm -Sn does not tell them."""
    text = node.must_run("ipvsadm -Ln --thresholds")
    servers = re.findall(r"-> (\S+)\s+(\d+)\s+(\d+)", text)
    return {name: (upper, lower) for name, upper, lower in servers if upper != "0"}


def test_options_typed_are_in_the_kernel_and_go_with_their_lines(net):
    """Of protocols, families, marks, schedulers, tunnels and thresholds."""
    lines, expected = [], []
    for number, (typed, made) in enumerate(SERVICES.items()):
        lines += [f"ipvs service s{number} {line}" for line in typed]
        expected += [" ".join(sorted(line.split())) for line in made]
    net.r1.configure(*lines)
    wait_for("the kernel has it", lambda: differs(table(net.r1), sorted(expected)))
    assert thresholds(net.r1) == THRESHOLDS
    net.r1.configure(*(f"no ipvs service s{number}" for number in range(len(SERVICES))))
    wait_for("the kernel has none", lambda: differs(table(net.r1), []))
