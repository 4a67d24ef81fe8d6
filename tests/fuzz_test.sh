#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns veth
#
# The fuzz targets find nothing in a minute each. tests/fuzz/run does the work,
# and runs them for longer when told so. Environment: BUILD.

set -eu

exec "$(dirname "$(realpath "$0")")/fuzz/run" 60
