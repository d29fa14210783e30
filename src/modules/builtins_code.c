// builtins_code.c: compile, eval, exec, globals, locals, __import__, __build_class__.
#include "frontend/ast_validate.h"
#include "frontend/compile.h"
#include "src/modules/ast_objects.h"
#include "src/core/hooks.h"
#include "src/core/vm.h"
#include "src/interp/frame.h"
#include "src/modules/builtins_internal.h"
#include "src/modules/import_name.h"
#include "src/types/bytes.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

Value builtin_globals(Thread *t, const Value *args, size_t nargs)
{
    Value globals = hooks.current_globals(t);
    return globals ? globals : NONE;
}

Value builtins_locals(Thread *t)
{
    return interp_locals(t);
}

Value builtin_locals(Thread *t, const Value *args, size_t nargs) { return builtins_locals(t); }

// --- source text ---

typedef struct SourceText {
    const char *text;             // UTF-8 or as in the file; collected memory
    size_t n;
    unsigned flags;               // parser flags that come from its kind
} SourceText;

// The text of a str, bytes or buffer argument. False without an exception when it is none of those.
static bool source_text(Thread *t, Value source, SourceText *out)
{
    *out = (SourceText){0};
    if (is_str(source)) {
        out->text = str_utf8(t, source, &out->n);
        out->flags = PARSE_IGNORE_COOKIE;
        if (!out->text)
            return false;
    } else if (is_bytes(source)) {
        out->text = (const char *)as_bytes(source)->data;
        out->n = as_bytes(source)->length;
    } else if (buffer_supported(source)) {
        Buffer buffer;
        if (!buffer_get(t, source, &buffer, BUFFER_SIMPLE))
            return false;
        Value copy = bytes_new(t, buffer.data, (size_t)buffer.length);
        buffer_release(t, &buffer);
        if (!copy)
            return false;
        out->text = (const char *)as_bytes(copy)->data;
        out->n = as_bytes(copy)->length;
    } else {
        return false;
    }
    if (!memchr(out->text, 0, out->n))
        return true;
    raise(t, EXC(SyntaxError), "source code string cannot contain null bytes");
    return false;
}

static unsigned inherited_flags(const Thread *t)
{
    return t->regs ? frame_of(t->regs)->code->flags & COMPILE_FUTURE_MASK : 0;
}

// --- compile ---

static bool mode_parse(Thread *t, Value mode, bool only_ast, ParseMode *out)
{
    static const struct { const char *name; ParseMode mode; } modes[] = {
        {"exec", PARSE_EXEC}, {"eval", PARSE_EVAL}, {"single", PARSE_SINGLE}, {"func_type", PARSE_FUNC_TYPE}};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        if (!str_equal_cstr(mode, modes[i].name))
            continue;
        *out = modes[i].mode;
        if (*out == PARSE_FUNC_TYPE && !only_ast) {
            raise(t, EXC(ValueError), "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
            return false;
        }
        return true;
    }
    if (only_ast)
        raise(t, EXC(ValueError), "compile() mode must be 'exec', 'eval', 'single' or 'func_type'");
    else
        raise(t, EXC(ValueError), "compile() mode must be 'exec', 'eval' or 'single'");
    return false;
}

// The file name as a Str: str, bytes or a path-like object.
static Value filename_str(Thread *t, Value filename)
{
    if (!is_str(filename) && !is_bytes(filename)) {
        Value method = special_lookup(t, filename, N(__fspath__));
        if (!method)
            return is_pending(t) ? 0 : raise(t, EXC(TypeError), "expected str, bytes or os.PathLike object, not %T", filename);
        filename = call0(t, method);
        if (!filename)
            return 0;
    }
    if (is_bytes(filename))
        filename = str_from_fs(t, (const char *)as_bytes(filename)->data, as_bytes(filename)->length);
    return filename;
}

enum { COMPILE_SOURCE, COMPILE_FILENAME, COMPILE_MODE, COMPILE_FLAGS, COMPILE_DONT_INHERIT, COMPILE_OPTIMIZE, COMPILE_MODULE,
       COMPILE_FEATURE_VERSION };

