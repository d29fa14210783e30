// io_newline.c: line ends: finding and translating them; IncrementalNewlineDecoder.
#include "src/modules/io.h"
#include "src/types/str_builder.h"
#include "src/types/str_units.h"

// Position of the unit c in [start, end), or -1.
static int64_t unit_find(const void *data, int unit, size_t start, size_t end, uint32_t c)
{
    if (unit == 1) {
        const char *at = start < end ? memchr((const char *)data + start, (int)c, end - start) : NULL;
        return at ? at - (const char *)data : -1;
    }
    for (size_t i = start; i < end; i++)
        if (unit_get(data, unit, i) == c)
            return (int64_t)i;
    return -1;
}

static int64_t universal_end(const void *data, int unit, size_t start, size_t end)
{
    int64_t lf = unit_find(data, unit, start, end, '\n');
    size_t stop = lf < 0 ? end : (size_t)lf;
    int64_t cr = unit_find(data, unit, start, stop, '\r');
    if (cr < 0)
        return lf < 0 ? -1 : lf + 1;
    return cr + 1 == lf ? lf + 1 : cr + 1;
}

int64_t line_length(const void *data, int unit, size_t start, size_t end, Newline newline)
{
    int64_t at;
    if (newline == NEWLINE_EMPTY) {
        at = universal_end(data, unit, start, end);
        return at < 0 ? -1 : at - (int64_t)start;
    }
    if (newline != NEWLINE_CRLF) {
        at = unit_find(data, unit, start, end, newline == NEWLINE_CR ? '\r' : '\n');
        return at < 0 ? -1 : at + 1 - (int64_t)start;
    }
    for (size_t from = start; (at = unit_find(data, unit, from, end, '\r')) >= 0; from = (size_t)at + 1)
        if ((size_t)at + 1 < end && unit_get(data, unit, (size_t)at + 1) == '\n')
            return at + 2 - (int64_t)start;
    return -1;
}

bool newline_arg(Thread *t, Value v, Newline *out, bool *is_none)
{
    *is_none = !v || v == NONE;
    *out = NEWLINE_UNIVERSAL;
    if (*is_none)
        return true;
    if (!is_str(v)) {
        raise(t, EXC(TypeError), "newline must be str or None, not %T", v);
        return false;
    }
    if (!as_str(v)->length)
        *out = NEWLINE_EMPTY;
    else if (str_equal_cstr(v, "\n"))
        *out = NEWLINE_LF;
    else if (str_equal_cstr(v, "\r"))
        *out = NEWLINE_CR;
    else if (str_equal_cstr(v, "\r\n"))
        *out = NEWLINE_CRLF;
    else
        raise(t, EXC(ValueError), "illegal newline value: %R", v);
    return *out != NEWLINE_UNIVERSAL;
}

Value newline_seen_value(Thread *t, uint8_t seen)
{
    Value all[3];
    size_t n = 0;
    if (seen & SEEN_CR)
        all[n++] = str_latin1['\r'];
    if (seen & SEEN_LF)
        all[n++] = str_latin1['\n'];
    if (seen & SEEN_CRLF)
        all[n++] = str_from_ascii(t, "\r\n", 2);
    return n == 0 ? NONE : n == 1 ? all[0] : tuple_from(t, all, n);
}

// --- translation ---

// Notes which line ends occur and, if told to, makes them all \n.
static Value translate_ends(Thread *t, Value text, bool translate, uint8_t *seen)
{
    const Str *s = as_str(text);
    int unit = str_unit(s);
    size_t n = s->length, start = 0;
    int64_t cr;
    StrBuilder out;
    builder_init(&out);
    while ((cr = unit_find(s->data, unit, start, n, '\r')) >= 0) {
        size_t at = (size_t)cr, after = at + 1;
        bool pair = after < n && str_at(s, after) == '\n';
        if (!(*seen & SEEN_LF) && unit_find(s->data, unit, start, at, '\n') >= 0)
            *seen |= SEEN_LF;
        *seen |= pair ? SEEN_CRLF : SEEN_CR;
        if (translate && (!builder_substring(t, &out, text, start, at) || !builder_char(t, &out, '\n')))
            return 0;
        start = after + pair;
    }
    if (!(*seen & SEEN_LF) && unit_find(s->data, unit, start, n, '\n') >= 0)
        *seen |= SEEN_LF;
    if (!translate || !start)
        return text;
    return builder_substring(t, &out, text, start, n) ? builder_finish(t, &out) : 0;
}

Value newline_translate(Thread *t, Value text, bool translate, bool final, bool *pending_cr, uint8_t *seen)
{
    size_t n = as_str(text)->length;
    if (*pending_cr && (final || n)) {
        text = str_concat(t, str_latin1['\r'], text);
        if (!text)
            return 0;
        *pending_cr = false;
        n++;
    }
    if (!final && n && str_at(as_str(text), n - 1) == '\r') {   // the other half of \r\n may follow
        *pending_cr = true;
        text = str_substring(t, text, 0, n - 1);
        if (!text)
            return 0;
    }
    return translate_ends(t, text, translate, seen);
}

