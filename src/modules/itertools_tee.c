// itertools_tee.c: tee: several iterators over one.
//
// Items wait in a chain of chunks; each tee iterator stands at a place in the chain, so that items nobody can reach any more are
// collected. The source is asked by one thread at a time (`busy`). Publication: item → count; next chunk last.
#include "src/modules/itertools.h"


enum { CHUNK_ITEMS = 26 };        // a chunk takes 256 bytes

typedef struct TeeSource {
    Object head;                  // of no Python-visible type: only chunks refer to it
    Value iterator;
    uint32_t busy;                // some thread is running the iterator; exchanged
} TeeSource;

typedef struct TeeChunk {
    Object head;
    TeeSource *source;
    struct TeeChunk *next;        // published once the chunk is full
    size_t count;
    Value items[CHUNK_ITEMS];
} TeeChunk;

typedef struct Tee {
    Object head;
    TeeChunk *chunk;
    size_t index;                 // next item of the chunk; relaxed
} Tee;

static TeeChunk *chunk_new(Thread *t, TeeSource *source)
{
    TeeChunk *chunk = new_object(t, itertools_tee_dataobject, TeeChunk);
    if (chunk)
        chunk->source = source;
    return chunk;
}

static Value tee_over(Thread *t, Type *cls, Value iterator)
{
    TeeSource *source = new_scanned(t, sizeof(TeeSource));
    TeeChunk *chunk = source ? chunk_new(t, source) : NULL;
    Tee *tee = chunk ? instance_new(t, cls, 0) : NULL;
    if (!tee)
        return 0;
    object_header(source, object, 0);
    source->iterator = iterator;
    tee->chunk = chunk;
    return value_of(tee);
}

static Value tee_copy(Thread *t, const Tee *from)
{
    Tee *tee = instance_new(t, from->head.type, 0);
    if (tee) {
        tee->index = load_relaxed(&from->index);
        tee->chunk = load_acquire(&from->chunk);
    }
    return value_of(tee);
}

// Becomes the thread that runs the source; RuntimeError when one does, this or another.
static bool source_enter(Thread *t, TeeSource *source)
{
    if (!__atomic_exchange_n(&source->busy, 1, __ATOMIC_ACQUIRE))
        return true;
    raise(t, EXC(RuntimeError), "cannot re-enter the tee iterator");
    return false;
}

static void source_leave(TeeSource *source)
{
    publish(&source->busy, 0);
}

// Adds an item to the chain's end, which `chunk` was when last looked at; 0: exhausted or error.
static bool source_pull(Thread *t, TeeChunk *chunk, size_t index)
{
    if (!source_enter(t, chunk->source))
        return false;
    bool ok = index < load_acquire(&chunk->count);   // somebody else was quicker
    if (!ok) {
        Value item = iter_next(t, chunk->source->iterator);
        ok = item != 0;
        if (ok) {
            chunk->items[index] = item;
            publish(&chunk->count, index + 1);
        }
    }
    source_leave(chunk->source);
    return ok;
}

// The chunk after a full one.
static TeeChunk *chunk_after(Thread *t, TeeChunk *chunk)
{
    TeeChunk *next = load_acquire(&chunk->next);
    if (next)
        return next;
    TeeChunk *made = chunk_new(t, chunk->source), *there = NULL;
    if (!made)
        return NULL;
    bool first = __atomic_compare_exchange_n(&chunk->next, &there, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return first ? made : there;
}

static Value tee_next(Thread *t, Value iterator)
{
    Tee *tee = (Tee *)iterator;
    TeeChunk *chunk = load_acquire(&tee->chunk);
    size_t index = load_relaxed(&tee->index);
    if (index >= CHUNK_ITEMS) {
        chunk = chunk_after(t, chunk);
        if (!chunk)
            return 0;
        index = 0;
        publish(&tee->chunk, chunk);
    }
    if (index >= load_acquire(&chunk->count) && !source_pull(t, chunk, index))
        return 0;
    store_relaxed(&tee->index, index + 1);
    return chunk->items[index];
}

static Value tee_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (!constructor_check(t, cls, &type_itertools_tee, nargs, kwnames, 1, 1))
        return 0;
    Value iterator = iter_get(t, args[0]);
    if (!iterator)
        return 0;
    if (type_is_subtype(type_of(iterator), &type_itertools_tee))
        return tee_copy(t, (Tee *)iterator);
    return tee_over(t, cls, iterator);
}

static Value copy_method(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    return tee_copy(t, (Tee *)args[0]);
}

Value itertools_tee(Thread *t, const Value *args, size_t nargs)
{
    (void)nargs;
    int64_t n = 2;
    if (args[1] && !to_int64(t, args[1], &n))
        return 0;
    if (n < 0)
        return raise(t, EXC(ValueError), "n must be >= 0");
    Tuple *result = tuple_alloc(t, (size_t)n);
    if (!result || n == 0)
        return value_of(result);
    Value iterator = iter_get(t, args[0]);
    if (!iterator)
        return 0;
    Value copier = special_lookup(t, iterator, N(__copy__));
    if (!copier && is_pending(t))
        return 0;
    if (!copier && !(iterator = tee_over(t, &type_itertools_tee, iterator)))
        return 0;
    bool is_tee = type_is_subtype(type_of(iterator), &type_itertools_tee);
    for (int64_t i = 0; i < n; i++) {
        result->at[i] = i == 0 && !copier ? iterator : is_tee ? tee_copy(t, (Tee *)iterator) : call0(t, copier);
        if (!result->at[i])
            return 0;
    }
    return value_of(result);
}

static const NativeDef tee_methods[] = {
    {"__copy__", copy_method, "($self, /)", "Returns an independent iterator.", 0},
    {0},
};

Type type_itertools_tee = {
    TYPE_HEAD(itertools_tee, "itertools._tee", &type_object, Tee),
    .flags = TYPE_HAS_WEAKREFS,
    .doc = "Iterator wrapped to make it copyable.",
    .new_signature = "(iterable, /)",
    .slots = {.new = tee_new, .iter = iterator_self, .next = tee_next},
    .methods = tee_methods,
};

Type type_itertools_tee_dataobject = {
    TYPE_HEAD(itertools_tee_dataobject, "itertools._tee_dataobject", &type_object, TeeChunk),
    .flags = TYPE_DISALLOW_NEW,
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects.",
};
