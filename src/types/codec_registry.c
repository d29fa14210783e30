// codec_registry.c: codecs by name: search functions, the cache of CodecInfo tuples, error handlers; encode and decode by name.
//
// The VM's codec_search_path (list), codec_cache and codec_errors (dicts) are ordinary shared objects. The `encodings`
// package, which registers the search function, is imported at the first lookup that the built-in codecs do not serve.
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/ops/ops.h"
#include "src/types/codec.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str_methods.h"
#include "src/types/template.h"
#include "src/types/tuple.h"

bool codec_boot(Thread *t)
{
    VM *vm = t->vm;
    vm->codec_search_path = value_of(list_new(t, 4));
    vm->codec_cache = value_of(dict_new(t));
    vm->codec_errors = value_of(dict_new(t));
    return vm->codec_search_path && vm->codec_cache && vm->codec_errors && template_boot(t);
}

bool codec_register(Thread *t, Value search)
{
    if (!is_callable(search))
        return raise(t, EXC(TypeError), "argument must be callable");
    return list_append(t, as_list(t->vm->codec_search_path), search);
}

bool codec_unregister(Thread *t, Value search)
{
    Value list = t->vm->codec_search_path;
    size_t n = list_length(as_list(list));
    for (size_t i = 0; i < n; i++) {
        if (list_get(as_list(list), i) == search) {
            dict_clear(t, as_dict(t->vm->codec_cache));
            return item_set(t, list, fixnum((int64_t)i), 0);
        }
    }
    return true;
}

// The form under which codecs are searched and cached: lower case, an underscore for each run of other characters,
// nothing for those beyond ASCII.
static Value normal_name(Thread *t, const char *encoding)
{
    size_t n = 0;
    char *text = new_atomic(t, 2 * strlen(encoding) + 1);
    bool gap = false;
    if (!text)
        return 0;
    for (; *encoding; encoding++) {
        char c = *encoding >= 'A' && *encoding <= 'Z' ? (char)(*encoding + 32) : *encoding;
        if (c & 0x80)
            continue;
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (kept && gap && n)
            text[n++] = '_';
        if (kept)
            text[n++] = c;
        gap = !kept;
    }
    return str_intern_utf8(t, text, n);
}

// Makes sure that the search function of the encodings package is there.
static bool search_path_ready(Thread *t)
{
    static bool importing;      // benign race: importing twice is harmless
    if (list_length(as_list(t->vm->codec_search_path)) > 0 || importing || !hooks.import_module)
        return true;
    importing = true;
    Value module = hooks.import_module(t, "encodings");
    importing = false;
    return module != 0;
}

Value codec_lookup(Thread *t, const char *encoding)
{
    Value name = normal_name(t, encoding), found;
    if (!name)
        return 0;
    int cached = dict_get(t, as_dict(t->vm->codec_cache), name, &found);
    if (cached)
        return cached > 0 ? found : 0;
    if (!search_path_ready(t))
        return 0;
    size_t n;
    Value *searches = list_snapshot(t, as_list(t->vm->codec_search_path), &n);
    for (size_t i = 0; searches && i < n; i++) {
        Value info = call1(t, searches[i], name);
        if (!info)
            return 0;
        if (info == NONE)
            continue;
        if (!is_tuple(info) || as_tuple(info)->length != 4)
            return raise(t, EXC(TypeError), "codec search functions must return 4-tuples");
        return dict_set(t, as_dict(t->vm->codec_cache), name, info) ? info : 0;
    }
    return is_pending(t) ? 0 : raise(t, EXC(LookupError), "unknown encoding: %s", encoding);
}

// --- error handlers ---

bool codec_register_error(Thread *t, Value name, Value handler)
{
    if (!is_callable(handler))
        return raise(t, EXC(TypeError), "handler must be callable");
    return dict_set(t, as_dict(t->vm->codec_errors), name, handler);
}

Value codec_lookup_error(Thread *t, const char *name)
{
    Value key = str_from_cstr(t, name ? name : "strict"), found;
    if (!key)
        return 0;
    int has = dict_get(t, as_dict(t->vm->codec_errors), key, &found);
    if (has)
        return has > 0 ? found : 0;
    return raise(t, EXC(LookupError), "unknown error handler name '%.400s'", name);
}

int codec_unregister_error(Thread *t, Value name)
{
    for (const char *const *standard = codec_standard_errors; *standard; standard++) {
        if (str_equal_cstr(name, *standard)) {
            raise(t, EXC(ValueError), "cannot un-register built-in error handler '%U'", name);
            return -1;
        }
    }
    return dict_delete(t, as_dict(t->vm->codec_errors), name);
}

// --- encode and decode by name ---

static void add_note(Thread *t, const char *operation, const char *encoding)
{
    if (!pending_matches(t, EXC(Exception)))
        return;
    pending_add_note(t, "%s with '%s' codec failed", operation, encoding);
}

static Value run_codec(Thread *t, Value info, int which, Value object, const char *encoding, const char *errors)
{
    Value args[2] = {object, 0};
    if (errors && !(args[1] = str_from_cstr(t, errors)))
        return 0;
    Value result = call(t, as_tuple(info)->at[which], args, errors ? 2 : 1, 0);
    if (!result) {
        add_note(t, which ? "decoding" : "encoding", encoding);
        return 0;
    }
    if (!is_tuple(result) || as_tuple(result)->length != 2)
        return raise(t, EXC(TypeError), which ? "decoder must return a tuple (object,integer)"
                                             : "encoder must return a tuple (object, integer)");
    return as_tuple(result)->at[0];
}

