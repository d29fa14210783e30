// sort.c: list.sort: a stable powersort with galloping merges, on private arrays.
//
// Runs found in the input are extended to a minimal length by binary insertion and merged along the nearly-optimal tree that
// powersort's node powers describe (Munro and Wild, 2018). Comparisons are chosen once for the whole array: fixnums, floats,
// one-byte strings, other strings, tuples of these, anything. The arrays belong to the running thread; when a comparison
// raises they hold a permutation of the items.
#include <math.h>

#include "src/ops/ops.h"
#include "src/types/list_storage.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum {
    MIN_GALLOP = 7,               // wins in a row before a merge gallops
    MIN_RUN_BITS = 6,             // runs are extended to 32 … 64 items
    RUNS_MAX = 70,                // powers are at most 64, and grow along the stack
};

typedef struct Run { size_t start, length; int power; } Run;

typedef struct Sorter {
    Thread *t;
    Value *keys;
    Value *values;                // items that move along with their keys; null when keys are the items
    size_t n;
    Value *spare_keys, *spare_values;   // room for the smaller run of a merge
    size_t spare_capacity;
    size_t min_gallop;
    int (*first_less)(struct Sorter *s, Value a, Value b);   // tuples: order of first items
    Run runs[RUNS_MAX];
    int run_count;
} Sorter;

// 1: a < b, 0: not, -1: exception.
typedef int (*LessFn)(Sorter *s, Value a, Value b);

#define TEMPLATE static inline __attribute__((always_inline)) MUST_CHECK

// --- orders ---

static inline int less_fixnum(Sorter *s, Value a, Value b)
{
    (void)s;
    return (int64_t)a < (int64_t)b;
}

static inline int less_float(Sorter *s, Value a, Value b)
{
    (void)s;
    return float_value(a) < float_value(b);
}

// The first 8 bytes decide most comparisons.
static inline int less_latin1(Sorter *s, Value a, Value b)
{
    (void)s;
    const Str *left = as_str(a), *right = as_str(b);
    if (left->length >= sizeof(uint64_t) && right->length >= sizeof(uint64_t)) {
        uint64_t x, y;
        memcpy(&x, left->data, sizeof x);
        memcpy(&y, right->data, sizeof y);
        if (x != y)
            return __builtin_bswap64(x) < __builtin_bswap64(y);
    }
    int order = memcmp(left->data, right->data, size_min(left->length, right->length));
    return order ? order < 0 : left->length < right->length;
}

static int less_str(Sorter *s, Value a, Value b)
{
    (void)s;
    return str_compare(as_str(a), as_str(b)) < 0;
}

static int less_any(Sorter *s, Value a, Value b)
{
    return compare_bool(s->t, a, b, CMP_LT);
}

// Tuples, not empty, whose first items have a known order.
static int less_tuple(Sorter *s, Value a, Value b)
{
    Tuple *left = as_tuple(a), *right = as_tuple(b);
    int equal = values_equal(s->t, left->at[0], right->at[0]);
    if (equal < 0)
        return -1;
    if (!equal)
        return s->first_less(s, left->at[0], right->at[0]);
    size_t common = size_min(left->length, right->length);
    for (size_t i = 1; i < common; i++) {
        equal = values_equal(s->t, left->at[i], right->at[i]);
        if (equal < 0)
            return -1;
        if (!equal)
            return compare_bool(s->t, left->at[i], right->at[i], CMP_LT);
    }
    return left->length < right->length;
}

typedef enum KeyKind { KEYS_FIXNUM, KEYS_FLOAT, KEYS_LATIN1, KEYS_STR, KEYS_TUPLE, KEYS_ANY } KeyKind;

static KeyKind kind_of(Value v)
{
    if (is_fixnum(v))
        return KEYS_FIXNUM;
    if (is_float_exact(v))
        return KEYS_FLOAT;
    if (is_exactly(v, &type_str))
        return as_object(v)->flags & STR_UNIT_1 ? KEYS_LATIN1 : KEYS_STR;
    return is_exactly(v, &type_tuple) && as_tuple(v)->length ? KEYS_TUPLE : KEYS_ANY;
}

