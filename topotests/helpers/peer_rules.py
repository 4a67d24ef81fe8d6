# SPDX-License-Identifier: GPL-2.0-or-later
"""
What holds of ours beside any other implementation of VRRP, whoever is better.

A test module makes a Match of our router and the other, which has what helpers.peer.Peer
has, and collects the rules by a class of its own below PeerRules or PreemptionRules.
"""
from helpers.wait import differs, stays, wait_for

# ours has 150
LOWER, HIGHER = 100, 200


class Match:
    """
    Our router and another, for several virtual routers at once.

    link: r1's towards the peer. heard_sec: how long it takes to miss a router that is not
    heard.
    """

    def __init__(self, r1, peer, link, heard_sec):
        self.r1, self.peer, self.link, self.heard_sec = r1, peer, link, heard_sec
        self.routers = peer.routers

    def wait_state(self, expected):
        """r1 is in that state for all."""
        for router in self.routers:
            self.r1.wait_state(expected, [router.family], router.vrid)

    def wait_peer(self, active):
        """The peer is Active for all, or for none."""
        for router in self.routers:
            check = self.peer.is_active if active else self.peer.is_not_active
            wait_for(
                f"{self.peer.node.name}, VRID {router.vrid} {router.family}: Active is {active}",
                lambda r=router, c=check: c(r),
            )

    def wait_ours(self):
        """r1 is Active for all and has the VIPs; the peer is and has not."""
        self.wait_state("Active")
        self.wait_peer(active=False)
        self.wait_vips(there=True)
        self.wait_state("Active")

    def wait_theirs(self):
        """The other way round."""
        self.wait_state("Backup")
        self.wait_peer(active=True)
        self.wait_vips(there=False)

    def wait_vips(self, there):
        """The VIPs are on r1's link for them, or they are not."""
        for router in self.routers:
            ifname = self.r1.family(router.family, router.vrid)["interface"]
            check = self.r1.has_address if there else self.r1.has_not_address
            for vip in router.vips:
                wait_for(
                    f"{vip} on {ifname} is {there}", lambda v=vip, i=ifname, c=check: c(i, v)
                )

    def transitions(self):
        """r1's changes of state so far."""
        told = (self.r1.family(router.family, router.vrid) for router in self.routers)
        return [family["stats"]["transitions"] for family in told]

    def wait_heard(self, seconds=None):
        """No VIP moves for the time in which a silent router is missed, or for the given time."""
        before = self.transitions()
        stays(
            "r1 does not change its state",
            lambda: differs(self.transitions(), before),
            seconds=seconds or self.heard_sec,
        )

    def preempt(self, prefix):
        """Preemption of all virtual routers, typed and written; prefix: "no " or nothing."""
        vrids = sorted({router.vrid for router in self.routers})
        lines = (f"{prefix}vrrp {vrid} preempt" for vrid in vrids)
        self.r1.configure(f"interface {self.link}", *lines)
        self.r1.must_run("vtysh -c 'write memory'")


class PeerRules:
    """Both roles of each way to leave; the fixture match has r1 Active and the peer off."""

    def test_lower_peer_stays_backup_and_takes_over_when_we_stop(self, match):
        """It hears our advertisements and our priority 0; we preempt it again."""
        match.peer.start(LOWER)
        match.wait_heard()
        match.wait_ours()
        match.r1.stop("vrrpd")
        match.wait_peer(active=True)
        match.r1.start("vrrpd")
        match.wait_ours()

    def test_higher_peer_takes_over_and_hands_back_when_it_stops(self, match):
        """We yield to it, and hear its priority 0."""
        match.peer.start(HIGHER)
        match.wait_theirs()
        before = match.transitions()
        match.peer.stop()
        match.wait_ours()
        after = match.transitions()
        assert after == [count + 1 for count in before], (before, after)

    def test_we_take_over_from_a_peer_that_is_lost(self, match):
        """Active_Down_Interval after its last advertisement."""
        match.peer.start(HIGHER)
        match.wait_theirs()
        match.peer.kill()
        match.wait_ours()

    def test_peer_takes_over_from_our_killed_daemon_and_yields_again(self, match):
        """It misses our advertisements."""
        match.peer.start(LOWER)
        match.wait_heard(seconds=1)
        match.r1.kill("vrrpd")
        match.wait_peer(active=True)
        match.r1.start("vrrpd")
        match.wait_ours()


class PreemptionRules(PeerRules):
    """And whoever must not preempt listens."""

    def test_without_preemption_we_leave_a_lower_peer_active(self, match):
        """And take over once preemption is allowed."""
        match.preempt("no ")
        try:
            match.peer.start(LOWER)
            match.r1.stop("vrrpd")
            match.wait_peer(active=True)
            match.r1.start("vrrpd")
            match.wait_theirs()
            match.wait_heard()
        finally:
            match.preempt("")
        match.wait_ours()

    def test_higher_peer_without_preemption_leaves_us_active(self, match):
        """It listens."""
        match.peer.start(HIGHER, preempt=False)
        match.wait_heard()
        match.wait_ours()
