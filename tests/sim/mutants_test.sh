#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The simulator sees: each mutant below is a file of the product with one mistake in it,
# linked into the real engine, and the simulator must find fault with it, in the words
# that stand there. A mutant that changes nothing any more fails as well.
#
#	file | name | scenario | what the simulator must say | the mistake, for sed -E
set -u

here=$(cd "$(dirname "$0")" && pwd)
vrrpd=$here/../../vrrpd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

mutants() {
	cat <<'END'
core/vrrp_fsm.c | equals_both_stay | same_priority | a storm | s/return vrrp_addr_cmp\(.*> 0;/return false;/
core/vrrp_fsm.c | equals_both_yield | same_priority | nobody is Active | s/return vrrp_addr_cmp\(.*> 0;/return true;/
core/vrrp_fsm.c | higher_is_ignored | version_2 | have both been Active | s/return event->advert.priority > .*;/return false;/
core/vrrp_fsm.c | lower_is_not_answered | intervals | have both been Active | s/else if \(s->config->version != 2\) \{/else if (false) {/
core/vrrp_fsm.c | every_one_is_answered | wakes_up | a storm | s/s->now < s->fsm->advert_sent \+ ANSWER_GAP/false/
core/vrrp_fsm.c | no_skew | restarts | takes over before | s/(return )\(256 - priority\)/\10/
core/vrrp_fsm.c | skew_upside_down | restarts | takes over before | s/(return )\(256 - priority\)/\1priority/
core/vrrp_fsm.c | adverts_do_not_rearm | partition | must respect | /^static void follow/,/^}/s/arm_down\(s\);/if (s->fsm->timer[0].deadline == 0) &/
core/vrrp_fsm.c | interval_is_not_learnt | intervals | us of quiet | /^static void follow/,/^}/s/event->advert.interval_cs != 0/false/
core/vrrp_fsm.c | release_is_no_hurry | one_leaves | nobody is Active | /^static void backup_hears_release/,/^}/s/hurry/arm_down/
core/vrrp_fsm.c | hint_is_a_verdict | peer_down | must respect | s/if \(event->peer_down.is_verdict\)/if (true)/
core/vrrp_fsm.c | hint_does_not_wait | peer_down | must respect | s/MAX\(s->now, due\)/s->now/
core/vrrp_fsm.c | hint_is_impatient | everything | us of quiet | s/(fsm->active_interval) \* 3 \/ 2;/\1;/
core/vrrp_fsm.c | farewells_put_off | farewells | nobody is Active | s/\(pending != 0 && pending <= deadline\)/false/
core/vrrp_fsm.c | respect_comes_late | respect | must respect | s/if \(\(s->fsm->lower_heard .* &&$/if (false \&\&/
core/vrrp_fsm.c | never_preempts | partition | lets r | s/\|\| !preempts\(s\)/|| true/
core/vrrp_fsm.c | preempts_always | no_preempt | must respect | s/return \(s->config->preempt .*;/return s_random++ % 2;/;s/^static bool preempts/static unsigned s_random;\n&/
core/vrrp_fsm.c | preempts_its_heir | switchover | must respect | s/s->fsm->yields = true;//
core/vrrp_fsm.c | sleep_is_forgotten | stalls | slept longer | /^static bool stalled/,/^}/s/return .*;/return false;/
core/vrrp_fsm.c | late_is_in_time | timers_first | lies in its socket | s/if \(s->now > s->due \+ fsm->active_interval/if (false/
core/vrrp_fsm.c | beat_catches_up | stalls | into the past | s/next > s->now \? next : s->now \+ interval/next/
core/vrrp_fsm.c | old_expiries_count | stale_timers | . | s/fsm->timer\[which\].generation != event->timer.generation/false/
core/vrrp_fsm.c | never_resumes | resumes | does not resume | /^static bool is_still_active/,/^}/s/return .*/return false \&\& event->resume.sent <= s->now \&\&/
core/vrrp_fsm.c | resumes_too_late | resumes | may have taken over | s/s->now < event->resume.sent \+ 3 \*/s->now < event->resume.sent + 4 */
election/vrrp_router.c | starts_anew | resumes | was started again in time | /^static void enter/,/^}/s/step\(router, vrrp_resume_event\(router\)\);/step(router, \&(struct vrrp_event){ .type = VRRP_EVENT_STARTUP });/
core/vrrp_fsm.c | routes_come_first | partition | out of order | /^static void become_active/,/^}/{s/ADD_ADDRESSES/ADD_X/;s/ADD_ROUTES/ADD_ADDRESSES/;s/ADD_X/ADD_ROUTES/}
core/vrrp_fsm.c | advert_comes_first | partition | out of order | /^static void become_active/,/^}/{s/act\(s, VRRP_ACTION_ADD_ADDRESSES\);/send_advert(s, 9);/;s/send_advert\(s, s->config->priority\)/act(s, VRRP_ACTION_ADD_ADDRESSES)/}
core/vrrp_fsm.c | addresses_go_first | partition | out of order | /^static void leave_active/,/^}/{s/DEL_ADDRESSES/DEL_X/;s/DEL_ROUTES/DEL_ADDRESSES/;s/DEL_X/DEL_ROUTES/}
core/vrrp_fsm.c | no_farewell | one_leaves | out of order | /^static void active_shutdown/,/^}/s/send_advert\(s, PRIORITY_RELEASE\);//
core/vrrp_fsm.c | down_timer_stays | partition | pending timers | /^static void become_active/,/^}/s/cancel\(s, VRRP_TIMER_PREEMPT\)/hurry(s)/
core/vrrp_fsm.c | waits_for_ever | preempt_delay | lets r | s/if \(fsm->preemption == VRRP_PREEMPTION_NONE\)/if (true)/
election/vrrp_router.c | addresses_before_farewell | one_leaves | out of order | /^static void end_of_tick/,/^}/{s/vrrp_send_flush_releases/vrrp_x/;s/vrrp_vip_flush/vrrp_send_flush_releases/;s/vrrp_x/vrrp_vip_flush/}
election/vrrp_router.c | advert_before_addresses | partition | out of order | /^static void end_of_tick/,/^}/{s/vrrp_send_flush\(/vrrp_x(/;s/vrrp_vip_flush/vrrp_send_flush/;s/vrrp_x/vrrp_vip_flush/}
election/vrrp_router.c | farewell_is_kept_back | one_leaves | out of order | /^static void end_of_tick/,/^}/s/vrrp_send_flush_releases\(\);//
election/vrrp_router.c | tick_never_ends | partition | addresses 0 | /^static void step/,/^}/s/vrrp_tick_soon\(\);/;/
election/vrrp_router.c | alarm_is_not_cancelled | partition | disagree about timer | s/vrrp_alarm_cancel\(&router->timer.*/;/
election/vrrp_router.c | timer_is_set_once | partition | must respect | s/vrrp_alarm_set\(&timer->alarm, action->timer.deadline\)/if (!timer->alarm.deadline) &/
election/vrrp_router.c | generation_is_lost | partition | disagree about timer | s/timer->generation = action->timer.generation;//
election/vrrp_router.c | routes_are_forgotten | partition | routes 0 | /case VRRP_ACTION_ADD_ROUTES/,/break;/s/set_wanted.*;/;/
election/vrrp_receive.c | peers_are_strangers | partition | drops a good advertisement | s/ref.peer = dgram->src;//
election/vrrp_router.c | source_is_not_missed | everything | that it has no more | s/vrrp_hold_first\(\&router->holds\) != VRRP_HOLD_SOURCE \&\&/true \&\&/;s/!vrrp_source_is_awaited\(router\) \&\& router/router/
election/vrrp_router.c | word_after_the_wait_waits | everything | by the socket of another | /^static void go_on/,/^}/s/vrrp_tick_soon\(\);//
election/vrrp_router.c | new_priority_waits | reconfigured | . | /^static bool fsm_config_differs/,/^}/s/a->priority != b->priority/false/
election/vrrp_settle.c | lowering_waits_for_ever | reconfigured | . | /^void vrrp_settle_now/,/^}/s/vrrp_silence_assume.*/;/
election/vrrp_startup.c | tracking_is_ignored | tracked | . | s/return vrrp_group_priority\(router->group\);/return router->group->applied.priority;/
election/vrrp_router.c | recheck_tells_no_priority | tracked | . | /^static void follow_config/,/^}/s/\ttell_config\(router, &previous\);/;/
core/vrrp_badness.c | priority_is_below_1 | tracked | . | s/penalty < configured \? (configured - penalty) : 1/\1/
election/vrrp_sync.c | ready_is_enough | sync | Active on two hosts | s/if \(!waiting\)/if (true)/
election/vrrp_sync.c | nobody_gives_up | sync | Active on two hosts | s/tell_all\(sync, is_active, VRRP_EVENT_GIVE_UP\)/(void)is_active/
election/vrrp_sync.c | holds_are_not_shared | sync | of its host is held | s/is_held = hold_of\(other\) != VRRP_HOLD_NONE/is_held = false/
election/vrrp_sync.c | priorities_are_their_own | sync | . | s/config->priority = MIN.*;/(void)other;/
election/vrrp_sync.c | no_election_leads | sync_ties | for all of a sync group | s/return (next_member\(sync, &i\) == router;)/return false \&\& \1/
election/vrrp_sync.c | ties_by_address | sync_ties | . | s/config->tie_wait = .*;/(void)interval_cs;/
core/vrrp_fsm.c | ready_is_active | sync | . | s/\} else if \(s->config->syncs\) \{/} else if (false) {/
core/vrrp_handover.c | route_goes_at_once | moves | nobody announces | s/vrrp_usec_t alone = facts->begun .*/vrrp_usec_t alone = facts->begun;/
core/vrrp_handover.c | drain_lasts | moves | does not end | s/vrrp_usec_t end = facts->begun \+ facts->drain/& + 1000/
election/vrrp_parting.c | nobody_plans_to_leave | moves | nobody has the VIP | /^static bool leaves_as_planned/,/^}/s/return /return false \&\& /
place/vrrp_vip_drain.c | drain_is_not_kept | moves | in its drain | /^bool vrrp_vip_keeps_route/,/^}/s/return .*;/return false;/
core/vrrp_fsm.c | never_settled | settle | lets r | /^static void backup_settled/,/^}/s/be_ready\(s\)/(void)be_ready/
election/vrrp_ahead.c | settles_at_once | settle | have not settled | s/if \(now >= next\)/if (ahead->accepted)/
election/vrrp_ahead.c | behind_without_a_drain | settle | does not answer | s/vrrp_vip_drain\(router, VRRP_SUCCESSOR_SERVES\)/(void)vrrp_vip_drain/
place/vrrp_vip_route.c | nobody_stands_by | standby | in its drain | s/router->fsm.state == VRRP_BACKUP/false/
place/vrrp_vip_route.c | standby_is_made_anew | standby | that it could replace | /^static bool is_wanted/,/^}/s/return .*/return is_active;/
election/vrrp_healthy.c | no_backup_serves | healthy | in its drain | s/router->fsm.state == VRRP_BACKUP/false/
election/vrrp_healthy.c | serves_though_less | healthy | in its drain | s/!group->tracking.penalty/true/
election/vrrp_healthy.c | serves_no_more_at_once | healthy | gives the VIP up at once | s/if \(!serves\)/if (false)/
place/vrrp_vip.c | nobody_answers | moves | in its drain | /^void vrrp_vip_flush/,/^}/s/vrrp_vip_begin_to_answer\(vip\)/(void)vrrp_vip_begin_to_answer/
place/vrrp_vip.c | answers_too_late | moves | out of order | /^void vrrp_vip_flush/,/^}/{s/queue_addition\(vip\);/&\n\tcommit();\n\tfrr_each (touched, \&touched_vips, vip)\n\t\tvrrp_vip_begin_to_answer(vip);/;s/^\t\tvrrp_vip_begin_to_answer\(vip\);/;/}
place/vrrp_vip.c | drain_outlasts_backup | moves | is drained | /^void vrrp_vip_flush/,/^}/s/vrrp_vip_end_drain\(vip\)/(void)vrrp_vip_end_drain/
place/vrrp_vip.c | route_stays | partition | removes an address out of order | /^void vrrp_vip_flush/,/^}/s/vrrp_vip_withdraw\(vip\)/;/
place/vrrp_vip.c | address_before_route | partition | out of order | /^void vrrp_vip_flush/,/^}/{s/vrrp_vip_withdraw\(vip\)/queue_removal(vip)/;s/vrrp_zebra_push\(\);/commit();/;t;s/^.*queue_removal\(vip\);/&/}
END
}

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
done < <(mutants)
exit $failed