static KeyKind kind_join(KeyKind a, KeyKind b)
{
    if (a == b)
        return a;
    bool both_str = (a == KEYS_LATIN1 || a == KEYS_STR) && (b == KEYS_LATIN1 || b == KEYS_STR);
    return both_str ? KEYS_STR : KEYS_ANY;
}

static KeyKind kind_of_all(const Value *keys, size_t n)
{
    KeyKind kind = kind_of(keys[0]);
    for (size_t i = 1; i < n && kind != KEYS_ANY; i++)
        kind = kind_join(kind, kind_of(keys[i]));
    return kind;
}

static KeyKind kind_of_firsts(const Value *keys, size_t n)
{
    KeyKind kind = kind_of(as_tuple(keys[0])->at[0]);
    for (size_t i = 1; i < n && kind != KEYS_ANY; i++)
        kind = kind_join(kind, kind_of(as_tuple(keys[i])->at[0]));
    return kind;
}

// --- moving items, with their values ---

static inline void move_items(Sorter *s, size_t to, size_t from, size_t n)
{
    memmove(s->keys + to, s->keys + from, n * sizeof(Value));
    if (s->values)
        memmove(s->values + to, s->values + from, n * sizeof(Value));
}

static inline void save_items(Sorter *s, size_t from, size_t n)
{
    memcpy(s->spare_keys, s->keys + from, n * sizeof(Value));
    if (s->values)
        memcpy(s->spare_values, s->values + from, n * sizeof(Value));
}

static inline void restore_items(Sorter *s, size_t to, size_t from, size_t n)
{
    memcpy(s->keys + to, s->spare_keys + from, n * sizeof(Value));
    if (s->values)
        memcpy(s->values + to, s->spare_values + from, n * sizeof(Value));
}

static inline void move_one(Sorter *s, size_t to, size_t from)
{
    s->keys[to] = s->keys[from];
    if (s->values)
        s->values[to] = s->values[from];
}

static inline void restore_one(Sorter *s, size_t to, size_t from)
{
    s->keys[to] = s->spare_keys[from];
    if (s->values)
        s->values[to] = s->spare_values[from];
}

static void reverse_values(Value *items, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        Value low = items[i];
        items[i] = items[n - 1 - i];
        items[n - 1 - i] = low;
    }
}

static void reverse_items(Sorter *s, size_t start, size_t n)
{
    reverse_values(s->keys + start, n);
    if (s->values)
        reverse_values(s->values + start, n);
}

static bool spare_reserve(Sorter *s, size_t n)
{
    if (n <= s->spare_capacity)
        return true;
    s->spare_keys = new_scanned(s->t, n * sizeof(Value));
    if (s->values && s->spare_keys)
        s->spare_values = new_scanned(s->t, n * sizeof(Value));
    s->spare_capacity = n;
    return s->spare_keys && (!s->values || s->spare_values);
}

// --- runs ---

// Length of the run at `start`, at most `n` items, turned round when it descends strictly; 0: exception.
TEMPLATE size_t run_find(Sorter *s, LessFn less, size_t start, size_t n)
{
    if (n < 2)
        return n;
    const Value *at = s->keys + start;
    int down = less(s, at[1], at[0]);
    if (down < 0)
        return 0;
    size_t length = 2;
    for (; length < n; length++) {
        int descends = less(s, at[length], at[length - 1]);
        if (descends < 0)
            return 0;
        if (descends != down)
            break;
    }
    if (down)
        reverse_items(s, start, length);
    return length;
}

