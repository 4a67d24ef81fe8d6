#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs that are installed have what the compiler and linker give against the
# use of a mistake, also where nobody set CFLAGS. Debian's packaging asks for all it has.
set -u

status=0

# has FILE WHAT PATTERN: what readelf says of the file has that.
has() {
	if ! readelf -W --file-header --program-headers --dynamic --dyn-syms "$1" | grep -Eq "$3"; then
		echo "$1 has no $2"
		status=1
	fi
}

for program in /usr/lib/frr/vrrpd /usr/lib/frr/vrrp-guardian /usr/lib/frr/vrrp-command \
	/usr/lib/frr/vrrp-http.so /usr/lib/frr/vrrp-snmp /usr/lib/*/frr/modules/vrrpd_snmp.so \
	/usr/bin/vtysh /usr/sbin/vrrp-witness; do
	has "$program" "position independence" 'Type:[[:space:]]+DYN'
	has "$program" "read-only relocations" 'GNU_RELRO'
	has "$program" "immediate binding" 'BIND_NOW|FLAGS_1.*NOW'
	has "$program" "stack protector" '__stack_chk_fail'
	# the compiler knows the size of all that this one writes, and leaves nothing to be looked at
	[ "$program" = /usr/lib/frr/vrrp-snmp ] && continue
	has "$program" "fortified functions" '__(printf|snprintf|memcpy|vsnprintf|strcpy|sprintf|fprintf|read|recv)_chk'
done
grep -q '^export DEB_BUILD_MAINT_OPTIONS = hardening=+all$' /src/debian/rules || {
	echo "debian/rules does not ask for all hardening"
	status=1
}
exit $status
