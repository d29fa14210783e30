// bytes_search.c: finding, splitting, replacing in bytes and bytearray.
#include "src/types/bytes_methods.h"
#include "src/types/number.h"
#include "src/types/search.h"
#include "src/types/tuple.h"

#define METHOD(name) Value bytes_##name##_method(Thread *t, const Value *args, size_t nargs)

// What is looked for: a byte given as an int, or a bytes-like object.
static bool needle_of(Thread *t, Value v, ByteView *out, uint8_t *room)
{
    if (is_int(v) || (!buffer_supported(v) && type_of(v)->slots.to_index)) {
        if (!byte_from(t, v, room))
            return false;
        *out = (ByteView){.data = room, .n = 1};
        return true;
    }
    if (!buffer_supported(v))
        return raise(t, EXC(TypeError), "argument should be integer or bytes-like object, not '%.200T'", v);
    return bytes_view_get(t, v, out);
}

static bool needle_get(Thread *t, Value self, Value v, ByteView *out, uint8_t *room)
{
    bytes_hold(self, 1);
    bool ok = needle_of(t, v, out, room);
    bytes_hold(self, -1);
    return ok;
}

// -2: error pending.
static int64_t find_any(Thread *t, const Value *args, bool from_right)
{
    ByteView self = bytes_view(args[0]), needle;
    uint8_t byte;
    int64_t start, end, at = -1;
    if (!search_bounds(t, args[2], args[3], self.n, &start, &end) || !needle_get(t, args[0], args[1], &needle, &byte))
        return -2;
    if (start <= end) {
        at = from_right ? search_find_last(self.data + start, (size_t)(end - start), needle.data, needle.n, 1)
                        : search_find(self.data + start, (size_t)(end - start), needle.data, needle.n, 1);
        at = at < 0 ? -1 : at + start;
    }
    bytes_view_release(t, &needle);
    return at;
}

static Value find_result(Thread *t, int64_t at, bool must)
{
    if (at == -2)
        return 0;
    return at < 0 && must ? raise(t, EXC(ValueError), "subsection not found") : fixnum(at);
}

METHOD(find) { return find_result(t, find_any(t, args, false), false); }
METHOD(rfind) { return find_result(t, find_any(t, args, true), false); }
METHOD(index) { return find_result(t, find_any(t, args, false), true); }
METHOD(rindex) { return find_result(t, find_any(t, args, true), true); }

METHOD(count)
{
    ByteView self = bytes_view(args[0]), needle;
    uint8_t byte;
    int64_t start, end;
    if (!search_bounds(t, args[2], args[3], self.n, &start, &end) || !needle_get(t, args[0], args[1], &needle, &byte))
        return 0;
    size_t n = start > end ? 0 : search_count(self.data + start, (size_t)(end - start), needle.data, needle.n, 1, SIZE_MAX);
    bytes_view_release(t, &needle);
    return fixnum((int64_t)n);
}

int bytes_contains(Thread *t, Value self_value, Value item)
{
    ByteView self = bytes_view(self_value), needle;
    if (is_int(item) || (!buffer_supported(item) && type_of(item)->slots.to_index)) {
        uint8_t byte;
        bytes_hold(self_value, 1);
        bool ok = byte_from(t, item, &byte);
        bytes_hold(self_value, -1);
        return ok ? self.n && memchr(self.data, byte, self.n) != NULL : -1;
    }
    bytes_hold(self_value, 1);
    bool got = bytes_view_get(t, item, &needle);
    bytes_hold(self_value, -1);
    if (!got)
        return -1;
    bool found = search_find(self.data, self.n, needle.data, needle.n, 1) >= 0;
    bytes_view_release(t, &needle);
    return found;
}

static int matches(Thread *t, ByteView self, Value part, int64_t start, int64_t end, bool at_end)
{
    ByteView view;
    if (!bytes_view_get(t, part, &view))
        return -1;
    bool same = start <= end && (int64_t)view.n <= end - start &&
                memcmp(self.data + (at_end ? end - (int64_t)view.n : start), view.data, view.n) == 0;
    bytes_view_release(t, &view);
    return same;
}

