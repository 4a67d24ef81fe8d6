# SPDX-License-Identifier: GPL-2.0-or-later
"""
A better router that is seldom heard, played by a test packet by packet.

vrrpd believes a long interval step by step (vrrp_fsm.h): whoever claims one is
followed for less than half a second first, and a busy machine is longer than that
away. So a test says it until it is believed; from then on its router stays Backup
for longer than any step of a test takes.
"""
from helpers.wait import differs, wait_for

INTERVAL_CS = 4000
# three times that is a minute and more
BELIEVED_MSEC = 25000


def follow(node, routers, advertise, enough_msec=BELIEVED_MSEC):
    """
    Makes a node Backup of routers, each a (VRID, family), until it will wait for long.

    advertise(router) sends an advertisement with INTERVAL_CS and a better priority.
    """
    for router in routers:
        wait_for(
            f"{node.name} follows who says {INTERVAL_CS} cs, as {router}",
            lambda r=router: _hesitates(node, routers, advertise, r, enough_msec),
        )


def _hesitates(node, routers, advertise, router, enough_msec):
    """A check, which says it again to all of them."""
    for each in routers:
        advertise(each)
    vrid, family = router
    told = node.family(family, vrid)
    if told.get("state") == "Backup" and told["masterAdverInterval"] >= enough_msec:
        return None
    return told


def remind(node, routers, advertise):
    """The same again, once; the node has heard it when this returns."""
    heard = {router: _heard(node, router) for router in routers}
    for router in routers:
        advertise(router)
    for router in routers:
        wait_for(
            f"{node.name} has heard it, as {router}",
            lambda r=router: differs(_heard(node, r), heard[r] + 1),
        )


def _heard(node, router):
    return node.family(router[1], router[0])["statistics"]["advertisementRcvd"]
