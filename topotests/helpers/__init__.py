# SPDX-License-Identifier: GPL-2.0-or-later
"""Code shared by all of our topotests."""
