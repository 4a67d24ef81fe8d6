#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ns
#
# Our vtysh takes the place of the stock one: it must know every command that
# one knows, ours besides, and complete them.  vtysh_commands.py does the work,
# run by clippy, which alone can read the commands out of a binary.
#
# Environment, for a build that is not in /build: BUILD, FRR_SRC, CLIPPY,
# FRR_LIBDIR, STOCK_VTYSH.

set -eu

here=$(dirname "$(realpath "$0")")
build=${BUILD:-/build}
FRR_SRC=${FRR_SRC:-/usr/src/frr}
CLIPPY=${CLIPPY:-$FRR_SRC/build/lib/clippy}
FRR_LIBDIR=${FRR_LIBDIR:-/usr/lib/$(gcc -print-multiarch)/frr}
VTYSH=$build/vtysh-cmds/vtysh

# the lab has moved the stock one aside where ours is installed
stock=/usr/bin/vtysh
[ ! -x /usr/bin/vtysh.stock ] || stock=/usr/bin/vtysh.stock
STOCK_VTYSH=${STOCK_VTYSH:-$stock}

export FRR_LIBDIR VTYSH STOCK_VTYSH
PYTHONPATH=$FRR_SRC/python PYTHONDONTWRITEBYTECODE=1 \
	exec "$CLIPPY" "$here/vtysh_commands.py"
