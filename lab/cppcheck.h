/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FRR's macros for cppcheck, which does not read FRR's headers: just enough to parse the code that
 * uses them. Used only by lab/static.d/cppcheck, never by a compiler.
 */
#define array_size(a) (sizeof(a) / sizeof((a)[0]))
#define frr_each(prefix, head, item)                                                               \
	for (item = prefix##_first(head); item; item = prefix##_next(head, item))
#define frr_each_safe(prefix, head, item) frr_each (prefix, head, item)
#define darr_foreach_i(array, i)	  for (i = 0; i < darr_len(array); i++)
#define darr_foreach_p(array, item)	  for (item = array; item < (array) + darr_len(array); item++)
#define frr_with_privs(privs)		  if (privs_raise(privs))
#define FOR_ALL_INTERFACES(vrf, ifp)                                                               \
	for (ifp = first_interface(vrf); ifp; ifp = next_interface(ifp))
#define RB_FOREACH(item, type, head) for (item = type##_first(head); item; item = type##_next(item))
#define ALL_LIST_ELEMENTS_RO(list, node, data)                                                     \
	(node) = list_first(list);                                                                 \
	(data) = list_data(node);                                                                  \
	(node) = list_next(node)

#define DEFINE_HOOK(name, arguments, passed)   int hook_##name arguments
#define DEFINE_MGROUP(name, text)	       int mgroup_##name
#define DEFINE_MTYPE(group, name, text)	       int mtype_##name
#define DEFINE_MTYPE_STATIC(group, name, text) static int mtype_##name
#define DECLARE_MGROUP(name)		       extern int mgroup_##name
#define DECLARE_MTYPE(name)		       extern int mtype_##name

/* the compiler's command line has it */
#define CROSSVIP_VERSION ""

/* a command is a function; clippy makes its arguments, so they have no type here */
#define DEFPY(function, name, line, help)	      int function(void)
#define DEFPY_YANG(function, name, line, help)	      int function(void)
#define DEFPY_YANG_HIDDEN(function, name, line, help) int function(void)
#define DEFPY_HIDDEN(function, name, line, help)      int function(void)
#define DEFPY_NOSH(function, name, line, help)	      int function(void)
#define ALIAS_YANG(function, name, line, help)
#define DEFUN(function, name, line, help)	 int function(void)
#define DEFUN_NOSH(function, name, line, help)	 int function(void)
#define DEFUN_HIDDEN(function, name, line, help) int function(void)

#define FRR_DAEMON_INFO(name, NAME, ...) int daemon_info_##name
#define FRR_MODULE_SETUP(...)		 int module_setup
#define PREDECL_RBTREE_UNIQ(prefix)                                                                \
	struct prefix##_head {                                                                     \
		int x;                                                                             \
	}
#define PREDECL_DLIST(prefix)                                                                      \
	struct prefix##_head {                                                                     \
		int x;                                                                             \
	}
#define PREDECL_HASH(prefix)                                                                       \
	struct prefix##_head {                                                                     \
		int x;                                                                             \
	}
#define DECLARE_RBTREE_UNIQ(prefix, type, field, compare) int declared_##prefix
#define DECLARE_DLIST(prefix, type, field)		  int declared_##prefix
#define DECLARE_HASH(prefix, type, field, compare, hash)  int declared_##prefix
#define MACRO_REQUIRE_SEMICOLON()			  struct semicolon
#define XFREE(mtype, pointer)				  (free(pointer), (pointer) = 0)
#define SET_FLAG(flags, bit)				  ((flags) |= (bit))
#define UNSET_FLAG(flags, bit)				  ((flags) &= ~(bit))
#define CHECK_FLAG(flags, bit)				  ((flags) & (bit))
