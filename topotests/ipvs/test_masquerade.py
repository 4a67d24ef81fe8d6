# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy ipvs modules ns veth
"""A server that knows nothing of the VIP and answers by the director."""
from fabric import LAN, VIP, done_on


def gateway(name):
    """Commands that make that machine of the LAN the default gateway."""
    v4, v6 = LAN[name]
    return [
        f"ip route replace default via {v4}",
        f"ip -6 route replace default via {v6}",
    ]


def test_masqueraded_server_serves_on_another_port(net):
    """The VIP's port 80 is port 8080 of s1, both families."""
    lines = []
    for name, family in (("web4", "v4"), ("web6", "v6")):
        address = LAN["s1"][family == "v6"]
        lines += [
            f"ipvs service {name} tcp {VIP[family]} 80",
            f"ipvs service {name} check http /health interval 1 timeout 1",
            f"ipvs service {name} server {address} 8080 forwarding masquerade",
        ]
    with done_on([net.s1], gateway("r1"), gateway("core")):
        net.configure(lines)
        net.wait_names({"s1"})
