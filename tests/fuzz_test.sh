#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth
# timeout: 1800
#
# The fuzz targets find nothing in a minute each, with chances that are the same each
# time: what fails here was broken by the change, not by luck. Longer runs, with
# chances of their own, are tests/fuzz/run's. Environment: BUILD.

set -eu

export SEED=1
exec "$(dirname "$(realpath "$0")")/fuzz/run" 60
