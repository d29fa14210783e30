// ast_classes.c: the classes of the module ast, made from ast.def.
#include "src/core/error.h"
#include "src/core/module_def.h"
#include "src/core/vm.h"
#include "src/modules/ast_objects.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/str.h"
#include "src/types/str_builder.h"
#include "src/types/tuple.h"

static AstObjects objects;   // a root range; filled under the mutex
static Mutex objects_mutex;

static const char *quantity_sign(const AstField *field)
{
    return field->quantity == AST_OPT ? "?" : field->quantity == AST_ONE ? "" : "*";
}

// "Name(type field, type* field)"
static bool put_signature(Thread *t, StrBuilder *b, const char *name, AstFields fields)
{
    if (!builder_cstr(t, b, name))
        return false;
    for (int i = 0; i < fields.count; i++) {
        const AstField *field = &fields.at[i];
        if (!builder_format(t, b, "%s%s%s %s", i ? ", " : "(", ast_types[field->type].name, quantity_sign(field), field->name))
            return false;
    }
    return !fields.count || builder_cstr(t, b, ")");
}

// "sum = A(…)\n    | B(…)"
static Value sum_doc(Thread *t, AstType type)
{
    StrBuilder b;
    const AstTypeInfo *info = &ast_types[type];
    size_t indent = strlen(info->name) + 1;
    bool first = true;
    builder_init(&b);
    if (!builder_cstr(t, &b, info->name))
        return 0;
    for (int i = 0; i < info->choice_count; i++) {
        if (!builder_format(t, &b, "%s%s", i ? " | " : " = ", info->choices[i]))
            return 0;
    }
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (ast_classes[kind].type != type || ast_classes[kind].is_product)
            continue;
        bool fine = first ? builder_cstr(t, &b, " = ") : builder_char(t, &b, '\n') && builder_fill(t, &b, ' ', indent) && builder_cstr(t, &b, "| ");
        first = false;
        if (!fine || !put_signature(t, &b, ast_classes[kind].name, ast_classes[kind].fields()))
            return 0;
    }
    return builder_finish(t, &b);
}

static bool set(Thread *t, Dict *dict, const char *name, Value v)
{
    Value key = v ? str_intern_cstr(t, name) : 0;
    return key && dict_set(t, dict, key, v);
}

static Value class_new(Thread *t, const char *name, Value base, Dict *dict)
{
    Value text = str_intern_cstr(t, name), bases = tuple_of(t, 1, base), module = str_intern_cstr(t, "ast");
    if (!text || !bases || !set(t, dict, "__module__", module))
        return 0;
    return call3(t, value_of(&type_type), text, bases, value_of(dict));
}

static const char *const span_names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};

static Value span_tuple(Thread *t)
{
    Tuple *names = tuple_alloc(t, COUNT_OF(span_names));
    for (size_t i = 0; names && i < COUNT_OF(span_names); i++) {
        if (!(names->at[i] = str_intern_cstr(t, span_names[i])))
            return 0;
    }
    return value_of(names);
}

static bool put_span(Thread *t, Dict *dict, bool has_span)
{
    Value attributes = has_span ? span_tuple(t) : tuple_empty;
    return set(t, dict, "_attributes", attributes)
           && (!has_span || (set(t, dict, "end_lineno", NONE) && set(t, dict, "end_col_offset", NONE)));
}

// The Python type of one field: str, int, object, a class; list[…] of it, or … | None.
static Value field_type(Thread *t, const AstObjects *o, const AstField *field)
{
    static Type *const builtin[] = {
        [AST_TYPE_identifier] = &type_str, [AST_TYPE_string] = &type_str, [AST_TYPE_constant] = &type_object, [AST_TYPE_int] = &type_int};
    Value type = field->type < COUNT_OF(builtin) ? value_of(builtin[field->type]) : o->types[field->type];
    if (field->quantity == AST_ONE)
        return type;
    if (field->quantity == AST_OPT)
        return binary_op(t, BINARY_OR, type, NONE);
    return item_get(t, value_of(&type_list), type);
}

// Fields' names, types and defaults. Types need all classes, so they are set afterwards.
static bool put_fields(Thread *t, Dict *dict, AstFields fields)
{
    Tuple *names = tuple_alloc(t, (size_t)fields.count);
    for (int i = 0; names && i < fields.count; i++) {
        if (!(names->at[i] = str_intern_cstr(t, fields.at[i].name)))
            return false;
        if (fields.at[i].quantity == AST_OPT && !set(t, dict, fields.at[i].name, NONE))
            return false;
    }
    return names && set(t, dict, "_fields", value_of(names)) && set(t, dict, "__match_args__", value_of(names));
}

