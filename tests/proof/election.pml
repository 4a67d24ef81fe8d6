/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The election of N routers, for spin. Router 0 has the highest priority, the last one the lowest.
 *
 * Time goes in ticks, an interval is INTERVAL of them, the same for all. A packet arrives before the
 * next tick or not at all; a timer that is due fires before the next tick, before or after what
 * arrives in the same tick. Until "healed" anything may happen, in any order and at any time: one-way
 * cuts, losses, crashes, planned leaves and starts. Afterwards nothing but the election does.
 *
 *   ONE ACTIVE   more than TOGETHER ticks after that no two routers are Active.
 *   SOME ACTIVE  ALONE ticks after that a router is Active, if any takes part, and so it stays.
 *
 * Each event prints a line, of which replay_election.c makes the real state machine do the same. For
 * that, with -DTRACE, nothing is ever healed, and up to 30 ticks are between two misfortunes.
 */
#ifndef N
#define N 2
#endif
#ifndef INTERVAL
#define INTERVAL 4
#endif
#ifndef TOGETHER
#define TOGETHER INTERVAL
#endif
#ifndef ALONE
#define ALONE (5 * INTERVAL + 2)
#endif
#ifndef PREEMPTS
#define PREEMPTS true
#endif
#define SKEW(i) ((i) + 1)	/* Skew_Time; N < INTERVAL */
#define DOWN(i) (3 * INTERVAL + SKEW(i))
#define END (ALONE + 2)

#define OUT 0
#define BACKUP 1
#define ACTIVE 2
#define NEVER 255

#define NOTHING 0
#define BEAT 1
#define BYE 2

byte state[N];
byte timer[N];		/* ticks until ACTIVE_DOWN or the next advertisement */
byte under_way[N * N];	/* from * N + to */
bool cut[N * N];
bool sent[N];		/* in this tick; that is also the answer to a lower one */
bool healed;
byte calm_ticks;	/* since then */
#ifdef TRACE
byte pause;
#define MISFORTUNE (pause == 0)
#define THEN_PAUSE select(pause : 0 .. 30)
#else
#define MISFORTUNE (!healed)
#define THEN_PAUSE skip
#endif
hidden byte k, m, are_active, taking_part, said;

inline send(i, what) {
	said = what;
	k = 0;
	do
	:: k < N ->
		if
		:: k != i && !cut[i * N + k] && state[k] != OUT -> under_way[i * N + k] = what
		:: else
		fi;
		k++
	:: else -> break
	od;
	sent[i] = true
}

inline begin_step() { said = NOTHING }

inline report(i) { printf(" -> %d %d %d\n", state[i], timer[i], said) }

inline fire(i) {
	begin_step();
	state[i] = ACTIVE;
	send(i, BEAT);
	timer[i] = INTERVAL;
	printf("fire %d 0 0", i); report(i)
}

inline hurry(j) {
	if
	:: timer[j] > SKEW(j) ->
#ifdef DIFFERS	/* a model that is not the code: the replay must say so */
		timer[j] = SKEW(j) + 1
#else
		timer[j] = SKEW(j)
#endif
	:: else
	fi
}

/* j hears i. */
inline hear(i, j) {
	begin_step();
	m = under_way[i * N + j];
	under_way[i * N + j] = NOTHING;
	if
	:: state[j] == BACKUP && m == BYE -> hurry(j)
	:: state[j] == BACKUP && m == BEAT && (i < j || !PREEMPTS) -> timer[j] = DOWN(j)
	:: state[j] == ACTIVE && m == BYE && !sent[j] -> send(j, BEAT); timer[j] = INTERVAL
	:: state[j] == ACTIVE && m == BEAT && i < j -> state[j] = BACKUP; timer[j] = DOWN(j)
	:: state[j] == ACTIVE && m == BEAT && i > j && !sent[j] -> send(j, BEAT)
	:: else
	fi;
	printf("hear %d %d %d", j, i, m); report(j)
}

inline start(i) {
	begin_step();
	state[i] = BACKUP;
	timer[i] = DOWN(i);
	printf("start %d 0 0", i); report(i)
}

/* What was on its way to it is lost. */
inline be_out(i) {
	state[i] = OUT;
	timer[i] = NEVER;
	sent[i] = false;
	k = 0;
	do
	:: k < N -> under_way[k * N + i] = NOTHING; k++
	:: else -> break
	od
}

inline crash(i) {
	begin_step();
	be_out(i);
	printf("crash %d 0 0", i); report(i)
}

inline leave(i) {
	begin_step();
	if
	:: state[i] == ACTIVE -> send(i, BYE)
	:: else
	fi;
	be_out(i);
	printf("leave %d 0 0", i); report(i)
}

inline heal() {
	healed = true;
	k = 0;
	do
	:: k < N * N -> cut[k] = false; k++
	:: else -> break
	od
}

inline count() {
	are_active = 0; taking_part = 0; k = 0;
	do
	:: k < N ->
		if :: state[k] == ACTIVE -> are_active++ :: else fi;
		if :: state[k] != OUT -> taking_part++ :: else fi;
		k++
	:: else -> break
	od
}

inline tick() {
	k = 0;
	do
	:: k < N ->
		if :: timer[k] != NEVER -> timer[k]-- :: else fi;
		sent[k] = false;
		k++
	:: else -> break
	od;
	printf("tick\n");
#ifdef TRACE
	if :: pause > 0 -> pause-- :: else fi;
#endif
	if
	:: healed -> calm_ticks++
	:: else
	fi;
	count();
	assert(!(healed && calm_ticks > TOGETHER && are_active > 1));
	assert(!(healed && calm_ticks > ALONE && taking_part > 0 && are_active != 1))
}

/* m: nothing is due, and nothing is under way. */
inline look_for_rest() {
	m = 1; k = 0;
	do
	:: k < N -> if :: timer[k] == 0 -> m = 0 :: else fi; k++
	:: else -> break
	od;
	k = 0;
	do
	:: k < N * N -> if :: under_way[k] != NOTHING -> m = 0 :: else fi; k++
	:: else -> break
	od
}

init {
	byte i, j;

	d_step {
		do
		:: i < N -> timer[i] = NEVER; i++
		:: else -> break
		od;
		i = 0
	}
	do
	:: atomic {
		/* any router, or any pair */
		do :: i < N - 1 -> i++ :: break od;
		do :: j < N - 1 -> j++ :: break od;
		if
		:: under_way[i * N + j] != NOTHING -> d_step { hear(i, j); k = 0; m = 0 }
		:: i == j && timer[i] == 0 -> d_step { fire(i); k = 0 }
		:: MISFORTUNE && under_way[i * N + j] != NOTHING ->
			under_way[i * N + j] = NOTHING; THEN_PAUSE
		:: MISFORTUNE && i != j -> cut[i * N + j] = !cut[i * N + j]; THEN_PAUSE
		:: MISFORTUNE && i == j && state[i] == OUT -> d_step { start(i); k = 0 }; THEN_PAUSE
		:: MISFORTUNE && i == j && state[i] != OUT -> d_step { crash(i); k = 0 }; THEN_PAUSE
		:: MISFORTUNE && i == j && state[i] != OUT -> d_step { leave(i); k = 0 }; THEN_PAUSE
#ifndef TRACE
		:: !healed && i == 0 && j == 0 -> d_step { heal(); k = 0 }
#endif
		:: i == 0 && j == 0 && !(healed && calm_ticks == END) ->
			d_step { look_for_rest(); if :: m == 1 -> tick() :: else fi; k = 0; m = 0 }
		:: else
		fi;
		i = 0; j = 0
	}
	od
}
