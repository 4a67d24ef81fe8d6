// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs scenarios, each with one seed after the other, until the routers have run for the given
 * number of hours altogether. The first run that breaks a rule is repeated with its last lines
 * kept, and ends the program. Runs are independent, so processes share them: with n processes, each
 * takes every n-th seed.
 *
 * A scenario that steps wall clocks runs twice, the second time without the steps, and both must
 * have the same transitions at the same times.
 */
#include <getopt.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

#define SCENARIOS_MAX 64
#define JOBS_MAX      64
#define USEC_PER_HOUR (3600.0 * 1e6)

/* The results of a process, in memory that all share. */
struct job {
	struct totals totals;
	unsigned int runs[SCENARIOS_MAX];
};

static const char directory[] = SIM_SCENARIOS;
static struct scenario scenarios[SCENARIOS_MAX];
static unsigned int n_scenarios;
static struct world world;

static const char usage[] =
	"usage: sim [--router-hours N | --minutes N] [--seed N] [--jobs N] [--trace]\n"
	"           [SCENARIO...]\n"
	"  SCENARIO        a file, or a name in tests/sim/scenarios (default: all)\n"
	"  --router-hours  how long all routers of all runs live together (default: a slice\n"
	"                  of seconds); each scenario runs once at least\n"
	"  --minutes       how long it runs by the clock on the wall\n"
	"  --seed          of the first run of each scenario (default 1)\n"
	"  --jobs          processes that share the work (default 1)\n"
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

static double router_hours(const struct totals *totals)
{
	return totals->virtual_time / USEC_PER_HOUR;
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) + (now.tv_nsec - start->tv_nsec) / 1e9;
}

static void report(const struct job *sum, double seconds)
{
	const struct totals *t = &sum->totals;
	unsigned int i;

	for (i = 0; i < n_scenarios; i++)
		printf("[       OK ] sim::%s\n", scenarios[i].name);
	for (i = 0; i < n_scenarios; i++)
		printf("%-28s %8u runs\n", scenarios[i].name, sum->runs[i]);
	printf("%.0f router-hours in %.1f s (%.1f million events a second)\n", router_hours(t),
	       seconds, t->events / seconds / 1e6);
	printf("%llu events, %llu advertisements sent, %llu received, %llu dropped\n",
	       (unsigned long long)t->events, (unsigned long long)t->sent,
	       (unsigned long long)t->received, (unsigned long long)t->dropped);
	printf("%llu transitions, %llu takeovers, %llu times a component settled\n",
	       (unsigned long long)t->transitions, (unsigned long long)t->takeovers,
	       (unsigned long long)t->settled);
	printf("most of a bound ever used: two Active %.1f %%, no Active %.1f %%\n",
	       t->two_active_permille / 10.0, t->no_active_permille / 10.0);
	printf("longest chain of answers %u, most advertisements in a second %u\n",
	       t->depth_max + 1, t->per_second_max);
}

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

static void add_job(struct job *sum, const struct job *job)
{
	struct totals *to = &sum->totals;
	const struct totals *from = &job->totals;
	unsigned int i;

	for (i = 0; i < n_scenarios; i++)
		sum->runs[i] += job->runs[i];
	to->events += from->events;
	to->sent += from->sent;
	to->received += from->received;
	to->dropped += from->dropped;
	to->transitions += from->transitions;
	to->takeovers += from->takeovers;
	to->settled += from->settled;
	to->virtual_time += from->virtual_time;
	to->depth_max = larger(to->depth_max, from->depth_max);
	to->per_second_max = larger(to->per_second_max, from->per_second_max);
	to->two_active_permille = larger(to->two_active_permille, from->two_active_permille);
	to->no_active_permille = larger(to->no_active_permille, from->no_active_permille);
}

/* When to stop: either. */
struct limit {
	double hours; /* of a process's routers */
	double seconds;
};

/* Every step-th seed from this one on. */
static int work(struct job *job, uint64_t seed, unsigned int step, const struct limit *limit)
{
	struct timespec start;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	world.totals = &job->totals;
	do {
		for (i = 0; i < n_scenarios; i++, fflush(stdout)) {
			if (!run(&scenarios[i], seed))
				return report_failure(&scenarios[i], seed);
			job->runs[i]++;
		}
		seed += step;
	} while (router_hours(&job->totals) < limit->hours &&
		 seconds_since(&start) < limit->seconds);
	return 0;
}

/* The worst status of all processes. */
static int share(struct job *job, unsigned int jobs, uint64_t seed, const struct limit *limit)
{
	int status, worst = 0;
	unsigned int i;

	for (i = 0; i < jobs; i++)
		if (fork() == 0)
			exit(work(&job[i], seed + i, jobs, limit));
	while (wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			worst = 1;
	return worst;
}

static int run_all(unsigned int jobs, uint64_t seed, const struct limit *limit)
{
	struct job *job = mmap(NULL, jobs * sizeof(*job), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static struct job sum;
	struct timespec start;
	unsigned int i;
	int status;

	if (job == MAP_FAILED) {
		perror("sim");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (jobs == 1)
		status = work(job, seed, 1, limit);
	else
		status = share(job, jobs, seed, limit);
	if (status != 0)
		return status;
	for (i = 0; i < jobs; i++)
		add_job(&sum, &job[i]);
	report(&sum, seconds_since(&start));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "router-hours", required_argument, NULL, 'r' },
		{ "minutes", required_argument, NULL, 'm' },
		{ "seed", required_argument, NULL, 's' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "trace", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL },
	};
	unsigned int jobs = 1;
	uint64_t seed = 1;
	struct limit limit = { 500, 1e9 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'r') {
			limit.hours = atof(optarg);
		} else if (option == 'm') {
			limit = (struct limit){ 1e12, 60 * atof(optarg) };
		} else if (option == 's') {
			seed = strtoull(optarg, NULL, 10);
		} else if (option == 'j' && atoi(optarg) >= 1 && atoi(optarg) <= JOBS_MAX) {
			jobs = atoi(optarg);
		} else if (option == 't') {
			world.tracing = TRACE_ALL;
			limit.hours = 0;
		} else {
			fputs(usage, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (optind == argc && !add_all_scenarios())
		return 2;
	for (; optind < argc; optind++)
		if (!add_scenario(argv[optind]))
			return 2;
	limit.hours /= jobs;
	return run_all(jobs, seed, &limit);
}
