# SPDX-License-Identifier: GPL-2.0-or-later
"""
What stock's vrrpd and ours say of themselves, compared.

INTENDED names what is not alike, and why.
"""
import json

from daemons import INTERFACE, Daemon

STOCK, OURS = Daemon("stock"), Daemon("ours")
BOTH = (STOCK, OURS)
FAMILIES = ("v4", "v6")
VIP, VIP6 = "192.0.2.100", "2001:db8::100"


def on(*lines):
    """Lines of the interface."""
    return (f"interface {INTERFACE}",) + lines


YANG = (
    "show yang operational-data"
    f" /frr-interface:lib/interface[name='{INTERFACE}']/frr-vrrpd:vrrp"
)

# Counters, which depend on the running time of the daemon.
COUNTED = ("adverTx", "adverRx", "garpTx", "neighborAdverTx", "transitions")
COUNTED += ("advertisement", "gratuitous-arp", "neighbor-advertisement")
COUNTED += ("state-transition",)

# Values that depend on the state, and not only on the configuration; see the tests of states.
STATES = ("interface", "primaryAddress", "status", "masterAdverInterval", "skewTime")
STATES += ("masterDownInterval", "stats")


def to_the_centisecond(stock, ours):
    """Stock's value is ours, cut off."""
    return stock == ours // 10 * 10


def both_link_local(stock, ours):
    """Neither is the same; stock may have none yet, and be Master all the same."""
    return stock.startswith(("fe80::", "::")) and ours.startswith("fe80::")


def of_a_family_that_does_not_run(stock, ours):
    """Ours has none."""
    return stock > 0 and ours == 0


def not_yet_known(stock, ours):
    """To stock only."""
    return stock == "" and ours == "192.0.2.1"


# Differences that are meant: where, how they may differ, and why.
INTENDED = (
    # stock counts time in hundredths of a second and cuts off the rest; RFC 9568
    # has no such rule, and routers with skews cut off alike take over at once
    ("skewTime", to_the_centisecond),
    ("masterDownInterval", to_the_centisecond),
    # stock sends from the address of the macvlan, which all routers may make of the
    # same virtual MAC; RFC 9568 5.1.2.1 wants the interface's own
    ("v6/primaryAddress", both_link_local),
    ("v6/source-address", both_link_local),
    # stock computes the times of IPv6 for version 2, which has no IPv6
    ("v6/skewTime", of_a_family_that_does_not_run),
    ("v6/skew-time", of_a_family_that_does_not_run),
    ("v6/masterDownInterval", of_a_family_that_does_not_run),
    # stock looks for its source when it becomes Master; ours needs it to listen
    ("v4/primaryAddress", not_yet_known),
)


def differences(stock, ours, path=""):
    """Yields (path, stock's, ours) for each part of stock's JSON that ours has not alike."""
    if type(stock) is not type(ours):
        yield path, stock, ours
    elif isinstance(stock, dict):
        for key, value in stock.items():
            yield from differences(value, ours.get(key), f"{path}/{key}")
    elif isinstance(stock, list) and len(stock) == len(ours):
        for number, pair in enumerate(zip(stock, ours)):
            yield from differences(*pair, f"{path}/{number}")
    elif stock != ours and path.rsplit("/", 1)[1] not in COUNTED:
        yield path, stock, ours


def must_be_alike(command="show vrrp json"):
    """Fails with all differences that are not meant; returns the ends of those that are."""
    meant, left = set(), []
    for path, stock, ours in differences(*answers(command)):
        ends = [end for end, may in INTENDED if path.endswith(end) and may(stock, ours)]
        meant.update(ends)
        left += [] if ends else [f"{path}: stock {stock!r}, ours {ours!r}"]
    assert not left, left
    return meant


def answers(command):
    """Both daemons' JSON; in which order a macvlan tells its addresses is chance."""
    both = [json.loads(daemon.show("vrrpd", command)) for daemon in BOTH]
    for groups in both:
        for group in groups if isinstance(groups, list) else ():
            if group["autoconfigured"]:
                for family in FAMILIES:
                    group[family]["addresses"].sort()
    return both


def configured(command="show vrrp json"):
    """Both daemons' JSON without what depends on the state."""
    both = answers(command)
    for family in (
        group[name] for groups in both for group in groups for name in FAMILIES
    ):
        for key in STATES:
            family.pop(key)
    return both
