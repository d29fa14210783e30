// codec_charmap.c: codecs driven by a mapping between bytes and characters.
#include "src/core/error.h"
#include "src/ops/ops.h"
#include "src/types/codec.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str_units.h"

#define UNDEFINED 0xfffe     // in a mapping text: the byte has no character

// --- decoding ---

static bool decode_by_text(Thread *t, Decoder *d, const Str *map)
{
    for (size_t i = 0; i < d->length;) {
        uint8_t byte = d->input[i];
        uint32_t c = byte < map->length ? str_at(map, byte) : UNDEFINED;
        bool ok = c == UNDEFINED ? decoder_error(t, d, i, i + 1, "character maps to <undefined>", &i)
                                 : (i++, builder_char(t, &d->out, c));
        if (!ok)
            return false;
    }
    return true;
}

static bool put_mapped(Thread *t, Decoder *d, size_t *i, Value to)
{
    if (is_int(to)) {
        int64_t c;
        if (!int_to_int64(int_exact(to), &c) || c < 0 || c > MAX_CODE_POINT)
            return raise(t, EXC(TypeError), "character mapping must be in range(0x%x)", MAX_CODE_POINT + 1);
        if (c == UNDEFINED)
            return decoder_error(t, d, *i, *i + 1, "character maps to <undefined>", i);
        ++*i;
        return builder_char(t, &d->out, (uint32_t)c);
    }
    if (is_str(to)) {
        if (as_str(to)->length == 1 && str_at(as_str(to), 0) == UNDEFINED)
            return decoder_error(t, d, *i, *i + 1, "character maps to <undefined>", i);
        ++*i;
        return builder_str(t, &d->out, to);
    }
    return raise(t, EXC(TypeError), "character mapping must return integer, None or str");
}

static bool decode_by_mapping(Thread *t, Decoder *d, Value mapping)
{
    for (size_t i = 0; i < d->length;) {
        Value to = item_get(t, mapping, fixnum(d->input[i]));
        if (!to && !pending_clear_if(t, EXC(LookupError)))
            return false;
        bool ok = !to || to == NONE ? decoder_error(t, d, i, i + 1, "character maps to <undefined>", &i)
                                    : put_mapped(t, d, &i, to);
        if (!ok)
            return false;
    }
    return true;
}

Value charmap_decode(Thread *t, const uint8_t *s, size_t n, Value mapping, const char *errors)
{
    if (!mapping || mapping == NONE)
        return latin1_decode(t, s, n);
    Decoder d;
    decoder_init(&d, "charmap", errors, s, n);
    bool ok = builder_reserve(t, &d.out, n, 0) &&
              (is_str(mapping) ? decode_by_text(t, &d, as_str(mapping)) : decode_by_mapping(t, &d, mapping));
    return ok ? builder_finish(t, &d.out) : 0;
}

// --- encoding ---

typedef struct CharmapEncoder {
    Encoder base;
    Value mapping;
} CharmapEncoder;

// 1 written, 0 the mapping has nothing for c, -1 error.
static int put_by_mapping(Thread *t, CharmapEncoder *m, uint32_t c)
{
    Value to = item_get(t, m->mapping, fixnum(c));
    if (!to)
        return pending_clear_if(t, EXC(LookupError)) ? 0 : -1;
    if (to == NONE)
        return 0;
    if (is_int(to)) {
        int64_t byte;
        if (!int_to_int64(int_exact(to), &byte) || byte < 0 || byte > 255) {
            raise(t, EXC(TypeError), "character mapping must be in range(256)");
            return -1;
        }
        return bytes_add_byte(t, &m->base.out, (uint8_t)byte) ? 1 : -1;
    }
    if (is_bytes(to))
        return bytes_add(t, &m->base.out, as_bytes(to)->data, as_bytes(to)->length) ? 1 : -1;
    raise(t, EXC(TypeError), "character mapping must return integer, bytes or None, not %.400T", to);
    return -1;
}

static bool put_char(Thread *t, Encoder *e, uint32_t c) { return put_by_mapping(t, (CharmapEncoder *)e, c) > 0; }

static bool is_mapped(Thread *t, Value mapping, uint32_t c)
{
    Value to = item_get(t, mapping, fixnum(c));
    if (!to)
        return !pending_clear_if(t, EXC(LookupError));
    return to != NONE;
}

Value charmap_encode(Thread *t, Value text, const char *errors, Value mapping)
{
    if (!mapping || mapping == NONE)
        return latin1_encode(t, text, errors);
    const Str *s = as_str(text);
    CharmapEncoder m = {.mapping = mapping};
    encoder_init(&m.base, "charmap", errors, text);
    m.base.encode_char = put_char;
    if (!bytes_reserve(t, &m.base.out, s->length))
        return 0;
    for (size_t i = 0; i < s->length;) {
        int put = put_by_mapping(t, &m, str_at(s, i));
        if (put < 0)
            return 0;
        if (put) {
            i++;
            continue;
        }
        size_t end = i + 1;
        while (end < s->length && !is_mapped(t, mapping, str_at(s, end)))
            end++;
        if (is_pending(t))
            return 0;
        if (!encoder_error(t, &m.base, i, end, "character maps to <undefined>", &i))
            return 0;
    }
    return bytes_finish(t, &m.base.out);
}

// A mapping for charmap_encode made from a decoding text of at most 256 characters.
Value charmap_build(Thread *t, Value map)
{
    const Str *s = as_str(map);
    if (s->length == 0)
        return raise(t, EXC(TypeError), "bad argument type for built-in operation");
    Dict *out = dict_new(t);
    for (size_t i = 0; out && i < size_min(s->length, 256); i++) {
        if (str_at(s, i) != UNDEFINED && !dict_set(t, out, fixnum(str_at(s, i)), fixnum((int64_t)i)))
            return 0;
    }
    return value_of(out);
}
