// str_concat.c: a + b, a * n, and comparison of whole strings.
//
// `s += x` in a loop: the first concatenation is exact; its result carries STR_JOINED, and the next one makes a StrBuffer half
// as large again. Whoever wins the compare-and-swap of the buffer's fill mark extends it in place; everybody else copies.
#include "src/core/error.h"
#include "src/types/str_units.h"

enum { BUFFER_LEAST_BYTES = 64 };     // shorter results are always exact

static Str *str_alloc_shared(Thread *t, StrBuffer *buffer, size_t length, uint16_t flags)
{
    StrShared *s = new_scanned(t, sizeof(StrShared));
    if (!s)
        return NULL;
    object_header_init(&s->str.head, &type_str, SHAPE_str, flags | STR_BUFFERED | STR_JOINED);
    s->str.length = length;
    s->str.data = buffer->bytes;
    s->owner = buffer;
    return &s->str;
}

static uint16_t joined_flags(const Str *a, const Str *b)
{
    return str_flags_for(str_bound(a) > str_bound(b) ? str_bound(a) : str_bound(b));
}

// Extends a's buffer by b. Returns null when that is impossible; *failed tells about MemoryError.
static Str *concat_in_place(Thread *t, const Str *a, const Str *b, bool *failed)
{
    StrBuffer *buffer = ((StrShared *)a)->owner;
    size_t unit = (size_t)str_unit(a);
    size_t end = a->length * unit, want = (a->length + b->length) * unit;
    if (want > buffer->capacity || load_relaxed(&buffer->fill) != end)
        return NULL;
    Str *s = str_alloc_shared(t, buffer, a->length + b->length, joined_flags(a, b));
    if (!s) {
        *failed = true;
        return NULL;
    }
    if (!__atomic_compare_exchange_n(&buffer->fill, &end, want, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return NULL;
    units_copy(buffer->bytes, (int)unit, a->length, b->data, str_unit(b), 0, b->length);
    return s;
}

static Str *concat_new_buffer(Thread *t, const Str *a, const Str *b, size_t length)
{
    uint16_t flags = joined_flags(a, b);
    int unit = flags & STR_UNIT_1 ? 1 : flags & STR_UNIT_2 ? 2 : 4;
    size_t bytes = length * (size_t)unit, capacity = bytes + bytes / 2;
    StrBuffer *buffer = new_atomic(t, sizeof(StrBuffer) + capacity);
    if (!buffer)
        return NULL;
    buffer->capacity = capacity;
    buffer->fill = bytes;
    units_copy(buffer->bytes, unit, 0, a->data, str_unit(a), 0, a->length);
    units_copy(buffer->bytes, unit, a->length, b->data, str_unit(b), 0, b->length);
    return str_alloc_shared(t, buffer, length, flags);
}

static Str *concat_exact(Thread *t, const Str *a, const Str *b, size_t length)
{
    Str *s = str_alloc(t, length, size_max(str_bound(a), str_bound(b)));
    if (!s)
        return NULL;
    int unit = str_unit(s);
    units_copy(s->data, unit, 0, a->data, str_unit(a), 0, a->length);
    units_copy(s->data, unit, a->length, b->data, str_unit(b), 0, b->length);
    s->head.flags |= STR_JOINED;
    return s;
}

Value str_concat(Thread *t, Value left, Value right)
{
    const Str *a = as_str(left), *b = as_str(right);
    if (b->length == 0)
        return str_exact(t, left);
    if (a->length == 0)
        return str_exact(t, right);
    size_t length = a->length + b->length;
    if ((a->head.flags & STR_JOINED) && length >= BUFFER_LEAST_BYTES && a->head.type == &type_str) {
        bool failed = false;
        Str *s = NULL;
        if ((a->head.flags & STR_BUFFERED) && str_unit(b) <= str_unit(a))
            s = concat_in_place(t, a, b, &failed);
        if (!s && !failed)
            s = concat_new_buffer(t, a, b, length);
        return value_of(s);
    }
    return value_of(concat_exact(t, a, b, length));
}

Value str_repeat(Thread *t, Value value, int64_t n)
{
    const Str *s = as_str(value);
    if (n <= 0 || s->length == 0)
        return str_empty;
    if (n == 1)
        return str_exact(t, value);
    size_t total;
    if (__builtin_mul_overflow(s->length, (size_t)n, &total) || total > INT64_MAX / 4)
        return raise(t, EXC(MemoryError), "");
    Str *out = str_alloc(t, total, str_bound(s));
    if (!out)
        return 0;
    int unit = str_unit(s);
    if (s->length == 1) {
        units_fill(out->data, unit, 0, str_at(s, 0), total);
        return value_of(out);
    }
    size_t piece = s->length * (size_t)unit, bytes = total * (size_t)unit;
    memcpy(out->data, s->data, piece);
    for (size_t done = piece; done < bytes;) {       // doubling copies
        size_t step = size_min(done, bytes - done);
        memcpy((char *)out->data + done, out->data, step);
        done += step;
    }
    return value_of(out);
}

bool str_equal(const Str *a, const Str *b)
{
    if (a == b)
        return true;
    if (a->length != b->length || str_unit(a) != str_unit(b))
        return false;      // each string has the narrowest width
    return memcmp(a->data, b->data, a->length * (size_t)str_unit(a)) == 0;
}

bool str_equal_cstr(Value s, const char *ascii)
{
    size_t n = strlen(ascii);
    return as_str(s)->length == n && str_is_ascii(as_str(s)) && memcmp(as_str(s)->data, ascii, n) == 0;
}

int str_compare(const Str *a, const Str *b)
{
    size_t n = size_min(a->length, b->length);
    int a_unit = str_unit(a), b_unit = str_unit(b);
    if (a_unit == 1 && b_unit == 1) {
        int order = memcmp(a->data, b->data, n);
        if (order)
            return order;
    } else {
        for (size_t i = 0; i < n; i++) {
            uint32_t x = unit_get(a->data, a_unit, i), y = unit_get(b->data, b_unit, i);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return a->length < b->length ? -1 : a->length > b->length;
}
