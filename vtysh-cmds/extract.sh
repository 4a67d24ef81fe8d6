#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# extract.sh VRRPD OUTPUT.c - write the commands of all daemons for vtysh.
#
# Every FRR binary, stripped or not, carries its commands in an ELF note; FRR's
# xrelfo.py collects them.  It was made to run in FRR's build directory and
# tells the owner of a command from where things lie: code recorded as ../lib/
# is everyone's, isisd and fabricd are one source in one folder, modules belong
# to the daemon of their folder.  So that layout is made here, of links.
#
# OUTPUT.c is only touched when the commands are others than before.
# Environment: CLIPPY FRR_SRC FRR_LIBDIR FRR_DAEMONDIR

set -eu

vrrpd=$(realpath "$1")
output=$2
farm=$(mktemp -d "$(dirname "$output")/extract.XXXXXX")
trap 'rm -rf "$farm"' EXIT
trap 'exit 1' HUP INT TERM

# A copy: the scripts take the folder above their own, links resolved, for the top.
cp -R "$FRR_SRC/python" "$farm/python"
ln -s "$FRR_SRC/lib" "$farm/lib"
mkdir "$farm/build"

# put FOLDER NAME FILE
put()
{
	mkdir -p "$farm/build/$1"
	ln -s "$3" "$farm/build/$1/$2"
}

put vrrpd vrrpd "$vrrpd"

for lib in "$FRR_LIBDIR"/libfrr.so.0 "$FRR_LIBDIR"/libfrrcares.so.0; do
	[ ! -e "$lib" ] || put lib "$(basename "$lib" .0)" "$lib"
done
[ ! -e "$FRR_LIBDIR/libmgmt_be_nb.so.0" ] ||
	put mgmtd libmgmt_be_nb.so "$FRR_LIBDIR/libmgmt_be_nb.so.0"

for daemon in "$FRR_DAEMONDIR"/*; do
	name=$(basename "$daemon")
	# scripts live there too, and the stock vrrpd where ours took its place
	head -c 4 "$daemon" | grep -q ELF || continue
	case $name in
	vrrpd | *.*) continue ;;
	fabricd) put isisd "$name" "$daemon" ;;
	pim6d) put pimd "$name" "$daemon" ;;
	*) put "$name" "$name" "$daemon" ;;
	esac
done

for module in "$FRR_LIBDIR"/modules/*.so; do
	name=$(basename "$module")
	[ -e "$module" ] || continue
	case $name in
	dplane_*) put zebra "$name" "$module" ;;
	*_*) put "${name%%_*}" "$name" "$module" ;;
	esac
done

(
	cd "$farm/build"
	PYTHONDONTWRITEBYTECODE=1 "$CLIPPY" ../python/xrelfo.py \
		-o xref.json -c vtysh_cmd.c -- */*
)

# A path gone wrong shows in commands with an owner vtysh has never heard of.
if grep -q VTYSH_LIB "$farm/build/vtysh_cmd.c" ||
	! grep -q VTYSH_KEYS "$farm/build/vtysh_cmd.c"; then
	echo "$0: $FRR_LIBDIR was not built in a folder one below the top of $FRR_SRC;" >&2
	echo "$0: the commands of libfrr cannot be told from those of a daemon" >&2
	exit 1
fi

if ! cmp -s "$farm/build/vtysh_cmd.c" "$output"; then
	mv "$farm/build/vtysh_cmd.c" "$output"
fi
