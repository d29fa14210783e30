// itertools_combine.c: product, combinations, combinations_with_replacement, permutations.
//
// The state of each is an array of indices into pools that never change. A step runs no Python code, so it happens under the
// iterator's byte lock: threads that share one get each result once.
#include "src/core/lock.h"
#include "src/modules/itertools.h"

typedef struct Combiner {
    Object head;
    Value pool;                   // tuple; product: tuple of tuples
    int64_t *indices;             // guard: the lock, all below too; atomic memory
    int64_t *cycles;              // permutations
    int64_t r;
    bool started, stopped;
} Combiner;

static int64_t *integers_new(Thread *t, int64_t n)
{
    if (n > INT32_MAX)
        return RAISE_NULL(t, EXC(MemoryError), "");
    int64_t *array = new_atomic(t, (size_t)(n ? n : 1) * sizeof(int64_t));
    for (int64_t i = 0; array && i < n; i++)
        array[i] = i;
    return array;
}

static Value combiner_new(Thread *t, Type *cls, Value pool, int64_t n_indices, int64_t r)
{
    int64_t *indices = integers_new(t, n_indices);
    Combiner *c = indices ? instance_new(t, cls, 0) : NULL;
    if (!c)
        return 0;
    c->pool = pool;
    c->indices = indices;
    c->r = r;
    return value_of(c);
}

// One step: prepares the next indices; false at the end.
typedef bool (*AdvanceFn)(Combiner *c);

// The items that the indices choose, or 0 when there are no more. The result is made before the lock is taken.
static Value combiner_step(Thread *t, Combiner *c, AdvanceFn advance, Value (*choose)(const Combiner *c, int64_t i))
{
    Tuple *result = tuple_alloc(t, (size_t)c->r);
    if (!result)
        return 0;
    bool locked = object_lock(&c->head);
    bool more = !c->stopped && (!c->started || advance(c));
    c->started = true;
    c->stopped = !more;
    for (int64_t i = 0; more && i < c->r; i++)
        result->at[i] = choose(c, i);
    object_unlock(&c->head, locked);
    return more ? value_of(result) : 0;
}

static Value choose_from_pool(const Combiner *c, int64_t i)
{
    return as_tuple(c->pool)->at[c->indices[i]];
}

static Value sizeof_method(Thread *t, const Value *args, size_t nargs)
{
    (void)t, (void)nargs;
    return fixnum((int64_t)(type_of(args[0])->basic_size + (size_t)((Combiner *)args[0])->r * sizeof(int64_t)));
}

static const NativeDef combiner_methods[] = {
    {"__sizeof__", sizeof_method, "($self, /)", "Returns size in memory, in bytes.", 0},
    {0},
};

// --- product ---

static MUST_CHECK bool product_repeat(Thread *t, const Value *values, Value kwnames, int64_t *out)
{
    *out = 1;
    size_t n = kwnames ? as_tuple(kwnames)->length : 0;
    if (n == 0)
        return true;
    if (n > 1) {
        raise(t, EXC(TypeError), "product() takes at most 1 keyword argument (%lu given)", (uint64_t)n);
        return false;
    }
    if (!str_equal_cstr(as_tuple(kwnames)->at[0], "repeat")) {
        raise(t, EXC(TypeError), "product() got an unexpected keyword argument '%V'", as_tuple(kwnames)->at[0]);
        return false;
    }
    if (!to_int64(t, values[0], out))
        return false;
    if (*out < 0)
        raise(t, EXC(ValueError), "repeat argument cannot be negative");
    return *out >= 0;
}

static Value product_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    int64_t repeat;
    if (!product_repeat(t, args + nargs, kwnames, &repeat))
        return 0;
    if (nargs && repeat > INT32_MAX / (int64_t)nargs)
        return raise(t, EXC(OverflowError), "repeat argument too large");
    size_t n = nargs * (size_t)repeat;
    Tuple *pools = tuple_alloc(t, n);
    if (!pools)
        return 0;
    bool empty = false;
    for (size_t i = 0; i < nargs && repeat; i++) {
        Value pool = tuple_from_iterable(t, args[i]);
        if (!pool)
            return 0;
        empty = empty || as_tuple(pool)->length == 0;
        for (size_t k = i; k < n; k += nargs)
            pools->at[k] = pool;
    }
    Value made = combiner_new(t, cls, value_of(pools), (int64_t)n, (int64_t)n);
    if (!made)
        return 0;
    Combiner *c = (Combiner *)made;
    memset(c->indices, 0, n * sizeof(int64_t));
    c->stopped = empty;
    return made;
}

static bool product_advance(Combiner *c)
{
    for (int64_t i = c->r - 1; i >= 0; i--) {
        if (++c->indices[i] < (int64_t)as_tuple(as_tuple(c->pool)->at[i])->length)
            return true;
        c->indices[i] = 0;
    }
    return false;
}

static Value choose_from_own_pool(const Combiner *c, int64_t i)
{
    return as_tuple(as_tuple(c->pool)->at[i])->at[c->indices[i]];
}

static Value product_next(Thread *t, Value iterator)
{
    return combiner_step(t, (Combiner *)iterator, product_advance, choose_from_own_pool);
}

Type type_itertools_product = {
    ITERTOOLS_TYPE(product, "product", Combiner, product_new, product_next, "(*iterables, repeat=1)"),
    .doc = "Cartesian product of input iterables.  Equivalent to nested for-loops.",
    .methods = combiner_methods,
};

