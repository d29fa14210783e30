// compile_assign.c: assignment, unpacking, augmented assignment, del.
#include "frontend/compiler.h"
#include "src/core/names.h"

// Methods that assign to self.name give the class its __static_attributes__.
static void note_static_attribute(Compiler *c, AstAttribute *n)
{
    if (n->value->kind != AST_Name || !str_equal_cstr(as_Name(n->value)->id, "self"))
        return;
    Unit *u = c->unit;
    while (u && u->scope->kind != SCOPE_CLASS)
        u = u->outer;
    if (!u || u == c->unit || c->failed)
        return;
    Value name = checked(c, str_intern(c->t, n->attr));
    for (int32_t i = 0; i < u->static_attributes.count; i++) {
        if (u->static_attributes.at[i] == name)
            return;
    }
    Value *at = unit_grow(c, u->static_attributes.at, u->static_attributes.count, &u->static_room, sizeof *at);
    if (!at)
        return;
    u->static_attributes.at = at;
    at[u->static_attributes.count++] = name;
}

static Reg subscript_key(Compiler *c, Node *slice)
{
    return expr_operand(c, slice);
}

static void store_subscript(Compiler *c, Node *target, Reg src)
{
    AstSubscript *n = as_Subscript(target);
    Reg mark = temp_mark(c);
    Reg object = expr_stable(c, n->value, n->slice);
    Reg key = subscript_key(c, n->slice);
    emit(c, OP_SETITEM, object, key, src);
    temp_reset(c, mark);
}

static void store_attribute(Compiler *c, Node *target, Reg src)
{
    AstAttribute *n = as_Attribute(target);
    Reg mark = temp_mark(c);
    note_static_attribute(c, n);
    Reg object = expr_operand(c, n->value);
    emit(c, OP_STORE_ATTR, object, src, slot_name(c, mangle(c, n->attr)));
    temp_reset(c, mark);
}

void store_target(Compiler *c, Node *target, Reg src)
{
    if (!compile_enter(c))
        return;
    Location at = c->at;
    c->at = location_of(target);
    switch (target->kind) {
    case AST_Name:
        name_store(c, as_Name(target)->id, src);
        break;
    case AST_Attribute:
        store_attribute(c, target, src);
        break;
    case AST_Subscript:
        store_subscript(c, target, src);
        break;
    case AST_Tuple:
        compile_unpack(c, as_Tuple(target)->elts, src);
        break;
    case AST_List:
        compile_unpack(c, as_List(target)->elts, src);
        break;
    case AST_Starred:
        compile_error(c, target->at, "starred assignment target must be in a list or tuple");
        break;
    default:
        raise(c->t, EXC(SystemError), "invalid assignment target");
        compile_fail(c);
    }
    c->at = at;
}

// --- unpacking ---
static int32_t starred_index(Compiler *c, NodeSeq targets)
{
    int32_t found = -1;
    for (int32_t i = 0; i < targets.count; i++) {
        if (targets.at[i]->kind != AST_Starred)
            continue;
        if (found >= 0) {
            Location l = c->at;
            compile_error(c, (AstSpan){l.line, l.column, l.end_line, l.end_column}, "multiple starred expressions in assignment");
            return -1;
        }
        found = i;
    }
    if (found >= 256 || (found >= 0 && targets.count - found - 1 > 255)) {
        Location l = c->at;
        compile_error(c, (AstSpan){l.line, l.column, l.end_line, l.end_column}, "too many expressions in star-unpacking assignment");
    }
    return found;
}

// The first register when the targets are plain locals that stand one behind the other.
static Reg consecutive_locals(Compiler *c, NodeSeq targets)
{
    Reg first = NO_REG;
    for (int32_t i = 0; i < targets.count; i++) {
        if (targets.at[i]->kind != AST_Name)
            return NO_REG;
        Reg reg = name_target(c, as_Name(targets.at[i])->id);
        if (reg == NO_REG || (i && reg != first + i))
            return NO_REG;
        if (!i)
            first = reg;
    }
    return first;
}

