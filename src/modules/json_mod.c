// json_mod.c: the _json module's functions.
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/json.h"
#include "src/ops/ops.h"
#include "src/types/tuple.h"

Value json_encode_ascii, json_encode_plain;

static Value encode_text(Thread *t, Value text, bool ascii_only)
{
    StrBuilder b;
    builder_init(&b);
    if (!is_str(text))
        return raise(t, EXC(TypeError), "first argument must be a string, not %.80T", text);
    if (!builder_reserve(t, &b, as_str(text)->length + 2, 0) || !json_put_string(t, &b, text, ascii_only))
        return 0;
    return builder_finish(t, &b);
}

static Value encode_basestring_ascii(Thread *t, const Value *args, size_t nargs) { return encode_text(t, args[0], true); }
static Value encode_basestring(Thread *t, const Value *args, size_t nargs) { return encode_text(t, args[0], false); }

static Value scanstring(Thread *t, const Value *args, size_t nargs)
{
    int64_t begin, end = 0;
    int strict = args[2] ? truth(t, args[2]) : 1;
    if (strict < 0 || !to_int64(t, args[1], &begin))
        return 0;
    if (!is_str(args[0]))
        return raise(t, EXC(TypeError), "first argument must be a string, not %.80T", args[0]);
    if (begin < 0 || begin > (int64_t)as_str(args[0])->length)
        return raise(t, EXC(ValueError), "end is out of bounds");
    Value text = json_scan_string(t, str_exact(t, args[0]), begin, strict, &end);
    return text ? tuple_pair(t, text, fixnum(end)) : 0;
}

static const NativeDef functions[] = {
    {"encode_basestring_ascii", encode_basestring_ascii, "(string, /)", "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a Python string", 0},
    {"encode_basestring", encode_basestring, "(string, /)", "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string", 0},
    {"scanstring", scanstring, "(string, end, strict=True, /)", "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON string.", 0},
    {0},
};

static bool json_exec(Thread *t, Value module)
{
    vm_add_root_range(&json_encode_ascii, &json_encode_ascii + 1);
    vm_add_root_range(&json_encode_plain, &json_encode_plain + 1);
    Value name = str_intern_cstr(t, "encode_basestring_ascii");
    json_encode_ascii = name ? attr_get(t, module, name) : 0;
    name = str_intern_cstr(t, "encode_basestring");
    json_encode_plain = name ? attr_get(t, module, name) : 0;
    return json_encode_ascii && json_encode_plain && module_add(t, module, "make_scanner", value_of(&type_json_scanner)) &&
           module_add(t, module, "make_encoder", value_of(&type_json_encoder));
}

const ModuleDef module_json = {.name = "_json", .doc = "json speedups\n", .functions = functions, .exec = json_exec};
