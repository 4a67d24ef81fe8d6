# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests of this folder begin with, beside the two routers of pair.py."""
import pytest

import pair


@pytest.fixture(name="claims", autouse=True)
def fixture_claims():
    """As pair.judged()."""
    yield from pair.judged()


@pytest.fixture(name="net")
def fixture_net():
    """The nodes by name."""
    return pair.NODES
