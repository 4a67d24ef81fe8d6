// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state machine against RFC 9568 section 6.4 and its own promises.
 *
 * A scenario is a rule and the lines that show it: at this time since the
 * start (microseconds), this happens, and these actions come out, in order.
 * Deadlines are written relative to the moment of the step. After every step
 * the invariants of assert_sane() hold, whatever the scenario says.
 */
#include "vrrp_fsm.h"

#include "core_test.h"

#define S(n)	  ((n) * VRRP_USEC_PER_SEC)
#define MS(n)	  ((n) * 1000ULL)
#define T0	  S(1000)
#define STEPS_MAX 14

struct line {
	vrrp_usec_t at;
	const char *event;
	const char *actions;
};

struct scenario {
	const char *rule;
	const char *config;
	struct line line[STEPS_MAX];
};

static const char *const timer_names[VRRP_TIMERS] = { "down", "adver", "preempt" };

/* Text to values. */

static const struct vrrp_fsm_config *defaults(void)
{
	static struct vrrp_fsm_config config = {
		.version = 3,
		.priority = 100,
		.preempt = true,
		.interval_cs = 100,
	};

	config.source = address("10.0.0.5");
	return &config;
}

/* "priority 200 no-preempt": changes these, leaves the rest. */
static void configure(struct vrrp_fsm_config *config, const char *text)
{
	char words[200], *save, *word;

	snprintf(words, sizeof(words), "%s", text);
	for (word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!strcmp(word, "preempt"))
			config->preempt = true;
		else if (!strcmp(word, "no-preempt"))
			config->preempt = false;
		else if (!strcmp(word, "settles"))
			config->settles = true;
		else if (!strcmp(word, "no-settles"))
			config->settles = false;
		else if (!strcmp(word, "syncs"))
			config->syncs = true;
		else if (!strcmp(word, "no-syncs"))
			config->syncs = false;
		else if (!strcmp(word, "tie-wait"))
			config->tie_wait = S(atoi(strtok_r(NULL, " ", &save)));
		else if (!strcmp(word, "version"))
			config->version = atoi(strtok_r(NULL, " ", &save));
		else if (!strcmp(word, "priority"))
			config->priority = atoi(strtok_r(NULL, " ", &save));
		else if (!strcmp(word, "interval"))
			config->interval_cs = atoi(strtok_r(NULL, " ", &save));
		else if (!strcmp(word, "delay"))
			config->preempt_delay_sec = atoi(strtok_r(NULL, " ", &save));
		else if (!strcmp(word, "source"))
			config->source = address(strtok_r(NULL, " ", &save));
		else
			fail_msg("the test has a strange word in its configuration: %s", word);
	}
}

static enum vrrp_timer timer_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < VRRP_TIMERS; i++)
		if (!strcmp(name, timer_names[i]))
			return i;
	fail_msg("the test names a strange timer: %s", name);
	return 0;
}

static struct vrrp_event advert_event(const char *text)
{
	struct vrrp_event event = { .type = VRRP_EVENT_ADVERT };
	unsigned int priority, cs = 100, version = 3;
	char source[64];

	if (sscanf(text, "%63s %u %u v%u", source, &priority, &cs, &version) < 2)
		fail_msg("the test has a strange advertisement: %s", text);
	event.advert.source = address(source);
	event.advert.priority = priority;
	event.advert.interval_cs = cs;
	event.advert.version = version;
	return event;
}

static struct vrrp_event timer_event(const struct vrrp_fsm *fsm, const char *name, int older)
{
	struct vrrp_event event = { .type = VRRP_EVENT_TIMER };

	event.timer.which = timer_named(name);
	event.timer.generation = fsm->timer[event.timer.which].generation - older;
	return event;
}

/* It fires after packets were lost. */
static struct vrrp_event lost_event(const struct vrrp_fsm *fsm, const char *name)
{
	struct vrrp_event event = timer_event(fsm, name, 0);

	event.timer.lost = true;
	return event;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* "SENT INTERVAL": its last advertisement before, in microseconds from the start, and what it said. */
static struct vrrp_event resume_event(const char *text)
{
	struct vrrp_event event = { .type = VRRP_EVENT_RESUME };
	long long sent;
	unsigned long long interval;

	if (sscanf(text, "%lld %llu", &sent, &interval) != 2)
		fail_msg("the test resumes strangely: %s", text);
	event.resume.sent = T0 + sent;
	event.resume.interval = interval;
	return event;
}

/* "config ..." also changes *config; *previous gets its old value. */
static struct vrrp_event event_of(const char *text, const struct vrrp_fsm *fsm,
				  struct vrrp_fsm_config *config, struct vrrp_fsm_config *previous)
{
	struct vrrp_event event = { .type = VRRP_EVENT_STARTUP };

	if (begins(text, "advert "))
		return advert_event(text + 7);
	if (begins(text, "resume "))
		return resume_event(text + 7);
	if (begins(text, "fires "))
		return timer_event(fsm, text + 6, 0);
	if (begins(text, "lost, "))
		return lost_event(fsm, text + 6);
	if (begins(text, "stale "))
		return timer_event(fsm, text + 6, 1);
	if (begins(text, "config ")) {
		event.type = VRRP_EVENT_CONFIG;
		event.config.previous = previous;
		*previous = *config;
		configure(config, text + 7);
	} else if (begins(text, "peer-down ") || begins(text, "verdict ")) {
		event.type = VRRP_EVENT_PEER_DOWN;
		event.peer_down.address = address(strchr(text, ' ') + 1);
		event.peer_down.is_verdict = begins(text, "verdict ");
	} else if (begins(text, "shutdown ")) {
		event.type = VRRP_EVENT_SHUTDOWN;
		event.shutdown.reason = strcmp(text + 9, "source") ? VRRP_REASON_SHUTDOWN
								   : VRRP_REASON_SOURCE;
	} else if (!strcmp(text, "switchover")) {
		event.type = VRRP_EVENT_SWITCHOVER;
	} else if (!strcmp(text, "reclaim")) {
		event.type = VRRP_EVENT_RECLAIM;
	} else if (!strcmp(text, "take-over")) {
		event.type = VRRP_EVENT_TAKE_OVER;
	} else if (begins(text, "give-up ")) {
		event.type = VRRP_EVENT_GIVE_UP;
		event.give_up.reason = !strcmp(text + 8, "handed-over")	  ? VRRP_REASON_HANDED_OVER
				       : !strcmp(text + 8, "no-majority") ? VRRP_REASON_NO_MAJORITY
									  : VRRP_REASON_SYNC;
	} else if (!strcmp(text, "settled")) {
		event.type = VRRP_EVENT_SETTLED;
	} else if (strcmp(text, "startup") != 0) {
		fail_msg("the test has a strange event: %s", text);
	}
	return event;
}

/* Values to text. */

static int action_text(const struct vrrp_action *action, vrrp_usec_t now, char *buf, size_t size)
{
	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
		return snprintf(buf, size, "add-addresses");
	case VRRP_ACTION_ADD_ROUTES:
		return snprintf(buf, size, "add-routes");
	case VRRP_ACTION_SEND_ADVERT:
		return snprintf(buf, size, "send %u", action->priority);
	case VRRP_ACTION_GARP:
		return snprintf(buf, size, "announce");
	case VRRP_ACTION_DEL_ROUTES:
		return snprintf(buf, size, "del-routes");
	case VRRP_ACTION_DEL_ADDRESSES:
		return snprintf(buf, size, "del-addresses");
	case VRRP_ACTION_SET_TIMER:
		return snprintf(buf, size, "%s +%llu", timer_names[action->timer.which],
				(unsigned long long)(action->timer.deadline - now));
	case VRRP_ACTION_CANCEL_TIMER:
		return snprintf(buf, size, "no %s", timer_names[action->timer.which]);
	case VRRP_ACTION_STAY:
		return snprintf(buf, size, "stay");
	case VRRP_ACTION_TRANSITION:
		return snprintf(buf, size, "%s > %s: %s", vrrp_state_name(action->transition.from),
				vrrp_state_name(action->transition.to),
				vrrp_reason_name(action->transition.reason));
	}
	return snprintf(buf, size, "an unknown action");
}

static const char *actions_text(const struct vrrp_actions *actions, vrrp_usec_t now)
{
	static char text[1000];
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < actions->count; i++) {
		if (i)
			used += snprintf(text + used, sizeof(text) - used, ", ");
		used += action_text(&actions->list[i], now, text + used, sizeof(text) - used);
	}
	return text;
}

/* Invariants after every step of every test. */

static const bool may_pend[][VRRP_TIMERS] = {
	[VRRP_INITIALIZE] = { false, false, false },
	[VRRP_BACKUP] = { true, false, true },
	[VRRP_ACTIVE] = { false, true, false },
};

static void assert_timers_sane(const char *rule, const struct vrrp_fsm *fsm)
{
	unsigned int i;

	for (i = 0; i < VRRP_TIMERS; i++) {
		bool pending = fsm->timer[i].deadline != 0;

		if (pending && !may_pend[fsm->state][i])
			fail_msg("%s: in %s the %s timer must not be pending", rule,
				 vrrp_state_name(fsm->state), timer_names[i]);
		if (!pending && may_pend[fsm->state][i] && i != VRRP_TIMER_PREEMPT)
			fail_msg("%s: in %s the %s timer must be pending, else nothing ever happens",
				 rule, vrrp_state_name(fsm->state), timer_names[i]);
	}
	if ((fsm->preemption == VRRP_PREEMPTION_DELAYED) !=
	    (fsm->timer[VRRP_TIMER_PREEMPT].deadline != 0))
		fail_msg("%s: preemption must say that the preempt timer is pending", rule);
}

static void assert_actions_sane(const char *rule, const struct vrrp_actions *actions,
				vrrp_usec_t now)
{
	unsigned int i;

	if (actions->count > VRRP_ACTIONS_MAX)
		fail_msg("%s: a step yielded %u actions", rule, actions->count);
	for (i = 0; i < actions->count; i++) {
		const struct vrrp_action *action = &actions->list[i];

		if (action->type == VRRP_ACTION_TRANSITION && i + 1 != actions->count)
			fail_msg("%s: the transition must be the last action", rule);
		if (action->type == VRRP_ACTION_SET_TIMER && action->timer.deadline < now)
			fail_msg("%s: the %s timer was set into the past", rule,
				 timer_names[action->timer.which]);
	}
}