static bool compile_flags(Thread *t, const Value *args, CompileOptions *options)
{
    enum { KNOWN = PARSE_DONT_IMPLY_DEDENT | PARSE_TYPE_COMMENTS | PARSE_ALLOW_INCOMPLETE_INPUT | COMPILE_OPTIMIZED_AST
               | COMPILE_ALLOW_TOP_LEVEL_AWAIT | COMPILE_FUTURE_MASK | 0x10 };
    int32_t flags = 0, optimize = -1, version = -1;
    if ((args[COMPILE_FLAGS] && !to_int32(t, args[COMPILE_FLAGS], &flags))
        || (args[COMPILE_OPTIMIZE] && !to_int32(t, args[COMPILE_OPTIMIZE], &optimize))
        || (args[COMPILE_FEATURE_VERSION] && !to_int32(t, args[COMPILE_FEATURE_VERSION], &version)))
        return false;
    if (flags & ~KNOWN) {
        raise(t, EXC(ValueError), "compile(): unrecognised flags");
        return false;
    }
    if (optimize < -1 || optimize > 2) {
        raise(t, EXC(ValueError), "compile(): invalid optimize value");
        return false;
    }
    int dont_inherit = args[COMPILE_DONT_INHERIT] ? truth(t, args[COMPILE_DONT_INHERIT]) : 0;
    if (dont_inherit < 0)
        return false;
    options->flags = (unsigned)flags | (dont_inherit ? 0 : inherited_flags(t));
    options->optimize = optimize;
    options->feature_version = version;
    options->module = args[COMPILE_MODULE] && args[COMPILE_MODULE] != NONE ? args[COMPILE_MODULE] : 0;
    return true;
}

// The tree as an object, folded if the flags ask for it.
static Value tree_result(Thread *t, Arena *arena, Node *tree, const CompileOptions *options)
{
    if ((options->flags & COMPILE_OPTIMIZED_AST) == COMPILE_OPTIMIZED_AST)
        tree = compile_fold(t, arena, tree, options);
    return tree ? ast_to_object(t, tree) : 0;
}

// compile() of a tree.
static Value compile_object(Thread *t, Value source, ParseMode mode, const CompileOptions *options)
{
    bool only_ast = options->flags & COMPILE_ONLY_AST, fold = (options->flags & COMPILE_OPTIMIZED_AST) == COMPILE_OPTIMIZED_AST;
    Arena arena;
    arena_open(&arena);
    Node *tree = ast_from_object(t, &arena, source, mode);
    if (tree && !ast_validate(t, tree))
        tree = NULL;
    Value v = !tree ? 0 : only_ast && !fold ? source : only_ast ? tree_result(t, &arena, tree, options) : compile_ast(t, &arena, tree, options);
    arena_close(&arena);
    return v;
}

// compile() of text to a tree.
static Value compile_to_tree(Thread *t, const SourceText *source, ParseMode mode, const CompileOptions *options)
{
    Arena arena;
    ParseRequest request = {.text = source->text, .size = source->n, .filename = options->filename, .mode = mode, .flags = options->flags,
                            .feature_version = options->feature_version, .module = options->module};
    arena_open(&arena);
    Node *tree = parse_source(t, &arena, &request);
    Value v = tree ? tree_result(t, &arena, tree, options) : 0;
    arena_close(&arena);
    return v;
}

Value builtin_compile(Thread *t, const Value *args, size_t nargs)
{
    CompileOptions options = {0};
    ParseMode mode;
    options.filename = filename_str(t, args[COMPILE_FILENAME]);
    if (!options.filename)
        return 0;
    if (!is_str(args[COMPILE_MODE]))
        return raise(t, EXC(TypeError), "compile() argument 'mode' must be str, not %T", args[COMPILE_MODE]);
    if (!compile_flags(t, args, &options) || !mode_parse(t, args[COMPILE_MODE], options.flags & COMPILE_ONLY_AST, &mode))
        return 0;
    if (ast_is_object(t, args[COMPILE_SOURCE]))
        return compile_object(t, args[COMPILE_SOURCE], mode, &options);
    SourceText source;
    if (!source_text(t, args[COMPILE_SOURCE], &source))
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "compile() arg 1 must be a string, bytes or AST object");
    options.flags |= source.flags;
    if (options.flags & COMPILE_ONLY_AST)
        return compile_to_tree(t, &source, mode, &options);
    return compile_source(t, source.text, source.n, mode, &options);
}

// --- eval, exec ---

static bool is_mapping(Value v) { return is_dict(v) || type_of(v)->slots.getitem; }

// Fills in the namespaces that were not given.
static bool namespaces(Thread *t, const char *function, Value *globals, Value *locals)
{
    if (*globals && *globals == NONE)
        *globals = 0;
    if (*locals && *locals == NONE)
        *locals = 0;
    if (*locals && !is_mapping(*locals)) {
        if (!strcmp(function, "eval"))
            raise(t, EXC(TypeError), "locals must be a mapping");
        else
            raise(t, EXC(TypeError), "locals must be a mapping or None, not %T", *locals);
        return false;
    }
    if (*globals && !is_dict(*globals)) {
        if (!strcmp(function, "exec"))
            raise(t, EXC(TypeError), "exec() globals must be a dict, not %T", *globals);
        else if (is_mapping(*globals))
            raise(t, EXC(TypeError), "globals must be a real dict; try eval(code, {}, mapping)");
        else
            raise(t, EXC(TypeError), "globals must be a dict");
        return false;
    }
    if (!*globals) {
        *globals = hooks.current_globals(t);
        if (!*globals) {
            raise(t, EXC(TypeError), "%s must be given globals and locals when called without a frame", function);
            return false;
        }
        if (!*locals)
            *locals = builtins_locals(t);
    } else if (!*locals) {
        *locals = *globals;
    }
    return *locals != 0;
}

