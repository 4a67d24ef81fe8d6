# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # names of common.sh
#
# Debian's own kernel, in qemu without KVM: `debian_ready` sets $vm to a finished
# machine, making it first if there is none. Needs common.sh, host.sh, steps.sh,
# rootfs.sh; sets $rootfs as well.
#
#	debian-KEY/		a finished machine, never written to again
#		upper/		what qemu and the kernel added to the root file system
#		disk		the root file system for the machine, of what tests need
#		vmlinuz, initrd
#		features	the words of lab/features that it said
#	debian.lock		held shared by each user, exclusively while one is made
#	debian.log		how the last one was made
#
# KEY stands for the root file system and the script that makes the machine. One
# machine is kept.

debian_ready() {
	rootfs_ready
	vm=$cache/debian-$({ echo "$rootfs"; cat "$lab/lib/debian-make"; } | hash_of)
	exec 7>>"$cache/debian.lock"
	flock -s 7
	while [ ! -e "$vm" ]; do
		flock -n -x 7 || { say "waiting until nobody uses another machine …"; flock -x 7; }
		[ -e "$vm" ] || debian_make
		flock -s 7 # another may have come in between
	done
}

debian_make() {
	local log=$cache/debian.log new=$cache/debian-new
	rm -rf --one-file-system "$cache"/debian-*/
	mkdir "$new"
	: >"$log"
	if ! step "qemu, and a disk with Debian's own kernel: once" "$log" \
		"$lab/lib/debian-make" "$rootfs" "$new" "$checkout" "$mine/build" 7>&-; then
		show_log "$log" 20
		die "no machine with Debian's own kernel can be made; the whole log is $log"
	fi
	mv "$new" "$vm"
}
