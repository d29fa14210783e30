// search.c: searching and splitting arrays of code units of 1, 2 or 4 bytes.
//
// Wider units are searched as bytes (the C library's memmem is linear); a hit that is not aligned is passed over.
#include "src/types/search.h"

#include <wchar.h>

#include "src/ops/ops.h"
#include "src/types/unicode.h"

#define SPACE_ROW(x) [x] = 1
const uint8_t spaces_of_str[256] = {SPACE_ROW(9), SPACE_ROW(10), SPACE_ROW(11), SPACE_ROW(12), SPACE_ROW(13), SPACE_ROW(28),
    SPACE_ROW(29), SPACE_ROW(30), SPACE_ROW(31), SPACE_ROW(32), SPACE_ROW(0x85), SPACE_ROW(0xa0)};
const uint8_t spaces_of_bytes[256] = {SPACE_ROW(9), SPACE_ROW(10), SPACE_ROW(11), SPACE_ROW(12), SPACE_ROW(13), SPACE_ROW(32)};

static int64_t find_unit(const void *hay, size_t n, uint32_t c, int unit)
{
    if (unit == 1) {
        const uint8_t *hit = memchr(hay, (int)c, n);
        return hit ? hit - (const uint8_t *)hay : -1;
    }
    if (unit == 4) {
        const wchar_t *hit = wmemchr(hay, (wchar_t)c, n);
        return hit ? hit - (const wchar_t *)hay : -1;
    }
    const uint16_t *s = hay;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == c)
            return (int64_t)i;
    }
    return -1;
}

int64_t search_find(const void *hay, size_t n, const void *needle, size_t m, int unit)
{
    if (m > n)
        return -1;
    if (m == 0)
        return 0;
    if (m == 1)
        return find_unit(hay, n, unit_get(needle, unit, 0), unit);
    const char *base = hay, *at = hay, *end = base + n * (size_t)unit;
    size_t bytes = m * (size_t)unit;
    for (;;) {
        const char *hit = memmem(at, (size_t)(end - at), needle, bytes);
        if (!hit)
            return -1;
        if ((hit - base) % unit == 0)
            return (hit - base) / unit;
        at = hit + 1;
    }
}

int64_t search_find_last(const void *hay, size_t n, const void *needle, size_t m, int unit)
{
    if (m > n)
        return -1;
    if (m == 0)
        return (int64_t)n;
    uint32_t first = unit_get(needle, unit, 0);
    if (unit == 1) {
        const char *base = hay;
        for (size_t left = n - m + 1; left > 0;) {
            const char *hit = memrchr(base, (int)first, left);
            if (!hit)
                return -1;
            if (memcmp(hit, needle, m) == 0)
                return hit - base;
            left = (size_t)(hit - base);
        }
        return -1;
    }
    for (size_t i = n - m + 1; i-- > 0;) {
        if (unit_get(hay, unit, i) == first && memcmp(unit_at(hay, unit, i), needle, m * (size_t)unit) == 0)
            return (int64_t)i;
    }
    return -1;
}

static size_t count_byte(const uint8_t *s, size_t n, uint8_t c)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += s[i] == c;
    return count;
}

size_t search_count(const void *hay, size_t n, const void *needle, size_t m, int unit, size_t most)
{
    if (m == 0)
        return n < most ? n + 1 : most;
    if (m == 1 && unit == 1 && most == SIZE_MAX)
        return count_byte(hay, n, *(const uint8_t *)needle);
    size_t count = 0, at = 0;
    while (count < most) {
        int64_t hit = search_find(unit_at(hay, unit, at), n - at, needle, m, unit);
        if (hit < 0)
            break;
        count++;
        at += (size_t)hit + m;
    }
    return count;
}

static inline bool unit_is_space(const Splitter *s, size_t i)
{
    if (s->unit == 1)
        return s->spaces[((const uint8_t *)s->data)[i]];
    uint32_t c = unit_get(s->data, s->unit, i);
    return c < 256 ? s->spaces[c] : char_is_space(c);
}

