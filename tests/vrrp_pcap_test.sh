#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrrp_pcap tells what is in a capture.  vrrp_pcap.py does the work: it writes
# captures octet by octet and compares what is told of them.
#
# Environment, for a build that is not in /build: BUILD.

set -eu

VRRP_PCAP=${BUILD:-/build}/tests/vrrp_pcap
export VRRP_PCAP
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$(realpath "$0")")/vrrp_pcap.py" "$@"
