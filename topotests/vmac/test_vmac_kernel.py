# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 600
"""
What happens to the links below a virtual router, their addresses and their sysctls,
by the kernel's doing or by somebody else's.

r1 (priority 150) and r2 (100) stand on a LAN with the host h1. Every test starts with
r1 Active and r2 Backup.
"""
import json

import pytest

from helpers.lan import FAMILIES, INTERFACE, OWN, VRID, Lan
from helpers.wait import differs, wait_for

LAN = Lan("kernel")


def setup_module():
    """Makes it."""
    LAN.build()


def teardown_module():
    """Takes it down."""
    LAN.demolish()


@pytest.fixture(name="lan", autouse=True)
def fixture_lan():
    """r1 Active, r2 Backup."""
    for router in (LAN.r1, LAN.r2):
        router.revive("vrrpd")
    LAN.wait_states(r1="Active", r2="Backup")
    return LAN


# The source


def kernel_source(family):
    """The address that the kernel shows first and that can be the source."""
    flag = "-4" if family == "v4" else "-6"
    shown = json.loads(LAN.r1.must_run(f"ip -j {flag} address show dev {INTERFACE}"))
    for address in shown[0]["addr_info"]:
        link_local = address["scope"] == "link" and family == "v6"
        if not address.get("secondary") and link_local == (family == "v6"):
            return address["local"]
    return None


def wait_source(family, what):
    """The virtual router sends from it, and is Active."""
    wait_for(
        f"r1's source is the kernel's first address once {what}",
        lambda: differs(shown_source(family), ("Active", kernel_source(family))),
    )


def shown_source(family):
    """State and source."""
    shown = LAN.r1.family(family, VRID[family])
    return shown.get("state"), shown.get("primaryAddress")


def test_source_is_the_address_that_the_kernel_shows_first():
    """Whatever order addresses came in, whichever was promoted, and after a restart."""
    steps = (
        ("add 192.0.2.201/24", "there is a second of its subnet"),
        ("add 198.51.100.201/24", "there is one of another subnet"),
        (f"del {OWN['r1']['v4']}/24", "the second has been promoted"),
        (f"add {OWN['r1']['v4']}/24", "the old first one is the second"),
        ("add 198.51.100.202/32 scope link", "one of a smaller scope stands first"),
        ("del 198.51.100.202/32", "that one has gone"),
        ("del 198.51.100.201/24", "the other subnet has gone"),
    )
    LAN.r1.must_run(f"sysctl -qw net.ipv4.conf.{INTERFACE}.promote_secondaries=1")
    try:
        for step, what in steps:
            LAN.r1.must_run(f"ip address {step} dev {INTERFACE}")
            wait_source("v4", what)
        for local in ("fe80::201", "fe80::202"):
            LAN.r1.must_run(f"ip address add {local}/64 dev {INTERFACE}")
            wait_source("v6", f"there is {local}")
        LAN.r1.stop("vrrpd")
        LAN.r1.start("vrrpd")
        for family in FAMILIES:
            wait_source(family, "vrrpd was started again")
    finally:
        for address in ("192.0.2.201/24", "fe80::201/64", "fe80::202/64"):
            LAN.r1.run(f"ip address del {address} dev {INTERFACE}")
        LAN.r1.run(f"ip address add {OWN['r1']['v4']}/24 dev {INTERFACE}")
        wait_source("v4", "all is as before")
