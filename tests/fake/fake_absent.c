// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parts that the fake host lacks and no program here configures: the VIP interface, virtual MACs,
 * the filter, services of IPVS, ways to peers. The rooms' libraries refer to them; a call of one of
 * these functions ends the program.
 */
#include <stdio.h>
#include <stdlib.h>

#define ABSENT(name)                                                                               \
	void name(void);                                                                           \
	void name(void)                                                                            \
	{                                                                                          \
		fprintf(stderr, "fake host: there is no %s()\n", #name);                           \
		abort();                                                                           \
	}

ABSENT(nl_batch_addr_renew)
ABSENT(nl_fdb_add)
ABSENT(nl_fdb_del)
ABSENT(nl_fdb_find)
ABSENT(nl_gateway_dump)
ABSENT(nl_ipvs_daemon_get)
ABSENT(nl_ipvs_daemon_reclaim)
ABSENT(nl_ipvs_daemon_run)
ABSENT(nl_ipvs_daemon_stop)
ABSENT(nl_ipvs_disown_daemon)
ABSENT(nl_ipvs_free)
ABSENT(nl_ipvs_key_cmp)
ABSENT(nl_ipvs_key_text)
ABSENT(nl_ipvs_new)
ABSENT(nl_ipvs_own_daemon)
ABSENT(nl_ipvs_owned_count)
ABSENT(nl_ipvs_owned_error)
ABSENT(nl_ipvs_owned_free)
ABSENT(nl_ipvs_owned_has)
ABSENT(nl_ipvs_owned_load)
ABSENT(nl_ipvs_owns_daemon)
ABSENT(nl_ipvs_put)
ABSENT(nl_ipvs_read)
ABSENT(nl_ipvs_remove)
ABSENT(nl_ipvs_apply)
ABSENT(nl_ipvs_timeouts_get)
ABSENT(nl_ipvs_timeouts_set)
ABSENT(nl_link_add_dummy)
ABSENT(nl_link_del)
ABSENT(nl_link_dump)
ABSENT(nl_link_end_protodown)
ABSENT(nl_link_get)
ABSENT(nl_link_get_index)
ABSENT(nl_link_set_down)
ABSENT(nl_link_set_master)
ABSENT(nl_link_set_mtu)
ABSENT(nl_link_set_up)
ABSENT(nl_macvlan_add)
ABSENT(nl_macvlan_find)
ABSENT(nl_macvlan_fits)
ABSENT(nl_macvlan_mac)
ABSENT(nl_macvlan_name)
ABSENT(nl_nft_accept)
ABSENT(nl_nft_add)
ABSENT(nl_nft_allow)
ABSENT(nl_nft_counters)
ABSENT(nl_nft_del)
ABSENT(nl_nft_fd)
ABSENT(nl_nft_forbid)
ABSENT(nl_nft_free)
ABSENT(nl_nft_new)
ABSENT(nl_nft_read)
ABSENT(nl_nft_refuse)
ABSENT(nl_nft_settle)
ABSENT(nl_route_link_local)
ABSENT(nl_sysctl_family)
ABSENT(nl_sysctl_name)
ABSENT(nl_sysctl_set)
ABSENT(nl_tcp_octets_read)
ABSENT(nl_vmac_drop)
ABSENT(nl_vmac_drop_parent)
ABSENT(nl_vmac_hold_parent)
ABSENT(nl_vmac_keep)
ABSENT(vrrp_nht_begin)
ABSENT(vrrp_nht_end)
ABSENT(vrrp_nht_route)
ABSENT(nl_route_on_link)
ABSENT(vrrp_notification_add)
ABSENT(vrrp_notification_add_identity)
ABSENT(vrrp_notification_has_identity)
ABSENT(vrrp_notification_new)
ABSENT(vrrp_notification_send)