static void assert_sane(const char *rule, const struct vrrp_fsm_config *config,
			const struct vrrp_fsm *fsm, const struct vrrp_actions *actions,
			vrrp_usec_t now)
{
	assert_timers_sane(rule, fsm);
	assert_actions_sane(rule, actions, now);
	if (fsm->state == VRRP_ACTIVE && (!vrrp_addr_same(&fsm->active_address, &config->source) ||
					  fsm->active_priority != config->priority))
		fail_msg("%s: while we are Active the Active router's address is our own", rule);
	if (fsm->hands_over_until && fsm->state != VRRP_ACTIVE)
		fail_msg("%s: only an Active router hands over", rule);
	if (fsm->yields && fsm->state == VRRP_ACTIVE)
		fail_msg("%s: an Active router has nobody to yield to", rule);
	if (fsm->is_ahead && fsm->state != VRRP_BACKUP)
		fail_msg("%s: only a Backup is ahead of its takeover", rule);
	if (fsm->preemption == VRRP_PREEMPTION_SETTLING && !fsm->is_ahead)
		fail_msg("%s: routes settle that it does not announce", rule);
	if (fsm->is_ready && fsm->state != VRRP_BACKUP)
		fail_msg("%s: only a Backup is ready", rule);
	if (fsm->state == VRRP_INITIALIZE && vrrp_addr_is_set(&fsm->active_address))
		fail_msg("%s: in Initialize nobody is known to be Active", rule);
}

static void run_line(const struct scenario *scenario, const struct line *line, struct vrrp_fsm *fsm,
		     struct vrrp_fsm_config *config)
{
	struct vrrp_fsm_config previous;
	struct vrrp_event event = event_of(line->event, fsm, config, &previous);
	enum vrrp_state before = fsm->state;
	struct vrrp_actions actions;
	vrrp_usec_t now = T0 + line->at;
	const char *got;

	vrrp_fsm_step(config, fsm, &event, now, &actions);
	got = actions_text(&actions, now);
	if (strcmp(got, line->actions) != 0)
		fail_msg("%s\n  in %s, %llu us after the start, on \"%s\"\n"
			 "  must yield: %s\n  but yields: %s",
			 scenario->rule, vrrp_state_name(before), (unsigned long long)line->at,
			 line->event, *line->actions ? line->actions : "(nothing)",
			 *got ? got : "(nothing)");
	if (fsm->state != before && fsm->since != now)
		fail_msg("%s: since must be the time of the transition", scenario->rule);
	assert_sane(scenario->rule, config, fsm, &actions, now);
}

static void test_scenario(void **state)
{
	const struct scenario *scenario = *state;
	struct vrrp_fsm_config config = *defaults();
	struct vrrp_fsm fsm;
	unsigned int i;

	configure(&config, scenario->config);
	vrrp_fsm_init(&fsm, T0);
	for (i = 0; i < STEPS_MAX && scenario->line[i].event; i++)
		run_line(scenario, &scenario->line[i], &fsm, &config);
}

/* The beginnings most scenarios share; priority 100, 1 s, our address 10.0.0.5. */
#define UP(priority) "add-addresses, add-routes, send " priority ", announce, "
#define GO_BACKUP    { 0, "startup", "down +3609375, Initialize > Backup: startup" }
#define GO_ACTIVE                                                                                  \
	GO_BACKUP, { 3609375, "fires down",                                                        \
		     UP("100") "adver +1000000, Backup > Active: no-response" }
#define GO_OWNER  { 0, "startup", UP("255") "adver +1000000, Initialize > Active: owner" }
#define ACTIVE_AT 3609375
/* VRRPv2 and 3 s, where a skew of a second shows. */
#define V2_BACKUP { 0, "startup", "down +9609375, Initialize > Backup: startup" }
#define V2_ACTIVE                                                                                  \
	V2_BACKUP, { 9609375, "fires down",                                                        \
		     UP("100") "adver +3000000, Backup > Active: no-response" }

/* A Backup that has and announces its VIPs before it preempts; and takes that back. */
#define AHEAD  "add-addresses, add-routes, "
#define BEHIND "del-routes, del-addresses, "

