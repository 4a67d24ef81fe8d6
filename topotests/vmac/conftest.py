# SPDX-License-Identifier: GPL-2.0-or-later
"""How the tests of a LAN with virtual MAC addresses begin, where nothing else is said."""
import pytest


@pytest.fixture(name="lan")
def fixture_lan(request):
    """The LAN of a test module: r1 Active, r2 Backup."""
    lan = request.module.LAN
    for router in (lan.r1, lan.r2):
        router.revive("vrrpd")
    lan.wait_states(r1="Active", r2="Backup")
    return lan
