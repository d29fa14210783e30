// functools_lru.c: the wrapper that functools.lru_cache makes.
//
// The cache is a Dict in order of use: a hit moves its key to the end, the oldest key is dropped from the front. All changes are
// single operations of the Dict, so the wrapper needs no lock of its own; hits and misses are counted atomically.
#include "src/modules/functools.h"
#include "src/ops/ops.h"
#include "src/types/dict_table.h"
#include "src/types/dict_view.h"
#include "src/types/sequence.h"

typedef struct LruCache {
    Object head;
    Value function;
    Value cache;                  // Dict; its own guards
    Value info_type;
    int64_t max_size;             // -1: no limit
    bool typed;
    uint64_t hits, misses;        // relaxed
    AttrArea attributes;          // no inline slots
} LruCache;

// Stands between positional and keyword arguments in a key.
static Object keyword_mark = {.type = &type_object, .shape = SHAPE_object};

static Value lru_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    BIND_ARGUMENTS(t, "lru_cache", "(user_function, maxsize, typed, cache_info_type)", args, nargs, kwnames, a, return 0);
    if (!is_callable(a[0]))
        return raise(t, EXC(TypeError), "the first argument must be callable");
    int64_t max_size = -1;
    if (a[1] != NONE) {
        if (!is_index(a[1]))
            return raise(t, EXC(TypeError), "maxsize should be integer or None");
        if (!to_int64(t, a[1], &max_size))
            return 0;
        if (max_size < 0)
            max_size = 0;
    }
    int typed = truth(t, a[2]);
    Dict *cache = typed < 0 ? NULL : dict_new(t);
    LruCache *lru = cache ? instance_new(t, cls, 0) : NULL;
    if (!lru)
        return 0;
    lru->function = a[0];
    lru->cache = value_of(cache);
    lru->info_type = a[3];
    lru->max_size = max_size;
    lru->typed = typed;
    return value_of(lru);
}

// The key of a call: a lone int or str itself, else a tuple of arguments, names and, if asked for, types.
static Value make_key(Thread *t, const LruCache *lru, const Value *args, size_t nargs, Value kwnames)
{
    size_t keywords = kwnames ? as_tuple(kwnames)->length : 0;
    if (!lru->typed && !keywords) {
        if (nargs == 1 && (is_int_exact(args[0]) || is_exactly(args[0], &type_str)))
            return args[0];
        return tuple_from(t, args, nargs);
    }
    size_t plain = nargs + (keywords ? 1 + 2 * keywords : 0), n = plain + (lru->typed ? nargs + keywords : 0);
    if (n == 0)
        return tuple_empty;
    Tuple *key = tuple_alloc(t, n);
    if (!key)
        return 0;
    Value *to = key->at;
    for (size_t i = 0; i < nargs; i++)
        *to++ = args[i];
    if (keywords)
        *to++ = value_of(&keyword_mark);
    for (size_t i = 0; i < keywords; i++) {
        *to++ = as_tuple(kwnames)->at[i];
        *to++ = args[nargs + i];
    }
    for (size_t i = 0; lru->typed && i < nargs + keywords; i++)
        *to++ = value_of(type_of(args[i]));
    return value_of(key);
}

static void count(uint64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// Drops the oldest keys until the cache has its size again.
static void trim(const LruCache *lru)
{
    Value key, value;
    while ((int64_t)dict_length(as_dict(lru->cache)) > lru->max_size)
        if (!dict_pop_first(as_dict(lru->cache), &key, &value))
            return;
}

static Value lru_call(Thread *t, Value callee, const Value *args, size_t nargs, Value kwnames)
{
    LruCache *lru = (LruCache *)callee;
    if (lru->max_size == 0) {
        count(&lru->misses);
        return call(t, lru->function, args, nargs, kwnames);
    }
    Value key = make_key(t, lru, args, nargs, kwnames), result;
    Hash hash;
    if (!key || !(is_exactly(key, &type_str) ? key_hash(t, key, DICT_KEY, &hash) : value_hash(t, key, &hash)))
        return 0;
    Dict *cache = as_dict(load_acquire(&lru->cache));
    int found = dict_get_hashed(t, cache, key, hash, &result);
    if (found < 0)
        return 0;
    if (found) {
        count(&lru->hits);
        return lru->max_size < 0 || dict_move_to_end(t, cache, key, true) >= 0 ? result : 0;
    }
    count(&lru->misses);
    result = call(t, lru->function, args, nargs, kwnames);
    if (!result)
        return 0;
    cache = as_dict(load_acquire(&lru->cache));
    if (lru->max_size < 0)
        return dict_set_hashed(t, cache, key, hash, result) ? result : 0;
    if (!dict_set_default(t, cache, key, result))   // keeps what a nested call or another thread put there
        return 0;
    trim(lru);
    return result;
}

static Value lru_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    return !instance || instance == NONE ? descr : method_new(t, descr, instance);
}

static Value cache_info_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    LruCache *lru = (LruCache *)args[0];
    const Value info[] = {
        fixnum((int64_t)load_relaxed(&lru->hits)),
        fixnum((int64_t)load_relaxed(&lru->misses)),
        lru->max_size < 0 ? NONE : fixnum(lru->max_size),
        fixnum((int64_t)dict_length(as_dict(lru->cache))),
    };
    return call(t, lru->info_type, info, COUNT_OF(info), 0);
}

static Value cache_clear_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    LruCache *lru = (LruCache *)args[0];
    store_relaxed(&lru->hits, 0);
    store_relaxed(&lru->misses, 0);
    dict_clear(t, as_dict(lru->cache));
    return NONE;
}

static Value reduce_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return attr_get(t, args[0], N(__qualname__));
}

static Value self_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    return args[0];
}

static const NativeDef lru_methods[] = {
    {"cache_info", cache_info_method, "($self, /)", "Report cache statistics", 0},
    {"cache_clear", cache_clear_method, "($self, /)", "Clear the cache and cache statistics", 0},
    {"__reduce__", reduce_method, "($self, /)", NULL, 0},
    {"__copy__", self_method, "($self, /)", NULL, 0},
    {"__deepcopy__", self_method, "($self, memo, /)", NULL, 0},
    {0},
};

Type type_lru_cache = {
    TYPE_HEAD(lru_cache, "functools._lru_cache_wrapper", &type_object, LruCache),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_METHOD_DESCRIPTOR,
    .attr_offset = offsetof(LruCache, attributes),
    .doc = "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\n"
           "maxsize:  0         for no caching\n          None      for unlimited cache size\n"
           "          n         for a bounded cache\n\n"
           "typed:    False     cache f(3) and f(3.0) as identical calls\n"
           "          True      cache f(3) and f(3.0) as distinct calls\n\n"
           "cache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n",
    .slots = {.new = lru_new, .call = lru_call, .descr_get = lru_get},
    .methods = lru_methods,
};