static bool builtins_ensure(Thread *t, Value globals)
{
    int has = dict_contains(t, as_dict(globals), N(__builtins__));
    return has > 0 || (has == 0 && dict_set(t, as_dict(globals), N(__builtins__), t->vm->builtins));
}

static Value run_text(Thread *t, SourceText source, ParseMode mode, Value globals, Value locals)
{
    if (mode == PARSE_EVAL)
        while (source.n && (*source.text == ' ' || *source.text == '\t')) {
            source.text++;
            source.n--;
        }
    CompileOptions options = {.flags = inherited_flags(t) | source.flags, .optimize = -1};
    options.filename = str_from_cstr(t, "<string>");
    Value code = options.filename ? compile_source(t, source.text, source.n, mode, &options) : 0;
    return code ? interp_run_code(t, as_code(code), globals, locals) : 0;
}

Value builtin_eval(Thread *t, const Value *args, size_t nargs)
{
    Value globals = args[1], locals = args[2];
    if (!namespaces(t, "eval", &globals, &locals) || !builtins_ensure(t, globals))
        return 0;
    if (is_exactly(args[0], &type_code)) {
        if (as_code(args[0])->free_count)
            return raise(t, EXC(TypeError), "code object passed to eval() may not contain free variables");
        return interp_run_code(t, as_code(args[0]), globals, locals);
    }
    SourceText source;
    if (!source_text(t, args[0], &source))
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "eval() arg 1 must be a string, bytes or code object");
    return run_text(t, source, PARSE_EVAL, globals, locals);
}

static bool is_closure_for(Value closure, size_t n)
{
    if (!is_exactly(closure, &type_tuple) || as_tuple(closure)->length != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_exactly(as_tuple(closure)->at[i], &type_cell))
            return false;
    return true;
}

static Value exec_code(Thread *t, Code *code, Value globals, Value locals, Value closure)
{
    if (!code->free_count) {
        if (closure)
            return raise(t, EXC(TypeError), "cannot use a closure with this code object");
        return interp_run_code(t, code, globals, locals);
    }
    if (!closure || !is_closure_for(closure, code->free_count))
        return raise(t, EXC(TypeError), "code object requires a closure of exactly length %lu", (uint64_t)code->free_count);
    Value function = function_new(t, code, globals, closure);
    return function ? call0(t, function) : 0;
}

Value builtin_exec(Thread *t, const Value *args, size_t nargs)
{
    Value globals = args[1], locals = args[2], closure = args[3] == NONE ? 0 : args[3];
    if (!namespaces(t, "exec", &globals, &locals) || !builtins_ensure(t, globals))
        return 0;
    if (is_exactly(args[0], &type_code))
        return exec_code(t, as_code(args[0]), globals, locals, closure) ? NONE : 0;
    if (closure)
        return raise(t, EXC(TypeError), "closure argument can only be used if source is a code object");
    SourceText source;
    if (!source_text(t, args[0], &source))
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "exec() arg 1 must be a string, bytes or code object");
    return run_text(t, source, PARSE_EXEC, globals, locals) ? NONE : 0;
}

// --- __import__, __build_class__ ---

Value builtin_import(Thread *t, const Value *args, size_t nargs)
{
    return import_name(t, args[0], args[1] ? args[1] : NONE, args[2] ? args[2] : NONE, args[3] ? args[3] : NONE,
                       args[4] ? args[4] : fixnum(0));
}

// args: function, name, keywords Dict or 0, then the bases.
Value builtin_build_class(Thread *t, const Value *args, size_t nargs)
{
    enum { FUNCTION, NAME, KEYWORDS, BASES };
    size_t bases = nargs - BASES, keywords = args[KEYWORDS] ? dict_length(as_dict(args[KEYWORDS])) : 0, n = 0;
    Value *all = new_scanned(t, (2 + bases + keywords) * sizeof(Value));
    Tuple *names = keywords ? tuple_alloc(t, keywords) : NULL;
    if (!all || (keywords && !names))
        return 0;
    all[n++] = args[FUNCTION];
    all[n++] = args[NAME];
    for (size_t i = 0; i < bases; i++)
        all[n++] = args[BASES + i];
    size_t position = 0, i = 0;
    Value key, value;
    while (keywords && i < keywords && dict_next(as_dict(args[KEYWORDS]), &position, &key, &value)) {
        names->at[i] = key;
        all[n + i++] = value;
    }
    return interp_build_class(t, all, n, value_of(names));
}
