// random_mod.c: _random: the Mersenne Twister MT19937 behind random.Random, with CPython's sequences.
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "src/core/lock.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/int_internal.h"
#include "src/types/tuple.h"

enum { STATE_WORDS = 624, SHIFT = 397 };

// Guard of index and state: the object's lock.
typedef struct Random {
    Object head;
    uint32_t index;
    uint32_t state[STATE_WORDS];
} Random;

// --- the generator ---

static uint32_t twist(uint32_t upper, uint32_t lower)
{
    uint32_t y = (upper & 0x80000000u) | (lower & 0x7fffffffu);
    return y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
}

static void refill(Random *r)
{
    uint32_t *s = r->state;
    for (int i = 0; i < STATE_WORDS; i++)
        s[i] = s[(i + SHIFT) % STATE_WORDS] ^ twist(s[i], s[(i + 1) % STATE_WORDS]);
    r->index = 0;
}

static uint32_t next_word(Random *r)
{
    if (r->index >= STATE_WORDS)
        refill(r);
    uint32_t y = r->state[r->index++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

static void seed_word(Random *r, uint32_t seed)
{
    r->state[0] = seed;
    for (uint32_t i = 1; i < STATE_WORDS; i++)
        r->state[i] = 1812433253u * (r->state[i - 1] ^ r->state[i - 1] >> 30) + i;
    r->index = STATE_WORDS;
}

static void seed_words(Random *r, const uint32_t *key, size_t n)
{
    seed_word(r, 19650218u);
    uint32_t *s = r->state;
    size_t i = 1, j = 0;
    for (size_t k = size_max(STATE_WORDS, n); k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i >= STATE_WORDS) {
            s[0] = s[STATE_WORDS - 1];
            i = 1;
        }
        if (++j >= n)
            j = 0;
    }
    for (size_t k = STATE_WORDS - 1; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i >= STATE_WORDS) {
            s[0] = s[STATE_WORDS - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
}

// --- seeding ---

static void seed_from_system(Random *r)
{
    uint32_t key[STATE_WORDS];
    if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        key[0] = (uint32_t)now.tv_nsec;
        key[1] = (uint32_t)now.tv_sec;
        key[2] = (uint32_t)getpid();
        clock_gettime(CLOCK_MONOTONIC, &now);
        key[3] = (uint32_t)now.tv_nsec;
        key[4] = (uint32_t)now.tv_sec;
        seed_words(r, key, 5);
        return;
    }
    seed_words(r, key, STATE_WORDS);
}

static bool random_seed(Thread *t, Random *r, Value seed)
{
    if (!seed || seed == NONE) {
        bool locked = object_lock(&r->head);
        seed_from_system(r);
        object_unlock(&r->head, locked);
        return true;
    }
    Value number;
    if (is_int(seed)) {
        number = int_exact(seed);
    } else {
        Hash hash;
        if (!value_hash(t, seed, &hash))
            return false;
        number = int_from_uint64(t, (uint64_t)hash);
    }
    if (!number)
        return false;
    IntView view;
    int_look(number, &view);
    size_t words = (int_bit_length(number) + 31) / 32;
    uint32_t *key = new_atomic(t, size_max(words, 1) * sizeof(uint32_t));
    if (!key)
        return false;
    key[0] = 0;
    for (size_t i = 0; i < words; i++)
        key[i] = (uint32_t)(view.limbs[i / 2] >> (i % 2 * 32));
    bool locked = object_lock(&r->head);
    seed_words(r, key, size_max(words, 1));
    object_unlock(&r->head, locked);
    return true;
}

static Value random_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Random *r = instance_new(t, cls, 0);
    if (!r)
        return 0;
    seed_word(r, 5489u);
    return value_of(r);
}

static bool random_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (kwnames && as_object(self)->type == &type_random) {
        raise(t, EXC(TypeError), "Random() takes no keyword arguments");
        return false;
    }
    return arguments_check(t, "Random", nargs, kwnames, 0, 1) && random_seed(t, (Random *)self, nargs ? args[0] : 0);
}

// --- methods ---

static Value random_seed_method(Thread *t, const Value *args, size_t nargs)
{
    return random_seed(t, (Random *)args[0], args[1]) ? NONE : 0;
}

static Value random_random_method(Thread *t, const Value *args, size_t nargs)
{
    Random *r = (Random *)args[0];
    bool locked = object_lock(&r->head);
    uint32_t a = next_word(r) >> 5, b = next_word(r) >> 6;
    object_unlock(&r->head, locked);
    return float_new(t, (a * 67108864.0 + b) / 9007199254740992.0);
}