// The first place from i on whose unit is (or is not) white space.
static size_t space_run(const Splitter *s, size_t i, bool space)
{
    size_t n = s->n;
    if (s->unit == 1) {
        const uint8_t *units = s->data, *spaces = s->spaces;
        while (i < n && spaces[units[i]] == space)
            i++;
        return i;
    }
    while (i < n && unit_is_space(s, i) == space)
        i++;
    return i;
}

static bool split_add(Thread *t, Splitter *s, size_t start, size_t end)
{
    Value piece = start == 0 && end == s->n && s->whole ? s->whole : s->piece(t, s, start, end);
    return piece && list_append(t, s->list, piece);
}

bool split_space(Thread *t, Splitter *s, int64_t most)
{
    size_t i = 0, n = s->n;
    while (true) {
        i = space_run(s, i, true);
        if (i == n)
            return true;
        if (most-- == 0)
            break;
        size_t start = i;
        i = space_run(s, i, false);
        if (!split_add(t, s, start, i))
            return false;
    }
    return split_add(t, s, i, n);
}

static void list_reverse_fresh(List *list)
{
    for (size_t i = 0, j = list->length; i + 1 < j; i++) {
        j--;
        Value v = list->items->at[i];
        list->items->at[i] = list->items->at[j];
        list->items->at[j] = v;
    }
}

bool split_space_last(Thread *t, Splitter *s, int64_t most)
{
    size_t i = s->n;
    while (true) {
        while (i > 0 && unit_is_space(s, i - 1))
            i--;
        if (i == 0)
            break;
        size_t end = i, start = 0;
        if (most-- == 0) {
            i = 0;
        } else {
            while (i > 0 && !unit_is_space(s, i - 1))
                i--;
            start = i;
        }
        if (!split_add(t, s, start, end))
            return false;
        if (i == 0)
            break;
    }
    list_reverse_fresh(s->list);
    return true;
}

bool split_separator(Thread *t, Splitter *s, const void *needle, size_t m, int64_t most)
{
    size_t at = 0;
    while (most-- != 0) {
        int64_t hit = search_find(unit_at(s->data, s->unit, at), s->n - at, needle, m, s->unit);
        if (hit < 0)
            break;
        if (!split_add(t, s, at, at + (size_t)hit))
            return false;
        at += (size_t)hit + m;
    }
    return split_add(t, s, at, s->n);
}

bool split_separator_last(Thread *t, Splitter *s, const void *needle, size_t m, int64_t most)
{
    size_t end = s->n;
    while (most-- != 0) {
        int64_t hit = search_find_last(s->data, end, needle, m, s->unit);
        if (hit < 0)
            break;
        if (!split_add(t, s, (size_t)hit + m, end))
            return false;
        end = (size_t)hit;
    }
    if (!split_add(t, s, 0, end))
        return false;
    list_reverse_fresh(s->list);
    return true;
}

static bool bound_from(Thread *t, Value arg, int64_t *out)
{
    if (!arg || arg == NONE)
        return true;
    if (!is_int(arg) && !type_of(arg)->slots.to_index)
        return raise(t, EXC(TypeError), "slice indices must be integers or None or have an __index__ method");
    return to_index_clipped(t, arg, out);
}

bool search_bounds(Thread *t, Value start_arg, Value end_arg, size_t n, int64_t *start, int64_t *end)
{
    *start = 0;
    *end = INT64_MAX;
    if (!bound_from(t, start_arg, start) || !bound_from(t, end_arg, end))
        return false;
    int64_t length = (int64_t)n;
    if (*end > length)
        *end = length;
    else if (*end < 0)
        *end = *end + length < 0 ? 0 : *end + length;
    if (*start < 0)
        *start = *start + length < 0 ? 0 : *start + length;
    return true;
}