static const struct scenario scenarios[] = {
	/* Initialize */
	{ "RFC 9568 6.4.1 Initialize, startup as owner: Active at once, addresses before the advertisement",
	  "priority 255",
	  { GO_OWNER } },
	{ "RFC 9568 6.4.1 Initialize, startup: own interval, Active_Down_Timer, Backup",
	  "priority 100",
	  { GO_BACKUP } },
	{ "RFC 9568 6.4.1 Initialize, startup with priority 254 and 10 ms",
	  "priority 254 interval 1",
	  { { 0, "startup", "down +30078, Initialize > Backup: startup" } } },
	{ "RFC 9568 6.4.1 Initialize: everything but startup is ignored",
	  "priority 100",
	  { { 0, "advert 10.0.0.9 200", "" },
	    { 0, "advert 10.0.0.9 0", "" },
	    { 0, "shutdown admin", "" },
	    { 0, "fires down", "" },
	    { 0, "fires adver", "" },
	    { 0, "config priority 255", "" },
	    { 0, "startup", UP("255") "adver +1000000, Initialize > Active: owner" } } },
	{ "RFC 3768 6.4.1 Initialize, startup: skew is of a second, not of the interval",
	  "version 2 interval 300",
	  { { 0, "startup", "down +9609375, Initialize > Backup: startup" } } },

	/* Backup */
	{ "RFC 9568 6.4.2 Backup, shutdown: cancel Active_Down_Timer, Initialize, no advertisement",
	  "",
	  { GO_BACKUP,
	    { S(1), "shutdown admin", "no down, Backup > Initialize: shutdown" },
	    { S(2), "fires down", "" },
	    { S(3), "startup", "down +3609375, Initialize > Backup: startup" } } },
	{ "RFC 9568 6.4.2 Backup, source address gone: Initialize for that reason",
	  "",
	  { GO_BACKUP, { S(1), "shutdown source", "no down, Backup > Initialize: source" } } },
	{ "RFC 9568 6.4.2 Backup, Active_Down_Timer fires: Active; VIP, route, advert, announce in order",
	  "",
	  { GO_ACTIVE } },
	{ "RFC 9568 6.4.2 Backup, priority 0: Active_Down_Timer = Skew_Time, then not-active",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(2), "advert 10.0.0.9 0", "down +609375" },
	    { S(2) + 609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: not-active" } } },
	{ "RFC 9568 6.4.2 Backup, priority 0: Skew_Time of the Active router's interval, not of ours",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200 10", "down +360937" },
	    { S(1), "advert 10.0.0.9 0 10", "down +60937" } } },
	{ "Backup, priority 0: a takeover that is due sooner than Skew_Time stays where it is",
	  "",
	  { GO_BACKUP,
	    { S(3) + MS(10), "advert 10.0.0.9 0", "" },
	    { 3609375, "fires down", UP("100") "adver +1000000, Backup > Active: not-active" } } },
	{ "Backup, priority 0 again and again: the first one counts",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(2), "advert 10.0.0.9 0", "down +609375" },
	    { S(2) + MS(300), "advert 10.0.0.9 0", "" },
	    { S(2) + MS(600), "advert 10.0.0.9 0", "" },
	    { S(2) + 609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: not-active" } } },
	{ "RFC 9568 6.4.2 Backup, a new Active router after priority 0: followed, no-response when it dies",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 0", "down +609375" },
	    { S(1), "advert 10.0.0.8 150", "down +3609375" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "RFC 9568 6.4.2 Backup, higher priority: learn interval, recompute skew and down, rearm",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 400", "down +14437500" },
	    { S(2), "advert 10.0.0.9 101 1", "down +36093" } } },
	{ "Backup: one advertisement, or many at once, make the wait four times as long and not more",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 4095", "down +14437500" },
	    { S(1) + 1, "advert 10.0.0.9 101 4095", "down +14437500" },
	    { S(4), "advert 10.0.0.9 101 4095", "down +14437500" } } },
	{ "Backup: the rest of an interval is believed when it has been kept",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 4095", "down +14437500" },
	    { S(5), "advert 10.0.0.9 101 4095", "down +57750000" },
	    { S(21), "advert 10.0.0.9 101 4095", "down +147803906" },
	    { S(22), "advert 10.0.0.9 101 100", "down +3609375" } } },
	{ "Backup: an Active router that changes from 100 ms to 1 s is waited for",
	  "interval 10",
	  { { 0, "startup", "down +360937, Initialize > Backup: startup" },
	    { MS(300), "advert 10.0.0.9 101 10", "down +360937" },
	    { MS(400), "advert 10.0.0.9 101 100", "down +1443750" },
	    { MS(1400), "advert 10.0.0.9 101 100", "down +3609375" },
	    { MS(2400), "config interval 100", "" } } },
	{ "Backup: one whose interval is a hundredth of the Active router's learns it in two steps",
	  "interval 10",
	  { { 0, "startup", "down +360937, Initialize > Backup: startup" },
	    { MS(100), "advert 10.0.0.9 101 1000", "down +1443750" },
	    { 1543750, "fires down", UP("100") "adver +100000, Backup > Active: no-response" },
	    { 1543760, "advert 10.0.0.9 101 1000",
	      "del-routes, del-addresses, no adver, down +5775000, Active > Backup: priority" },
	    { 7318760, "fires down", UP("100") "adver +100000, Backup > Active: no-response" },
	    { 7318770, "advert 10.0.0.9 101 1000",
	      "del-routes, del-addresses, no adver, down +23100000, Active > Backup: priority" },
	    { 17318770, "advert 10.0.0.9 101 1000", "down +36093750" } } },
	{ "Backup: what is believed of the Active router is not forgotten when another one takes over for an instant",
	  "interval 10",
	  { { 0, "startup", "down +360937, Initialize > Backup: startup" },
	    { MS(100), "advert 10.0.0.9 101 3163", "down +1443750" },
	    { MS(600), "advert 10.0.0.9 101 3163", "down +5775000" },
	    { MS(2300), "advert 10.0.0.8 101 10", "down +360937" },
	    { MS(2301), "advert 10.0.0.9 101 3163", "down +5775000" } } },
	{ "Backup: nor when that one takes over for an instant again and again, and has the last word",
	  "interval 10",
	  { { 0, "startup", "down +360937, Initialize > Backup: startup" },
	    { MS(100), "advert 10.0.0.9 101 1000", "down +1443750" },
	    { MS(101), "advert 10.0.0.8 101 30", "down +1082812" },
	    { 1183812, "fires down", UP("100") "adver +100000, Backup > Active: no-response" },
	    { 1183900, "advert 10.0.0.9 101 1000",
	      "del-routes, del-addresses, no adver, down +5775000, Active > Backup: priority" },
	    { 1184000, "advert 10.0.0.8 101 30", "down +1082812" },
	    { 2266812, "fires down", UP("100") "adver +100000, Backup > Active: no-response" },
	    { 2266900, "advert 10.0.0.9 101 1000",
	      "del-routes, del-addresses, no adver, down +5775000, Active > Backup: priority" },
	    { 2267000, "advert 10.0.0.8 101 30", "down +1082812" },
	    { 2267100, "advert 10.0.0.9 101 1000", "down +5775000" },
	    { 8042100, "fires down", UP("100") "adver +100000, Backup > Active: no-response" },
	    { 8042200, "advert 10.0.0.9 101 1000",
	      "del-routes, del-addresses, no adver, down +23100000, Active > Backup: priority" } } },
	{ "Backup: of one that speaks while the Active router goes on no more is ever believed than at first",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 100", "down +3609375" },
	    { MS(1500), "advert 10.0.0.8 101 4095", "down +14437500" },
	    { S(2), "advert 10.0.0.9 101 100", "down +3609375" },
	    { S(3), "advert 10.0.0.9 101 100", "down +3609375" },
	    { S(6), "advert 10.0.0.9 101 100", "down +3609375" },
	    { MS(6500), "advert 10.0.0.8 101 4095", "down +14437500" },
	    { MS(6501), "advert 10.0.0.7 101 4095", "down +14437500" },
	    { MS(6502), "advert 10.0.0.9 101 4095", "down +14437500" },
	    { S(7), "advert 10.0.0.9 101 100", "down +3609375" } } },
	{ "Backup: a shorter interval is believed at once, and nothing longer remembered of that router",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 400", "down +14437500" },
	    { S(5), "advert 10.0.0.9 101 400", "down +14437500" },
	    { S(9), "advert 10.0.0.9 101 100", "down +3609375" },
	    { S(10), "advert 10.0.0.8 101 100", "down +3609375" },
	    { S(20), "advert 10.0.0.9 101 4095", "down +14437500" } } },
	{ "RFC 9568 6.4.2 Backup, equal priority: followed even from a lower address",
	  "",
	  { GO_BACKUP, { S(1), "advert 10.0.0.1 100", "down +3609375" } } },
	{ "RFC 9568 6.4.2 Backup, lower priority with preemption: timer untouched, then preempted",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 99", "" },
	    { S(2), "advert 10.0.0.9 1 4095", "" },
	    { 3609375, "fires down", UP("100") "adver +1000000, Backup > Active: preempted" } } },
	{ "RFC 9568 6.4.2 Backup, lower priority without preemption: followed like any other",
	  "no-preempt",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 1 200", "down +7218750" },
	    { S(1) + 7218750, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "RFC 9568 8.4.2 Backup, upgrade: VRRPv2 seconds are learnt as centiseconds",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101 100 v2", "down +3609375" },
	    { S(2), "advert 10.0.0.9 101 300 v2", "down +10828125" } } },
	{ "RFC 9568 8.4.2 Backup, upgrade: VRRPv2 is ignored from the Active router whose VRRPv3 is heard",
	  "interval 50",
	  { { 0, "startup", "down +1804687, Initialize > Backup: startup" },
	    { S(1), "advert 10.0.0.9 101 50", "down +1804687" },
	    { S(1) + 10, "advert 10.0.0.9 101 100 v2", "" },
	    { S(1) + MS(500), "advert 10.0.0.9 101 50", "down +1804687" },
	    { S(1) + MS(500) + 10, "advert 10.0.0.9 0 100 v2", "" } } },
	{ "RFC 9568 8.4.2 Backup, upgrade: VRRPv2 of another router counts all the same",
	  "interval 50",
	  { { 0, "startup", "down +1804687, Initialize > Backup: startup" },
	    { S(1), "advert 10.0.0.9 101 50", "down +1804687" },
	    { S(1) + 10, "advert 10.0.0.8 120 100 v2", "down +3609375" } } },
	{ "RFC 9568 8.4.2 Backup, upgrade: VRRPv2 counts again once VRRPv3 has been missed twice",
	  "interval 50",
	  { { 0, "startup", "down +1804687, Initialize > Backup: startup" },
	    { S(1), "advert 10.0.0.9 101 50", "down +1804687" },
	    { S(1) + MS(999), "advert 10.0.0.9 101 100 v2", "" },
	    { S(2), "advert 10.0.0.9 101 100 v2", "down +3609375" },
	    { S(2) + MS(999), "advert 10.0.0.9 101 100 v2", "down +3609375" } } },
	{ "RFC 9568 8.4.2 Backup, upgrade: the release in VRRPv2 that follows the one in VRRPv3 does no harm",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 101", "down +3609375" },
	    { S(1) + 500, "advert 10.0.0.9 0", "down +609375" },
	    { S(1) + 510, "advert 10.0.0.9 0 100 v2", "" } } },
	{ "RFC 9568 6.4.2 Backup: a lower router that falls silent behind a higher one is no preemption",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.8 50", "" },
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "RFC 9568 6.1 Backup: the owner preempts even with Preempt_Mode off and a delay",
	  "priority 255 no-preempt delay 60",
	  { GO_OWNER,
	    { S(1), "advert 10.0.0.9 255",
	      "del-routes, del-addresses, no adver, down +3003906, Active > Backup: priority" },
	    { S(2), "advert 10.0.0.7 254", "" },
	    { S(1) + 3003906, "fires down",
	      UP("255") "adver +1000000, Backup > Active: preempted" } } },
	{ "RFC 9568 6.4.2 Backup: startup is ignored when already started",
	  "",
	  { GO_BACKUP, { S(1), "startup", "" } } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2): priority 0 sets the timer to Skew_Time of a second",
	  "version 2 interval 1000",
	  { { 0, "startup", "down +30609375, Initialize > Backup: startup" },
	    { S(1), "advert 10.0.0.9 200 1000", "down +30609375" },
	    { S(2), "advert 10.0.0.9 0 1000", "down +609375" } } },

	/* Active */
	{ "RFC 9568 6.4.3 Active, shutdown: priority 0, routes before addresses, Initialize",
	  "",
	  { GO_ACTIVE,
	    { S(4), "shutdown admin",
	      "send 0, del-routes, del-addresses, no adver, Active > Initialize: shutdown" } } },
	{ "RFC 9568 6.4.3 Active, source address gone: the same, for that reason",
	  "",
	  { GO_ACTIVE,
	    { S(4), "shutdown source",
	      "send 0, del-routes, del-addresses, no adver, Active > Initialize: source" } } },
	{ "RFC 9568 6.4.3 Active, Adver_Timer fires: advertise; the next counts from the deadline, not from now",
	  "priority 255",
	  { GO_OWNER,
	    { S(1), "fires adver", "send 255, adver +1000000" },
	    { S(2) + MS(30), "fires adver", "send 255, adver +970000" },
	    { S(3) + 1, "fires adver", "send 255, adver +999999" } } },
	{ "RFC 9568 6.4.3 Active, a beat missed by more than an interval: one advertisement, no burst",
	  "priority 255",
	  { GO_OWNER,
	    { S(2), "fires adver", "send 255, adver +1000000" },
	    { S(4) + MS(500), "fires adver", "send 255, adver +1000000" } } },
	{ "RFC 9568 6.4.3 Active, priority 0: advertise now, rearm",
	  "",
	  { GO_ACTIVE, { ACTIVE_AT + MS(400), "advert 10.0.0.9 0", "send 100, adver +1000000" } } },
	{ "RFC 9568 6.4.3 Active, higher priority: routes before addresses, learnt interval, Backup",
	  "",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.1 101 200",
	      "del-routes, del-addresses, no adver, down +7218750, Active > Backup: priority" } } },
	{ "RFC 9568 6.4.3 Active, equal priority and higher address: Backup",
	  "",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.6 100",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "RFC 9568 6.4.3 Active, addresses compare as unsigned octets in network order",
	  "source 10.0.0.127",
	  { GO_ACTIVE,
	    { S(4), "advert 9.255.255.255 100", "send 100" },
	    { S(4), "advert 200.0.0.1 100",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "RFC 9568 6.4.3 Active, IPv6 addresses decide the same way",
	  "source fe80::7fff",
	  { GO_ACTIVE,
	    { S(4), "advert fe80::7ffe 100", "send 100" },
	    { S(4), "advert fe80::8000 100",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "RFC 9568 6.4.3 Active, equal priority and lower address: advertise at once, the beat stays",
	  "",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.4 100", "send 100" },
	    { ACTIVE_AT + S(1), "fires adver", "send 100, adver +1000000" } } },
	{ "RFC 9568 6.4.3 Active, lower priority: advertise at once, the beat stays",
	  "no-preempt",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.9 99", "send 100" },
	    { ACTIVE_AT + S(1), "fires adver", "send 100, adver +1000000" } } },
	{ "Active: a socket full of lower advertisements, after a stall, is answered by one",
	  "",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.9 99", "send 100" },
	    { S(4) + 10, "advert 10.0.0.9 99", "" },
	    { S(4) + 999, "advert 10.0.0.4 100", "" },
	    { S(4) + MS(1), "advert 10.0.0.9 99", "send 100" },
	    { ACTIVE_AT + S(1), "fires adver", "send 100, adver +1000000" },
	    { ACTIVE_AT + S(1) + 10, "advert 10.0.0.9 99", "" },
	    { ACTIVE_AT + S(1) + 20, "advert 10.0.0.9 0", "" },
	    { ACTIVE_AT + S(1) + MS(1), "advert 10.0.0.9 0", "send 100, adver +1000000" },
	    { ACTIVE_AT + S(1) + MS(1) + 20, "advert 10.0.0.9 0", "" } } },
	{ "RFC 9568 erratum 8298 two owners: the one with the lower address gives way",
	  "priority 255",
	  { GO_OWNER,
	    { MS(10), "advert 10.0.0.4 255", "send 255" },
	    { MS(20), "advert 10.0.0.6 255",
	      "del-routes, del-addresses, no adver, down +3003906, Active > Backup: priority" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), lower priority: discarded without an answer",
	  "version 2",
	  { GO_ACTIVE, { S(4), "advert 10.0.0.9 99", "" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), higher priority: Backup",
	  "version 2",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.1 200",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "RFC 3768 6.4.1 Initialize (VRRPv2), startup as owner: Active at once",
	  "version 2 priority 255 interval 300",
	  { { 0, "startup", UP("255") "adver +3000000, Initialize > Active: owner" } } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2), shutdown: timer cancelled, Initialize",
	  "version 2 interval 300",
	  { V2_BACKUP, { S(1), "shutdown admin", "no down, Backup > Initialize: shutdown" } } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2), Master_Down_Timer fires: advertise, announce, Adver_Timer",
	  "version 2 interval 300",
	  { V2_ACTIVE } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2), equal or higher priority: the timer starts anew",
	  "version 2 interval 300",
	  { V2_BACKUP,
	    { S(1), "advert 10.0.0.9 100 300", "down +9609375" },
	    { S(2), "advert 10.0.0.1 254 300", "down +9609375" } } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2), lower priority, preemption off: the timer starts anew",
	  "version 2 interval 300 no-preempt",
	  { V2_BACKUP, { S(1), "advert 10.0.0.9 1 300", "down +9609375" } } },
	{ "RFC 3768 6.4.2 Backup (VRRPv2), lower priority, preemption on: discarded",
	  "version 2 interval 300",
	  { V2_BACKUP,
	    { S(1), "advert 10.0.0.9 99 300", "" },
	    { 9609375, "fires down", UP("100") "adver +3000000, Backup > Active: preempted" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), shutdown: priority 0, Initialize",
	  "version 2 interval 300",
	  { V2_ACTIVE,
	    { S(10), "shutdown admin",
	      "send 0, del-routes, del-addresses, no adver, Active > Initialize: shutdown" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), Adver_Timer fires: advertise, Advertisement_Interval again",
	  "version 2 interval 300",
	  { V2_ACTIVE, { 12609375, "fires adver", "send 100, adver +3000000" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), priority 0: advertise now, Advertisement_Interval again",
	  "version 2 interval 300",
	  { V2_ACTIVE, { S(10), "advert 10.0.0.9 0 300", "send 100, adver +3000000" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), equal priority and higher address: Backup",
	  "version 2 interval 300",
	  { V2_ACTIVE,
	    { S(10), "advert 10.0.0.6 100 300",
	      "del-routes, del-addresses, no adver, down +9609375, Active > Backup: priority" } } },
	{ "RFC 3768 6.4.3 Active (VRRPv2), equal priority and lower address: discarded",
	  "version 2 interval 300",
	  { V2_ACTIVE, { S(10), "advert 10.0.0.4 100 300", "" } } },
	{ "Active: startup is ignored when already started",
	  "",
	  { GO_ACTIVE, { S(4), "startup", "" } } },
	{ "Resume: Active at once, as long as no Backup can have taken over",
	  "",
	  { { 0, "resume -2999999 1000000",
	      UP("100") "adver +1000000, Initialize > Active: resumed" } } },
	{ "Resume, three intervals after the last advertisement: a startup",
	  "",
	  { { 0, "resume -3000000 1000000", "down +3609375, Initialize > Backup: startup" } } },
	{ "Resume: the interval that was advertised counts, not the one of a new configuration",
	  "interval 4000",
	  { { 0, "resume -300000 100000", "down +144375000, Initialize > Backup: startup" } } },
	{ "Resume with a shorter interval than was advertised: others still wait as they were told",
	  "interval 10",
	  { { 0, "resume -2500000 1000000",
	      UP("100") "adver +100000, Initialize > Active: resumed" } } },
	{ "Resume in VRRPv2: the same rule",
	  "version 2 interval 300",
	  { { 0, "resume -8999999 3000000",
	      UP("100") "adver +3000000, Initialize > Active: resumed" } } },
	{ "Resume with an advertisement in the future, which no clock can have seen: a startup",
	  "",
	  { { 0, "resume 1 1000000", "down +3609375, Initialize > Backup: startup" } } },
	{ "Resume of the owner, too late: Active at once, as at any startup",
	  "priority 255",
	  { { 0, "resume -9000000 1000000",
	      UP("255") "adver +1000000, Initialize > Active: owner" } } },
	{ "Resume without preemption, and with a delay of it: neither is for one that was Active",
	  "no-preempt delay 60",
	  { { 0, "resume -1000000 1000000",
	      UP("100") "adver +1000000, Initialize > Active: resumed" } } },
	{ "Resume, and a better one is Active meanwhile: Backup at its first advertisement",
	  "",
	  { { 0, "resume -100000 1000000", UP("100") "adver +1000000, Initialize > Active: resumed" },
	    { MS(1), "advert 10.0.0.9 200",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "Resume, and a lower one is Active meanwhile: it is answered, and gives way",
	  "",
	  { { 0, "resume -100000 1000000", UP("100") "adver +1000000, Initialize > Active: resumed" },
	    { MS(5), "advert 10.0.0.9 50", "send 100" } } },
	{ "Resume of a Backup that has heard nobody: Active",
	  "",
	  { GO_BACKUP,
	    { MS(200), "resume -100000 1000000",
	      UP("100") "no down, adver +1000000, Backup > Active: resumed" } } },
	{ "Resume of a Backup that follows an Active router: it goes on following",
	  "",
	  { GO_BACKUP,
	    { MS(100), "advert 10.0.0.9 200", "down +3609375" },
	    { MS(200), "resume -100000 1000000", "" } } },
	{ "Resume of a Backup that hears a lower router: it preempts in its time",
	  "",
	  { GO_BACKUP,
	    { MS(100), "advert 10.0.0.9 50", "" },
	    { MS(200), "resume -100000 1000000", "" } } },
	{ "Resume of a Backup, while the Active router has let go: skew decides who is best",
	  "",
	  { GO_BACKUP,
	    { MS(100), "advert 10.0.0.9 0", "down +609375" },
	    { MS(200), "resume -100000 1000000", "" } } },
	{ "Resume of a Backup, too late: it goes on waiting",
	  "",
	  { GO_BACKUP, { S(3), "resume -100000 1000000", "" } } },
	{ "Resume of an Active router: nothing",
	  "",
	  { GO_ACTIVE, { S(4), "resume 3700000 1000000", "" } } },
	{ "Resume, then shutdown: priority 0, as ever",
	  "",
	  { { 0, "resume -100000 1000000", UP("100") "adver +1000000, Initialize > Active: resumed" },
	    { MS(1), "shutdown admin",
	      "send 0, del-routes, del-addresses, no adver, Active > Initialize: shutdown" } } },
	{ "Own address as source: an echo is no answer, else it would never end",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.5 100", "" },
	    { S(1), "advert 10.0.0.5 0", "" },
	    { 3609375, "fires down", UP("100") "adver +1000000, Backup > Active: no-response" },
	    { S(4), "advert 10.0.0.5 100", "" },
	    { S(4), "advert 10.0.0.5 0", "" } } },

/* Switchover */
#define TOLD GO_ACTIVE, { S(4), "switchover", "send 0, adver +1000000" }
#define HANDED_OVER                                                                                \
	TOLD, { MS(4010), "advert 10.0.0.3 50",                                                    \
		"del-routes, del-addresses, no adver, down +3609375, Active > Backup: handed-over" }
	{ "Switchover, Active: priority 0 at once and at each interval; whoever is heard then is Active",
	  "priority 100",
	  { TOLD,
	    { S(5), "fires adver", "send 0, adver +1000000" },
	    { MS(5010), "advert 10.0.0.3 1",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: handed-over" } } },
	{ "Switchover, Active: nobody takes over within the longest Active_Down_Interval, so it stays",
	  "priority 100",
	  { TOLD,
	    { S(5), "fires adver", "send 0, adver +1000000" },
	    { S(6), "fires adver", "send 0, adver +1000000" },
	    { S(7), "fires adver", "send 0, adver +1000000" },
	    { S(8), "fires adver", "stay, send 100, adver +1000000" },
	    { S(9), "fires adver", "send 100, adver +1000000" } } },
	{ "Switchover, Active: told twice, it goes on; priority 0 of another is no successor",
	  "priority 100",
	  { TOLD, { S(5) - 1, "switchover", "" }, { S(5) - 1, "advert 10.0.0.3 0", "" } } },
	{ "Switchover, Active: an owner does not hand over, since it would preempt at once",
	  "priority 255",
	  { GO_OWNER, { S(1) - 1, "switchover", "" } } },
	{ "Switchover, Active: who becomes the owner meanwhile is it at once",
	  "priority 100",
	  { TOLD, { MS(4010), "config priority 255", "send 255" } } },
	{ "Switchover, Active: a new priority is not advertised before it stays; a new interval starts now",
	  "priority 100",
	  { TOLD,
	    { MS(4010), "config priority 1", "" },
	    { MS(4020), "config interval 200", "send 0, adver +2000000" },
	    { MS(6020), "fires adver", "send 0, adver +2000000" },
	    { MS(8020), "fires adver", "stay, send 1, adver +2000000" } } },
	{ "Switchover, Active: reclaim ends it",
	  "priority 100",
	  { TOLD, { MS(4010), "reclaim", "send 100, adver +1000000" }, { MS(4020), "reclaim", "" } } },
	{ "Switchover, Active: shut down meanwhile, it leaves as ever",
	  "priority 100",
	  { TOLD,
	    { MS(4010), "shutdown admin",
	      "send 0, del-routes, del-addresses, no adver, Active > Initialize: shutdown" } } },
	{ "Switchover, Active: after a stall another is Active already",
	  "priority 100",
	  { GO_ACTIVE,
	    { S(20), "switchover",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: stall" } } },
	{ "Switchover, Backup: it does not preempt a lower router until that one falls silent",
	  "priority 100",
	  { HANDED_OVER,
	    { S(5), "advert 10.0.0.3 50", "down +3609375" },
	    { MS(8609) + 375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" },
	    { S(9), "advert 10.0.0.9 200",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" },
	    { S(10), "advert 10.0.0.3 50", "" } } },
	{ "Switchover, Backup: it takes back at priority 0", /* the other one hands over in turn */
	  "priority 100",
	  { HANDED_OVER,
	    { S(5), "advert 10.0.0.3 0", "down +609375" },
	    { MS(5609) + 375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: not-active" } } },
	{ "Switchover, Backup: reclaim lets it preempt again, as it is configured",
	  "priority 100 delay 1",
	  { HANDED_OVER,
	    { S(5), "advert 10.0.0.3 50", "down +3609375" },
	    { MS(5500), "reclaim", "" },
	    { S(6), "advert 10.0.0.3 50", "preempt +1000000, down +3609375" } } },
	{ "Switchover, Backup: a higher priority is no reason to preempt; an owner's is",
	  "priority 100",
	  { HANDED_OVER,
	    { MS(4500), "config priority 200", "down +2728750" },
	    { S(5), "advert 10.0.0.3 50", "down +3218750" },
	    { MS(5500), "config priority 255",
	      UP("255") "no down, adver +1000000, Backup > Active: owner" } } },
	{ "Switchover: that is remembered while it takes no part",
	  "priority 100",
	  { HANDED_OVER,
	    { S(5), "shutdown admin", "no down, Backup > Initialize: shutdown" },
	    { S(6), "startup", "down +3609375, Initialize > Backup: startup" },
	    { MS(6010), "advert 10.0.0.3 50", "down +3609375" } } },
	{ "Switchover: no effect on a Backup, or in Initialize",
	  "priority 100",
	  { { 0, "switchover", "" }, { 0, "reclaim", "" }, GO_BACKUP, { 1, "switchover", "" } } },

/* Sync groups: READY is a Backup that would be Active without. */
#define READY	GO_BACKUP, { 3609375, "fires down", "down +3609375" }
#define SYNC_UP UP("100") "no down, adver +1000000, Backup > Active: "
	{ "Sync, Backup: it is ready instead of Active, and Active when it is told to take over",
	  "syncs",
	  { READY, { S(4), "take-over", SYNC_UP "no-response" } } },
	{ "Sync, Backup: while nobody tells it, it asks again after an Active_Down_Interval",
	  "syncs",
	  { READY,
	    { 7218750, "fires down", "down +3609375" },
	    { S(8), "take-over", SYNC_UP "no-response" } } },
	{ "Sync, Backup: one whom it respects ends that it is ready",
	  "syncs",
	  { READY,
	    { S(4), "advert 10.0.0.9 200", "down +3609375" },
	    { S(5), "config no-syncs", "" },
	    { 7609375, "fires down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Sync, Backup: without preemption, a lower router ends that it is ready",
	  "syncs no-preempt",
	  { READY, { S(4), "advert 10.0.0.3 50", "down +3609375" } } },
	{ "Sync, Backup: a lower router does not end it, and is preempted",
	  "syncs",
	  { READY, { S(4), "advert 10.0.0.3 50", "" }, { S(5), "take-over", SYNC_UP "preempted" } } },
	{ "Sync, Backup: a lower router is waited for once more when there is a preemption delay",
	  "syncs delay 10",
	  { READY,
	    { S(4), "advert 10.0.0.3 50", "preempt +10000000, down +3609375" },
	    { S(5), "config no-syncs", "" } } },
	{ "Sync, Backup: priority 0 does not make it ask again",
	  "syncs",
	  { READY, { S(4), "advert 10.0.0.9 0", "" }, { S(4), "take-over", SYNC_UP "not-active" } } },
	{ "Sync, Backup: after priority 0 it is ready after Skew_Time",
	  "syncs",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(2), "advert 10.0.0.9 0", "down +609375" },
	    { 2609375, "fires down", "down +3609375" },
	    { S(3), "take-over", SYNC_UP "not-active" } } },
	{ "Sync, Backup: told to take over, it does whatever Preempt_Mode says",
	  "syncs no-preempt",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.3 50", "down +3609375" },
	    { S(2), "take-over", SYNC_UP "sync" } } },
	{ "Sync, Backup: ready, and in no sync group any more, it is Active at once",
	  "syncs",
	  { READY, { S(4), "config no-syncs", SYNC_UP "no-response" } } },
	{ "... also when the silent Active router had a higher priority",
	  "syncs",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { 4609375, "fires down", "down +3609375" },
	    { S(5), "config no-syncs", SYNC_UP "no-response" } } },
	{ "... also when it does not preempt",
	  "syncs no-preempt",
	  { READY, { S(4), "config no-syncs", SYNC_UP "no-response" } } },
	{ "... but not over a router that it was to preempt, and respects now",
	  "syncs",
	  { READY,
	    { S(4), "advert 10.0.0.3 50", "" },
	    { S(5), "config no-syncs no-preempt", "down +2609375" } } },
	{ "Sync, Active: told to give up, it says priority 0, and listens first",
	  "",
	  { GO_ACTIVE,
	    { S(4), "give-up sync",
	      "send 0, del-routes, del-addresses, no adver, down +3609375, Active > Backup: sync" } } },
	{ "Witness, Active: without a majority it says priority 0, listens, and is ready until it may take over",
	  "syncs",
	  { READY,
	    { S(4), "take-over", SYNC_UP "no-response" },
	    { S(5), "give-up no-majority",
	      "send 0, del-routes, del-addresses, no adver, down +3609375, Active > Backup: no-majority" },
	    { 8609375, "fires down", "down +3609375" },
	    { S(9), "take-over", SYNC_UP "no-response" } } },
	{ "Witness, Active: who hands its promises over does not preempt whom it gave them to",
	  "syncs",
	  { READY,
	    { S(4), "take-over", SYNC_UP "no-response" },
	    { S(5), "give-up handed-over",
	      "send 0, del-routes, del-addresses, no adver, down +3609375, Active > Backup: handed-over" },
	    { S(6), "advert 10.0.0.3 50", "down +3609375" } } },
	{ "Sync: to take over or to give up means nothing to one that has done so, or takes no part",
	  "",
	  { { 0, "take-over", "" },
	    { 0, "give-up sync", "" },
	    GO_ACTIVE,
	    { S(4), "take-over", "" },
	    { S(4), "give-up sync",
	      "send 0, del-routes, del-addresses, no adver, down +3609375, Active > Backup: sync" },
	    { S(4), "give-up sync", "" } } },
	{ "Sync, resume: it is Active without being told",
	  "syncs",
	  { { 0, "resume -100000 1000000",
	      UP("100") "adver +1000000, Initialize > Active: resumed" } } },
	{ "Tie, Active: left to another router of the sync group, and not answered",
	  "tie-wait 4",
	  { GO_ACTIVE, { S(4), "advert 10.0.0.9 100", "" }, { S(7), "advert 10.0.0.9 100", "" } } },
	{ "Tie, Active: after that time the address decides",
	  "tie-wait 4",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.9 100", "" },
	    { S(7), "advert 10.0.0.9 100", "" },
	    { S(8), "advert 10.0.0.9 100",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },
	{ "Tie, Active: one that ended long ago does not count",
	  "tie-wait 2",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.9 100", "" },
	    { MS(6001), "advert 10.0.0.9 100", "" },
	    { S(8), "advert 10.0.0.9 100", "" } } },
	{ "Tie, Active: a lower address is answered as ever",
	  "tie-wait 4",
	  { GO_ACTIVE, { S(4), "advert 10.0.0.3 100", "send 100" } } },
	{ "Tie, Active: a higher priority is no tie",
	  "tie-wait 4",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.3 101",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" } } },

	/* Generations */
	{ "Generations: an expiry older than the last arming is ignored",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { 3609375, "stale down", "" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" },
	    { S(6), "stale adver", "" },
	    { S(6), "fires down", "" } } },
	{ "Generations: the same expiry twice counts once",
	  "priority 255",
	  { GO_OWNER,
	    { S(1), "fires adver", "send 255, adver +1000000" },
	    { S(1), "stale adver", "" } } },
	{ "Generations: a cancelled timer that fires all the same is ignored",
	  "",
	  { GO_ACTIVE,
	    { S(4), "advert 10.0.0.9 200",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: priority" },
	    { S(5), "fires adver", "" },
	    { S(5), "stale adver", "" } } },

	/* Preemption delay */
	{ "Preempt delay: the lower Active is followed until the delay ends, then skew, then preempted",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "advert 10.0.0.9 50", "down +3609375" },
	    { S(10), "advert 10.0.0.9 50", "down +3609375" },
	    { S(11), "fires preempt", "down +609375" },
	    { S(11) + MS(500), "advert 10.0.0.9 50", "" },
	    { S(11) + 609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: preempted" } } },
	{ "Preempt delay: the lower Active dies before its end: no-response, the delay is over",
	  "delay 60",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +60000000, down +3609375" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "no preempt, adver +1000000, Backup > Active: no-response" },
	    { S(61), "fires preempt", "" } } },
	{ "Preempt delay: the lower Active releases before its end: skew, not-active",
	  "delay 60",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +60000000, down +3609375" },
	    { S(2), "advert 10.0.0.9 0", "down +609375" },
	    { S(2) + 609375, "fires down",
	      UP("100") "no preempt, adver +1000000, Backup > Active: not-active" } } },
	{ "Preempt delay: a higher priority ends it, the next lower one starts it anew",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "advert 10.0.0.8 200", "no preempt, down +3609375" },
	    { S(3), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" } } },
	{ "Preempt delay: a higher priority between its end and the takeover is followed",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(10), "advert 10.0.0.9 50", "down +3609375" },
	    { S(11), "fires preempt", "down +609375" },
	    { S(11), "advert 10.0.0.8 200", "down +3609375" },
	    { S(12), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" } } },
	{ "Preempt delay: shutdown cancels it",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "shutdown admin", "no down, no preempt, Backup > Initialize: shutdown" },
	    { S(11), "fires preempt", "" } } },
	{ "Preempt delay: with preemption off it never starts",
	  "no-preempt delay 10",
	  { GO_BACKUP, { S(1), "advert 10.0.0.9 50", "down +3609375" } } },
	{ "Preempt delay: nobody heard, nothing to wait for",
	  "delay 3600",
	  { GO_BACKUP,
	    { 3609375, "fires down", UP("100") "adver +1000000, Backup > Active: no-response" } } },

	/* Settling */
	{ "Settling: it announces and follows the lower Active until settled, then skew, then preempted",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "advert 10.0.0.9 50", "down +3609375" },
	    { S(3), "settled", "down +609375" },
	    { S(3) + MS(500), "advert 10.0.0.9 50", "" },
	    { S(3) + 609375, "fires down", UP("100") "adver +1000000, Backup > Active: preempted" },
	    { S(4), "settled", "" } } },
	{ "Settling: after the preemption delay",
	  "settles delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "settled", "" },
	    { S(10), "advert 10.0.0.9 50", "down +3609375" },
	    { S(11), "fires preempt", "add-addresses, add-routes" },
	    { S(12), "settled", "down +609375" } } },
	{ "Settling: the lower Active dies meanwhile: no-response",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" },
	    { S(5), "settled", "" } } },
	{ "Settling: the lower Active releases meanwhile: skew, not-active",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "advert 10.0.0.9 0", "down +609375" },
	    { S(2) + 609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: not-active" } } },
	{ "Settling: a higher priority ends it, and takes back what was announced",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "advert 10.0.0.8 200", BEHIND "down +3609375" },
	    { MS(2500), "settled", "" },
	    { S(3), "advert 10.0.0.9 50", AHEAD "down +3609375" } } },
	{ "Settling: a higher priority between settled and the takeover ends it as well",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "settled", "down +609375" },
	    { MS(2100), "advert 10.0.0.8 200", BEHIND "down +3609375" } } },
	{ "Settling: shutdown takes back what was announced",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "shutdown admin", BEHIND "no down, Backup > Initialize: shutdown" } } },
	{ "Settling: preemption that is switched off takes back what was announced",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "config no-preempt", "del-routes, del-addresses" },
	    { S(3), "settled", "" } } },
	{ "Settling: when it is switched off, nothing more is waited for",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "config no-settles", BEHIND "down +609375" },
	    { S(2) + 609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: preempted" } } },
	{ "Settling: an owner does not wait for it, and takes over what it has",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", AHEAD "down +3609375" },
	    { S(2), "config priority 255",
	      UP("255") "no down, adver +1000000, Backup > Active: owner" } } },
	{ "Settling: nobody heard, or not to be preempted: nothing is announced",
	  "settles",
	  { GO_BACKUP,
	    { S(1), "settled", "" },
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(1) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },

	/* Stall */
	{ "Stall, Active: late by the longest Active_Down_Interval (3.996 s) is still an advertisement",
	  "priority 255",
	  { GO_OWNER, { S(1) + 3996093, "fires adver", "send 255, adver +1000000" } } },
	{ "Stall, Active: later than that, somebody took over: step down and listen first, owner too",
	  "priority 255",
	  { GO_OWNER,
	    { S(1) + 3996094, "fires adver",
	      "del-routes, del-addresses, down +3003906, Active > Backup: stall" },
	    { S(1) + 3996094 + 3003906, "fires down",
	      UP("255") "adver +1000000, Backup > Active: no-response" } } },
	{ "Stall, Active: an advertisement read before the late timer finds us out as well",
	  "",
	  { GO_ACTIVE,
	    { S(60), "advert 10.0.0.9 50",
	      "del-routes, del-addresses, no adver, down +3609375, Active > Backup: stall" },
	    { S(60), "stale adver", "" } } },
	{ "Stall, Active: found out by a release: skew from now",
	  "",
	  { GO_ACTIVE,
	    { S(60), "advert 10.0.0.9 0",
	      "del-routes, del-addresses, no adver, down +3609375, down +609375, Active > Backup: stall" } } },
	{ "Stall, Active: a configuration change does not hide it",
	  "",
	  { GO_ACTIVE,
	    { S(60), "config interval 10",
	      "del-routes, del-addresses, no adver, down +360937, Active > Backup: stall" } } },
	{ "Stall, Active (VRRPv2): the longest Active_Down_Interval has a second of skew",
	  "version 2 priority 255 interval 1000",
	  { { 0, "startup", UP("255") "adver +10000000, Initialize > Active: owner" },
	    { S(10) + 30996093, "fires adver", "send 255, adver +10000000" } } },
	{ "Stall, Backup: up to one interval late is in time",
	  "",
	  { GO_BACKUP,
	    { 3609375 + S(1), "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Stall, Backup: later than that, read the socket for Skew_Time first, but only once",
	  "",
	  { GO_BACKUP,
	    { 3609376 + S(1), "fires down", "down +609375" },
	    { S(60), "fires down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Stall, Backup: an advertisement found in the socket keeps us Backup; the next stall has its own wait",
	  "",
	  { GO_BACKUP,
	    { S(30), "fires down", "down +609375" },
	    { S(30), "advert 10.0.0.9 200", "down +3609375" },
	    { S(60), "fires down", "down +609375" },
	    { S(61), "fires down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Stall, Backup: a farewell meanwhile makes it no longer, and it is still once",
	  "priority 254 interval 1",
	  { { 0, "startup", "down +30078, Initialize > Backup: startup" },
	    { S(1), "fires down", "down +1000" },
	    { S(1), "advert 10.0.0.9 0 1", "down +78" },
	    { S(60), "fires down", UP("254") "adver +10000, Backup > Active: not-active" } } },
	{ "Stall, Backup: the wait is 1 ms at least",
	  "priority 254 interval 1",
	  { { 0, "startup", "down +30078, Initialize > Backup: startup" },
	    { S(1), "fires down", "down +1000" } } },
	{ "Packets lost, Backup: the silence proves little; a whole Active_Down_Interval more, three times at most",
	  "",
	  { GO_BACKUP,
	    { 3609375, "lost, down", "down +3609375" },
	    { S(8), "lost, down", "down +3609375" },
	    { S(12), "lost, down", "down +3609375" },
	    { S(16), "lost, down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Packets lost, Backup: when none is lost any more the silence counts",
	  "",
	  { GO_BACKUP,
	    { 3609375, "lost, down", "down +3609375" },
	    { S(8), "fires down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Packets lost, Backup: an advertisement heard gives all three again",
	  "",
	  { GO_BACKUP,
	    { 3609375, "lost, down", "down +3609375" },
	    { S(4), "advert 10.0.0.9 200", "down +3609375" },
	    { S(8), "lost, down", "down +3609375" },
	    { S(12), "lost, down", "down +3609375" },
	    { S(16), "lost, down", "down +3609375" },
	    { S(20), "lost, down", UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Packets lost, Backup: who has said farewell is not waited for",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 0", "down +609375" },
	    { 1609375, "lost, down", UP("100") "adver +1000000, Backup > Active: not-active" } } },

	/* Configuration while running */
	{ "Config, Backup made owner: Active at once",
	  "",
	  { GO_BACKUP,
	    { S(1), "config priority 255",
	      UP("255") "no down, adver +1000000, Backup > Active: owner" } } },
	{ "Config, Backup made owner while a preempt delay runs: Active at once",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "config priority 255",
	      UP("255") "no down, no preempt, adver +1000000, Backup > Active: owner" } } },
	{ "Config, owner no more: stays Active, says so at once, yields to the next higher advertisement",
	  "priority 255",
	  { GO_OWNER,
	    { MS(100), "config priority 50", "send 50" },
	    { S(1), "fires adver", "send 50, adver +1000000" },
	    { S(1), "advert 10.0.0.4 100",
	      "del-routes, del-addresses, no adver, down +3804687, Active > Backup: priority" } } },
	{ "Config, Active: a new interval is advertised at once and starts now",
	  "",
	  { GO_ACTIVE,
	    { S(4), "config interval 500", "send 100, adver +5000000" },
	    { S(9), "fires adver", "send 100, adver +5000000" } } },
	{ "Config, Active: a new source address is advertised at once",
	  "",
	  { GO_ACTIVE, { S(4), "config source 10.0.0.200", "send 100" } } },
	{ "Config, Active: preemption and its delay change nothing now",
	  "",
	  { GO_ACTIVE, { S(4), "config no-preempt delay 7", "" } } },
	{ "Config, Backup: another priority moves Active_Down_Timer by the change of skew",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 250", "down +3609375" },
	    { S(2), "config priority 200", "down +2218750" },
	    { S(2), "config priority 100", "down +2609375" } } },
	{ "Config, Backup: the moved timer never lands in the past",
	  "priority 1",
	  { { 0, "startup", "down +3996093, Initialize > Backup: startup" },
	    { MS(3900), "config priority 254", "down +0" } } },
	{ "Config, Backup: a timer already overdue is left alone, so that the stall is seen",
	  "",
	  { GO_BACKUP,
	    { S(60), "config priority 200", "" },
	    { S(60), "fires down", "down +218750" } } },
	{ "Config, Backup: after a release it is Skew_Time that moves",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 0", "down +609375" },
	    { S(1), "config priority 228", "down +109375" } } },
	{ "Config, Backup: the own interval counts while no Active router was heard",
	  "",
	  { GO_BACKUP, { S(1), "config interval 200", "down +6218750" } } },
	{ "Config, Backup: a release and then another own interval: Skew_Time moves, not the whole",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 0", "down +609375" },
	    { S(1), "config interval 200", "down +1218750" } } },
	{ "Config, Backup: followed again after a release, the whole interval moves",
	  "version 2",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 0", "down +609375" },
	    { S(1), "advert 10.0.0.8 200", "down +3609375" },
	    { S(1), "config interval 200", "down +6609375" } } },
	{ "Config, Backup: put off because late, Skew_Time moves, not the whole",
	  "",
	  { GO_BACKUP,
	    { S(60), "fires down", "down +609375" },
	    { S(60), "config interval 200", "down +1218750" } } },
	{ "RFC 3768 6.1 Config, Backup (VRRPv2): all routers have one interval, so the own one counts",
	  "version 2",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200", "down +3609375" },
	    { S(1), "config interval 200", "down +6609375" } } },
	{ "Config, Backup: the own interval does not replace a learnt one",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 200 50", "down +1804687" },
	    { S(1), "config interval 200", "" } } },
	{ "Config, Backup: another source address leaves the timer alone",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "" },
	    { S(1), "config source 10.0.0.200", "" },
	    { 3609375, "fires down", UP("100") "adver +1000000, Backup > Active: preempted" } } },
	{ "Config, Backup about to preempt: with preemption off the timer counts from what was last heard",
	  "",
	  { GO_BACKUP,
	    { S(3), "advert 10.0.0.9 50 200", "" },
	    { MS(3500), "config no-preempt", "down +6718750" },
	    { S(5), "advert 10.0.0.9 50 200", "down +7218750" } } },
	{ "Config, Backup about to preempt: the same when our priority falls to that of the Active router",
	  "priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(3), "advert 10.0.0.9 100", "" },
	    { MS(3200), "config priority 100", "down +3409375" },
	    { S(3) + 3609375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "Config, Backup about to preempt: a priority that is still higher goes on preempting",
	  "priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(3), "advert 10.0.0.9 100", "" },
	    { MS(3200), "config priority 101", "down +405468" },
	    { 3605468, "fires down", UP("101") "adver +1000000, Backup > Active: preempted" } } },
	{ "Config, Backup about to preempt two: the better one is respected, whoever spoke last",
	  "priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(2), "advert 10.0.0.9 150", "" },
	    { MS(2500), "advert 10.0.0.8 100", "" },
	    { S(3), "config priority 128", "down +2500000" } } },
	{ "Config, Backup about to preempt two: with preemption off, whichever was heard last counts",
	  "priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(2), "advert 10.0.0.9 150", "" },
	    { MS(2500), "advert 10.0.0.8 100", "" },
	    { S(3), "config no-preempt", "down +2718750" } } },
	{ "Config, Backup about to preempt two: first the better one is respected, then the other as well",
	  "priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(2), "advert 10.0.0.9 150", "" },
	    { MS(3100), "advert 10.0.0.8 100", "" },
	    { MS(3150), "config priority 140", "down +2303125" },
	    { MS(3160), "config no-preempt", "down +3393125" } } },
	{ "Config, Backup at the end of its preempt delay: preemption off counts from what was last heard",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { MS(10900), "advert 10.0.0.9 50", "down +3609375" },
	    { S(11), "fires preempt", "down +609375" },
	    { MS(11100), "config no-preempt", "down +3409375" } } },
	{ "Config, Backup in its preempt delay: a priority that falls ends it",
	  "delay 10 priority 200",
	  { { 0, "startup", "down +3218750, Initialize > Backup: startup" },
	    { S(1), "advert 10.0.0.9 150", "preempt +10000000, down +3218750" },
	    { S(2), "config priority 100", "no preempt, down +2609375" } } },
	{ "Config, Backup about to preempt: a preempt delay begins now, and the lower one is respected",
	  "",
	  { GO_BACKUP,
	    { S(3), "advert 10.0.0.9 50", "" },
	    { MS(3500), "config delay 60", "preempt +60000000, down +3109375" },
	    { S(4), "advert 10.0.0.9 50", "down +3609375" } } },
	{ "Config, Backup at the end of its preempt delay: what became longer is waited for",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(11), "advert 10.0.0.9 50", "down +3609375" },
	    { S(11), "fires preempt", "down +609375" },
	    { MS(11100), "config delay 15", "preempt +5000000, down +3509375" } } },
	{ "Config, Backup about to preempt one that is silent for too long: respected, and replaced at once",
	  "interval 1000",
	  { { 0, "startup", "down +36093750, Initialize > Backup: startup" },
	    { S(30), "advert 10.0.0.9 50 100", "" },
	    { S(35), "config no-preempt", "down +0" },
	    { S(35), "fires down", UP("100") "adver +10000000, Backup > Active: no-response" } } },
	{ "Config, Backup about to preempt, its timer overdue: left alone, so that the stall is seen",
	  "",
	  { GO_BACKUP,
	    { S(3), "advert 10.0.0.9 50", "" },
	    { S(60), "config no-preempt", "" },
	    { S(60), "fires down", "down +609375" } } },
	{ "Config, Backup about to preempt: a farewell of another router does not hide the lower one",
	  "",
	  { GO_BACKUP,
	    { S(3), "advert 10.0.0.9 50", "" },
	    { MS(3100), "advert 10.0.0.8 0", "" },
	    { MS(3200), "config no-preempt", "down +3409375" } } },
	{ "Config, Backup: preemption off ends a preempt delay",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(2), "config no-preempt", "no preempt" },
	    { S(2), "advert 10.0.0.9 50", "down +3609375" } } },
	{ "Config, Backup: another preempt delay counts from the same start",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { S(3), "config delay 30", "preempt +28000000" },
	    { S(3), "config delay 0", "preempt +0" },
	    { S(3), "fires preempt", "down +609375" } } },
	{ "BFD, Backup: the Active router is down: Skew_Time after its next advertisement is late by half an interval",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(1300), "peer-down 10.0.0.9", "down +1809375" },
	    { MS(3109) + 375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "BFD, Backup: an advertisement that is too late is not waited for",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "peer-down 10.0.0.9", "down +609375" } } },
	{ "BFD, Backup: with advertisements a dead BFD path moves nothing",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(1300), "peer-down 10.0.0.9", "down +1809375" },
	    { S(2), "advert 10.0.0.9 150", "down +3609375" },
	    { S(3), "advert 10.0.0.9 150", "down +3609375" } } },
	{ "BFD, Backup: it never makes a takeover later",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { S(4) + 100, "peer-down 10.0.0.9", "" } } },
	{ "BFD, Backup: told twice, the first counts",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "peer-down 10.0.0.9", "down +609375" },
	    { MS(2600), "peer-down 10.0.0.9", "" } } },
	{ "BFD, Backup: another peer than the Active router does not matter",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { S(2), "peer-down 10.0.0.8", "" },
	    { S(2), "verdict 10.0.0.8", "" } } },
	{ "BFD, Backup: no Active router was heard",
	  "",
	  { GO_BACKUP, { S(1), "peer-down 10.0.0.9", "" }, { S(1), "verdict 10.0.0.9", "" } } },
	{ "BFD, Backup: the Active router has released",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(1300), "advert 10.0.0.9 0", "down +609375" },
	    { MS(1301), "peer-down 10.0.0.9", "" } } },
	{ "BFD, Backup about to preempt: the timer that ignores the Active router is left alone",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "" },
	    { MS(1300), "peer-down 10.0.0.9", "" },
	    { MS(1300), "verdict 10.0.0.9", "" } } },
	{ "BFD, Backup in its preempt delay: a dead Active router is replaced",
	  "delay 10",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 50", "preempt +10000000, down +3609375" },
	    { MS(1300), "peer-down 10.0.0.9", "down +1809375" },
	    { MS(3109) + 375, "fires down",
	      UP("100") "no preempt, adver +1000000, Backup > Active: no-response" } } },
	{ "BFD, Backup: the interval that is waited for is the Active router's",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150 50", "down +1804687" },
	    { MS(1100), "peer-down 10.0.0.9", "down +954687" } } },
	{ "BFD, Backup, strict: Skew_Time from now, whenever an advertisement is due",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(1300), "verdict 10.0.0.9", "down +609375" },
	    { MS(1909) + 375, "fires down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "BFD, Backup, strict: an advertisement sets the timer anew",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(1300), "verdict 10.0.0.9", "down +609375" },
	    { MS(1500), "advert 10.0.0.9 150", "down +3609375" } } },
	{ "BFD, Backup: with packets lost, a hint is not enough",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "peer-down 10.0.0.9", "down +609375" },
	    { MS(3109) + 375, "lost, down", "down +3609375" } } },
	{ "BFD, Backup, strict: a verdict holds though packets were lost",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "verdict 10.0.0.9", "down +609375" },
	    { MS(3109) + 375, "lost, down",
	      UP("100") "adver +1000000, Backup > Active: no-response" } } },
	{ "BFD, Backup: a hint that was put off moves with Active_Down_Interval, as any whole wait",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "peer-down 10.0.0.9", "down +609375" },
	    { MS(3109) + 375, "lost, down", "down +3609375" },
	    { MS(3200), "config priority 50", "down +3714062" } } },
	{ "BFD, Backup: Skew_Time of a new priority counts",
	  "",
	  { GO_BACKUP,
	    { S(1), "advert 10.0.0.9 150", "down +3609375" },
	    { MS(2500), "peer-down 10.0.0.9", "down +609375" },
	    { MS(2500), "config priority 50", "down +804687" } } },
	{ "BFD, Active and Initialize: a peer that is down changes nothing",
	  "",
	  { { 0, "peer-down 10.0.0.9", "" },
	    GO_ACTIVE,
	    { S(4), "peer-down 10.0.0.9", "" },
	    { S(4), "verdict 10.0.0.5", "" } } },
};