Value newline_decode(Thread *t, NewlineDecoder *d, Value input, bool final)
{
    if (!d->decoder)
        return raise(t, EXC(ValueError), "IncrementalNewlineDecoder.__init__() not called");
    Value text = input;
    if (d->decoder != NONE)
        text = call_method2(t, d->decoder, str_intern_cstr(t, "decode"), input, value_bool(final));
    if (!text)
        return 0;
    if (!is_str(text))
        return raise(t, EXC(TypeError), "decoder should return a string result, not '%T'", text);
    bool locked = object_lock(&d->head);
    bool pending_cr = d->pending_cr;
    uint8_t seen = d->seen;
    object_unlock(&d->head, locked);
    Value result = newline_translate(t, text, d->translate, final, &pending_cr, &seen);
    if (result) {
        d->pending_cr = pending_cr;
        d->seen |= seen;
    }
    return result;
}

// --- the type ---

Value newline_decoder_new(Thread *t, Value decoder, bool translate)
{
    NewlineDecoder *d = new_object(t, newline_decoder, NewlineDecoder);
    if (!d)
        return 0;
    d->decoder = decoder;
    d->translate = translate;
    return value_of(d);
}

static Value decoder_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    return value_of(instance_new(t, cls, 0));
}

static bool decoder_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[3];
    NewlineDecoder *d = (NewlineDecoder *)self;
    BIND_ARGUMENTS(t, "IncrementalNewlineDecoder", "(decoder, translate, errors='strict')", args, nargs, kwnames, a, return false);
    if (!flag_arg(t, a[1], false, &d->translate))
        return false;
    d->decoder = a[0];
    d->errors = a[2];
    d->pending_cr = false;
    d->seen = 0;
    return true;
}

static Value decoder_decode(Thread *t, const Value *args, size_t nargs)
{
    bool final;
    return flag_arg(t, args[2], false, &final) ? newline_decode(t, (NewlineDecoder *)args[0], args[1], final) : 0;
}

static bool decoder_check(Thread *t, const NewlineDecoder *d)
{
    if (!d->decoder)
        raise(t, EXC(ValueError), "IncrementalNewlineDecoder.__init__() not called");
    return d->decoder != 0;
}

static Value decoder_getstate(Thread *t, const Value *args, size_t nargs)
{
    const NewlineDecoder *d = (NewlineDecoder *)args[0];
    if (!decoder_check(t, d))
        return 0;
    if (d->decoder == NONE)
        return tuple_pair(t, bytes_empty, fixnum(d->pending_cr));
    Value state = io_method(t, d->decoder, "getstate");
    if (!state)
        return 0;
    if (!is_tuple(state) || as_tuple(state)->length != 2)
        return raise(t, EXC(TypeError), is_tuple(state) ? "illegal decoder state" : "illegal decoder state");
    Value flag = as_tuple(state)->at[1];
    if (!is_int(flag))
        return raise(t, EXC(TypeError), "illegal decoder state");
    Value shifted = int_lshift(t, int_exact(flag), fixnum(1));
    shifted = shifted ? int_bit_or(t, shifted, fixnum(d->pending_cr)) : 0;
    return shifted ? tuple_pair(t, as_tuple(state)->at[0], shifted) : 0;
}

static Value decoder_setstate(Thread *t, const Value *args, size_t nargs)
{
    NewlineDecoder *d = (NewlineDecoder *)args[0];
    if (!decoder_check(t, d))
        return 0;
    if (!is_tuple(args[1]))
        return raise(t, EXC(TypeError), "state argument must be a tuple");
    const Tuple *state = as_tuple(args[1]);
    if (state->length != 2 || !is_int(state->at[1]))
        return raise(t, EXC(TypeError), "setstate(): illegal state argument");
    Value flag = int_exact(state->at[1]), low = int_bit_and(t, flag, fixnum(1)), rest = int_rshift(t, flag, fixnum(1));
    if (!low || !rest)
        return 0;
    d->pending_cr = low == fixnum(1);
    if (d->decoder == NONE)
        return NONE;
    Value inner = tuple_pair(t, state->at[0], rest);
    return inner ? call_method1(t, d->decoder, str_intern_cstr(t, "setstate"), inner) : 0;
}

static Value decoder_reset(Thread *t, const Value *args, size_t nargs)
{
    NewlineDecoder *d = (NewlineDecoder *)args[0];
    if (!decoder_check(t, d))
        return 0;
    d->seen = 0;
    d->pending_cr = false;
    return d->decoder == NONE ? NONE : io_method(t, d->decoder, "reset");
}

static Value decoder_get_newlines(Thread *t, Value self)
{
    const NewlineDecoder *d = (NewlineDecoder *)self;
    return decoder_check(t, d) ? newline_seen_value(t, d->seen) : 0;
}

Type type_newline_decoder = {
    TYPE_HEAD(newline_decoder, "_io.IncrementalNewlineDecoder", &type_object, NewlineDecoder),
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .new_signature = "(decoder, translate, errors='strict')",
    .slots = {.new = decoder_new, .init = decoder_init},
    .doc = "Codec used when reading a file in universal newlines mode.",
    .getsets = (const GetSetDef[]){{"newlines", decoder_get_newlines, NULL, NULL}, {0}},
    .methods = (const NativeDef[]){
        {"decode", decoder_decode, "($self, /, input, final=False)", NULL},
        {"getstate", decoder_getstate, "($self, /)", NULL},
        {"setstate", decoder_setstate, "($self, state, /)", NULL},
        {"reset", decoder_reset, "($self, /)", NULL},
        {0},
    },
};
