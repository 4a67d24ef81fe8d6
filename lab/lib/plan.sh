# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # names of common.sh
#
# The tests there are: `plan` prints one a line, as four fields with bars between:
#
#	name | seconds allowed | features needed | command inside the lab
#
# They are found by where they lie, so that a new test is a new file and no
# more. What a test needs and how long it may take, when that is longer than
# 900 seconds, it says in a comment in its first 30 lines:
#
#	needs: dummy nft
#	timeout: 1200
#
# The words for features are those of lab/features. Needs common.sh.

plan() {
	local file name
	# formatters and checkers of two releases want different things
	[ "$LAB_RELEASE" != trixie ] || for file in "$lab"/static.d/*; do
		plan_line "static/${file##*/}" "/src/lab/static.d/${file##*/}" "$file"
	done
	plan_line unit "bash /src/lab/lib/check /build" "$lab/lib/check"
	plan_line unit-asan "bash /src/lab/lib/check /build/asan --enable-asan --disable-vtysh" \
		"$lab/lib/check"
	for file in "$checkout"/tests/nl_*.c; do
		name=$(basename "$file" .c)
		plan_line "tests/$name" "/build/tests/$name" "$file"
	done
	for file in "$checkout"/tests/*_test.sh; do
		name=$(basename "$file" _test.sh)
		plan_line "tests/$name" "/src/tests/${file##*/}" "$file"
	done
	for file in "$checkout"/topotests/*/; do
		name=$(basename "$file")
		compgen -G "${file}test_*.py" >/dev/null || continue
		plan_line "topotests/$name" "bash /src/lab/lib/topotest $name" "$file"test_*.py
	done
}

# plan_line NAME COMMAND FILE…
plan_line() {
	local name=$1 command=$2 seconds
	shift 2
	if [ $# = 0 ]; then
		set -- /dev/null
	elif [ ! -e "$1" ]; then
		return
	fi
	seconds=$(declared timeout "$@" | sort -n | tail -n 1)
	printf '%s|%s|%s|%s\n' "$name" "${seconds:-900}" \
		"$(declared needs "$@" | sort -u | xargs)" "$command"
}

# declared WORD FILE…: the values of "WORD: …" in the files' heads, one a line.
declared() {
	local word=$1 file
	shift
	for file; do
		head -n 30 "$file" | sed -nE "s/^[^[:alnum:]]*$word:([^*]*).*/\1/p"
	done | tr -s '[:space:],' '\n' | sed '/^$/d'
}