/* RFC 9568 section 6.1, RFC 3768 section 6.1: the timers by themselves. */

static const struct timer_row {
	const char *rule;
	uint8_t version, priority;
	unsigned int interval_cs;
	vrrp_usec_t skew, down;
} timer_rows[] = {
	{ "RFC 9568 6.1 priority 255, 1 s", 3, 255, 100, 3906, 3003906 },
	{ "RFC 9568 6.1 priority 254, 1 s", 3, 254, 100, 7812, 3007812 },
	{ "RFC 9568 6.1 priority 200, 1 s", 3, 200, 100, 218750, 3218750 },
	{ "RFC 9568 6.1 priority 100, 1 s", 3, 100, 100, 609375, 3609375 },
	{ "RFC 9568 6.1 priority 1, 1 s", 3, 1, 100, 996093, 3996093 },
	{ "RFC 9568 6.1 priority 100, 10 ms", 3, 100, 1, 6093, 36093 },
	{ "RFC 9568 6.1 priority 100, 100 ms", 3, 100, 10, 60937, 360937 },
	{ "RFC 9568 6.1 priority 1, 40.95 s", 3, 1, 4095, 40790039, 163640039 },
	{ "RFC 3768 6.1 priority 255, 1 s", 2, 255, 100, 3906, 3003906 },
	{ "RFC 3768 6.1 priority 100, 1 s", 2, 100, 100, 609375, 3609375 },
	{ "RFC 3768 6.1 priority 100, 255 s", 2, 100, 25500, 609375, 765609375 },
	{ "RFC 3768 6.1 priority 1, 10 s", 2, 1, 1000, 996093, 30996093 },
};

