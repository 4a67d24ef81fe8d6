#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns dummy
#
# The documentation is true: what README.md and doc/ say is typed into fresh
# daemons, and compared with what they have. doc_test.py does the work; it runs
# only in the lab, where our vrrpd and vtysh are in the places of FRR's.

set -eu

exec python3 "$(dirname "$(realpath "$0")")/doc_test.py" "$@"