// Sorts [start, start + n) of which the first `sorted` items are in order.
TEMPLATE bool run_extend(Sorter *s, LessFn less, size_t start, size_t sorted, size_t n)
{
    for (size_t i = start + sorted; i < start + n; i++) {
        Value key = s->keys[i], value = s->values ? s->values[i] : 0;
        size_t low = start, high = i;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int before = less(s, key, s->keys[middle]);
            if (before < 0)
                return false;
            if (before)
                high = middle;
            else
                low = middle + 1;
        }
        move_items(s, low + 1, low, i - low);
        s->keys[low] = key;
        if (s->values)
            s->values[low] = value;
    }
    return true;
}

// n shifted right until it has MIN_RUN_BITS bits, plus one if a bit was lost: n over it is just below a power of two.
static size_t run_minimum(size_t n)
{
    size_t lost = 0;
    for (; n >> MIN_RUN_BITS; n >>= 1)
        lost |= n & 1;
    return n + lost;
}

// Depth in the merge tree of the boundary between two neighbouring runs: the number of leading binary digits in which their
// midpoints, as fractions of the whole, agree, plus one.
static int boundary_power(const Run *a, const Run *b, size_t n)
{
    unsigned __int128 left = (unsigned __int128)(2 * a->start + a->length) << 62;
    unsigned __int128 right = (unsigned __int128)(2 * b->start + b->length) << 62;
    uint64_t differ = (uint64_t)(left / n) ^ (uint64_t)(right / n);
    return differ ? __builtin_clzll(differ) : 64;
}

// --- galloping: where key belongs in `a`, sorted, looked for from its near end ---

