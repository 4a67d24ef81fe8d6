/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rule of the witness, for spin: voters 0 to R-1 are routers, those up to V-1 are witnesses.
 *
 * A voter promises to one router at a time, for LEASE ticks from when it answers. The router counts
 * from when it asked. It may be Active only while it holds the promises of NEED voters, its own
 * included: a router that is Active promises to nobody, and one that has promised to another is not
 * Active. A voter that has been started promises to nobody for LEASE ticks, since it has forgotten
 * what it promised before.
 *
 * Packets are lost or arrive as late as they like, in any order between pairs; voters crash. Each
 * clock goes by ticks; the first DRIFT of them may stand still for a tick, once in LEASE of their own,
 * and GUARD ticks of each promise are not used.
 *
 *   SAFETY     no two routers are Active, ever.
 *   LIVENESS   (-DLIVE) At some time nothing more is lost and NEED voters, a router among them, work
 *              from then on. Within SOON ticks a router is Active, and from then on one always is.
 *              For that a router that would be Active asks all voters in each tick while nobody is,
 *              and refuses lower routers meanwhile.
 *
 * Wrong rules, which must be refuted: -DFROM_REPLY counts from the reply, -DFORGETS promises at once
 * after a start, -DPROMISES_ANYWAY lets an Active router promise, -DTAKES_ANYWAY lets one become Active
 * that has promised to another; NEED of half the voters.
 *
 * Each event prints a line, of which replay_promise.c makes the real voters do the same; with -DTRACE
 * misfortunes are rare.
 */
#ifndef R
#define R 2
#endif
#ifndef V
#define V 3
#endif
#ifndef LEASE
#define LEASE 3
#endif
#ifndef GUARD
#define GUARD 0
#endif
#ifndef DRIFT
#define DRIFT 0
#endif
#ifndef NEED
#define NEED (V / 2 + 1)
#endif
#ifndef SOON
#define SOON LEASE
#endif

#define NOBODY 255
#define STARTED 254	/* promises to nobody yet */

#define IDLE 0
#define ASKED 1		/* a request is under way */
#define ANSWERED 2	/* a promise is under way */

#define AT(i, v) ((i) * V + (v))

bool up[R];
byte lease[R * V];	/* ticks left, by the router's clock, of what the voter promised it */
byte way[R * V];
byte age[R * V];	/* ticks since it asked, by its clock */
byte to[V];		/* to whom the voter has promised */
byte left[V];		/* ticks left of that, by its clock */
#if DRIFT > 0
byte steady[DRIFT];	/* ticks of its own until its clock may stand still again */
#endif
#ifdef LIVE
bool healed;
bool dead[V];
bool did[R * V];	/* asked in this tick */
byte calm_ticks;
#define HEALED healed
#define DEAD(v) dead[v]
#else
#define HEALED false
#define DEAD(v) false
#endif
byte k, m, n, somebody;	/* 0 between two events */

/* Its own promise: to nobody else. */
#define IS_FREE(i) (to[i] == NOBODY)
#ifdef TAKES_ANYWAY
#define OWN_PROMISE(i) true
#else
#define OWN_PROMISE(i) IS_FREE(i)
#endif
#ifdef PROMISES_ANYWAY
#define IS_TAKEN(v) false
#else
#define IS_TAKEN(v) (v < R && up[v])
#endif

/* m: how many promises it holds; 0 without its own. */
inline count(i) {
	m = OWN_PROMISE(i); n = 0;
	do
	:: m > 0 && n < V ->
		if :: n != i && lease[AT(i, n)] > GUARD -> m++ :: else fi;
		n++
	:: else -> break
	od;
	n = 0
}

inline ask(i, v) {
	way[AT(i, v)] = ASKED; age[AT(i, v)] = 0;
	printf("ask %d %d\n", i, v)
}

/* A router that would be Active itself refuses lower ones. */
#ifdef LIVE
#define REFUSES(v, i) (healed && v < R && v < i && !DEAD(v) && IS_FREE(v) && !somebody)
#else
#define REFUSES(v, i) false
#endif

