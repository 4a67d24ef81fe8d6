#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 1800
#
# cbmc proves the state machine, and refutes some mutants of it. All of them:
# tests/proof/prove.py --mutants.

set -eu

exec python3 -B "$(dirname "$(realpath "$0")")/proof/prove.py" "$@"
