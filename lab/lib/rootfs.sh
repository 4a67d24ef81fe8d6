# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # names of common.sh
#
# The root file system of a release of Debian: `rootfs_ready` sets $rootfs to a
# finished one, building it first if there is none. Needs common.sh, host.sh, steps.sh.
# Trixie's is made by rootfs-*; a folder of its own (../forky) has what another one needs.
#
# A root file system is known by the hash of all that goes into it (comments
# aside). It is built beside its place and renamed when it is whole, so what
# has a key is whole; after that nobody writes to it, users lay an overlay on
# it. Each user holds a shared lock on it (file descriptor 9) for as long as it
# lives, and only one that can be locked exclusively is ever removed. One build
# at a time.

mirror=${LAB_MIRROR:-http://deb.debian.org/debian}

rootfs_key() {
	{
		printf '%s\n' "$mirror"
		rootfs_parts | xargs -d '\n' grep -hvE '^[[:space:]]*(#|$)'
	} | hash_of
}

# The files that the key stands for.
rootfs_parts() {
	printf '%s\n' "$lab/packages.txt" "$lab"/lib/rootfs-*
	[ "$LAB_RELEASE" = trixie ] || printf '%s\n' "$lab/$LAB_RELEASE"/*
}

# The packages of this release, one a line.
rootfs_packages() {
	[ "$LAB_RELEASE" != trixie ] || { cat "$lab/packages.txt"; return; }
	awk '{ sub(/#.*/, "") } !NF { next }
		$1 == "+" { print $2; next }
		NR == FNR { instead[$1] = $2; next }
		{ print ($1 in instead) ? instead[$1] : $1 }' \
		"$lab/$LAB_RELEASE/packages.txt" "$lab/packages.txt"
}

rootfs_ready() {
	mkdir -p "$cache" 2>/dev/null ||
		die "cannot make the cache $cache; set LAB_CACHE to a directory that can be written to"
	kind=root
	[ "$LAB_RELEASE" = trixie ] || kind=$LAB_RELEASE
	rootfs=$cache/$kind-$(rootfs_key)
	while :; do
		exec 9>"$rootfs.lock"
		flock -s 9
		[ -d "$rootfs" ] && break
		exec 9>&-
		rootfs_build_locked
	done
	touch "$rootfs.lock"
}

rootfs_build_locked() {
	exec 8>"$cache/build.lock"
	if ! flock -n 8; then
		say "waiting for another lab build of a root file system …"
		flock 8
	fi
	[ -d "$rootfs" ] || rootfs_build
	exec 8>&-
}

rootfs_build() {
	local tmp scripts=$lab/lib/rootfs log=$cache/rootfs.log start=$SECONDS
	# with the lock held, whatever is half built was interrupted
	rm -rf --one-file-system "$cache"/tmp.*
	host_can_build
	say "building the root file system of Debian's $LAB_RELEASE in $cache: once, for a few minutes"
	[ "$LAB_RELEASE" = trixie ] || scripts=$lab/$LAB_RELEASE/rootfs
	: >"$log"
	if ! command -v mmdebstrap >/dev/null; then
		rootfs_step "installing mmdebstrap on this host" "$lab/lib/install-packages" mmdebstrap
	fi
	tmp=$(mktemp -d "$cache/tmp.XXXXXX")
	rootfs_packages >"$tmp/packages"
	rootfs_step "Debian, FRR and the compiler" \
		"$scripts-debian" "$tmp/root" "$mirror" "$tmp/packages"
	rootfs_step "FRR's source, configured as Debian does" \
		"$lab/lib/rootfs-chroot" "$tmp/root" "$scripts-frr"
	rootfs_step "User-Mode Linux" \
		"$lab/lib/rootfs-chroot" "$tmp/root" "$lab/lib/rootfs-uml" "$mirror"
	rm -rf "$tmp"/root/var/lib/apt/lists/* "$tmp"/root/var/cache/apt/*.bin
	mv "$tmp/root" "$rootfs"
	rm -rf "$tmp"
	say "the root file system is ready after $((SECONDS - start)) s"
	rootfs_sweep
}

# Runs one step of the build; its failure is the end of it.
rootfs_step() {
	local title=$1 from
	shift
	from=$(wc -l <"$log")
	step "$title" "$log" "$@" 8>&- && return
	rm -rf --one-file-system "${tmp:-}"
	rootfs_failed "$title" "$(tail -n "+$((from + 1))" "$log")"
}

# Ends with the sentence for a failed step, given what the step said.
rootfs_failed() {
	local title=$1 said=$2
	if grep -q "No space left on device" <<<"$said"; then
		die "no disk space left in $cache"
	fi
	if grep -qE "Could not (resolve|connect)|Temporary failure|Unable to connect|unreachable|timed out" <<<"$said"; then
		die "no network: cannot reach $mirror (LAB_MIRROR chooses another mirror)"
	fi
	show_log "$log" 20
	die "this step failed: $title"
}

# Keeps the two root file systems of this release that were used last.
rootfs_sweep() {
	local lock root
	while read -r lock; do
		root=${lock%.lock}
		(
			flock -n -x 7 || exit 0
			rm -rf --one-file-system "$root" "$lock"
		) 7>"$lock"
	done < <(find "$cache" -maxdepth 1 -name "$kind-*.lock" ! -name "${rootfs##*/}.lock" \
		-printf '%T@ %p\n' | sort -rn | tail -n +2 | cut -d' ' -f2-)
}
