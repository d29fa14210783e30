// repr.c: repr(), str(), ascii() of any value, and the guard against endless repr of what contains itself.
#include "src/ops/ops.h"
#include "src/types/number.h"
#include "src/types/str.h"

Value value_repr(Thread *t, Value a)
{
    if (is_fixnum(a))
        return int_to_str(t, a, 10);
    if (is_exactly(a, &type_str))
        return str_repr(t, a);
    if (!safepoint(t) || !recursion_enter(t, " while getting the repr of an object"))
        return 0;
    Value text = type_of(a)->slots.repr(t, a);
    recursion_leave(t);
    if (text && !is_str(text))
        return raise(t, EXC(TypeError), "__repr__ returned non-string (type %.200T)", text);
    return text;
}

Value value_str(Thread *t, Value a)
{
    if (is_fixnum(a))
        return int_to_str(t, a, 10);
    if (is_exactly(a, &type_str))
        return a;
    UnaryFn to_str = type_of(a)->slots.str;
    if (!to_str)
        return value_repr(t, a);
    if (!safepoint(t) || !recursion_enter(t, " while getting the str of an object"))
        return 0;
    Value text = to_str(t, a);
    recursion_leave(t);
    if (text && !is_str(text))
        return raise(t, EXC(TypeError), "__str__ returned non-string (type %.200T)", text);
    return text;
}

Value value_ascii(Thread *t, Value a) { return str_ascii(t, a); }

// The objects whose repr runs in this thread, innermost last; collected memory, owned by the thread.
typedef struct ReprActive {
    size_t capacity, count;
    Value at[];
} ReprActive;

static ReprActive *active_grown(Thread *t, const ReprActive *old)
{
    size_t capacity = old ? old->capacity * 2 : 8;
    ReprActive *grown = new_scanned(t, sizeof(ReprActive) + capacity * sizeof(Value));
    if (!grown)
        return NULL;
    grown->capacity = capacity;
    if (old) {
        memcpy(grown->at, old->at, old->count * sizeof(Value));
        grown->count = old->count;
    }
    t->repr_active = value_of(grown);
    return grown;
}

int repr_enter(Thread *t, Value object)
{
    ReprActive *active = (ReprActive *)t->repr_active;
    for (size_t i = active ? active->count : 0; i-- > 0;) {
        if (active->at[i] == object)
            return 1;
    }
    if (!active || active->count == active->capacity) {
        active = active_grown(t, active);
        if (!active)
            return -1;
    }
    active->at[active->count++] = object;
    return 0;
}

void repr_leave(Thread *t, Value object)
{
    ReprActive *active = (ReprActive *)t->repr_active;
    for (size_t i = active ? active->count : 0; i-- > 0;) {
        if (active->at[i] == object) {
            memmove(&active->at[i], &active->at[i + 1], (active->count - i - 1) * sizeof(Value));
            active->at[--active->count] = 0;
            return;
        }
    }
}