inline answer(i, v) {
	way[AT(i, v)] = IDLE;
	if
	:: (to[v] == NOBODY || to[v] == i) && !IS_TAKEN(v) && !REFUSES(v, i) ->
		to[v] = i; left[v] = LEASE;
		way[AT(i, v)] = ANSWERED;
		printf("promise %d %d\n", i, v)
	:: else ->
		printf("refuse %d %d\n", i, v)
	fi;
	if :: way[AT(i, v)] == IDLE -> age[AT(i, v)] = 0 :: else fi
}

inline take(i, v) {
#ifdef FROM_REPLY
	age[AT(i, v)] = 0;
#endif
	if
	:: LEASE - age[AT(i, v)] > lease[AT(i, v)] -> lease[AT(i, v)] = LEASE - age[AT(i, v)]
	:: else
	fi;
	way[AT(i, v)] = IDLE; age[AT(i, v)] = 0;
	printf("take %d %d %d\n", i, v, lease[AT(i, v)])
}

inline lose(i, v) { way[AT(i, v)] = IDLE; age[AT(i, v)] = 0 }

/* What it has promised, or was promised, is forgotten; and so is what is under way to it. */
inline crash(v) {
	to[v] = NOBODY; left[v] = 0;
#ifndef FORGETS
	to[v] = STARTED; left[v] = LEASE;
#endif
	n = 0;
	do
	:: n < V ->
		if :: v < R -> lease[AT(v, n)] = 0; way[AT(v, n)] = IDLE; age[AT(v, n)] = 0 :: else fi;
		n++
	:: else -> break
	od;
	n = 0;
	if :: v < R -> up[v] = false :: else fi;
	printf("crash %d\n", v)
}

inline become_active(i) {
	up[i] = true;
	printf("up %d\n", i)
}

/* A router leaves Active at once when a promise that it needs is over: the lease is its timer. */
inline obey() {
	k = 0;
	do
	:: k < R ->
		if
		:: up[k] -> count(k); if :: m < NEED -> up[k] = false; printf("down %d\n", k) :: else fi
		:: else
		fi;
		k++
	:: else -> break
	od;
	k = 0; m = 0
}

inline clock_goes(c) {
	if
	:: left[c] > 0 -> left[c]--; if :: left[c] == 0 -> to[c] = NOBODY :: else fi
	:: else
	fi;
	n = 0;
	do
	:: c < R && n < V ->
		if :: lease[AT(c, n)] > 0 -> lease[AT(c, n)]-- :: else fi;
		if
		:: way[AT(c, n)] != IDLE && age[AT(c, n)] < LEASE -> age[AT(c, n)]++
		:: else
		fi;
		/* a promise that is over when it arrives */
		if :: way[AT(c, n)] == ANSWERED && age[AT(c, n)] == LEASE -> lose(c, n) :: else fi;
		n++
	:: else -> break
	od;
	n = 0
}

inline look_who_is_up() {
	somebody = 0; n = 0;
	do
	:: n < R -> if :: up[n] && !DEAD(n) -> somebody++ :: else fi; n++
	:: else -> break
	od;
	n = 0
}

#ifdef TRACE
byte pause;
#define MISFORTUNE (pause == 0)
#define THEN_PAUSE select(pause : 0 .. 12)
#else
#define MISFORTUNE (!HEALED)
#define THEN_PAUSE skip
#endif

#ifdef LIVE
/* The dead ones are gone, and what is under way to them is lost. */
inline settle_dead() {
	k = 0;
	do
	:: k < R * V ->
		if :: dead[k / V] || dead[k % V] -> lose(k / V, k % V) :: else fi;
		if :: dead[k / V] -> lease[k] = 0 :: else fi;
		k++
	:: else -> break
	od;
	k = 0;
	do
	:: k < R -> if :: dead[k] -> up[k] = false :: else fi; k++
	:: else -> break
	od;
	k = 0;
	do
	:: k < V -> if :: dead[k] -> to[k] = NOBODY; left[k] = 0 :: else fi; k++
	:: else -> break
	od;
	k = 0
}

#define WOULD_BE(i) (!dead[i] && (up[i] || (!somebody && IS_FREE(i))))

