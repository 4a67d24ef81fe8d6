// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the real state machine do what a simulation of election.pml did, line by line from standard
 * input, and compares: state, timer, and what was sent. So the model cannot drift from the code. Fails
 * also unless each kind of event was seen in each state in which it means something.
 *
 * A tick is a quarter of the interval, and the priorities are such that Skew_Time is whole ticks.
 */
#include "vrrp_fsm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUTERS	    3
#define INTERVAL_CS 100
#define TICK	    (INTERVAL_CS * VRRP_USEC_PER_CS / 4)
#define NEVER	    255

enum word { NOTHING, BEAT, BYE }; /* as in election.pml */

struct outcome {
	int state; /* as enum vrrp_state */
	int timer; /* ticks until it fires */
	int said;  /* enum word */
};

struct router {
	struct vrrp_fsm_config config;
	struct vrrp_fsm fsm;
	struct vrrp_actions actions;
};

/* What was done, by state: each must be seen. */
enum kind { START, CRASH, LEAVE, FIRE, HEAR_BEAT, HEAR_BYE, KINDS };
static const char *const kind_names[KINDS] = { "start", "crash", "leave",
					       "fire",	"hear",	 "hear priority 0" };

static struct router routers[ROUTERS];
static vrrp_usec_t now = 1000 * VRRP_USEC_PER_SEC;
static unsigned int seen[KINDS][VRRP_ACTIVE + 1];
static unsigned int line;

static void set_up(bool preempts)
{
	int i;

	for (i = 0; i < ROUTERS; i++) {
		uint8_t octets[4] = { 192, 0, 2, 9 - i };

		routers[i].config = (struct vrrp_fsm_config){
			.version = 3,
			.priority = 256 - 64 * (i + 1),
			.preempt = preempts,
			.interval_cs = INTERVAL_CS,
			.source = vrrp_addr_make(VRRP_IPV4, octets),
		};
		vrrp_fsm_init(&routers[i].fsm, now);
	}
}

static void step(struct router *router, struct vrrp_event event)
{
	vrrp_fsm_step(&router->config, &router->fsm, &event, now, &router->actions);
}

static enum vrrp_timer pending(const struct router *router)
{
	return router->fsm.state == VRRP_ACTIVE ? VRRP_TIMER_ADVERT : VRRP_TIMER_ACTIVE_DOWN;
}

static void fire(struct router *router)
{
	enum vrrp_timer which = pending(router);

	step(router,
	     (struct vrrp_event){ .type = VRRP_EVENT_TIMER,
				  .timer = { .which = which,
					     .generation = router->fsm.timer[which].generation } });
}

static void hear(struct router *router, const struct router *from, enum word what)
{
	struct vrrp_event event = { .type = VRRP_EVENT_ADVERT };

	event.advert.source = from->config.source;
	event.advert.priority = what == BYE ? 0 : from->config.priority;
	event.advert.version = 3;
	event.advert.interval_cs = INTERVAL_CS;
	step(router, event);
}

static void leave(struct router *router)
{
	step(router, (struct vrrp_event){ .type = VRRP_EVENT_SHUTDOWN,
					  .shutdown = { VRRP_REASON_SHUTDOWN } });
}

static void act(enum kind kind, struct router *router, const struct router *from)
{
	router->actions.count = 0;
	seen[kind][router->fsm.state]++;
	switch (kind) {
	case START:
		step(router, (struct vrrp_event){ .type = VRRP_EVENT_STARTUP });
		break;
	case CRASH:
		vrrp_fsm_init(&router->fsm, now);
		break;
	case LEAVE:
		leave(router);
		break;
	case FIRE:
		fire(router);
		break;
	case HEAR_BEAT:
		hear(router, from, BEAT);
		break;
	case HEAR_BYE:
		hear(router, from, BYE);
		break;
	case KINDS:
		break;
	}
}

static struct outcome outcome_of(const struct router *router)
{
	vrrp_usec_t deadline = router->fsm.timer[pending(router)].deadline;
	struct outcome outcome = { .state = router->fsm.state, .timer = NEVER };
	unsigned int i;

	if (deadline && (deadline - now) % TICK == 0)
		outcome.timer = (deadline - now) / TICK;
	for (i = 0; i < router->actions.count; i++)
		if (router->actions.list[i].type == VRRP_ACTION_SEND_ADVERT)
			outcome.said = router->actions.list[i].priority ? BEAT : BYE;
	return outcome;
}

static enum kind kind_of(const char *verb, int what)
{
	enum kind kind;

	if (what == BYE)
		return HEAR_BYE;
	for (kind = START; kind < KINDS; kind++)
		if (!strcmp(verb, kind_names[kind]))
			return kind;
	printf("line %u: there is no event %s\n", line, verb);
	exit(1);
}

static void replay(const char *verb, int i, int from, int what, struct outcome expected)
{
	struct outcome is;

	if (i < 0 || i >= ROUTERS || from < 0 || from >= ROUTERS) {
		printf("line %u: there is no such router\n", line);
		exit(1);
	}
	act(kind_of(verb, what), &routers[i], &routers[from]);
	is = outcome_of(&routers[i]);
	if (is.state == expected.state && is.timer == expected.timer && is.said == expected.said)
		return;
	printf("line %u, %s: in the model router %d is then in state %d, with %d ticks left, and said %d; "
	       "the real one is in %d, with %d, and said %d\n",
	       line, verb, i, expected.state, expected.timer, expected.said, is.state, is.timer,
	       is.said);
	exit(1);
}

/* Starts, and nothing else, happen in Initialize. */
static int all_were_seen(void)
{
	int kind, state, good = 1;

	for (kind = START; kind < KINDS; kind++)
		for (state = VRRP_INITIALIZE; state <= VRRP_ACTIVE; state++)
			if ((kind == START) == (state == VRRP_INITIALIZE) && !seen[kind][state]) {
				printf("never seen: %s in %s\n", kind_names[kind],
				       vrrp_state_name(state));
				good = 0;
			}
	return good;
}

/* "preempt", or nothing: whether the routers preempt. A line "anew": another simulation begins. */
int main(int argc, char **argv)
{
	bool preempts = argc > 1 && !strcmp(argv[1], "preempt");
	char text[200], verb[20];
	int i, from, what;
	struct outcome expected;

	set_up(preempts);
	while (fgets(text, sizeof(text), stdin)) {
		line++;
		if (sscanf(text, " %19s %d %d %d -> %d %d %d", verb, &i, &from, &what,
			   &expected.state, &expected.timer, &expected.said) == 7)
			replay(verb, i, from, what, expected);
		else if (strstr(text, "tick"))
			now += TICK;
		else if (strstr(text, "anew"))
			set_up(preempts);
		else if (strstr(text, "->")) {
			printf("line %u is not understood: %s", line, text);
			return 1;
		}
	}
	if (!all_were_seen())
		return 1;
	printf("%u lines\n", line);
	return 0;
}
