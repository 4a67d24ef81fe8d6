#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The simulator sees: each mutant of mutants.list is a file of the product with one mistake in
# it, linked into the real engine, and the simulator must find fault with it, in the words
# that stand there. A mutant that changes nothing any more fails as well.
set -u

here=$(cd "$(dirname "$0")" && pwd)
vrrpd=$here/../../vrrpd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# mutant FILE NAME SCENARIO WORDS SED
mutant() {
	sed -E "$5" "$vrrpd/$1" >"$work/$2.c"
	if cmp -s "$work/$2.c" "$vrrpd/$1"; then
		echo "[  FAILED  ] mutant::$2: changes nothing any more"
	elif ! make -s -C "$BUILD" tests/sim/mutant MUTANT="$work/$2" >"$work/log" 2>&1; then
		cat "$work/log"
		echo "[  FAILED  ] mutant::$2: does not compile"
	elif timeout 300 "$work/$2" --router-hours 500 "$3" >"$work/out"; then
		echo "[  FAILED  ] mutant::$2: nothing is found wrong in $3"
	elif ! grep '^broken' "$work/out" | grep -q -e "$4"; then
		echo "[  FAILED  ] mutant::$2: must be \"$4\", but is $(grep '^broken' "$work/out")"
	else
		echo "[       OK ] mutant::$2"
		grep '^broken' "$work/out"
		return
	fi
	failed=1
}

while IFS= read -r line; do
	mutant "$(cut -d' ' -f1 <<<"$line")" "$(cut -d' ' -f3 <<<"$line")" \
		"$(cut -d' ' -f5 <<<"$line")" \
		"$(sed -E 's/^[^|]*\|[^|]*\|[^|]*\| ([^|]*) \|.*/\1/' <<<"$line")" \
		"$(sed -E 's/^[^|]*\|[^|]*\|[^|]*\|[^|]*\| //' <<<"$line")"
	rm -f "$work"/*
done < <(grep -v '^#' "$here/mutants.list")
exit $failed
