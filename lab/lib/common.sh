# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Names shared by every lab script: where things are, and how the lab speaks.
#
# The lab talks on stderr only, one sentence a line, and exits 125 when it is
# the lab that failed; any other status is that of the command it was given.
# Everything it keeps is in $LAB_CACHE (default /var/cache/frr-crossvip):
#
#	root-KEY/		a finished root file system, never written to again; trixie's.
#				That of another release is RELEASE-KEY/
#	root-KEY.lock		held shared by each user of root-KEY
#	build.lock		held while a root file system is being built
#	tmp.*			a root file system being built, or the rest of one
#	checkout-HASH/		what belongs to one checkout:
#		path		its real path
#		build/		seen as /build inside; build-RELEASE/ of another release
#		logs/		of lab/build and lab/test

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
checkout=$(dirname "$lab")
cache=${LAB_CACHE:-/var/cache/frr-crossvip}

say() {
	printf 'lab: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 125
}

hash_of() {
	sha256sum | cut -c1-16
}

# choose_release NAME: Debian's release from now on, for scripts that this one starts as well.
choose_release() {
	case $1 in
	trixie | forky) export LAB_RELEASE=$1 ;;
	*) die "there is no release '$1': it is trixie or forky" ;;
	esac
}
choose_release "${LAB_RELEASE:-trixie}"

# Sets $mine, the cache directory of this checkout, and $build in it, and makes both.
checkout_cache() {
	mine=$cache/checkout-$(printf %s "$checkout" | hash_of)
	build=$mine/build
	[ "$LAB_RELEASE" = trixie ] || build+=-$LAB_RELEASE
	mkdir -p "$build" "$mine/logs" ||
		die "cannot write to the cache $cache; set LAB_CACHE to a directory that can be written to"
	if [ ! -e "$mine/path" ]; then
		printf '%s\n' "$checkout" >"$mine/path.$$"
		mv "$mine/path.$$" "$mine/path"
	fi
}

# Forgets what was kept for checkouts that are gone.
checkouts_sweep() {
	local path
	for path in "$cache"/checkout-*/path; do
		[ -e "$path" ] || continue
		[ -e "$(cat "$path")" ] || rm -rf --one-file-system "${path%/path}"
	done
}
