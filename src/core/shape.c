// shape.c: the graph of shapes: roots, transitions, and finding an attribute's slot.
//
// Shapes are never changed once published, except `transitions` (a new list each time, under shapes_mutex) and
// `table` (idempotent). So all reading is lock-free.
#include "src/core/shape.h"

#include <stdlib.h>

#include "src/core/lock.h"
#include "src/core/thread.h"

typedef struct ShapeList {
    size_t count;
    Shape *at[];
} ShapeList;

typedef struct ShapeTable {
    size_t mask;
    struct { Value key; int64_t slot; } at[];
} ShapeTable;

enum {
    SHAPE_WALK_MAX = 6,    // shorter shapes are searched along their parents
};

uintptr_t *shape_chunks[SHAPE_CHUNKS_MAX];
static Mutex shapes_mutex;
static uint32_t shape_next_number = SHAPE_BUILTIN_COUNT;   // guard: shapes_mutex

// Enters a shape under its number, with shapes_mutex held. False: no memory.
static bool shape_register(Shape *shape)
{
    uintptr_t **chunk = &shape_chunks[shape->number >> SHAPE_CHUNK_BITS];
    if (!*chunk) {
        uintptr_t *fresh = calloc(SHAPE_CHUNK, sizeof *fresh);
        if (!fresh)
            return false;
        publish(chunk, fresh);
    }
    publish(&(*chunk)[shape->number & (SHAPE_CHUNK - 1)], ~(uintptr_t)shape);
    return true;
}

static bool shape_take_number(Shape *shape, uint32_t number)
{
    if (!number) {
        if (shape_next_number >= (uint64_t)SHAPE_CHUNKS_MAX << SHAPE_CHUNK_BITS)
            return false;
        number = shape_next_number++;
    }
    shape->number = number;
    return shape_register(shape);
}

static Shape *shape_root_new(Thread *t, Type *type, uint32_t number, bool dict_mode)
{
    Shape *shape = new_scanned(t, sizeof(Shape));
    if (!shape)
        return NULL;
    shape->type = type;
    shape->dict_mode = dict_mode;
    mutex_lock(&shapes_mutex);
    bool registered = shape_take_number(shape, number);
    mutex_unlock(&shapes_mutex);
    return registered ? shape : memory_error(t);
}

bool shape_make_roots(Thread *t, Type *type, uint32_t number)
{
    Shape *root = shape_root_new(t, type, number, false);
    if (!root)
        return false;
    if (type->attr_offset) {
        Shape *dict_mode = shape_root_new(t, type, 0, true);
        if (!dict_mode)
            return false;
        type->dict_mode = dict_mode;
        store_relaxed(&type->dict_shape, dict_mode->number);
    }
    type->root = root;
    publish(&type->root_shape, root->number);
    return true;
}

static Shape *shape_transition(const Shape *shape, Value key)
{
    const ShapeList *list = load_acquire(&shape->transitions);
    for (size_t i = 0; list && i < list->count; i++)
        if (list->at[i]->key == key)
            return list->at[i];
    return NULL;
}

// Where slot `index` of an instance of type sits, or 0 for the overflow array.
static uint32_t slot_offset(const Type *type, uint32_t index)
{
    if (type->attr_offset <= 0 || index >= type->inline_slots)
        return 0;
    return (uint32_t)type->attr_offset + (uint32_t)offsetof(AttrArea, slots) + index * (uint32_t)sizeof(Value);
}

static Shape *shape_child_new(Thread *t, Shape *parent, Value key)
{
    Shape *child = new_scanned(t, sizeof(Shape));
    if (!child)
        return NULL;
    child->type = parent->type;
    child->parent = parent;
    child->key = key;
    child->count = parent->count + 1;
    child->offset = slot_offset(parent->type, parent->count);
    return child;
}

// Publishes child as a transition of shape unless another thread was first; shapes_mutex held.
static Shape *shape_link(Shape *shape, Shape *child, ShapeList *grown)
{
    Shape *known = shape_transition(shape, child->key);
    const ShapeList *old = shape->transitions;
    size_t count = old ? old->count : 0;
    if (known || grown->count != count + 1)
        return known;                       // the list changed meanwhile: the caller tries again when null
    if (!shape_take_number(child, 0))
        return NULL;
    for (size_t i = 0; i < count; i++)
        grown->at[i] = old->at[i];
    grown->at[count] = child;
    child->type->root->family++;
    publish(&shape->transitions, grown);
    return child;
}

Shape *shape_add(Thread *t, Shape *shape, Value key)
{
    for (;;) {
        Shape *known = shape_transition(shape, key);
        if (known)
            return known;
        if (shape->count >= SHAPE_SLOTS_MAX || load_relaxed(&shape->type->root->family) >= SHAPE_FAMILY_MAX)
            return NULL;
        const ShapeList *old = load_acquire(&shape->transitions);
        size_t count = old ? old->count : 0;
        ShapeList *grown = new_scanned(t, sizeof(ShapeList) + (count + 1) * sizeof(Shape *));
        Shape *child = grown ? shape_child_new(t, shape, key) : NULL;
        if (!child)
            return NULL;
        grown->count = count + 1;
        mutex_lock(&shapes_mutex);
        known = shape_link(shape, child, grown);
        mutex_unlock(&shapes_mutex);
        if (known)
            return known;
    }
}

static size_t key_hash(Value key)
{
    return (size_t)(key >> 4) ^ (size_t)(key >> 11);
}

// Makes the slot table of a shape; null when memory is out (the caller walks instead).
static ShapeTable *shape_table_make(Shape *shape)
{
    size_t size = 16;
    while (size < 2 * (size_t)shape->count)
        size *= 2;
    ShapeTable *table = heap_alloc(&thread_current()->heap, HEAP_SCANNED, sizeof(ShapeTable) + size * sizeof table->at[0]);
    if (!table)
        return NULL;
    table->mask = size - 1;
    for (const Shape *s = shape; s->parent; s = s->parent) {
        size_t i = key_hash(s->key) & table->mask;
        while (table->at[i].key)
            i = (i + 1) & table->mask;
        table->at[i].slot = s->count - 1;
        table->at[i].key = s->key;
    }
    publish(&shape->table, table);
    return table;
}

static int shape_walk(const Shape *shape, Value key)
{
    for (const Shape *s = shape; s->parent; s = s->parent)
        if (s->key == key)
            return (int)s->count - 1;
    return -1;
}

int shape_find(const Shape *shape, Value key)
{
    if (shape->count <= SHAPE_WALK_MAX)
        return shape_walk(shape, key);
    const ShapeTable *table = load_acquire(&shape->table);
    if (!table && !(table = shape_table_make((Shape *)shape)))
        return shape_walk(shape, key);
    for (size_t i = key_hash(key) & table->mask; table->at[i].key; i = (i + 1) & table->mask)
        if (table->at[i].key == key)
            return (int)table->at[i].slot;
    return -1;
}
