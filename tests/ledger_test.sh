#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The ledger's judge believes nothing but what tests printed: each case below is
# a ledger of one row, and the sentence that must come back for it.
set -u

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

mkdir -p "$work/topotests/x" "$work/tests"
printf 'def test_there(net):\n    "row-1": 1\n' >"$work/topotests/x/test_x.py"
printf 'static void gone(void **state)\n\t\ttest_lan(there),\n' >"$work/tests/nl_x.c"
cat >"$work/prog.log" <<'END'
[ RUN      ] a rule: it holds
[       OK ] a rule: it holds
[ RUN      ] a broken rule
[  FAILED  ] a broken rule
[ RUN      ] a crash
[       OK ] sim::storms
END

# judged SENTENCE LEVEL PROOF: "" must be said of a row without fault.
judged() {
	local out status
	printf 'id-1\t1.2\t%s\tA rule\t%s\n' "$2" "$3" >"$work/l.tsv"
	out=$(python3 "$here/ledger.py" --top "$work" --logs "$work/prog.log" "$work/l.tsv" 2>&1)
	status=$?
	if [ $status = "$([ "$1" ] && echo 1 || echo 0)" ] && grep -qF -e "$1" <<<"$out" &&
		{ [ -z "${4:-}" ] || grep -qF -e "$4" <<<"$out"; }; then
		return
	fi
	echo "of \"$3\" it must say \"$1${4:-}\", but says (status $status):"
	echo "$out"
	failed=1
}

judged "" MUST "prog::a rule: it holds" "1 proven here"
judged "" MUST "sim::storms" "1 proven here"
judged "" MUST "topotests/x::test_there" "1 by a test the lab runs"
judged "" MUST "topotests/x::test_there[row-1]" "1 by a test the lab runs"
judged "" MUST "tests/nl_x::there" "1 by a test the lab runs"
judged "" MUST "prog::a rule: it holds | topotests/x::test_there" "1 proven here"
judged "" MUST "n/a: no such thing here" "1 not applicable"
judged "" MUST "deviates: on purpose" "1 deviates"
judged "" MUST "open B: not built" "1 open"
judged "ran and did not pass" MUST "prog::a broken rule"
judged "ran and did not pass" MUST "prog::a crash"
judged "did not run" MUST "prog::a rule: it hold"
judged "did not run" MUST "other::a rule: it holds"
judged "did not run" SHOULD "prog::a rule: it holds | prog::another"
judged "there is no test_gone in topotests/x" MUST "topotests/x::test_gone"
judged "there is no test_there[row-2] in topotests/x" MUST "topotests/x::test_there[row-2]"
judged "there is no test_gone[row-1] in topotests/x" MUST "topotests/x::test_gone[row-1]"
judged "there is no gone in tests/nl_x" MUST "tests/nl_x::gone"
judged "there is no test_there in topotests/y" MUST "topotests/y::test_there"
judged "no test is named" MUST ""
judged "is no test" MUST "somebody tried it"
judged "is no test" MUST "n/a:"
judged "is no test" MUST "open Z: some day"
judged "OUGHT is no level" OUGHT "prog::a rule: it holds"
exit $failed
