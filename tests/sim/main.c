// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs scenarios, each with one seed after the other, until the routers have
 * lived so many hours together. The first run in which something breaks is run
 * again with its last lines kept, and ends the program.
 *
 * A scenario whose wall clocks are stepped runs twice, without the steps the
 * second time, and both must have the same transitions at the same times.
 */
#include <getopt.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

#define SCENARIOS_MAX 64
#define USEC_PER_HOUR (3600.0 * 1e6)

static const char directory[] = SIM_SCENARIOS;
static struct scenario scenarios[SCENARIOS_MAX];
static unsigned int runs[SCENARIOS_MAX];
static unsigned int n_scenarios;
static struct world world;
static struct totals totals;

static const char usage[] =
	"usage: sim [--router-hours N] [--seed N] [--trace] [SCENARIO...]\n"
	"  SCENARIO        a file, or a name in tests/sim/scenarios (default: all)\n"
	"  --router-hours  how long all routers of all runs live together (default: a slice\n"
	"                  of seconds); each scenario runs once at least\n"
	"  --seed          of the first run of each scenario (default 1)\n"
	"  --trace         print every event; one run of each scenario\n";

static bool add_scenario(const char *name)
{
	char path[512];

	if (n_scenarios == SCENARIOS_MAX) {
		fprintf(stderr, "more than %u scenarios\n", SCENARIOS_MAX);
		return false;
	}
	if (strchr(name, '/') || strchr(name, '.'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s.sim", directory, name);
	return scenario_read(path, &scenarios[n_scenarios++]);
}

static bool add_all_scenarios(void)
{
	char pattern[512];
	bool good = true;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*.sim", directory);
	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "no scenarios: %s\n", pattern);
		return false;
	}
	for (i = 0; i < found.gl_pathc && good; i++)
		good = add_scenario(found.gl_pathv[i]);
	globfree(&found);
	return good;
}

static bool steps_clocks(const struct scenario *scenario)
{
	unsigned int i;

	for (i = 0; i < scenario->n_incidents; i++)
		if (scenario->incident[i].kind == INCIDENT_CLOCK)
			return true;
	return false;
}

static bool run(const struct scenario *scenario, uint64_t seed)
{
	uint64_t digest;
	bool good;

	world.ignore_clock_steps = false;
	good = world_run(&world, scenario, seed);
	if (!good || !steps_clocks(scenario))
		return good;
	digest = world.digest;
	world.ignore_clock_steps = true;
	if (world_run(&world, scenario, seed) && world.digest == digest)
		return true;
	sim_fail(&world, "without the steps of the wall clocks the run is another");
	return false;
}

static int report_failure(const struct scenario *scenario, uint64_t seed)
{
	char failure[sizeof(world.failure)];

	snprintf(failure, sizeof(failure), "%s", world.failure);
	if (world.tracing == TRACE_NOT) {
		world.tracing = TRACE_TAIL;
		run(scenario, seed);
		trace_tail();
	}
	printf("[  FAILED  ] sim::%s\n", scenario->name);
	printf("broken at %llu.%06llu s: %s\n", (unsigned long long)(world.now / SIM_S),
	       (unsigned long long)(world.now % SIM_S), failure);
	printf("replay: tests/sim/sim --trace --seed %llu %s\n", (unsigned long long)seed,
	       scenario->name);
	return 1;
}

static double router_hours(void)
{
	return totals.virtual_time / USEC_PER_HOUR;
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) + (now.tv_nsec - start->tv_nsec) / 1e9;
}

static void report(double seconds)
{
	unsigned int i;

	for (i = 0; i < n_scenarios; i++)
		printf("[       OK ] sim::%s\n", scenarios[i].name);
	for (i = 0; i < n_scenarios; i++)
		printf("%-28s %8u runs\n", scenarios[i].name, runs[i]);
	printf("%.0f router-hours in %.1f s (%.1f million events a second)\n", router_hours(),
	       seconds, totals.events / seconds / 1e6);
	printf("%llu events, %llu advertisements sent, %llu received, %llu dropped\n",
	       (unsigned long long)totals.events, (unsigned long long)totals.sent,
	       (unsigned long long)totals.received, (unsigned long long)totals.dropped);
	printf("%llu transitions, %llu takeovers, %llu times a component settled\n",
	       (unsigned long long)totals.transitions, (unsigned long long)totals.takeovers,
	       (unsigned long long)totals.settled);
	printf("most of a bound ever used: two Active %.1f %%, no Active %.1f %%\n",
	       totals.two_active_permille / 10.0, totals.no_active_permille / 10.0);
	printf("longest chain of answers %u, most advertisements in a second %u\n",
	       totals.depth_max + 1, totals.per_second_max);
}

static int run_all(uint64_t seed, double hours)
{
	struct timespec start;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		for (i = 0; i < n_scenarios; i++, fflush(stdout)) {
			if (!run(&scenarios[i], seed))
				return report_failure(&scenarios[i], seed);
			runs[i]++;
		}
		seed++;
	} while (router_hours() < hours);
	report(seconds_since(&start));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "router-hours", required_argument, NULL, 'r' },
		{ "seed", required_argument, NULL, 's' },
		{ "trace", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL },
	};
	uint64_t seed = 1;
	double hours = 1000;
	int option;

	world.totals = &totals;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'r') {
			hours = atof(optarg);
		} else if (option == 's') {
			seed = strtoull(optarg, NULL, 10);
		} else if (option == 't') {
			world.tracing = TRACE_ALL;
			hours = 0;
		} else {
			fputs(usage, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (optind == argc ? !add_all_scenarios() : false)
		return 2;
	for (; optind < argc; optind++)
		if (!add_scenario(argv[optind]))
			return 2;
	return run_all(seed, hours);
}