static Value starts_or_ends(Thread *t, const char *method, const Value *args, bool at_end)
{
    ByteView self = bytes_view(args[0]);
    int64_t start, end;
    if (!search_bounds(t, args[2], args[3], self.n, &start, &end))
        return 0;
    if (is_tuple(args[1])) {
        for (size_t i = 0; i < as_tuple(args[1])->length; i++) {
            int same = matches(t, self, as_tuple(args[1])->at[i], start, end, at_end);
            if (same)
                return same > 0 ? TRUE : 0;
        }
        return FALSE;
    }
    if (!buffer_supported(args[1]))
        return raise(t, EXC(TypeError), "%s first arg must be bytes or a tuple of bytes, not %T", method, args[1]);
    int same = matches(t, self, args[1], start, end, at_end);
    return same < 0 ? 0 : value_bool(same);
}

METHOD(startswith) { return starts_or_ends(t, "startswith", args, false); }
METHOD(endswith) { return starts_or_ends(t, "endswith", args, true); }

static Value without_part(Thread *t, const Value *args, bool at_end)
{
    ByteView self = bytes_view(args[0]), part;
    if (!bytes_view_get(t, args[1], &part))
        return 0;
    size_t cut = part.n;
    bool has = cut <= self.n && memcmp(self.data + (at_end ? self.n - cut : 0), part.data, cut) == 0;
    bytes_view_release(t, &part);
    if (!has || cut == 0)
        return is_exactly(args[0], &type_bytes) ? args[0] : bytes_like(t, args[0], self.data, self.n);
    return bytes_like(t, args[0], self.data + (at_end ? 0 : cut), self.n - cut);
}

METHOD(removeprefix) { return without_part(t, args, false); }
METHOD(removesuffix) { return without_part(t, args, true); }

// --- splitting ---

static Value piece_bytes(Thread *t, const Splitter *s, size_t start, size_t end)
{
    return bytes_new(t, (const uint8_t *)s->data + start, end - start);
}

static Value piece_bytearray(Thread *t, const Splitter *s, size_t start, size_t end)
{
    return bytearray_new(t, (const uint8_t *)s->data + start, end - start);
}

static bool splitter_init(Thread *t, Splitter *out, Value self)
{
    ByteView view = bytes_view(self);
    *out = (Splitter){.data = view.data, .unit = 1, .n = view.n, .spaces = spaces_of_bytes,
                      .piece = is_bytearray(self) ? piece_bytearray : piece_bytes,
                      .whole = is_exactly(self, &type_bytes) ? self : 0, .list = list_new(t, 4)};
    return out->list != NULL;
}

static Value split_any(Thread *t, const Value *args, bool from_right)
{
    int64_t most = -1;
    if (args[2] && !to_int64(t, args[2], &most))
        return 0;
    Splitter s;
    if (!splitter_init(t, &s, args[0]))
        return 0;
    bool ok;
    if (!args[1] || args[1] == NONE) {
        ok = from_right ? split_space_last(t, &s, most) : split_space(t, &s, most);
    } else {
        ByteView separator;
        bytes_hold(args[0], 1);
        bool got = bytes_view_get(t, args[1], &separator);
        bytes_hold(args[0], -1);
        if (!got)
            return 0;
        if (separator.n == 0)
            ok = raise(t, EXC(ValueError), "empty separator");
        else if (from_right)
            ok = split_separator_last(t, &s, separator.data, separator.n, most);
        else
            ok = split_separator(t, &s, separator.data, separator.n, most);
        bytes_view_release(t, &separator);
    }
    return ok ? value_of(s.list) : 0;
}

METHOD(split) { return split_any(t, args, false); }
METHOD(rsplit) { return split_any(t, args, true); }

METHOD(splitlines)
{
    int keep = args[1] ? truth(t, args[1]) : 0;
    Splitter s;
    if (keep < 0 || !splitter_init(t, &s, args[0]))
        return 0;
    const uint8_t *data = s.data;
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        while (end < s.n && data[end] != '\n' && data[end] != '\r')
            end++;
        size_t next = end;
        if (next < s.n)
            next += data[next] == '\r' && next + 1 < s.n && data[next + 1] == '\n' ? 2 : 1;
        Value line = s.piece(t, &s, at, keep ? next : end);
        if (!line || !list_append(t, s.list, line))
            return 0;
        at = next;
    }
    return value_of(s.list);
}