static Value random_bits_large(Thread *t, Random *r, uint64_t bits)
{
    size_t words = (bits - 1) / 32 + 1, limbs = (words + 1) / 2;
    BigInt *result = bits > (uint64_t)INT64_MAX ? (BigInt *)RAISE_NULL(t, EXC(MemoryError), "") : int_alloc(t, limbs);
    if (!result)
        return 0;
    memset(result->limbs, 0, limbs * sizeof(mp_limb_t));
    bool locked = object_lock(&r->head);
    for (size_t i = 0; i < words; i++, bits -= 32) {
        mp_limb_t word = next_word(r);
        if (bits < 32)
            word >>= 32 - bits;
        result->limbs[i / 2] |= word << (i % 2 * 32);
    }
    object_unlock(&r->head, locked);
    return int_finish(result, limbs, false);
}

static Value random_getrandbits_method(Thread *t, const Value *args, size_t nargs)
{
    Random *r = (Random *)args[0];
    Value exact = number_index(t, args[1]);
    if (!exact)
        return 0;
    uint64_t bits;
    if (int_sign(exact) < 0)
        return raise(t, EXC(ValueError), "Cannot convert negative int");
    if (!int_to_uint64(exact, &bits))
        return raise(t, EXC(OverflowError), "Python int too large for C uint64_t");
    if (bits == 0)
        return fixnum(0);
    if (bits > 32)
        return random_bits_large(t, r, bits);
    bool locked = object_lock(&r->head);
    uint32_t word = next_word(r);
    object_unlock(&r->head, locked);
    return fixnum(word >> (32 - bits));
}

static Value random_getstate_method(Thread *t, const Value *args, size_t nargs)
{
    Random *r = (Random *)args[0];
    Tuple *state = tuple_alloc(t, STATE_WORDS + 1);
    if (!state)
        return 0;
    bool locked = object_lock(&r->head);
    for (size_t i = 0; i < STATE_WORDS; i++)
        state->at[i] = fixnum(r->state[i]);
    state->at[STATE_WORDS] = fixnum(r->index);
    object_unlock(&r->head, locked);
    return value_of(state);
}

static bool state_word(Thread *t, Value v, uint64_t *out)
{
    if (!is_int(v)) {
        raise(t, EXC(TypeError), "an integer is required");
        return false;
    }
    if (int_sign(int_exact(v)) < 0) {
        raise(t, EXC(OverflowError), "can't convert negative value to unsigned int");
        return false;
    }
    if (int_to_uint64(int_exact(v), out))
        return true;
    raise(t, EXC(OverflowError), "Python int too large to convert to C unsigned long");
    return false;
}

static Value random_setstate_method(Thread *t, const Value *args, size_t nargs)
{
    Random *r = (Random *)args[0];
    if (!is_tuple(args[1]))
        return raise(t, EXC(TypeError), "state vector must be a tuple");
    const Tuple *state = as_tuple(args[1]);
    if (state->length != STATE_WORDS + 1)
        return raise(t, EXC(ValueError), "state vector is the wrong size");
    uint32_t words[STATE_WORDS];
    uint64_t word;
    for (size_t i = 0; i < STATE_WORDS; i++) {
        if (!state_word(t, state->at[i], &word))
            return 0;
        words[i] = (uint32_t)word;
    }
    if (!state_word(t, state->at[STATE_WORDS], &word))
        return 0;
    if (word > STATE_WORDS)
        return raise(t, EXC(ValueError), "invalid state");
    bool locked = object_lock(&r->head);
    memcpy(r->state, words, sizeof words);
    r->index = (uint32_t)word;
    object_unlock(&r->head, locked);
    return NONE;
}

static const NativeDef random_methods[] = {
    {"random", random_random_method, "($self, /)", "random() -> x in the interval [0, 1).", 0},
    {"seed", random_seed_method, "($self, n=None, /)",
     "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the current time and the process "
     "identifier.",
     0},
    {"getstate", random_getstate_method, "($self, /)", "getstate() -> tuple containing the current state.", 0},
    {"setstate", random_setstate_method, "($self, state, /)", "setstate(state) -> None.  Restores generator state.", 0},
    {"getrandbits", random_getrandbits_method, "($self, k, /)", "getrandbits(k) -> x.  Generates an int with k random bits.", 0},
    {0},
};

Type type_random = {
    TYPE_HEAD(random, "_random.Random", &type_object, Random),
    .flags = TYPE_BASE,
    .doc = "Random() -> create a random number generator with its own internal state.",
    .methods = random_methods,
    .slots = {.new = random_new, .init = random_init},
};

static bool random_exec(Thread *t, Value module) { return module_add_type(t, module, &type_random); }

const ModuleDef module_random = {
    .name = "_random",
    .doc = "Module implements the Mersenne Twister random number generator.",
    .exec = random_exec,
};