// First i with !(a[i] < key), from the front. SIZE_MAX: exception.
TEMPLATE size_t gallop_left(Sorter *s, LessFn less, Value key, const Value *a, size_t n, bool from_end)
{
    size_t low = 0, high = n;
    for (size_t step = 1; low < high; step *= 2) {
        size_t probe = from_end ? high - size_min(step, high - low) : low + size_min(step, high - low) - 1;
        int smaller = less(s, a[probe], key);
        if (smaller < 0)
            return SIZE_MAX;
        if (smaller)
            low = probe + 1;
        else
            high = probe;
        if ((smaller != 0) == from_end)
            break;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int smaller = less(s, a[middle], key);
        if (smaller < 0)
            return SIZE_MAX;
        if (smaller)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// First i with key < a[i].
TEMPLATE size_t gallop_right(Sorter *s, LessFn less, Value key, const Value *a, size_t n, bool from_end)
{
    size_t low = 0, high = n;
    for (size_t step = 1; low < high; step *= 2) {
        size_t probe = from_end ? high - size_min(step, high - low) : low + size_min(step, high - low) - 1;
        int greater = less(s, key, a[probe]);
        if (greater < 0)
            return SIZE_MAX;
        if (greater)
            high = probe;
        else
            low = probe + 1;
        if ((greater == 0) == from_end)
            break;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int greater = less(s, key, a[middle]);
        if (greater < 0)
            return SIZE_MAX;
        if (greater)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

// --- merging ---

// The left run, saved in `spare`, goes back from the front; what is left of it when the right run or the patience ends is
// put back in any case, so that an exception leaves a permutation.
TEMPLATE bool merge_forward(Sorter *s, LessFn less, size_t start, size_t left_length, size_t right_length)
{
    save_items(s, start, left_length);
    size_t i = 0, j = start + left_length, end = j + right_length, to = start;
    bool ok = true;
    while (ok && i < left_length && j < end) {
        size_t left_wins = 0, right_wins = 0;
        while (i < left_length && j < end && left_wins < s->min_gallop && right_wins < s->min_gallop) {
            int right_first = less(s, s->keys[j], s->spare_keys[i]);
            if (right_first < 0) {
                ok = false;
                break;
            }
            if (right_first) {
                move_one(s, to++, j++);
                right_wins++;
                left_wins = 0;
            } else {
                restore_one(s, to++, i++);
                left_wins++;
                right_wins = 0;
            }
        }
        s->min_gallop += 2;       // the price of leaving the gallop again
        while (ok && i < left_length && j < end) {
            size_t left_part = gallop_right(s, less, s->keys[j], s->spare_keys + i, left_length - i, false);
            if ((ok = left_part != SIZE_MAX) == false)
                break;
            restore_items(s, to, i, left_part);
            to += left_part;
            i += left_part;
            if (i == left_length)
                break;
            size_t right_part = gallop_left(s, less, s->spare_keys[i], s->keys + j, end - j, false);
            if ((ok = right_part != SIZE_MAX) == false)
                break;
            move_items(s, to, j, right_part);
            to += right_part;
            j += right_part;
            if (left_part < MIN_GALLOP && right_part < MIN_GALLOP)
                break;
            s->min_gallop -= s->min_gallop > 1;
        }
    }
    restore_items(s, to, i, left_length - i);
    return ok;
}

// The mirror image: the right run is saved and goes back from the end. Counts say how many items are left of each.
TEMPLATE bool merge_backward(Sorter *s, LessFn less, size_t start, size_t left_length, size_t right_length)
{
    save_items(s, start + left_length, right_length);
    size_t left = left_length, right = right_length;
    bool ok = true;
    while (ok && left && right) {
        size_t left_wins = 0, right_wins = 0;
        while (left && right && left_wins < s->min_gallop && right_wins < s->min_gallop) {
            int left_last = less(s, s->spare_keys[right - 1], s->keys[start + left - 1]);
            if (left_last < 0) {
                ok = false;
                break;
            }
            size_t to = start + left + right - 1;
            if (left_last) {
                move_one(s, to, start + --left);
                left_wins++;
                right_wins = 0;
            } else {
                restore_one(s, to, --right);
                right_wins++;
                left_wins = 0;
            }
        }
        s->min_gallop += 2;
        while (ok && left && right) {
            size_t keep = gallop_right(s, less, s->spare_keys[right - 1], s->keys + start, left, true);
            if ((ok = keep != SIZE_MAX) == false)
                break;
            size_t left_part = left - keep;
            move_items(s, start + keep + right, start + keep, left_part);
            left = keep;
            if (left == 0)
                break;
            keep = gallop_left(s, less, s->keys[start + left - 1], s->spare_keys, right, true);
            if ((ok = keep != SIZE_MAX) == false)
                break;
            size_t right_part = right - keep;
            restore_items(s, start + left + keep, keep, right_part);
            right = keep;
            if (left_part < MIN_GALLOP && right_part < MIN_GALLOP)
                break;
            s->min_gallop -= s->min_gallop > 1;
        }
    }
    restore_items(s, start + left, 0, right);
    return ok;
}

// Merges the two newest runs.
TEMPLATE bool merge_top(Sorter *s, LessFn less)
{
    Run *a = &s->runs[s->run_count - 2], *b = &s->runs[s->run_count - 1];
    size_t start = a->start, left = a->length, right = b->length;
    a->length += right;
    s->run_count--;
    const Value *keys = s->keys + start;
    size_t placed = gallop_right(s, less, keys[left], keys, left, false);   // these are smaller than all of b
    if (placed == SIZE_MAX)
        return false;
    if (placed == left)
        return true;
    right = gallop_left(s, less, keys[left - 1], keys + left, right, true);  // the rest of b is not smaller than all of a
    if (right == SIZE_MAX)
        return false;
    if (!spare_reserve(s, size_min(left - placed, right)))
        return false;
    return left - placed <= right ? merge_forward(s, less, start + placed, left - placed, right)
                                  : merge_backward(s, less, start + placed, left - placed, right);
}

TEMPLATE bool sort_by(Sorter *s, LessFn less)
{
    size_t minimum = run_minimum(s->n);
    for (size_t start = 0; start < s->n;) {
        size_t length = run_find(s, less, start, s->n - start);
        if (length == 0)
            return false;
        size_t wanted = size_min(minimum, s->n - start);
        if (length < wanted) {
            if (!run_extend(s, less, start, length, wanted))
                return false;
            length = wanted;
        }
        Run run = {.start = start, .length = length};
        if (s->run_count) {
            int power = boundary_power(&s->runs[s->run_count - 1], &run, s->n);
            while (s->run_count > 1 && s->runs[s->run_count - 2].power > power)
                if (!merge_top(s, less))
                    return false;
            s->runs[s->run_count - 1].power = power;
        }
        s->runs[s->run_count++] = run;
        start += length;
    }
    while (s->run_count > 1)
        if (!merge_top(s, less))
            return false;
    return true;
}

// --- one instance of the algorithm per order ---

static NOINLINE bool sort_fixnums(Sorter *s)
{
    return sort_by(s, less_fixnum);
}

static NOINLINE bool sort_floats(Sorter *s)
{
    return sort_by(s, less_float);
}

static NOINLINE bool sort_latin1(Sorter *s)
{
    return sort_by(s, less_latin1);
}

static NOINLINE bool sort_with(Sorter *s, LessFn less)
{
    return sort_by(s, less);
}

static bool sort_tuples(Sorter *s)
{
    static const LessFn orders[] = {
        [KEYS_FIXNUM] = less_fixnum, [KEYS_FLOAT] = less_float, [KEYS_LATIN1] = less_latin1,
        [KEYS_STR] = less_str,       [KEYS_TUPLE] = less_any,   [KEYS_ANY] = less_any,
    };
    s->first_less = orders[kind_of_firsts(s->keys, s->n)];
    return sort_with(s, less_tuple);
}

static bool sort_run(Sorter *s)
{
    switch (kind_of_all(s->keys, s->n)) {
    case KEYS_FIXNUM:
        return sort_fixnums(s);
    case KEYS_FLOAT:
        return sort_floats(s);
    case KEYS_LATIN1:
        return sort_latin1(s);
    case KEYS_STR:
        return sort_with(s, less_str);
    case KEYS_TUPLE:
        return sort_tuples(s);
    case KEYS_ANY:
        break;
    }
    return sort_with(s, less_any);
}

Value *sort_values(Thread *t, Value *items, size_t n, Value key, bool reverse)
{
    Sorter s = {.t = t, .keys = items, .n = n, .min_gallop = MIN_GALLOP};
    if (key && key != NONE) {
        s.values = items;
        s.keys = new_scanned(t, (n ? n : 1) * sizeof(Value));
        if (!s.keys)
            return NULL;
        for (size_t i = 0; i < n; i++)
            if (!(s.keys[i] = call1(t, key, items[i])))
                return NULL;
    }
    if (n < 2)
        return items;
    if (reverse)                  // turned round before and after: equal items keep their order
        reverse_items(&s, 0, n);
    bool ok = sort_run(&s);
    if (reverse)
        reverse_items(&s, 0, n);
    return ok ? items : NULL;
}

// The list is empty while its items are sorted: a fresh marker array tells whether somebody touched it.
bool list_sort(Thread *t, List *list, Value key, bool reverse)
{
    ValueArray *marker = new_scanned(t, sizeof(ValueArray));
    if (!marker)
        return false;
    size_t n = list_length(list);
    ValueArray *sorted = list_array_new(t, n);
    if (!sorted)
        return false;
    bool locked = object_lock(&list->head);
    bool same = list->length == n;   // nobody came between the two looks
    if (same) {
        memcpy(sorted->at, list->items->at, n * sizeof(Value));
        list_replace_locked(list, marker, 0);
    }
    object_unlock(&list->head, locked);
    if (!same)
        return list_sort(t, list, key, reverse);
    bool ok = sort_values(t, sorted->at, n, key, reverse) != NULL;
    locked = object_lock(&list->head);
    bool touched = list->items != marker || list->length;
    list_replace_locked(list, n ? sorted : list_array_empty(), n);
    object_unlock(&list->head, locked);
    if (ok && touched)
        raise(t, EXC(ValueError), "list modified during sort");
    return ok && !touched;
}
