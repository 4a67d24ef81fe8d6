# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Long work, shown: `step TITLE LOG CMD…` runs a command with its noise in a
# log and one line on stderr, with its seconds. On a terminal the line counts
# while it runs. Returns the command's status; the caller says what failed.
#
# The command has its own pid namespace and dies with this shell, however
# this shell ends, so that an interrupted step leaves no process behind.

step() {
	local title=$1 log=$2 start=$SECONDS pid status=0
	shift 2
	printf '\n== %s\n' "$title" >>"$log"
	setpriv --pdeathsig KILL \
		unshare -m -p -f --kill-child --mount-proc --propagation private \
		"$@" </dev/null >>"$log" 2>&1 &
	pid=$!
	while [ -t 2 ] && kill -0 "$pid" 2>/dev/null; do
		printf '\rlab: %4d s  %s …' $((SECONDS - start)) "$title" >&2
		sleep 0.5
	done
	wait "$pid" || status=$?
	[ -t 2 ] && printf '\r\033[K' >&2
	if [ "$status" = 0 ]; then
		printf 'lab: %4d s  %s\n' $((SECONDS - start)) "$title" >&2
	else
		printf 'lab: %4d s  %s: FAILED\n' $((SECONDS - start)) "$title" >&2
	fi
	return "$status"
}

# Prints the end of a log, and where the rest is.
show_log() {
	local log=$1 lines=$2
	{
		printf -- '---- the last lines of %s\n' "$log"
		tail -n "$lines" "$log"
		printf -- '----\n'
	} >&2
}
