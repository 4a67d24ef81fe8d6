// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Start and end of the daemon.
 *
 * Everything starts before the configuration is read and, with -d, before the
 * fork, so nothing made here may hang on the process id. SIGTERM and
 * SIGINT end it gracefully: groups that are Active hand over with priority 0 and are
 * drained, routes are withdrawn before addresses go, and zebra has been told of it
 * all before the connection closes. The second such signal does not wait for the drain. SIGHUP reads the daemon's own file again, as
 * stock vrrpd does; with the integrated frr.conf, vtysh and frr-reload do that work.
 */
#include <zebra.h>

#include <fcntl.h>
#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "lib/version.h"

#include "filter.h"
#include "if.h"
#include "keychain.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "sigevent.h"
#include "vrf.h"
#include "vty.h"

#include "vrrp_accept.h"
#include "guardian_link.h"
#include "vrrp_daemon.h"
#include "vrrp_events.h"
#include "vrrp_log.h"
#include "vrrp_nb_table.h"
#include "vrrp_run.h"
#include "vrrp_version.h"
#include "vrrp_zebra_router_id.h"

/* The nice values during the run and at the end; the length of our time slice. */
#define URGENT	   -10
#define PATIENT	   10
#define SLICE_NSEC 100000

static struct frr_daemon_info vrrpd_di;

/*
 * Sets the scheduling priority: a takeover takes milliseconds and makes work for every other
 * daemon, which comes after ours. Only root may do this; without it vrrpd runs as well.
 *
 * Since Linux 6.12 a process with short slices need not wait for the end of another's slice.
 * Older kernels, and those that refuse, use only the nice value.
 */
static void be_urgent(void)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_OTHER,
		.sched_nice = URGENT,
		.sched_runtime = SLICE_NSEC,
	};

	if (!syscall(SYS_sched_setattr, 0, &attr, 0))
		return;
	if (setpriority(PRIO_PROCESS, 0, URGENT) < 0 && errno != EACCES && errno != EPERM)
		fprintf(stderr, "vrrpd: priority: %s\n", safe_strerror(errno));
}

/*
 * What the kernel thinks of us when it lacks memory (proc_pid_oom_score_adj(5)). Only root may lower it; but a
 * process, or a child of it, may always go back to what root has set. So root sets what the guardian
 * wants, and this process takes its own back as soon as it is not root any more.
 */
static struct {
	int fd;
	char own[8];
} oom_score = { .fd = -1 };

static void let_guardian_be_spared(void)
{
	oom_score.fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	if (oom_score.fd < 0)
		return;
	if (pread(oom_score.fd, oom_score.own, sizeof(oom_score.own) - 1, 0) > 0 &&
	    pwrite(oom_score.fd, GUARDIAN_OOM_SCORE, strlen(GUARDIAN_OOM_SCORE), 0) > 0)
		return;
	close(oom_score.fd);
	oom_score.fd = -1;
}

static void be_spared_no_more(void)
{
	if (oom_score.fd < 0)
		return;
	if (pwrite(oom_score.fd, oom_score.own, strlen(oom_score.own), 0) < 0)
		fprintf(stderr, "vrrpd: oom_score_adj: %s\n", safe_strerror(errno));
	close(oom_score.fd);
}

/*
 * Lowers the priority at the end: the remaining work is zebra's and others', and that of the
 * kernel's threads with nice value 0; vrrpd only frees memory.
 */
static void give_way(void)
{
	setpriority(PRIO_PROCESS, 0, PATIENT);
}

static void on_sighup(void)
{
	zlog_info("SIGHUP: reading %s again",
		  vrrpd_di.config_file ? vrrpd_di.config_file : config_default);
	vty_read_config(NULL, vrrpd_di.config_file, config_default);
}

static void on_sigusr1(void)
{
	zlog_rotate();
}

static void __attribute__((noreturn)) terminate(void)
{
	frr_early_fini();

	vrrp_run_stop();
	give_way();
	keychain_terminate();
	vrf_terminate();

	frr_fini();
	exit(0);
}

static void on_sigterm(void)
{
	static bool is_leaving;

	zlog_notice("Terminating on signal%s", is_leaving ? ", without waiting" : "");
	if (is_leaving || !vrrp_run_leave(terminate))
		terminate();
	is_leaving = true;
}

static struct frr_signal_t vrrp_signals[] = {
	{ .signal = SIGHUP, .handler = on_sighup },
	{ .signal = SIGUSR1, .handler = on_sigusr1 },
	{ .signal = SIGINT, .handler = on_sigterm },
	{ .signal = SIGTERM, .handler = on_sigterm },
};

static const struct frr_yang_module_info *const vrrp_yang_modules[] = {
	/* clang-format off */
	&frr_filter_info,
	&frr_vrf_info,
	&frr_interface_info,
	&ietf_key_chain_info,
	&ietf_key_chain_deviation_info,
	&frr_vrrpd_info,
	&frr_crossvip_info, /* augments the one before */
	/* clang-format on */
};

/* clang-format off */
FRR_DAEMON_INFO(vrrpd, VRRP,
	.vty_port = VRRP_VTY_PORT,
	.proghelp = "Virtual Router Redundancy Protocol, also across subnets (frr-crossvip).",

	.signals = vrrp_signals,
	.n_signals = array_size(vrrp_signals),

	.privs = &vrrp_privs,

	.yang_modules = vrrp_yang_modules,
	.n_yang_modules = array_size(vrrp_yang_modules),
);
/* clang-format on */

static void read_options(int argc, char **argv)
{
	static const struct option none[] = { {} };
	int opt;

	frr_opt_add("", none, "");
	while ((opt = frr_getopt(argc, argv, NULL)) != EOF)
		if (opt != 0)
			frr_help_exit(1);
}

int main(int argc, char **argv)
{
	be_urgent();
	let_guardian_be_spared();
	vrrp_daemon_ask_for_what_there_is();
	frr_preinit(&vrrpd_di, argc, argv);
	read_options(argc, argv);
	master = frr_init();
	be_spared_no_more();

	vrf_init(NULL, vrrp_zebra_vrf_enabled, NULL, NULL);
	access_list_init();
	keychain_init(); /* vtysh sends key chains to every daemon that may use them */
	vrrp_run_init();

	frr_config_fork();
	vrrp_log_start();
	vrrp_version_log();
	vrrp_events_start();
	vrrp_accept_init();
	frr_run(master);
	return 0;
}
