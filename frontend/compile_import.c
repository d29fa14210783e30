// compile_import.c: import and from-import.
#include "frontend/compiler.h"
#include "src/core/names.h"
#include "src/types/tuple.h"

static int64_t find_dot(Value name, size_t from)
{
    return str_find(as_str(name), as_str(str_latin1['.']), from, as_str(name)->length, false);
}

static Value part(Compiler *c, Value name, size_t from, size_t to)
{
    Value s = checked(c, str_substring(c->t, name, from, to));
    return s ? checked(c, str_intern(c->t, s)) : name;
}

static void import_name(Compiler *c, Reg dst, Value fromlist, int32_t level, Value module)
{
    Reg mark = temp_mark(c);
    Reg pair = temp_run(c, 2);
    emit_const(c, pair, fromlist);
    emit_const(c, pair + 1, fixnum(level));
    Value name = c->failed ? module : checked(c, str_intern(c->t, module));
    emit(c, OP_IMPORT_NAME, dst, pair, name_number(c, name));
    temp_reset(c, mark);
}

// import a.b.c as d: the module itself is reached step by step.
static void import_as(Compiler *c, Astalias *alias, Reg module)
{
    size_t from = 0;
    int64_t dot = find_dot(alias->name, 0);
    for (; dot >= 0 && !c->failed; dot = find_dot(alias->name, from)) {
        from = (size_t)dot + 1;
        int64_t next = find_dot(alias->name, from);
        size_t to = next >= 0 ? (size_t)next : as_str(alias->name)->length;
        emit(c, OP_IMPORT_FROM, module, module, name_number(c, part(c, alias->name, from, to)));
    }
    name_store(c, alias->asname, module);
}

void compile_import(Compiler *c, Node *s)
{
    NodeSeq names = as_Import(s)->names;
    for (int32_t i = 0; i < names.count && !c->failed; i++) {
        Astalias *alias = as_alias(names.at[i]);
        Reg mark = temp_mark(c);
        Reg module = temp_new(c);
        import_name(c, module, NONE, 0, alias->name);
        if (alias->asname) {
            import_as(c, alias, module);
        } else {
            int64_t dot = find_dot(alias->name, 0);
            name_store(c, dot < 0 ? alias->name : part(c, alias->name, 0, (size_t)dot), module);
        }
        temp_reset(c, mark);
    }
}

static Value from_list(Compiler *c, NodeSeq names)
{
    Tuple *list = tuple_alloc(c->t, (size_t)names.count);
    for (int32_t i = 0; list && i < names.count; i++)
        list->at[i] = as_alias(names.at[i])->name;
    return checked(c, value_of(list));
}

void compile_import_from(Compiler *c, Node *s)
{
    AstImportFrom *n = as_ImportFrom(s);
    Value names = from_list(c, n->names);
    if (!names)
        return;
    Reg mark = temp_mark(c);
    Reg module = temp_new(c);
    import_name(c, module, names, n->level, n->module ? n->module : str_empty);
    if (str_equal_cstr(as_alias(n->names.at[0])->name, "*")) {
        emit(c, OP_IMPORT_STAR, module, 0, 0);
        temp_reset(c, mark);
        return;
    }
    for (int32_t i = 0; i < n->names.count && !c->failed; i++) {
        Astalias *alias = as_alias(n->names.at[i]);
        Value target = alias->asname ? alias->asname : alias->name;
        Value name = checked(c, str_intern(c->t, alias->name));
        Reg local = name_target(c, target);
        Reg value = local != NO_REG ? local : temp_new(c);
        if (c->failed)
            return;
        emit(c, OP_IMPORT_FROM, value, module, name_number(c, name));
        name_store(c, target, value);
        temp_reset(c, module + 1);
    }
    temp_reset(c, mark);
}
