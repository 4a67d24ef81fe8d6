# SPDX-License-Identifier: GPL-2.0-or-later
"""
The pair of doc/user/recipes.md's BGP, in namespaces, with what another recipe adds to both.

    r1 ===+
          core --- h1
    r2 ===+

A drain needs a dummy, and so does a test of this. core is AS 65100 and takes every path; of equal ones it uses all. Timers of BGP are short, and
vrrpd's advertisements far apart: a busy machine moves nothing by itself.
"""
import re

from helpers.namespace import Namespace, link
from helpers.recipe import addition, complete
from helpers.wait import differs, wait_for

FAMILIES = ("v4", "v6")
VIPS = {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"}
PREFIXES = {"v4": "203.0.113.10/32", "v6": "2001:db8:ffff::10/128"}
DAEMONS = ("mgmtd", "zebra", "bgpd")
CLIENT = {"v4": "192.0.2.130", "v6": "2001:db8:4::130"}
GROUP = "interface eth0"
# how r2 differs from what is printed for both
OF_R2 = (
    ("router bgp 65001", "router bgp 65002"),
    ("192.0.2.62", "198.51.100.62"),
    ("2001:db8:1::ff", "2001:db8:2::ff"),
)
SPARE = "vrrp 10 advertisement-interval 1000", "vrrp 10 startup-hold 0"
CORE = """\
ip router-id 192.0.2.129
interface r1
 ip address 192.0.2.62/26
 ipv6 address 2001:db8:1::ff/64
exit
interface r2
 ip address 198.51.100.62/26
 ipv6 address 2001:db8:2::ff/64
exit
interface h1
 ip address 192.0.2.129/26
 ipv6 address 2001:db8:4::129/64
exit
router bgp 65100
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 bgp bestpath as-path multipath-relax
 neighbor 192.0.2.1 remote-as 65001
 neighbor 192.0.2.1 timers connect 1
 neighbor 198.51.100.1 remote-as 65002
 neighbor 198.51.100.1 timers connect 1
 neighbor 2001:db8:1::1 remote-as 65001
 neighbor 2001:db8:1::1 timers connect 1
 neighbor 2001:db8:2::1 remote-as 65002
 neighbor 2001:db8:2::1 timers connect 1
 address-family ipv4 unicast
  redistribute connected
  neighbor 192.0.2.1 activate
  neighbor 198.51.100.1 activate
 exit-address-family
 address-family ipv6 unicast
  redistribute connected
  neighbor 2001:db8:1::1 activate
  neighbor 2001:db8:2::1 activate
 exit-address-family
exit
"""


class Pair:
    """The four machines, by name; all is as printed under this heading, and running."""

    def __init__(self, heading, *more):
        self.nodes = {name: Namespace(name) for name in ("r1", "r2", "core", "h1")}
        for node in self.nodes.values():
            node.build()
        self._cable()
        printed = complete("BGP").configuration
        for name in ("r1", "r2"):
            text = printed[name] + _of(name, addition(heading))
            lines = [*text.splitlines(), GROUP, *(f" {line}" for line in (*SPARE, *more)), "exit"]
            self.nodes[name].write_conf(*lines)
            self.nodes[name].start(*DAEMONS, "vrrpd")
        self.nodes["core"].write_conf(CORE)
        self.nodes["core"].start(*DAEMONS)

    def _cable(self):
        for name in ("r1", "r2"):
            link("eth0", self.nodes[name], name, self.nodes["core"])
        link("eth0", self.nodes["h1"], "h1", self.nodes["core"])
        self.nodes["core"].must_run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        self.nodes["h1"].must_run(
            "ip address add 192.0.2.130/26 dev eth0; ip route add default via 192.0.2.129;"
            "ip -6 address add 2001:db8:4::130/64 dev eth0 nodad;"
            "ip -6 route add default via 2001:db8:4::129"
        )

    def demolish(self):
        """Nothing is left."""
        for node in self.nodes.values():
            if node.alive("bgpd"):
                node.kill("bgpd")
            node.demolish()

    def revive(self):
        """vrrpd runs on both, whatever was done to it, and r1 is Active."""
        for name in ("r1", "r2"):
            self.nodes[name].revive("vrrpd")
        self.nodes["r1"].wait_state("Active")
        self.nodes["r2"].wait_state("Backup")

    def ways(self, prefix):
        """The routers that core's kernel sends to for a prefix, as a set."""
        family = "-6" if ":" in prefix else "-4"
        told = self.nodes["core"].must_run(f"ip {family} route show exact {prefix}")
        return set(re.findall(r" dev (r\d)", told))

    def restart(self, name):
        """"vrrp restart", and watchfrr's script, which starts it again."""
        node = self.nodes[name]
        node.must_run(
            f"/usr/lib/frr/watchfrr -d -N {name} -r '/bin/false %s' mgmtd zebra vrrpd >/dev/null 2>&1"
        )
        typed = f"vtysh -N {name} -d vrrpd -c 'vrrp restart'"
        wait_for("watchfrr watches vrrpd", lambda: differs(node.run(typed)[0], 0))
        node.start("vrrpd")
        node.kill("watchfrr")

    def spread(self):
        """core sends h1's packets to the VIPs of the two families to r1 and r2, one each."""
        core = self.nodes["core"]
        for seed in range(1, 200):
            core.must_run(f"sysctl -qw net.ipv4.fib_multipath_hash_seed={seed}")
            got = [core.must_run(f"ip route get {VIPS[f]} from {CLIENT[f]} iif h1") for f in FAMILIES]
            if [re.search(r" dev (r\d)", told)[1] for told in got] == ["r1", "r2"]:
                return
        raise AssertionError(f"core does not spread what is for the VIPs: {got}")

    def wait_ways(self, prefix, *routers):
        """Until core has just these."""
        wait_for(
            f"core has the ways to {prefix} by {routers or 'nobody'}",
            lambda: differs(self.ways(prefix), set(routers)),
        )


def _of(name, text):
    for one, two in OF_R2 if name == "r2" else ():
        text = text.replace(one, two)
    return text
