# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # names of common.sh
#
# The lab's requirements of the machine it runs on. Each check ends the script with one sentence if
# its requirement is not met. Needs common.sh.

# Cheap enough for every start.
host_can_run() {
	[ "$(id -u)" = 0 ] ||
		die "must be run as root, because it mounts file systems and makes namespaces: try 'sudo $0'"
	[ "$(uname -sm)" = "Linux x86_64" ] ||
		die "works on Linux on x86_64 only, and this is $(uname -sm)"
	local tool
	for tool in unshare setpriv flock pivot_root; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing; on Debian it is in the package util-linux"
	done
	grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
		die "this kernel has no overlay file system (overlayfs)"
	unshare -m -p -n -u -i -f true 2>/dev/null ||
		die "cannot make namespaces here (in a container, it must be a privileged one)"
}

# Asked only when a root file system is about to be built.
host_can_build() {
	local free_mb
	free_mb=$(df --output=avail -BM "$cache" | tail -n1 | tr -dc 0-9)
	[ "$free_mb" -ge 4096 ] ||
		die "needs 4096 MB of free disk space in $cache, and there are $free_mb; LAB_CACHE chooses another place"
	command -v mmdebstrap >/dev/null && return
	command -v apt-get >/dev/null ||
		die "mmdebstrap is missing, and without apt-get it cannot be installed here: use a Debian or Ubuntu host"
}
