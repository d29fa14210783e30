// marshal_mod.c: the module marshal.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/names.h"
#include "src/modules/marshal.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/number.h"

static bool version_and_code(Thread *t, Value version_arg, Value allow_arg, int32_t *version, bool *allow_code)
{
    *version = MARSHAL_VERSION;
    *allow_code = true;
    if (version_arg && !to_int32(t, version_arg, version))
        return false;
    int allow = allow_arg ? truth(t, allow_arg) : 1;
    *allow_code = allow > 0;
    return allow >= 0;
}

// a: value, version, allow_code
static Value dumps(Thread *t, const Value *a, size_t n)
{
    int32_t version;
    bool allow_code;
    return version_and_code(t, a[1], a[2], &version, &allow_code) ? marshal_dumps(t, a[0], version, allow_code) : 0;
}

// a: value, file, version, allow_code
static Value dump(Thread *t, const Value *a, size_t n)
{
    int32_t version;
    bool allow_code;
    if (!version_and_code(t, a[2], a[3], &version, &allow_code))
        return 0;
    Value bytes = marshal_dumps(t, a[0], version, allow_code);
    return bytes ? call_method1(t, a[1], N(write), bytes) : 0;
}

static Value loads(Thread *t, const Value *a, size_t n)
{
    int allow = a[1] ? truth(t, a[1]) : 1;
    Buffer b;
    if (allow < 0 || !buffer_get(t, a[0], &b, BUFFER_SIMPLE))
        return 0;
    Value v = marshal_loads(t, b.data, (size_t)b.length, allow, NULL);
    buffer_release(t, &b);
    return v;
}

// Reads all that is left and puts the file back behind the value: the format does not say its length in front.
static Value load(Thread *t, const Value *a, size_t n)
{
    int allow = a[1] ? truth(t, a[1]) : 1;
    if (allow < 0)
        return 0;
    Value start = call_method0(t, a[0], N(tell));
    if (!start)
        pending_clear(t);
    Value data = call_method0(t, a[0], N(read));
    if (!data)
        return 0;
    Buffer b;
    if (!is_bytes(data))
        return raise(t, EXC(TypeError), "file.read() returned not bytes but %T", data);
    if (!buffer_get(t, data, &b, BUFFER_SIMPLE))
        return 0;
    size_t used = 0;
    Value v = marshal_loads(t, b.data, (size_t)b.length, allow, &used);
    buffer_release(t, &b);
    if (!v)
        return 0;
    if (!start)
        return v;   // it cannot seek: what follows was read away
    Value back = binary_op(t, BINARY_ADD, start, fixnum((int64_t)used));
    return back && call_method1(t, a[0], N(seek), back) ? v : 0;
}

static const NativeDef functions[] = {
    {"dump", dump, "(value, file, version=version, /, *, allow_code=True)", "Write the value on the open file."},
    {"dumps", dumps, "(value, version=version, /, *, allow_code=True)", "Return the bytes object that would be written to a file by dump(value, file)."},
    {"load", load, "(file, /, *, allow_code=True)", "Read one value from the open file and return it."},
    {"loads", loads, "(bytes, /, *, allow_code=True)", "Convert the bytes-like object to a value."},
    {NULL, NULL, NULL, NULL, 0},
};

static bool exec(Thread *t, Value module)
{
    return module_add(t, module, "version", fixnum(MARSHAL_VERSION));
}

const ModuleDef module_marshal = {"marshal", "Values as bytes, for compiled modules.", functions, exec};
