// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The promise of contracts.h about Skew_Time, of the real function, by trying all that there is: an
 * ordinary program. A higher priority takes over strictly sooner than a lower one.
 */
#include "vrrp_fsm.h"

#include <stdio.h>

#define HEARD_CS_MAX 25500

static bool promise_is_kept(uint8_t version, vrrp_usec_t interval, unsigned int priority,
			    vrrp_usec_t sooner)
{
	vrrp_usec_t skew = vrrp_skew_time(version, priority, interval);
	bool bounded = version == 2 ? skew >= 3906 && skew <= 996093
				    : skew >= interval / 256 && skew < interval;

	if (bounded && skew > sooner &&
	    vrrp_active_down_interval(version, priority, interval) == 3 * interval + skew)
		return true;
	printf("Skew_Time of VRRPv%d, priority %u, interval %llu us is %llu us\n", version,
	       priority, (unsigned long long)interval, (unsigned long long)skew);
	return false;
}

static bool interval_is_good(uint8_t version, vrrp_usec_t interval)
{
	vrrp_usec_t sooner = 0;
	unsigned int priority;

	for (priority = 255; priority >= 1; priority--) {
		if (!promise_is_kept(version, interval, priority, sooner))
			return false;
		sooner = vrrp_skew_time(version, priority, interval);
	}
	return true;
}

int main(void)
{
	unsigned int cs;

	for (cs = 1; cs <= HEARD_CS_MAX; cs++)
		if (!interval_is_good(2, cs * VRRP_USEC_PER_CS) ||
		    !interval_is_good(3, cs * VRRP_USEC_PER_CS))
			return 1;
	return 0;
}
