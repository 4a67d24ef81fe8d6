// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The method of HTTP(S) is a module, which the first try loads: libcurl brings thirty libraries and
 * six megabytes, and most routers check no servers. It stays until the daemon ends. Debian has it
 * in a package of its own.
 *
 * This file has the method's name in the daemon, and vrrp_probe_http.c in the module; a program that
 * links that one, as tests do, needs no module.
 */
#include "vrrp_probe_private.h"

#include <dlfcn.h>
#include <fcntl.h>

#include "log.h"

#include "vrrp_program.h"

#define MODULE "vrrp-http.so"

static const struct vrrp_probe_method *loaded;

/*
 * 0 or negative errno. The file is opened here first, since dlopen() does not tell that descriptors
 * are lacking; it takes one at a time.
 */
static int load(void)
{
	static vrrp_usec_t logged;
	char path[PATH_MAX];
	void *module;
	int fd;

	vrrp_program_path(MODULE, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (module)
		loaded = dlsym(module, "vrrp_probe_http");
	if (!loaded && vrrp_probe_may_log(&logged))
		zlog_err("health checks by HTTP cannot be done: %s", dlerror());
	return loaded ? 0 : -ELIBACC;
}

static void module_begin(struct vrrp_probe *probe)
{
	int error = loaded ? 0 : load();

	if (error == -ENOENT) {
		vrrp_probe_result(probe, false, "%s is missing: install frr-crossvip-http", MODULE);
		return;
	}
	if (error) {
		vrrp_probe_error(probe, -error);
		return;
	}
	probe->method = loaded;
	loaded->begin(probe);
}

/* Of a try that begin() has ended. */
static void module_end(struct vrrp_probe *probe)
{
}

static void module_stop(void)
{
	if (loaded)
		loaded->stop();
}

const struct vrrp_probe_method vrrp_probe_http = {
	.takes_descriptor = true,
	.begin = module_begin,
	.end = module_end,
	.stop = module_stop,
};
