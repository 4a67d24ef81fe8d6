#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The simulator sees: each mutant below is the state machine with one mistake in
# it, and the simulator must find fault with it, in the words that stand there.
# A mutant that changes nothing any more fails as well.
#
#	name | scenario | what the simulator must say | the mistake, for sed -E
set -u

here=$(cd "$(dirname "$0")" && pwd)
core=$here/../../vrrpd/core
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

mutants() {
	cat <<'END'
equals_both_stay | same_priority | a storm | s/return vrrp_addr_cmp\(.*> 0;/return false;/
equals_both_yield | same_priority | nobody is Active | s/return vrrp_addr_cmp\(.*> 0;/return true;/
higher_is_ignored | version_2 | have both been Active | s/return event->advert.priority > .*;/return false;/
lower_is_not_answered | intervals | have both been Active | s/else if \(s->config->version != 2\) \{/else if (false) {/
every_one_is_answered | wakes_up | a storm | s/s->now < s->fsm->advert_sent \+ ANSWER_GAP/false/
no_skew | restarts | takes over before | s/(return )\(256 - priority\)/\10/
skew_upside_down | restarts | takes over before | s/(return )\(256 - priority\)/\1priority/
adverts_do_not_rearm | partition | must respect | /^static void follow/,/^}/s/arm_down\(s\);/if (s->fsm->timer[0].deadline == 0) &/
interval_is_not_learnt | intervals | us of quiet | /^static void follow/,/^}/s/believe_interval\(s, event.*;/;/
release_is_no_hurry | one_leaves | nobody is Active | /^static void backup_hears_release/,/^}/s/hurry/arm_down/
farewells_put_off | farewells | nobody is Active | s/if \(pending != 0 && pending <= deadline\)/if (false)/
respect_comes_late | respect | must respect | s/if \(s->fsm->lower_heard &&$/if (false \&\&/
never_preempts | partition | lets r | s/\|\| !preempts\(s->config\)/|| true/
preempts_always | no_preempt | must respect | s/return config->preempt \|\|.*;/return s_random++ % 2;/;s/^static bool preempts/static unsigned s_random;\n&/
sleep_is_forgotten | stalls | slept longer | /^static bool stalled/,/^}/s/return .*;/return false;/
late_is_in_time | timers_first | lies in its socket | s/if \(s->now > s->due \+ fsm->active_interval/if (false/
beat_catches_up | stalls | into the past | s/next > s->now \? next : s->now \+ interval/next/
old_expiries_count | stale_timers | . | s/fsm->timer\[which\].generation != event->timer.generation/false/
routes_come_first | partition | out of order | /^static void become_active/,/^}/{s/ADD_ADDRESSES/ADD_X/;s/ADD_ROUTES/ADD_ADDRESSES/;s/ADD_X/ADD_ROUTES/}
advert_comes_first | partition | out of order | /^static void become_active/,/^}/{s/act\(s, VRRP_ACTION_ADD_ADDRESSES\);/send_advert(s, 9);/;s/send_advert\(s, s->config->priority\)/act(s, VRRP_ACTION_ADD_ADDRESSES)/}
addresses_go_first | partition | out of order | /^static void leave_active/,/^}/{s/DEL_ADDRESSES/DEL_X/;s/DEL_ROUTES/DEL_ADDRESSES/;s/DEL_X/DEL_ROUTES/}
no_farewell | one_leaves | out of order | /^static void active_shutdown/,/^}/s/send_advert\(s, PRIORITY_RELEASE\);//
down_timer_stays | partition | pending timers | /^static void become_active/,/^}/s/cancel\(s, VRRP_TIMER_PREEMPT\)/hurry(s)/
waits_for_ever | preempt_delay | lets r | s/if \(fsm->preemption == VRRP_PREEMPTION_NONE\)/if (true)/
END
}

build() {
	${CC:-cc} -std=gnu11 -O1 -D_GNU_SOURCE -I"$core" -DSIM_SCENARIOS="\"$here/scenarios\"" "$@"
}

# mutant NAME SCENARIO WORDS SED
mutant() {
	sed -E "$4" "$core/vrrp_fsm.c" >"$work/$1.c"
	if cmp -s "$work/$1.c" "$core/vrrp_fsm.c"; then
		echo "[  FAILED  ] mutant::$1: changes nothing any more"
	elif ! build -w -o "$work/sim" "$work/$1.c" "$work"/*.o; then
		echo "[  FAILED  ] mutant::$1: does not compile"
	elif timeout 60 "$work/sim" --router-hours 500 "$2" >"$work/out"; then
		echo "[  FAILED  ] mutant::$1: nothing is found wrong in $2"
	elif ! grep '^broken' "$work/out" | grep -q -e "$3"; then
		echo "[  FAILED  ] mutant::$1: must be \"$3\", but is $(grep '^broken' "$work/out")"
	else
		echo "[       OK ] mutant::$1"
		grep '^broken' "$work/out"
		return
	fi
	failed=1
}

for file in "$here"/*.c "$core"/vrrp_{addr,fsm_names,packet,verdict}.c; do
	build -c -o "$work/$(basename "$file" .c).o" "$file" || exit 99
done
while IFS= read -r line; do
	mutant "$(cut -d' ' -f1 <<<"$line")" "$(cut -d' ' -f3 <<<"$line")" \
		"$(sed -E 's/^[^|]*\|[^|]*\| ([^|]*) \|.*/\1/' <<<"$line")" \
		"$(sed -E 's/^[^|]*\|[^|]*\|[^|]*\| //' <<<"$line")"
done < <(mutants)
exit $failed
