# SPDX-License-Identifier: GPL-2.0-or-later
"""Things that a daemon might leave behind in a machine's kernel, before and after."""

DUMPS = (
    "ip -o -d link | sed 's/^[0-9]*: //; s/@if[0-9]*//'",
    "ip -o address | sed 's/^[0-9]*: //; s/valid_lft.*//'",
    "ip route show table all",
    "ip -6 route show table all",
    "ip rule",
    "ip -6 rule",
    "ip maddress | sed 's/^[0-9]*://'",
    "nft list ruleset 2>&1 || :",
    "grep -r . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf"
    " | grep -v stable_secret | sort",
)


def tentative(node):
    """A check: duplicate address detection is through."""
    return node.must_run("ip -6 address show tentative") or None


class Footprint:
    """The state when this is made."""

    def __init__(self, node):
        self.node = node
        self.before = self._dump()

    def changed(self):
        """A check: the machine is as it was."""
        lines = []
        for command, now in self._dump().items():
            before = self.before[command]
            lines += [f"new: {line}" for line in now if line not in before]
            lines += [f"gone: {line}" for line in before if line not in now]
        return lines or None

    def _dump(self):
        return {dump: self.node.must_run(dump).splitlines() for dump in DUMPS}
