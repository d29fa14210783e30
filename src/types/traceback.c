// traceback.c: traceback objects, and the printing of an exception that nobody caught.
//
// The text is made by the library's traceback module, as CPython does it. While that cannot be imported, or fails, a plain form
// without carets is written here.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/code/code.h"
#include "src/core/hooks.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static Traceback *as_traceback(Value v) { return (Traceback *)v; }

// tb_lasti and f_lasti count bytes of CPython's two-byte instructions: programs divide by two to index co_positions().
enum { LASTI_UNIT = 2 };

void traceback_add(Thread *t, Value frame_object, uint32_t instruction)
{
    Value exception = pending_take(t);
    Traceback *tb = new_object(t, traceback, Traceback);
    if (!tb)
        pending_clear(t);   // the exception loses an entry, not its identity
    pending_set(t, exception);
    if (!tb || !exception)
        return;
    Value next = as_exception(exception)->traceback;
    tb->next = next ? next : NONE;
    tb->frame = frame_object;
    tb->instruction = instruction;
    tb->line = -1;
    publish(&as_exception(exception)->traceback, value_of(tb));
}

// --- attributes ---
static Value code_of(Thread *t, const Traceback *tb)
{
    return attr_get(t, tb->frame, str_intern_cstr(t, "f_code"));
}

// Line of an entry, or -1. Nothing pending afterwards.
static int line_of(Thread *t, const Traceback *tb)
{
    if (tb->line >= 0)
        return tb->line;
    Value code = code_of(t, tb);
    if (!code || !is_exactly(code, &type_code)) {
        pending_clear(t);
        return -1;
    }
    return code_line(as_code(code), tb->instruction);
}

static Value lineno_get(Thread *t, Value self)
{
    int line = line_of(t, as_traceback(self));
    return line < 0 ? NONE : fixnum(line);
}

static Value lasti_get(Thread *t, Value self)
{
    return fixnum((int64_t)as_traceback(self)->instruction * LASTI_UNIT);
}

static Value next_get(Thread *t, Value self)
{
    return load_acquire(&as_traceback(self)->next);
}

static bool check_next(Thread *t, Value next)
{
    if (next == NONE || is_exactly(next, &type_traceback))
        return true;
    raise(t, EXC(TypeError), "expected traceback object or None, got '%T'", next);
    return false;
}

static bool next_set(Thread *t, Value self, Value value)
{
    if (!value) {
        raise(t, EXC(TypeError), "can't delete tb_next attribute");
        return false;
    }
    if (!check_next(t, value))
        return false;
    for (Value at = value; at != NONE; at = load_acquire(&as_traceback(at)->next)) {
        if (at == self) {
            raise(t, EXC(ValueError), "traceback loop detected");
            return false;
        }
    }
    publish(&as_traceback(self)->next, value);
    return true;
}

static Value traceback_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    int32_t lasti, line;
    BIND_ARGUMENTS(t, "traceback", "(tb_next, tb_frame, tb_lasti, tb_lineno)", args, nargs, kwnames, a, return 0);
    if (!check_next(t, a[0]))
        return 0;
    if (!is_exactly(a[1], &type_frame))
        return raise(t, EXC(TypeError), "traceback() argument 'tb_frame' must be frame, not %T", a[1]);
    if (!to_int32(t, a[2], &lasti) || !to_int32(t, a[3], &line))
        return 0;
    Traceback *tb = new_object(t, traceback, Traceback);
    if (!tb)
        return 0;
    tb->next = a[0];
    tb->frame = a[1];
    tb->instruction = (uint32_t)(lasti / LASTI_UNIT);
    tb->line = line;
    return value_of(tb);
}