void compile_unpack(Compiler *c, NodeSeq targets, Reg src)
{
    Reg mark = temp_mark(c);
    int32_t star = starred_index(c, targets);
    if (c->failed)
        return;
    if (star < 0) {
        Reg locals = targets.count ? consecutive_locals(c, targets) : NO_REG;
        if (locals != NO_REG) {
            emit(c, OP_UNPACK, locals, src, targets.count);
            return;
        }
    }
    Reg items = temp_run(c, targets.count ? targets.count : 1);
    if (star >= 0)
        emit(c, OP_UNPACK_EX, items, src, star | (targets.count - star - 1) << 8);
    else
        emit(c, OP_UNPACK, items, src, targets.count);
    for (int32_t i = 0; i < targets.count && !c->failed; i++) {
        Node *target = targets.at[i];
        store_target(c, i == star ? as_Starred(target)->value : target, items + i);
    }
    temp_reset(c, mark);
}

// --- a, b = x, y without a tuple ---
enum { PARALLEL_MAX = 16 };

static NodeSeq elements_of(Node *e)
{
    return e->kind == AST_Tuple ? as_Tuple(e)->elts : e->kind == AST_List ? as_List(e)->elts : no_nodes();
}

static bool is_parallel(Node *target, Node *value)
{
    NodeSeq targets = elements_of(target), values = elements_of(value);
    return targets.count && targets.count == values.count && targets.count <= PARALLEL_MAX && value->kind == AST_Tuple
           && !has_starred(targets) && !has_starred(values);
}

// Moves between plain locals: a register is written once nobody still needs what it holds.
static void parallel_moves(Compiler *c, Reg *to, Reg *from, int32_t n)
{
    bool done[PARALLEL_MAX] = {false};
    for (int32_t left = n; left > 0;) {
        bool moved = false;
        for (int32_t i = 0; i < n; i++) {
            bool needed = done[i];
            for (int32_t j = 0; j < n && !needed; j++)
                needed = !done[j] && j != i && from[j] == to[i];
            if (needed)
                continue;
            emit_move(c, to[i], from[i]);
            done[i] = moved = true;
            left--;
        }
        if (moved)
            continue;
        for (int32_t i = 0; i < n; i++) {   // a cycle: free one register
            if (done[i])
                continue;
            Reg copy = temp_new(c);
            emit_move(c, copy, to[i]);
            for (int32_t j = 0; j < n; j++) {
                if (!done[j] && from[j] == to[i])
                    from[j] = copy;
            }
            break;
        }
    }
}

static bool distinct_locals(Compiler *c, NodeSeq targets, Reg *to)
{
    for (int32_t i = 0; i < targets.count; i++) {
        to[i] = targets.at[i]->kind == AST_Name ? name_target(c, as_Name(targets.at[i])->id) : NO_REG;
        if (to[i] == NO_REG)
            return false;
        for (int32_t j = 0; j < i; j++) {
            if (to[j] == to[i])
                return false;
        }
    }
    return true;
}

static void assign_parallel(Compiler *c, Node *target, Node *value)
{
    NodeSeq targets = elements_of(target), values = elements_of(value);
    Reg to[PARALLEL_MAX], from[PARALLEL_MAX];
    Reg mark = temp_mark(c);
    bool plain = distinct_locals(c, targets, to);
    for (int32_t i = 0; i < values.count; i++) {
        bool copy = !plain;
        for (int32_t j = i + 1; j < values.count && values.at[i]->kind == AST_Name; j++) {
            Reg reg = name_target(c, as_Name(values.at[i])->id);
            copy = copy || (reg != NO_REG && expr_rebinds(c, values.at[j], reg));
        }
        from[i] = copy ? expr_temp(c, values.at[i]) : expr_operand(c, values.at[i]);
    }
    if (plain) {
        parallel_moves(c, to, from, values.count);
    } else {
        for (int32_t i = 0; i < targets.count; i++)
            store_target(c, targets.at[i], from[i]);
    }
    temp_reset(c, mark);
}

