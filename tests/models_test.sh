#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 1800
#
# spin searches the models of the election and of the witness's rule, and the real core does what
# simulations of them did. The long searches as well: tests/proof/models.py --long. Environment: BUILD.

set -eu

exec python3 -B "$(dirname "$(realpath "$0")")/proof/models.py" "$@"
