# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The result of a test: `verdict` determines it, `report` prints it.

# verdict STATUS SECONDS LOG: prints why a test with this time limit failed; nothing when it passed.
# A skipped test proves nothing, so it counts as failed.
verdict() {
	case $1 in
	0)
		if grep -qE '^# SKIP: +[1-9]|^\[  SKIPPED \]|^=.*[ (][0-9]+ skipped' "$3"; then
			echo "something in it was skipped"
		fi
		;;
	124 | 137) echo "not done after $2 s" ;;
	125) echo "the lab itself failed" ;;
	*) echo "exit status $1" ;;
	esac
}

# findings LOG: what test programs found wrong, in their own words, the first of it.
findings() {
	grep -aE '^(E  |FAILED |\[  (ERROR|FAILED)  )|: error: |ERROR: [A-Z][a-z]+Sanitizer' "$1" |
		head -n 10
}

# report DIR KERNEL SECONDS NAME WHY: prints a test's outcome and, if there was a WHY,
# what its log in DIR finds wrong and how it ends; and appends to DIR/outcomes PASS or
# FAIL, kernel, seconds and name.
report() {
	local dir=$1 kernel=$2 seconds=$3 name=$4 why=$5 word=PASS log
	log=$dir/${name//\//-}.log
	[ -z "$why" ] || word=FAIL
	printf '%s\t%s\t%s\t%s\n' $word "$kernel" "$seconds" "$name" >>"$dir/outcomes"
	if [ $word = PASS ]; then
		printf 'PASS  %-6s %4d s  %s\n' "$kernel" "$seconds" "$name"
	else
		printf 'FAIL  %-6s %4d s  %s: %s\n%s\n%s\n' "$kernel" "$seconds" "$name" "$why" \
			"$({ findings "$log"; tail -n 30 "$log"; } | awk '{ print "      | " $0 }')" \
			"      the whole log: $log"
	fi
}