void compile_assign(Compiler *c, Node *s)
{
    AstAssign *n = as_Assign(s);
    Reg mark = temp_mark(c);
    if (n->targets.count == 1 && is_parallel(n->targets.at[0], n->value)) {
        assign_parallel(c, n->targets.at[0], n->value);
        return;
    }
    Node *first = n->targets.at[0];
    Reg local = first->kind == AST_Name ? name_target(c, as_Name(first)->id) : NO_REG;
    if (local != NO_REG) {
        expr_into(c, n->value, local);
        bool walrus = n->targets.count > 1 && c->unit->scope->has_walrus;
        Reg value = walrus ? temp_new(c) : local;
        emit_move(c, value, local);
        for (int32_t i = 1; i < n->targets.count; i++)
            store_target(c, n->targets.at[i], value);
    } else {
        Reg value = n->targets.count > 1 || c->unit->scope->has_walrus ? expr_temp(c, n->value) : expr_operand(c, n->value);
        for (int32_t i = 0; i < n->targets.count; i++)
            store_target(c, n->targets.at[i], value);
    }
    temp_reset(c, mark);
}

// --- target op= value ---
static void aug_name(Compiler *c, AstAugAssign *n)
{
    Value id = as_Name(n->target)->id;
    Reg local = name_target(c, id);
    c->at = location_of(n->target);
    Reg old = name_operand(c, id);
    c->at = location_of(&n->head);
    if (local != NO_REG) {
        if (expr_rebinds(c, n->value, local)) {
            old = temp_new(c);
            emit_move(c, old, local);
        }
        emit_binary(c, n->op, true, local, old, n->value);
        return;
    }
    Reg result = temp_new(c);
    emit_binary(c, n->op, true, result, old, n->value);
    name_store(c, id, result);
}

static void aug_attribute(Compiler *c, AstAugAssign *n)
{
    AstAttribute *target = as_Attribute(n->target);
    Value attr = mangle(c, target->attr);
    note_static_attribute(c, target);
    Reg object = expr_stable(c, target->value, n->value);
    Reg value = temp_new(c);
    c->at = location_of(n->target);
    emit(c, OP_LOAD_ATTR, value, object, slot_name(c, attr));
    c->at = location_of(&n->head);
    emit_binary(c, n->op, true, value, value, n->value);
    c->at = location_of(n->target);
    emit(c, OP_STORE_ATTR, object, value, slot_name(c, attr));
}

static void aug_subscript(Compiler *c, AstAugAssign *n)
{
    AstSubscript *target = as_Subscript(n->target);
    Reg object = expr_operand(c, target->value);
    if (expr_rebinds(c, target->slice, object) || expr_rebinds(c, n->value, object)) {
        Reg copy = temp_new(c);
        emit_move(c, copy, object);
        object = copy;
    }
    Reg key = expr_stable(c, target->slice, n->value);
    Reg value = temp_new(c);
    c->at = location_of(n->target);
    emit(c, OP_GETITEM, value, object, key);
    c->at = location_of(&n->head);
    emit_binary(c, n->op, true, value, value, n->value);
    c->at = location_of(n->target);
    emit(c, OP_SETITEM, object, key, value);
}

void compile_aug_assign(Compiler *c, Node *s)
{
    AstAugAssign *n = as_AugAssign(s);
    Reg mark = temp_mark(c);
    if (n->target->kind == AST_Name)
        aug_name(c, n);
    else if (n->target->kind == AST_Attribute)
        aug_attribute(c, n);
    else
        aug_subscript(c, n);
    temp_reset(c, mark);
}

// --- del ---
void delete_target(Compiler *c, Node *target)
{
    Reg mark = temp_mark(c);
    Location at = c->at;
    c->at = location_of(target);
    switch (target->kind) {
    case AST_Name:
        name_delete(c, as_Name(target)->id);
        break;
    case AST_Attribute: {
        Reg object = expr_operand(c, as_Attribute(target)->value);
        emit(c, OP_DELETE_ATTR, object, 0, name_number(c, mangle(c, as_Attribute(target)->attr)));
        break;
    }
    case AST_Subscript: {
        Reg object = expr_stable(c, as_Subscript(target)->value, as_Subscript(target)->slice);
        emit(c, OP_DELITEM, object, subscript_key(c, as_Subscript(target)->slice), 0);
        break;
    }
    default: {
        NodeSeq elements = elements_of(target);
        for (int32_t i = 0; i < elements.count && compile_enter(c); i++)
            delete_target(c, elements.at[i]);
    }
    }
    c->at = at;
    temp_reset(c, mark);
}

void compile_delete(Compiler *c, Node *s)
{
    NodeSeq targets = as_Delete(s)->targets;
    for (int32_t i = 0; i < targets.count; i++)
        delete_target(c, targets.at[i]);
}