static void test_timers(void **state)
{
	const struct timer_row *row = *state;
	vrrp_usec_t interval = row->interval_cs * VRRP_USEC_PER_CS;
	vrrp_usec_t skew = vrrp_skew_time(row->version, row->priority, interval);
	vrrp_usec_t down = vrrp_active_down_interval(row->version, row->priority, interval);

	if (skew != row->skew)
		fail_msg("%s: Skew_Time must be %llu us, is %llu us", row->rule,
			 (unsigned long long)row->skew, (unsigned long long)skew);
	if (down != row->down)
		fail_msg("%s: Active_Down_Interval must be %llu us, is %llu us", row->rule,
			 (unsigned long long)row->down, (unsigned long long)down);
}

/* Values that show commands read. */

static void step_text(struct vrrp_fsm *fsm, const char *text, vrrp_usec_t at)
{
	struct vrrp_fsm_config config = *defaults(), previous;
	struct vrrp_event event = event_of(text, fsm, &config, &previous);
	struct vrrp_actions actions;

	vrrp_fsm_step(&config, fsm, &event, T0 + at, &actions);
}

static void test_active_router_is_known(void **state)
{
	struct vrrp_addr peer = address("10.0.0.9");
	struct vrrp_fsm fsm;

	(void)state;
	vrrp_fsm_init(&fsm, T0);
	assert_int_equal(fsm.since, T0);
	step_text(&fsm, "startup", 0);
	assert_false(vrrp_addr_is_set(&fsm.active_address));
	assert_int_equal(fsm.active_heard, 0);
	step_text(&fsm, "advert 10.0.0.9 200 50", S(1));
	assert_true(vrrp_addr_same(&fsm.active_address, &peer));
	assert_int_equal(fsm.active_priority, 200);
	assert_int_equal(fsm.active_interval, 500000);
	assert_int_equal(fsm.active_heard, T0 + S(1));
	step_text(&fsm, "advert 10.0.0.8 0", S(2));
	assert_true(vrrp_addr_same(&fsm.active_address, &peer));
	step_text(&fsm, "advert 10.0.0.9 0", S(2));
	assert_false(vrrp_addr_is_set(&fsm.active_address));
	assert_true(fsm.released);
	step_text(&fsm, "fires down", S(2) + MS(305));
	assert_int_equal(fsm.state, VRRP_ACTIVE);
	assert_int_equal(fsm.reason, VRRP_REASON_NOT_ACTIVE);
	assert_int_equal(fsm.active_priority, 100);
	assert_int_equal(fsm.active_interval, S(1));
	assert_false(fsm.released);
	step_text(&fsm, "shutdown admin", S(3));
	assert_false(vrrp_addr_is_set(&fsm.active_address));
	assert_int_equal(fsm.since, T0 + S(3));
}

