# SPDX-License-Identifier: GPL-2.0-or-later
"""The services of a machine, as ipvsadm and show ipvs print them."""
import re
from collections import namedtuple

Service = namedtuple("Service", "scheduler servers")
Server = namedtuple("Server", "forwarding weight active inactive")

SERVICE = re.compile(r"^(TCP|UDP|SCTP|FWM) +(\S+)(?: IPv6)? (\S+)")
SERVER = re.compile(r"^ +-> (\S+) +(Route|Masq|Tunnel) +(\d+) +(\d+) +(\d+)")


def services(node):
    """{"TCP 203.0.113.10:80": Service(scheduler, {"address:port": Server})}"""
    found, servers = {}, None
    for line in node.must_run("ipvsadm -Ln").splitlines():
        service, server = SERVICE.match(line), SERVER.match(line)
        if service:
            servers = {}
            found[f"{service[1]} {service[2]}"] = Service(service[3], servers)
        elif server:
            servers[server[1]] = Server(server[2], *map(int, server.groups()[2:]))
    return found


def weights(node, service):
    """{"address:port": weight} of a service; None when the kernel has it not."""
    found = services(node).get(service)
    if found is None:
        return None
    return {name: server.weight for name, server in found.servers.items()}


def connections(node):
    """The lines of connections, the learnt ones as well."""
    return node.must_run("ipvsadm -Lcn").splitlines()[2:]


def daemons(node):
    """Which synchronisation threads run: a sorted list of "master", "backup"."""
    return sorted(
        re.findall(r"^(master|backup)", node.must_run("ipvsadm -L --daemon"), re.M)
    )


def shown_service(node, name):
    """One service from show ipvs json, with its servers by their addresses."""
    (service,) = node.show_json("vrrpd", f"show ipvs {name} json")["services"]
    service["servers"] = {one["address"]: one for one in service["servers"]}
    return service


def rules_named(node):
    """The masquerade rules of show ipvs json, by service."""
    told = node.show_json("vrrpd", "show ipvs json")
    return {
        service["name"]: service["masqueradeRule"]
        for service in told["services"]
        if "masqueradeRule" in service
    }