// --- combinations ---

static MUST_CHECK bool pool_and_r(Thread *t, const Value *a, Value *pool, int64_t *r)
{
    if (!to_int64(t, a[1], r) || !(*pool = tuple_from_iterable(t, a[0])))
        return false;
    if (*r < 0)
        raise(t, EXC(ValueError), "r must be non-negative");
    return *r >= 0;
}

static Value combinations_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2], pool;
    int64_t r;
    BIND_ARGUMENTS(t, "combinations", "(iterable, r)", args, nargs, kwnames, a, return 0);
    if (!pool_and_r(t, a, &pool, &r))
        return 0;
    bool none = r > (int64_t)as_tuple(pool)->length;
    Value made = combiner_new(t, cls, pool, none ? 0 : r, none ? 0 : r);
    if (made)
        ((Combiner *)made)->stopped = none;
    return made;
}

static bool combinations_advance(Combiner *c)
{
    int64_t n = (int64_t)as_tuple(c->pool)->length, i = c->r - 1;
    while (i >= 0 && c->indices[i] == i + n - c->r)
        i--;
    if (i < 0)
        return false;
    c->indices[i]++;
    for (int64_t k = i + 1; k < c->r; k++)
        c->indices[k] = c->indices[k - 1] + 1;
    return true;
}

static Value combinations_next(Thread *t, Value iterator)
{
    return combiner_step(t, (Combiner *)iterator, combinations_advance, choose_from_pool);
}

Type type_itertools_combinations = {
    ITERTOOLS_TYPE(combinations, "combinations", Combiner, combinations_new, combinations_next, "(iterable, r)"),
    .doc = "Return successive r-length combinations of elements in the iterable.\n\n"
           "combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    .methods = combiner_methods,
};

static Value with_replacement_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2], pool;
    int64_t r;
    BIND_ARGUMENTS(t, "combinations_with_replacement", "(iterable, r)", args, nargs, kwnames, a, return 0);
    if (!pool_and_r(t, a, &pool, &r))
        return 0;
    bool none = as_tuple(pool)->length == 0 && r > 0;
    Value made = combiner_new(t, cls, pool, none ? 0 : r, none ? 0 : r);
    if (!made)
        return 0;
    Combiner *c = (Combiner *)made;
    memset(c->indices, 0, (size_t)c->r * sizeof(int64_t));
    c->stopped = none;
    return made;
}

static bool with_replacement_advance(Combiner *c)
{
    int64_t n = (int64_t)as_tuple(c->pool)->length, i = c->r - 1;
    while (i >= 0 && c->indices[i] == n - 1)
        i--;
    if (i < 0)
        return false;
    int64_t chosen = c->indices[i] + 1;
    for (int64_t k = i; k < c->r; k++)
        c->indices[k] = chosen;
    return true;
}

static Value with_replacement_next(Thread *t, Value iterator)
{
    return combiner_step(t, (Combiner *)iterator, with_replacement_advance, choose_from_pool);
}

Type type_itertools_combinations_with_replacement = {
    ITERTOOLS_TYPE(combinations_with_replacement, "combinations_with_replacement", Combiner, with_replacement_new,
                   with_replacement_next, "(iterable, r)"),
    .doc = "Return successive r-length combinations of elements in the iterable allowing individual elements to have "
           "successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), "
           "('B','C'), ('C','C')",
    .methods = combiner_methods,
};

// --- permutations ---

static Value permutations_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[2];
    BIND_ARGUMENTS(t, "permutations", "(iterable, r=None)", args, nargs, kwnames, a, return 0);
    Value pool = tuple_from_iterable(t, a[0]);
    if (!pool)
        return 0;
    int64_t n = (int64_t)as_tuple(pool)->length, r = n;
    if (a[1] && a[1] != NONE) {
        if (!is_int(a[1]))
            return raise(t, EXC(TypeError), "Expected int as r");
        if (!to_int64(t, a[1], &r))
            return 0;
        if (r < 0)
            return raise(t, EXC(ValueError), "r must be non-negative");
    }
    bool none = r > n;
    Value made = combiner_new(t, cls, pool, n, none ? 0 : r);
    Combiner *c = (Combiner *)made;
    if (!made || !(c->cycles = integers_new(t, c->r)))
        return 0;
    for (int64_t i = 0; i < c->r; i++)
        c->cycles[i] = n - i;
    c->stopped = none;
    return made;
}

static bool permutations_advance(Combiner *c)
{
    int64_t n = (int64_t)as_tuple(c->pool)->length;
    for (int64_t i = c->r - 1; i >= 0; i--) {
        int64_t first = c->indices[i];
        if (--c->cycles[i] == 0) {
            memmove(c->indices + i, c->indices + i + 1, (size_t)(n - 1 - i) * sizeof(int64_t));
            c->indices[n - 1] = first;
            c->cycles[i] = n - i;
        } else {
            int64_t k = n - c->cycles[i];
            c->indices[i] = c->indices[k];
            c->indices[k] = first;
            return true;
        }
    }
    return false;
}

static Value permutations_next(Thread *t, Value iterator)
{
    return combiner_step(t, (Combiner *)iterator, permutations_advance, choose_from_pool);
}

Type type_itertools_permutations = {
    ITERTOOLS_TYPE(permutations, "permutations", Combiner, permutations_new, permutations_next, "(iterable, r=None)"),
    .doc = "Return successive r-length permutations of elements in the iterable.\n\n"
           "permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
    .methods = combiner_methods,
};