static bool put_field_types(Thread *t, const AstObjects *o, int kind)
{
    AstFields fields = ast_classes[kind].fields();
    Dict *types = dict_new(t);
    for (int i = 0; types && i < fields.count; i++) {
        if (!set(t, types, fields.at[i].name, field_type(t, o, &fields.at[i])))
            return false;
    }
    return types && attr_set(t, o->kinds[kind], N(_field_types), value_of(types)) &&
           attr_set(t, o->kinds[kind], N(__annotations__), value_of(types));
}

static bool make_sum(Thread *t, AstObjects *o, AstType type)
{
    const AstTypeInfo *info = &ast_types[type];
    Dict *dict = dict_new(t);
    Value doc = sum_doc(t, type);
    if (!dict || !doc || !set(t, dict, "__doc__", doc) || !put_span(t, dict, info->has_span) || !put_fields(t, dict, (AstFields){0, NULL}))
        return false;
    o->types[type] = class_new(t, info->name, o->base, dict);
    for (int i = 0; o->types[type] && i < info->choice_count; i++) {
        Dict *choice = dict_new(t);
        Value text = str_from_cstr(t, info->choices[i]);
        if (!choice || !text || !set(t, choice, "__doc__", text) || !put_fields(t, choice, (AstFields){0, NULL}))
            return false;
        o->choices[type][i] = class_new(t, info->choices[i], o->types[type], choice);
        o->choice_instances[type][i] = o->choices[type][i] ? call0(t, o->choices[type][i]) : 0;
        if (!o->choice_instances[type][i])
            return false;
    }
    return o->types[type] != 0;
}

static bool make_kind(Thread *t, AstObjects *o, int kind)
{
    const AstClass *cls = &ast_classes[kind];
    StrBuilder b;
    Dict *dict = dict_new(t);
    builder_init(&b);
    if (!dict || !put_signature(t, &b, cls->name, cls->fields()) || !set(t, dict, "__doc__", builder_finish(t, &b)))
        return false;
    if (cls->is_product && !put_span(t, dict, cls->has_span))
        return false;
    if (!put_fields(t, dict, cls->fields()))
        return false;
    o->kinds[kind] = class_new(t, cls->name, cls->is_product ? o->base : o->types[cls->type], dict);
    if (cls->is_product)
        o->types[cls->type] = o->kinds[kind];
    return o->kinds[kind] != 0;
}

static bool is_sum(AstType type)
{
    if (ast_types[type].shape == AST_IS_CHOICE)
        return true;
    if (ast_types[type].shape != AST_IS_NODE)
        return false;
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (ast_classes[kind].type == type)
            return !ast_classes[kind].is_product;
    }
    return false;
}

static bool make_all(Thread *t, AstObjects *o)
{
    vm_add_root_range(o, o + 1);
    o->base = value_of(&type_ast);
    Dict *base = as_dict(type_ast.attributes);   // nobody has looked anything up in it yet
    if (!dict_set(t, base, N(_fields), tuple_empty) || !dict_set(t, base, N(_attributes), tuple_empty)
        || !dict_set(t, base, N(__match_args__), tuple_empty))
        return false;
    for (int type = 0; type < AST_TYPE_COUNT; type++) {
        if (is_sum((AstType)type) && !make_sum(t, o, (AstType)type))
            return false;
    }
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (!make_kind(t, o, kind))
            return false;
    }
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (!put_field_types(t, o, kind))
            return false;
    }
    return true;
}

const AstObjects *ast_objects(Thread *t)
{
    if (load_acquire(&objects.ready))
        return &objects;
    mutex_lock(&objects_mutex);
    if (!objects.ready && make_all(t, &objects))
        publish(&objects.ready, true);
    mutex_unlock(&objects_mutex);
    return objects.ready ? &objects : NULL;
}

bool ast_is_object(Thread *t, Value v)
{
    (void)t;
    return is_pointer(v) && type_is_subtype(as_object(v)->type, &type_ast);
}

static bool add(Thread *t, Value module, const char *name, Value v)
{
    return !v || module_add(t, module, name, v);
}

static bool exec(Thread *t, Value module)
{
    const AstObjects *o = ast_objects(t);
    if (!o || !add(t, module, "AST", o->base))
        return false;
    for (int type = 0; type < AST_TYPE_COUNT; type++) {
        if (!add(t, module, ast_types[type].name, o->types[type]))
            return false;
        for (int i = 0; i < ast_types[type].choice_count; i++) {
            if (!add(t, module, ast_types[type].choices[i], o->choices[type][i]))
                return false;
        }
    }
    for (int kind = 1; kind < AST_KIND_COUNT; kind++) {
        if (!add(t, module, ast_classes[kind].name, o->kinds[kind]))
            return false;
    }
    return module_add(t, module, "PyCF_ONLY_AST", fixnum(0x400)) && module_add(t, module, "PyCF_TYPE_COMMENTS", fixnum(0x1000))
           && module_add(t, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", fixnum(0x2000)) && module_add(t, module, "PyCF_OPTIMIZED_AST", fixnum(0x8400));
}

const ModuleDef module_ast = {"_ast", NULL, NULL, exec};
