// truth.c: whether an object counts as true.
#include "src/ops/ops.h"
#include "src/types/number.h"

int truth(Thread *t, Value a)
{
    if (a == TRUE)
        return 1;
    if (a == FALSE || a == NONE)
        return 0;
    if (is_fixnum(a))
        return a != fixnum(0);
    if (is_flonum(a))
        return a != FLONUM_ZERO;
    const Slots *slots = &as_object(a)->type->slots;
    if (slots->truth)
        return slots->truth(t, a);
    if (!slots->length)
        return 1;
    int64_t length = slots->length(t, a);
    return length < 0 ? -1 : length > 0;
}