static Value partition_any(Thread *t, const Value *args, bool from_right)
{
    ByteView self = bytes_view(args[0]), separator;
    if (!bytes_view_get(t, args[1], &separator))
        return 0;
    size_t n = separator.n;
    int64_t hit = n == 0     ? 0
                  : from_right ? search_find_last(self.data, self.n, separator.data, n, 1)
                               : search_find(self.data, self.n, separator.data, n, 1);
    Value middle = !is_bytearray(args[0]) ? args[1] : bytes_like(t, args[0], separator.data, n);
    bytes_view_release(t, &separator);
    if (n == 0)
        return raise(t, EXC(ValueError), "empty separator");
    if (hit < 0) {
        Value whole = is_exactly(args[0], &type_bytes) ? args[0] : bytes_like(t, args[0], self.data, self.n);
        Value none = bytes_like(t, args[0], "", 0), other = bytes_like(t, args[0], "", 0);
        if (!whole || !none || !other)
            return 0;
        return from_right ? tuple_of(t, 3, none, other, whole) : tuple_of(t, 3, whole, none, other);
    }
    size_t after = (size_t)hit + n;
    Value left = bytes_like(t, args[0], self.data, (size_t)hit);
    Value right = bytes_like(t, args[0], self.data + after, self.n - after);
    return left && middle && right ? tuple_of(t, 3, left, middle, right) : 0;
}

METHOD(partition) { return partition_any(t, args, false); }
METHOD(rpartition) { return partition_any(t, args, true); }

// --- replace ---

static bool replace_into(Thread *t, BytesBuilder *out, ByteView self, const ByteView *from, const ByteView *to, size_t most)
{
    size_t at = 0;
    if (from->n == 0) {
        for (; most && at <= self.n; at++, most--) {
            if (!bytes_add(t, out, to->data, to->n) || (at < self.n && !bytes_add_byte(t, out, self.data[at])))
                return false;
        }
        return at >= self.n || bytes_add(t, out, self.data + at, self.n - at);
    }
    while (most--) {
        int64_t hit = search_find(self.data + at, self.n - at, from->data, from->n, 1);
        if (hit < 0)
            break;
        if (!bytes_add(t, out, self.data + at, (size_t)hit) || !bytes_add(t, out, to->data, to->n))
            return false;
        at += (size_t)hit + from->n;
    }
    return bytes_add(t, out, self.data + at, self.n - at);
}

METHOD(replace)
{
    int64_t count = -1;
    ByteView self = bytes_view(args[0]), from, to;
    if (args[3] && !to_int64(t, args[3], &count))
        return 0;
    if (!bytes_view_get(t, args[1], &from))
        return 0;
    if (!bytes_view_get(t, args[2], &to)) {
        bytes_view_release(t, &from);
        return 0;
    }
    BytesBuilder out = {0};
    bool ok = bytes_reserve(t, &out, self.n) &&
              replace_into(t, &out, self, &from, &to, count < 0 ? SIZE_MAX : (size_t)count);
    bytes_view_release(t, &from);
    bytes_view_release(t, &to);
    if (!ok)
        return 0;
    return is_bytearray(args[0]) ? bytearray_new(t, out.bytes->data, out.length) : bytes_finish(t, &out);
}

// --- join ---

Value bytes_join_method(Thread *t, const Value *args, size_t nargs)
{
    ByteView self = bytes_view(args[0]);
    if (!type_of(args[1])->slots.iter && !type_of(args[1])->slots.getitem)
        return raise(t, EXC(TypeError), "can only join an iterable");
    size_t n;
    Value *items = values_from_iterable(t, args[1], &n);
    if (!items && is_pending(t))
        return 0;
    if (n == 1 && is_exactly(items[0], &type_bytes) && !is_bytearray(args[0]))
        return items[0];
    BytesBuilder out = {0};
    if (!bytes_reserve(t, &out, 32))
        return 0;
    for (size_t i = 0; i < n; i++) {
        ByteView item;
        if (!buffer_supported(items[i]))
            return raise(t, EXC(TypeError), "sequence item %lu: expected a bytes-like object, %.80T found", (uint64_t)i, items[i]);
        if (!bytes_view_get(t, items[i], &item))
            return 0;
        bool ok = (i == 0 || bytes_add(t, &out, self.data, self.n)) && bytes_add(t, &out, item.data, item.n);
        bytes_view_release(t, &item);
        if (!ok)
            return 0;
    }
    return is_bytearray(args[0]) ? bytearray_new(t, out.bytes->data, out.length) : bytes_finish(t, &out);
}

Value bytes_join(Thread *t, Value separator, Value iterable) { return bytes_join_method(t, (Value[]){separator, iterable}, 2); }
