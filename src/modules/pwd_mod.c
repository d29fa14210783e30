// pwd_mod.c: the pwd and grp modules: the databases of users and groups.
//
// getpwent and getgrent walk a position of the process: guarded by entries_mutex.
#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include "src/core/vm.h"
#include "src/modules/os_support.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/structseq.h"

enum { ENTRY_ROOM_MIN = 4096, ENTRY_ROOM_MAX = 1 << 20 };

static Mutex entries_mutex;

static const StructSeqField user_fields[] = {
    {"pw_name", "user name"}, {"pw_passwd", "password"}, {"pw_uid", "user id"}, {"pw_gid", "group id"}, {"pw_gecos", "real name"},
    {"pw_dir", "home directory"}, {"pw_shell", "shell program"}, {0},
};
static const StructSeqField group_fields[] = {
    {"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"}, {0},
};
static const StructSeqDef user_def = {
    "pwd.struct_passwd",
    "pwd.struct_passwd: Results from getpw*() routines.\n\n"
    "This object may be accessed either as a tuple of\n"
    "  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\n"
    "or via the object attributes as named in the above tuple.",
    user_fields, 7, false,
};
static const StructSeqDef group_def = {
    "grp.struct_group",
    "grp.struct_group: Results from getgr*() routines.\n\n"
    "This object may be accessed either as a tuple of\n"
    "  (gr_name,gr_passwd,gr_gid,gr_mem)\n"
    "or via the object attributes as named in the above tuple.\n",
    group_fields, 4, false,
};
static Type *types[2];   // user, group; roots, written once

static Value text_or_none(Thread *t, const char *s)
{
    return s ? str_from_fs(t, s, strlen(s)) : NONE;
}

static Value user_value(Thread *t, const struct passwd *p)
{
    Value items[] = {text_or_none(t, p->pw_name), text_or_none(t, p->pw_passwd), id_answer(t, p->pw_uid), id_answer(t, p->pw_gid),
                     text_or_none(t, p->pw_gecos), text_or_none(t, p->pw_dir), text_or_none(t, p->pw_shell)};
    return is_pending(t) ? 0 : structseq_new(t, types[0], items);
}

static Value group_value(Thread *t, const struct group *g)
{
    List *members = list_new(t, 4);
    for (char **m = g->gr_mem; members && m && *m; m++) {
        Value name = text_or_none(t, *m);
        if (!name || !list_append(t, members, name))
            return 0;
    }
    Value items[] = {text_or_none(t, g->gr_name), text_or_none(t, g->gr_passwd), id_answer(t, g->gr_gid), value_of(members)};
    return is_pending(t) ? 0 : structseq_new(t, types[1], items);
}

// One lookup, in the blocked state; the room grows until the entry fits.
typedef struct Lookup {
    const char *name;     // null: by id
    uint32_t id;
    bool group;
    char *room;
    size_t size;
    union { struct passwd user; struct group group_entry; } entry;
    bool found;
} Lookup;

static long lookup_body(void *data)
{
    Lookup *l = data;
    struct passwd *user = NULL;
    struct group *group = NULL;
    int error;
    if (l->group)
        error = l->name ? getgrnam_r(l->name, &l->entry.group_entry, l->room, l->size, &group)
                        : getgrgid_r(l->id, &l->entry.group_entry, l->room, l->size, &group);
    else
        error = l->name ? getpwnam_r(l->name, &l->entry.user, l->room, l->size, &user)
                        : getpwuid_r(l->id, &l->entry.user, l->room, l->size, &user);
    l->found = user || group;
    return -error;
}

// False: error pending. Not finding anything is no error.
static bool lookup(Thread *t, Lookup *l)
{
    for (l->size = ENTRY_ROOM_MIN; l->size <= ENTRY_ROOM_MAX; l->size *= 2) {
        l->room = new_atomic(t, l->size);
        if (!l->room)
            return false;
        long result = os_run(t, lookup_body, l);
        if (result != -ERANGE)
            return !is_pending(t);
    }
    memory_error(t);
    return false;
}

// The value for an id out of range is as unknown as any other.
static int lookup_id(Thread *t, Value v, const char *what, uint32_t *out)
{
    if (id_arg(t, v, what, out))
        return 1;
    return pending_clear_if(t, EXC(OverflowError)) ? 0 : -1;
}