/* k: whether all has been done that is done in a tick. */
inline look_for_rest() {
	k = 1; n = 0;
	do
	:: n < R * V ->
		if
		:: way[n] != IDLE -> k = 0
		:: n / V != n % V && !dead[n % V] && WOULD_BE(n / V) && !did[n] -> k = 0
		:: else
		fi;
		n++
	:: else -> break
	od;
	do
	:: c < R ->
		count(c);
		if :: m >= NEED && !up[c] && !dead[c] -> k = 0 :: else fi;
		c++
	:: else -> break
	od;
	c = 0; m = 0
}

inline calm_tick() {
	n = 0;
	do :: n < R * V -> did[n] = false; n++ :: else -> break od;
	n = 0;
	if :: calm_ticks < 2 * SOON -> calm_ticks++ :: else fi
}
#endif

inline let_clocks_stand() {
	do
	:: c < DRIFT ->
		if
		:: stands[c] = false
		:: steady[c] == 0 -> stands[c] = true
		fi;
		c++
	:: else -> break
	od;
	c = 0
}

inline steady_clocks() {
	do
	:: c < DRIFT ->
		if
		:: stands[c] -> steady[c] = LEASE
		:: !stands[c] && steady[c] > 0 -> steady[c]--
		:: else
		fi;
		stands[c] = false;
		c++
	:: else -> break
	od;
	c = 0
}

inline tick() {
	do
	:: c < V ->
		if
		:: stands[c]
		:: else -> clock_goes(c)
		fi;
		c++
	:: else -> break
	od;
	c = 0;
	printf("tick\n");
#if DRIFT > 0
	steady_clocks();
#endif
#ifdef TRACE
	if :: pause > 0 -> pause-- :: else fi;
#endif
	obey();
#ifdef LIVE
	if :: healed -> calm_tick() :: else fi;
#endif
	look_who_is_up()
}

#ifdef LIVE
/* Any voters work from now on that are enough. */
inline heal() {
	do
	:: c < V ->
		if
		:: k++; if :: c < R -> m++ :: else fi
		:: dead[c] = true
		fi;
		c++
	:: else -> break
	od;
	c = 0;
	d_step {
		if
		:: k >= NEED && m > 0 -> healed = true; settle_dead(); obey()
		:: else -> do :: c < V -> dead[c] = false; c++ :: else -> break od; c = 0
		fi
	}
}
#endif

init {
	byte i, v, c;
	bool stands[V];

	d_step {
		do
		:: v < V -> to[v] = NOBODY; v++
		:: else -> break
		od;
		v = 0
	}
	do
	:: atomic {
		/* any router, and any voter */
		do :: i < R - 1 -> i++ :: break od;
		do :: v < V - 1 -> v++ :: break od;
		k = 0;
		d_step { look_who_is_up(); count(i); k = m; m = 0 };
		if
		:: !HEALED && i != v && way[AT(i, v)] == IDLE && IS_FREE(i) -> d_step { ask(i, v) }
		:: i != v && way[AT(i, v)] == ASKED -> d_step { answer(i, v) }
		:: i != v && way[AT(i, v)] == ANSWERED -> d_step { take(i, v) }
		:: MISFORTUNE && i != v && way[AT(i, v)] != IDLE ->
			lose(i, v); printf("lose %d %d\n", i, v); THEN_PAUSE
		:: MISFORTUNE && i == 0 -> d_step { crash(v) }; THEN_PAUSE
		:: MISFORTUNE && v == 0 && up[i] -> up[i] = false; printf("leave %d\n", i); THEN_PAUSE
		:: v == 0 && !up[i] && !DEAD(i) && k >= NEED -> d_step { become_active(i) }
#ifdef LIVE
		:: healed && i != v && !dead[v] && way[AT(i, v)] == IDLE && !did[AT(i, v)] && WOULD_BE(i) ->
			d_step { ask(i, v); did[AT(i, v)] = true }
		:: !healed && i == 0 && v == 0 -> k = 0; heal()
		:: healed && i == 0 && v == 0 ->
			d_step { look_for_rest(); if :: k == 1 -> tick() :: else fi };
			assert(calm_ticks <= SOON || somebody)
#endif
		:: !HEALED && i == 0 && v == 0 ->
#if DRIFT > 0
			let_clocks_stand();
#endif
			d_step { tick() }
		:: else
		fi;
		d_step {
			look_who_is_up();
			assert(somebody <= 1);
			i = 0; v = 0; c = 0; k = 0; m = 0; n = 0; somebody = 0
		}
	}
	od
}
