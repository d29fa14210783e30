// str_intern.c: the table of interned strings.
//
// Open addressing, power of two. Readers take no lock: they load the table, probe, and compare; a slot never changes once
// it is set, and a grown copy is published as a whole. Writers hold intern_mutex. Interned strings live for ever: they are
// identifiers of programs and are few. An interned string is exact, inline, and carries FLAG_INTERNED.
#include "src/core/error.h"
#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/types/str_units.h"

typedef struct InternTable {
    size_t mask;
    size_t used;        // guard: intern_mutex
    Value slots[];      // published one by one
} InternTable;

enum { INTERN_FIRST_SLOTS = 4096 };

static InternTable *table;      // collected memory; published; replaced under intern_mutex
static Mutex intern_mutex;

static Value table_find(const InternTable *in, const Str *s, Hash hash)
{
    if (!in)
        return 0;
    for (size_t i = (size_t)hash & in->mask;; i = (i + 1) & in->mask) {
        Value found = load_acquire(&in->slots[i]);
        if (!found)
            return 0;
        if (found == value_of(s) || (as_str(found)->hash == hash && str_equal(as_str(found), s)))
            return found;
    }
}

static void table_put(InternTable *in, Value s)
{
    size_t i = (size_t)str_hash(as_str(s)) & in->mask;
    while (in->slots[i])
        i = (i + 1) & in->mask;
    publish(&in->slots[i], s);
    in->used++;
}

static InternTable *table_grow(Thread *t)
{
    static bool rooted;
    if (!rooted)
        vm_add_root_range(&table, &table + 1);
    rooted = true;
    size_t n = table ? (table->mask + 1) * 2 : INTERN_FIRST_SLOTS;
    InternTable *grown = new_scanned(t, sizeof(InternTable) + n * sizeof(Value));
    if (!grown)
        return NULL;
    grown->mask = n - 1;
    for (size_t i = 0; table && i <= table->mask; i++) {
        if (table->slots[i])
            table_put(grown, table->slots[i]);
    }
    publish(&table, grown);
    return grown;
}

// The form of s that goes into the table: exact and inline.
static Str *internable(Thread *t, Value value)
{
    Str *s = as_str(value);
    if (s->head.type == &type_str && !(s->head.flags & STR_BUFFERED))
        return s;
    int unit = str_unit(s);
    Str *copy = str_alloc(t, s->length, str_bound(s));
    if (copy)
        memcpy(copy->data, s->data, s->length * (size_t)unit);
    return copy;
}

static Value intern_locked(Thread *t, Str *s, Hash hash)
{
    Value found = table_find(table, s, hash);
    if (found)
        return found;
    if ((!table || table->used * 2 > table->mask) && !table_grow(t))
        return 0;
    __atomic_fetch_or(&s->head.flags, FLAG_INTERNED, __ATOMIC_RELAXED);
    table_put(table, value_of(s));
    return value_of(s);
}

Value str_intern(Thread *t, Value value)
{
    Str *s = as_str(value);
    if (s->head.flags & FLAG_INTERNED)
        return value;
    Hash hash = str_hash(s);
    Value found = table_find(load_acquire(&table), s, hash);
    if (found)
        return found;
    s = internable(t, value);
    if (!s)
        return 0;
    str_hash(s);
    mutex_lock(&intern_mutex);
    found = intern_locked(t, s, hash);
    mutex_unlock(&intern_mutex);
    return found;
}

Value str_intern_utf8(Thread *t, const char *text, size_t n)
{
    Value s = str_from_utf8(t, text, n);
    return s ? str_intern(t, s) : 0;
}

Value str_intern_cstr(Thread *t, const char *text) { return str_intern_utf8(t, text, strlen(text)); }
