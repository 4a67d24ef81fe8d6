// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command: a try is one run, and it is good when that ends with status 0.
 *
 * No more than MOST run at a time, those included that were killed and have not ended; a try that finds
 * them all there waits, and its timeout begins with its run. A probe runs one at a time: when that of the
 * last try does not end though it was killed, the next one waits for it, and its time runs.
 *
 * A command may be for all servers of a service: {address} and {port} in its arguments are the one's.
 */
#include "vrrp_probe_private.h"

#include <sys/wait.h>

#include "log.h"

#include "vrrp_command.h"

#define MOST 32
/* Arguments of 255 characters that are nothing but {port} or {address}. */
#define ARGUMENTS_SIZE 2048

static struct vrrp_probe_queue_head crowd = INIT_DLIST(crowd);

static void say(struct vrrp_probe *probe, bool good, const char *what, const char *line)
{
	vrrp_probe_result(probe, good, "%s%s%s", what, *what && *line ? ": " : "", line);
}

static void judge(struct vrrp_probe *probe, const struct vrrp_command_result *result)
{
	char what[32];

	if (result->has_written_too_much) {
		vrrp_probe_result(probe, false, "it has written more than 1 MiB");
	} else if (WIFSIGNALED(result->status)) {
		snprintf(what, sizeof(what), "killed by signal %d", WTERMSIG(result->status));
		say(probe, false, what, result->line);
	} else if (WEXITSTATUS(result->status)) {
		snprintf(what, sizeof(what), "status %d", WEXITSTATUS(result->status));
		say(probe, false, what, result->line);
	} else {
		say(probe, true, *result->line ? "" : "ok", result->line);
	}
}

static void run(struct vrrp_probe *probe);

static void next_of_crowd(void)
{
	struct vrrp_probe *next = vrrp_probe_queue_first(&crowd);

	if (!next || vrrp_command_count() >= MOST)
		return;
	vrrp_probe_queue_del(&crowd, next);
	next->waits = NULL;
	run(next);
}

/* After the last probe has gone, too: others wait for its place. */
static void on_end_alone(const struct vrrp_command_result *result, void *arg)
{
	next_of_crowd();
}

static void on_end(const struct vrrp_command_result *result, void *arg)
{
	struct vrrp_probe *probe = arg;
	bool was_killed = probe->command_is_killed;

	probe->command = NULL;
	probe->command_is_killed = false;
	if (!was_killed)
		judge(probe, result);
	else if (probe->trying)
		run(probe);
	next_of_crowd();
}

static void wait_in_crowd(struct vrrp_probe *probe)
{
	static vrrp_usec_t logged;

	if (vrrp_probe_may_log(&logged))
		zlog_info("health checks: %u commands run at a time, and more wait for their turn",
			  MOST);
	vrrp_alarm_cancel(&probe->alarm);
	probe->waits = &crowd;
	vrrp_probe_queue_add_tail(&crowd, probe);
}

/* What stands for a word in braces at the begin of the text, and that word's length; 0: there is none. */
static size_t find_word(const struct vrrp_probe *probe, const char *text,
			char value[VRRP_ADDR_STRLEN])
{
	static const char address[] = "{address}", port[] = "{port}";

	if (!vrrp_addr_is_set(&probe->server))
		return 0;
	if (!strncmp(text, address, sizeof(address) - 1)) {
		vrrp_addr_str(&probe->server, value);
		return sizeof(address) - 1;
	}
	if (!strncmp(text, port, sizeof(port) - 1)) {
		snprintf(value, VRRP_ADDR_STRLEN, "%u", probe->port);
		return sizeof(port) - 1;
	}
	return 0;
}

static const char *fill_in(const struct vrrp_probe *probe, char text[ARGUMENTS_SIZE])
{
	const char *rest = probe->conf.arguments;
	char value[VRRP_ADDR_STRLEN];
	size_t length, used = 0;

	if (!rest)
		return NULL;
	for (; *rest && used < ARGUMENTS_SIZE - sizeof(value); rest += length) {
		length = find_word(probe, rest, value);
		if (!length) {
			length = 1;
			snprintf(value, sizeof(value), "%c", *rest);
		}
		used += strlcpy(text + used, value, ARGUMENTS_SIZE - used);
	}
	text[used] = '\0';
	return text;
}

static void run(struct vrrp_probe *probe)
{
	char text[ARGUMENTS_SIZE];
	int error;

	if (vrrp_command_count() >= MOST) {
		wait_in_crowd(probe);
		return;
	}
	probe->began = vrrp_now();
	vrrp_alarm_set(&probe->alarm, probe->began + probe->conf.timeout_msec * VRRP_USEC_PER_MSEC);
	error = vrrp_command_start(&probe->command, probe->conf.path, fill_in(probe, text), on_end,
				   probe);
	if (error)
		vrrp_probe_error(probe, -error);
}

static void command_begin(struct vrrp_probe *probe)
{
	if (!probe->command)
		run(probe);
}

/* It may have ended already. */
static void command_end(struct vrrp_probe *probe)
{
	if (!probe->command)
		return;
	probe->command_is_killed = true;
	vrrp_command_kill(probe->command);
}

static void command_free(struct vrrp_probe *probe)
{
	vrrp_command_leave(&probe->command, on_end_alone);
}

const struct vrrp_probe_method vrrp_probe_command = {
	.takes_descriptor = true,
	.begin = command_begin,
	.end = command_end,
	.free = command_free,
	.stop = vrrp_command_stop,
};