static Value traceback_dir(Thread *t, const Value *args, size_t nargs)
{
    static const char *const names[] = {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"};
    Value at[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!(at[i] = str_intern_cstr(t, names[i])))
            return 0;
    Value tuple = tuple_from(t, at, COUNT_OF(names));
    return tuple ? call1(t, value_of(&type_list), tuple) : 0;
}

static const NativeDef traceback_methods[] = {
    {"__dir__", traceback_dir, "($self, /)", NULL, NATIVE_PLAIN},
    {0},
};

static const GetSetDef traceback_getsets[] = {
    {"tb_next", next_get, next_set, NULL},
    {"tb_lasti", lasti_get, NULL, NULL},
    {"tb_lineno", lineno_get, NULL, NULL},
    {0},
};

static const MemberDef traceback_members[] = {
    {"tb_frame", MEMBER_VALUE, offsetof(Traceback, frame), false, NULL},
    {0},
};

Type type_traceback = {
    TYPE_HEAD(traceback, "traceback", &type_object, Traceback),
    .flags = TYPE_IMMUTABLE,
    .doc = "Create a new traceback object.",
    .slots = {.new = traceback_new},
    .new_signature = "(tb_next, tb_frame, tb_lasti, tb_lineno)",
    .methods = traceback_methods,
    .getsets = traceback_getsets,
    .members = traceback_members,
};

// --- printing without the library ---
typedef struct Output { Value file; } Output;   // sys.stderr, or 0: file descriptor 2

static void put(Thread *t, Output *out, Value text)
{
    if (!text) {
        pending_clear(t);
        return;
    }
    if (out->file && call_method1(t, out->file, N(write), text))
        return;
    pending_clear(t);
    size_t n;
    const char *bytes = str_utf8(t, text, &n);
    if (!bytes || write(STDERR_FILENO, bytes, n) < 0)
        pending_clear(t);
}

static Value code_attribute(Thread *t, Value code, const char *name)
{
    Value v = code ? attr_get(t, code, str_intern_cstr(t, name)) : 0;
    pending_clear(t);
    return v ? v : str_intern_cstr(t, "<unknown>");
}

// The source line, stripped, or 0.
static Value source_line(Thread *t, Value filename, int line)
{
    const char *path = is_str(filename) ? str_utf8(t, filename, NULL) : NULL;
    FILE *f = path && *path != '<' ? fopen(path, "re") : NULL;
    pending_clear(t);
    if (!f)
        return 0;
    char *text = NULL;
    size_t room = 0;
    ssize_t n = -1;
    for (int i = 0; i < line && (n = getline(&text, &room, f)) >= 0; i++)
        continue;
    fclose(f);
    Value found = 0;
    if (n > 0) {
        char *start = text + strspn(text, " \t\f");
        found = str_from_fs(t, start, strcspn(start, "\r\n"));
        pending_clear(t);
    }
    free(text);
    return found;
}

static void print_entry(Thread *t, Output *out, const Traceback *tb)
{
    Value code = code_of(t, tb);
    pending_clear(t);
    Value filename = code_attribute(t, code, "co_filename");
    int line = line_of(t, tb);
    put(t, out, str_format(t, "  File \"%V\", line %d, in %V\n", filename, line, code_attribute(t, code, "co_name")));
    Value source = source_line(t, filename, line);
    if (source && as_str(source)->length)
        put(t, out, str_format(t, "    %U\n", source));
}

enum { CHAIN_MAX = 100 };   // causes and contexts that are printed: the links may form a cycle

static void print_plain(Thread *t, Output *out, Value exception, int depth)
{
    const Exception *e = as_exception(exception);
    if (depth < CHAIN_MAX) {
        if (e->cause) {
            print_plain(t, out, e->cause, depth + 1);
            put(t, out, str_from_cstr(t, "\nThe above exception was the direct cause of the following exception:\n\n"));
        } else if (e->context && !e->suppress_context) {
            print_plain(t, out, e->context, depth + 1);
            put(t, out, str_from_cstr(t, "\nDuring handling of the above exception, another exception occurred:\n\n"));
        }
    }
    if (e->traceback)
        put(t, out, str_from_cstr(t, "Traceback (most recent call last):\n"));
    for (Value at = e->traceback; at && at != NONE; at = as_traceback(at)->next)
        print_entry(t, out, as_traceback(at));
    Value text = value_str(t, exception);
    if (!text) {
        pending_clear(t);
        text = str_from_cstr(t, "<exception str() failed>");
    }
    bool empty = !text || !as_str(text)->length;
    put(t, out, str_format(t, empty ? "%N%V\n" : "%N: %V\n", type_of(exception), empty ? str_empty : text));
}

// --- printing ---
static bool print_by_library(Thread *t, Value exception)
{
    Value module = hooks.import_module ? hooks.import_module(t, "traceback") : 0;
    Value print = module ? attr_get(t, module, str_intern_cstr(t, "_print_exception_bltin")) : 0;
    bool printed = print && call1(t, print, exception);
    pending_clear(t);
    return printed;
}

void traceback_print(Thread *t, Value exception)
{
    Value pending = pending_take(t);
    Output out = {0};
    if (t->vm->sys_dict)
        out.file = dict_get_known(as_dict(t->vm->sys_dict), N(stderr));
    if (out.file != NONE && !print_by_library(t, exception))
        print_plain(t, &out, exception, 0);
    if (out.file && out.file != NONE)
        call_method0(t, out.file, N(flush));
    pending_set(t, pending);
}