static Value by_id(Thread *t, Value v, bool group)
{
    Lookup l = {.group = group};
    int known = lookup_id(t, v, group ? "gid" : "uid", &l.id);
    if (known < 0 || (known && !lookup(t, &l)))
        return 0;
    if (l.found)
        return group ? group_value(t, &l.entry.group_entry) : user_value(t, &l.entry.user);
    return raise(t, EXC(KeyError), group ? "getgrgid(): gid not found: %V" : "getpwuid(): uid not found: %V", v);
}

static Value by_name(Thread *t, Value v, bool group)
{
    Lookup l = {.group = group};
    if (!is_str(v))
        return raise(t, EXC(TypeError), "%s() argument %smust be str, not %T", group ? "getgrnam" : "getpwnam", group ? "'name' " : "", v);
    l.name = fs_bytes(t, v, NULL);
    if (!l.name || !lookup(t, &l))
        return 0;
    if (l.found)
        return group ? group_value(t, &l.entry.group_entry) : user_value(t, &l.entry.user);
    return raise(t, EXC(KeyError), group ? "getgrnam(): name not found: %R" : "getpwnam(): name not found: %R", v);
}

static Value pwd_getpwuid(Thread *t, const Value *args, size_t nargs) { return by_id(t, args[0], false); }
static Value pwd_getpwnam(Thread *t, const Value *args, size_t nargs) { return by_name(t, args[0], false); }
static Value grp_getgrgid(Thread *t, const Value *args, size_t nargs) { return by_id(t, args[0], true); }
static Value grp_getgrnam(Thread *t, const Value *args, size_t nargs) { return by_name(t, args[0], true); }

static Value pwd_getpwall(Thread *t, const Value *args, size_t nargs)
{
    List *all = list_new(t, 0);
    bool failed = !all;
    mutex_lock(&entries_mutex);
    setpwent();
    for (struct passwd *p; !failed && (p = getpwent());) {
        Value entry = user_value(t, p);
        failed = !entry || !list_append(t, all, entry);
    }
    endpwent();
    mutex_unlock(&entries_mutex);
    return failed ? 0 : value_of(all);
}

static Value grp_getgrall(Thread *t, const Value *args, size_t nargs)
{
    List *all = list_new(t, 0);
    bool failed = !all;
    mutex_lock(&entries_mutex);
    setgrent();
    for (struct group *g; !failed && (g = getgrent());) {
        Value entry = group_value(t, g);
        failed = !entry || !list_append(t, all, entry);
    }
    endgrent();
    mutex_unlock(&entries_mutex);
    return failed ? 0 : value_of(all);
}

static bool add_struct(Thread *t, Value module, const StructSeqDef *def, Type **type)
{
    vm_add_root_range(types, types + COUNT_OF(types));
    if (!*type) {
        Type *made = structseq_type_new(t, def);
        if (!made)
            return false;
        publish(type, made);
    }
    return module_add_type(t, module, *type);
}

static bool pwd_exec(Thread *t, Value module)
{
    return add_struct(t, module, &user_def, &types[0]);
}

static bool grp_exec(Thread *t, Value module)
{
    return add_struct(t, module, &group_def, &types[1]);
}

const ModuleDef module_pwd = {
    .name = "pwd",
    .doc = "This module provides access to the Unix password database.",
    .functions = (const NativeDef[]){
        {"getpwuid", pwd_getpwuid, "(uidobj, /)", "Return the password database entry for the given numeric user ID."},
        {"getpwnam", pwd_getpwnam, "(name, /)", "Return the password database entry for the given user name."},
        {"getpwall", pwd_getpwall, "()", "Return a list of all available password database entries, in arbitrary order."},
        {0},
    },
    .exec = pwd_exec,
};

const ModuleDef module_grp = {
    .name = "grp",
    .doc = "Access to the Unix group database.",
    .functions = (const NativeDef[]){
        {"getgrgid", grp_getgrgid, "(id)", "Return the group database entry for the given numeric group ID."},
        {"getgrnam", grp_getgrnam, "(name)", "Return the group database entry for the given group name."},
        {"getgrall", grp_getgrall, "()", "Return a list of all available group entries, in arbitrary order."},
        {0},
    },
    .exec = grp_exec,
};