Value codec_encode(Thread *t, Value object, const char *encoding, const char *errors)
{
    Value info = codec_lookup(t, encoding);
    return info ? run_codec(t, info, 0, object, encoding, errors) : 0;
}

Value codec_decode(Thread *t, Value object, const char *encoding, const char *errors)
{
    Value info = codec_lookup(t, encoding);
    return info ? run_codec(t, info, 1, object, encoding, errors) : 0;
}

// Looks up a codec for text; TypeError... LookupError for others such as "hex".
static Value lookup_text_codec(Thread *t, const char *encoding, const char *alternative)
{
    Value info = codec_lookup(t, encoding);
    if (!info || is_exactly(info, &type_tuple))
        return info;
    Value flag;
    int found = attr_find(t, info, N(_is_text_encoding), &flag);
    if (found <= 0)
        return found ? 0 : info;
    int is_text = truth(t, flag);
    if (is_text == 0)
        return raise(t, EXC(LookupError), "'%.400s' is not a text encoding; use %s to handle arbitrary codecs", encoding, alternative);
    return is_text < 0 ? 0 : info;
}

// Does `encoding` spell `name`, apart from case and - _ ?
static bool is_named(const char *encoding, const char *name)
{
    for (;; encoding++, name++) {
        char c = *encoding >= 'A' && *encoding <= 'Z' ? (char)(*encoding + 32) : *encoding == '_' ? '-' : *encoding;
        if (c != *name)
            return false;
        if (!c)
            return true;
    }
}

typedef enum FastCodec { FAST_NONE, FAST_UTF8, FAST_LATIN1, FAST_ASCII, FAST_UTF16, FAST_UTF32 } FastCodec;

static FastCodec fast_codec(const char *encoding)
{
    static const struct { const char *name; FastCodec codec; } rows[] = {
        {"utf-8", FAST_UTF8}, {"utf8", FAST_UTF8}, {"latin-1", FAST_LATIN1}, {"latin1", FAST_LATIN1},
        {"iso-8859-1", FAST_LATIN1}, {"iso8859-1", FAST_LATIN1}, {"ascii", FAST_ASCII}, {"us-ascii", FAST_ASCII},
        {"utf-16", FAST_UTF16}, {"utf16", FAST_UTF16}, {"utf-32", FAST_UTF32}, {"utf32", FAST_UTF32},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (is_named(encoding, rows[i].name))
            return rows[i].codec;
    }
    return FAST_NONE;
}

Value codec_encode_text(Thread *t, Value text, const char *encoding, const char *errors)
{
    switch (fast_codec(encoding)) {
    case FAST_UTF8: return utf8_encode(t, text, errors);
    case FAST_LATIN1: return latin1_encode(t, text, errors);
    case FAST_ASCII: return ascii_encode(t, text, errors);
    case FAST_UTF16: return utf16_encode(t, text, errors, 0);
    case FAST_UTF32: return utf32_encode(t, text, errors, 0);
    case FAST_NONE: break;
    }
    Value info = lookup_text_codec(t, encoding, "codecs.encode()");
    Value out = info ? run_codec(t, info, 0, text, encoding, errors) : 0;
    if (!out || is_bytes(out))
        return out;
    if (is_instance_flag(out, TYPE_IS_BYTEARRAY)) {
        if (!warn(t, EXC(RuntimeWarning), 1, "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types", encoding))
            return 0;
        return bytes_new(t, ((ByteArray *)out)->start, ((ByteArray *)out)->length);
    }
    return raise(t, EXC(TypeError), "'%.400s' encoder returned '%.400T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types", encoding, out);
}

Value codec_decode_text(Thread *t, Value object, const char *encoding, const char *errors)
{
    Value info = lookup_text_codec(t, encoding, "codecs.decode()");
    Value out = info ? run_codec(t, info, 1, object, encoding, errors) : 0;
    if (!out || is_str(out))
        return out;
    return raise(t, EXC(TypeError), "'%.400s' decoder returned '%.400T' instead of 'str'; use codecs.decode() to decode to arbitrary types", encoding, out);
}

Value str_decode(Thread *t, const void *bytes, size_t n, const char *encoding, const char *errors)
{
    switch (encoding ? fast_codec(encoding) : FAST_UTF8) {
    case FAST_UTF8: return utf8_decode(t, bytes, n, errors, NULL);
    case FAST_LATIN1: return latin1_decode(t, bytes, n);
    case FAST_ASCII: return ascii_decode(t, bytes, n, errors);
    case FAST_UTF16: return utf16_decode(t, bytes, n, errors, &(int){0}, NULL);
    case FAST_UTF32: return utf32_decode(t, bytes, n, errors, &(int){0}, NULL);
    case FAST_NONE: break;
    }
    if (n == 0)
        return str_empty;
    Value object = bytes_new(t, bytes, n);
    return object ? codec_decode_text(t, object, encoding, errors) : 0;
}