static void test_names_are_complete(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < VRRP_REASONS; i++) {
		assert_non_null(vrrp_reason_name(i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(vrrp_reason_name(i), vrrp_reason_name(j));
	}
	assert_string_equal(vrrp_reason_name(VRRP_REASONS), "unknown");
	assert_string_equal(vrrp_reason_name(VRRP_REASON_NO_RESPONSE), "no-response");
	assert_string_equal(vrrp_reason_name(VRRP_REASON_NOT_ACTIVE), "not-active");
	assert_string_equal(vrrp_state_name(VRRP_INITIALIZE), "Initialize");
	assert_string_equal(vrrp_state_name(VRRP_BACKUP), "Backup");
	assert_string_equal(vrrp_state_name(VRRP_ACTIVE), "Active");
	assert_string_equal(vrrp_state_name(77), "unknown");
}

static void test_strange_events_do_nothing(void **state)
{
	struct vrrp_event strange[] = {
		{ .type = VRRP_EVENT_TIMER, .timer = { .which = VRRP_TIMERS } },
		{ .type = VRRP_EVENT_TIMER, .timer = { .which = 4000000000U } },
		{ .type = VRRP_EVENT_CONFIG, .config = { .previous = NULL } },
	};
	struct vrrp_actions actions;
	struct vrrp_fsm fsm;
	unsigned int i;

	(void)state;
	vrrp_fsm_init(&fsm, T0);
	step_text(&fsm, "startup", 0);
	for (i = 0; i < ARRAY_SIZE(strange); i++) {
		actions.count = 99;
		vrrp_fsm_step(defaults(), &fsm, &strange[i], T0 + 1, &actions);
		assert_int_equal(actions.count, 0);
		assert_int_equal(fsm.state, VRRP_BACKUP);
	}
}

/* A long sequence of random events: assert_sane(), and the properties that the engine relies on. */

static uint32_t random_state;

static uint32_t rnd(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

static struct vrrp_addr random_address(void)
{
	uint8_t octets[4] = { 10, 0, 0, 3 + rnd(5) };

	return vrrp_addr_make(VRRP_IPV4, octets);
}

static uint8_t random_priority(void)
{
	static const uint8_t priorities[] = { 1, 99, 100, 101, 254, 255 };

	return priorities[rnd(ARRAY_SIZE(priorities))];
}

static void random_config(struct vrrp_fsm_config *config)
{
	switch (rnd(8)) {
	case 7:
		config->syncs = rnd(2);
		config->tie_wait = rnd(2) ? MS(rnd(5000)) : 0;
		break;
	case 5:
		config->settles = rnd(2);
		break;
	case 0:
		config->priority = random_priority();
		break;
	case 1:
		config->preempt = rnd(2);
		break;
	case 2:
		config->interval_cs = 1 + rnd(300);
		break;
	case 3:
		config->preempt_delay_sec = rnd(4);
		break;
	case 4:
		config->source = random_address();
		break;
	default:
		config->version = 2 + rnd(2);
	}
}

static struct vrrp_event random_event(const struct vrrp_fsm *fsm, struct vrrp_fsm_config *config,
				      struct vrrp_fsm_config *previous)
{
	struct vrrp_event event = { .type = VRRP_EVENT_STARTUP };

	switch (rnd(12)) {
	case 11:
		event.type = rnd(3) ? VRRP_EVENT_TAKE_OVER : VRRP_EVENT_GIVE_UP;
		if (event.type == VRRP_EVENT_GIVE_UP)
			event.give_up.reason = (const enum vrrp_reason[]){
				VRRP_REASON_SYNC, VRRP_REASON_HANDED_OVER, VRRP_REASON_NO_MAJORITY,
				VRRP_REASON_PRIORITY
			}[rnd(4)];
		return event;
	case 10:
		event.type = VRRP_EVENT_SETTLED;
		return event;
	case 8:
		event.type = rnd(3) ? VRRP_EVENT_SWITCHOVER : VRRP_EVENT_RECLAIM;
		return event;
	case 0:
		if (rnd(4) == 0) {
			event.type = VRRP_EVENT_SHUTDOWN;
			event.shutdown.reason = VRRP_REASON_SHUTDOWN;
		} else if (rnd(3) == 0) {
			event.type = VRRP_EVENT_RESUME;
			event.resume.sent = T0 + rnd(MS(3000));
			event.resume.interval = rnd(MS(1000));
		}
		return event;
	case 1:
		*previous = *config;
		random_config(config);
		event.type = VRRP_EVENT_CONFIG;
		event.config.previous = previous;
		return event;
	case 2:
	case 3:
	case 4:
		event.type = VRRP_EVENT_ADVERT;
		event.advert.source = random_address();
		event.advert.priority = rnd(4) ? random_priority() : 0;
		event.advert.interval_cs = rnd(300);
		return event;
	case 5:
		event.type = VRRP_EVENT_PEER_DOWN;
		event.peer_down.address = random_address();
		event.peer_down.is_verdict = rnd(2);
		return event;
	default:
		event.type = VRRP_EVENT_TIMER;
		event.timer.which = rnd(VRRP_TIMERS);
		event.timer.generation = fsm->timer[event.timer.which].generation - rnd(2);
		return event;
	}
}

/* Added again only by one that had gone ahead; what is removed was there. */
static void follow(bool *there, bool adds, bool removes, bool was_ahead)
{
	if ((adds && *there && !was_ahead) || (removes && !*there))
		fail_msg("it is added or removed twice");
	*there = adds || (*there && !removes);
}

/* Addresses and routes are there exactly while Active, or ahead of that, whatever happened. */
static void follow_actions(const struct vrrp_actions *actions, bool was_ahead, bool *addresses,
			   bool *routes)
{
	unsigned int i;

	for (i = 0; i < actions->count; i++) {
		enum vrrp_action_type type = actions->list[i].type;

		follow(addresses, type == VRRP_ACTION_ADD_ADDRESSES,
		       type == VRRP_ACTION_DEL_ADDRESSES, was_ahead);
		follow(routes, type == VRRP_ACTION_ADD_ROUTES, type == VRRP_ACTION_DEL_ROUTES,
		       was_ahead);
		if (*routes && !*addresses)
			fail_msg("a route stands without its address");
	}
}

static void test_random_walk(void **state)
{
	struct vrrp_fsm_config config = *defaults(), previous;
	bool addresses = false, routes = false, was_ahead, has;
	int i;
	struct vrrp_actions actions;
	vrrp_usec_t now = T0;
	struct vrrp_fsm fsm;

	(void)state;
	random_state = 9568;
	vrrp_fsm_init(&fsm, now);
	for (i = 0; i < 300000; i++) {
		struct vrrp_event event = random_event(&fsm, &config, &previous);

		was_ahead = fsm.is_ahead;
		now += rnd(100) ? rnd(1000000) : rnd(60000000);
		vrrp_fsm_step(&config, &fsm, &event, now, &actions);
		assert_sane("random walk", &config, &fsm, &actions, now);
		follow_actions(&actions, was_ahead, &addresses, &routes);
		has = fsm.state == VRRP_ACTIVE || fsm.is_ahead;
		assert_int_equal(addresses, has);
		assert_int_equal(routes, has);
	}
}

/*
 * Routers among themselves in virtual time: adverts are lost at random for two
 * minutes, then not. Whatever happened before, the best router is then the only
 * Active one, and stays it.
 */
#define ROUTERS 5

struct network {
	struct vrrp_fsm_config config[ROUTERS];
	struct vrrp_fsm fsm[ROUTERS];
	unsigned int loss_percent;
	unsigned int transitions;
};

static void network_step(struct network *net, unsigned int who, const struct vrrp_event *event,
			 vrrp_usec_t now)
{
	struct vrrp_actions actions;
	struct vrrp_event heard;
	unsigned int i, j;

	vrrp_fsm_step(&net->config[who], &net->fsm[who], event, now, &actions);
	for (i = 0; i < actions.count; i++) {
		if (actions.list[i].type == VRRP_ACTION_TRANSITION)
			net->transitions++;
		if (actions.list[i].type != VRRP_ACTION_SEND_ADVERT)
			continue;
		heard.type = VRRP_EVENT_ADVERT;
		heard.advert.source = net->config[who].source;
		heard.advert.priority = actions.list[i].priority;
		heard.advert.interval_cs = net->config[who].interval_cs;
		for (j = 0; j < ROUTERS; j++)
			if (j != who && rnd(100) >= net->loss_percent)
				network_step(net, j, &heard, now);
	}
}

/* The next timer of all, or false when none is due until then. */
static bool network_next(const struct network *net, vrrp_usec_t until, unsigned int *who,
			 enum vrrp_timer *which)
{
	vrrp_usec_t first = until;
	unsigned int i, t;

	for (i = 0; i < ROUTERS; i++) {
		for (t = 0; t < VRRP_TIMERS; t++) {
			vrrp_usec_t deadline = net->fsm[i].timer[t].deadline;

			if (deadline == 0 || deadline >= first)
				continue;
			first = deadline;
			*who = i;
			*which = t;
		}
	}
	return first < until;
}

static void network_run(struct network *net, vrrp_usec_t until)
{
	struct vrrp_event fires = { .type = VRRP_EVENT_TIMER };
	unsigned int who = 0;

	while (network_next(net, until, &who, &fires.timer.which)) {
		const struct vrrp_fsm *fsm = &net->fsm[who];

		fires.timer.generation = fsm->timer[fires.timer.which].generation;
		network_step(net, who, &fires, fsm->timer[fires.timer.which].deadline);
	}
}

static void network_init(struct network *net)
{
	struct vrrp_event start = { .type = VRRP_EVENT_STARTUP };
	unsigned int i;

	memset(net, 0, sizeof(*net));
	for (i = 0; i < ROUTERS; i++) {
		uint8_t octets[4] = { 10, 0, i, 1 };

		net->config[i] = *defaults();
		net->config[i].source = vrrp_addr_make(VRRP_IPV4, octets);
		net->config[i].priority = 100 + i / 2;
		net->config[i].interval_cs = 10;
		vrrp_fsm_init(&net->fsm[i], T0);
	}
	net->loss_percent = 60;
	for (i = 0; i < ROUTERS; i++)
		network_step(net, i, &start, T0 + i);
}

static void test_network_settles(void **state)
{
	struct network net;
	unsigned int seed, i;

	(void)state;
	for (seed = 1; seed <= 20; seed++) {
		random_state = seed;
		network_init(&net);
		network_run(&net, T0 + S(120));
		net.loss_percent = 0;
		network_run(&net, T0 + S(122));
		net.transitions = 0;
		network_run(&net, T0 + S(180));
		if (net.transitions)
			fail_msg("seed %u: %u transitions in a quiet minute without loss", seed,
				 net.transitions);
		for (i = 0; i < ROUTERS; i++)
			if ((net.fsm[i].state == VRRP_ACTIVE) != (i == ROUTERS - 1))
				fail_msg("seed %u: router %u of priority %u ends in %s", seed, i,
					 net.config[i].priority, vrrp_state_name(net.fsm[i].state));
	}
}

static const struct CMUnitTest single_tests[] = {
	cmocka_unit_test(test_active_router_is_known),	  cmocka_unit_test(test_names_are_complete),
	cmocka_unit_test(test_strange_events_do_nothing), cmocka_unit_test(test_random_walk),
	cmocka_unit_test(test_network_settles),
};

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(timer_rows); i++)
		add_test(timer_rows[i].rule, test_timers, &timer_rows[i]);
	for (i = 0; i < ARRAY_SIZE(scenarios); i++)
		add_test(scenarios[i].rule, test_scenario, &scenarios[i]);
	for (i = 0; i < ARRAY_SIZE(single_tests); i++)
		add_test(single_tests[i].name, single_tests[i].test_func, NULL);
	return run_added_tests("state machine");
}
