// loop_attrs.h: part of loop.c: attributes and subscripts.

CASE(LOAD_ATTR_SLOT): {
    Value o = B, cache = CACHE;
    if (likely(HAS_SHAPE(o, (uint32_t)(cache >> 32)))) {
        Value v = load_acquire((Value *)((char *)o + (uint32_t)cache));
        if (likely(v)) {
            A = v;
            NEXT;
        }
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR_OVERFLOW): {
    Value o = B, cache = CACHE;
    if (likely(HAS_SHAPE(o, (uint32_t)(cache >> 32)))) {
        ValueArray *overflow = load_acquire((ValueArray **)((char *)o + (uint16_t)(cache >> 16)));
        uint16_t index = (uint16_t)cache;
        Value v = likely(overflow && index < overflow->cap) ? load_acquire(&overflow->at[index]) : 0;
        if (likely(v)) {
            A = v;
            NEXT;
        }
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR_CLASS): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(HAS_SHAPE(o, record->shape)) && likely(load_acquire(&record->type->version) == record->version)) {
        A = record->value;
        NEXT;
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR_TYPE): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(o == value_of(record->type)) && likely(load_acquire(&record->type->version) == record->version)) {
        A = record->value;
        NEXT;
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR_MODULE): {
    Value o = B;
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    if (likely(is_exactly(o, &type_module))) {
        Value v = FIND_GLOBAL(((Module *)o)->dict, record);
        if (likely(v)) {
            A = v;
            NEXT;
        }
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR_PROPERTY): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(HAS_SHAPE(o, record->shape)) && likely(load_acquire(&record->type->version) == record->version)) {
        SAVE;
        Value *top = stack_top(t) + FRAME_WORDS;
        top[0] = o;
        Value *regs_new = frame_push(t, top, (Function *)record->value, 1, R, pc + 1);
        if (unlikely(!regs_new))
            goto error;
        R = regs_new;
        goto start_frame;
    }
    DO(load_attr_slow(t, R, pc));
}
CASE(LOAD_ATTR): CASE(LOAD_ATTR_ANY):
    DO(load_attr_slow(t, R, pc));

CASE(STORE_ATTR_SLOT): {
    Value o = A, cache = CACHE;
    if (likely(HAS_SHAPE(o, (uint32_t)(cache >> 32)))) {
        Value *slot = (Value *)((char *)o + (uint32_t)cache);
        bool locked = object_lock(OBJECT(o));
        if (likely(OBJECT(o)->shape == (uint32_t)(cache >> 32))) {
            publish(slot, B);
            object_unlock(OBJECT(o), locked);
            NEXT;
        }
        object_unlock(OBJECT(o), locked);
    }
    DO(store_attr_slow(t, R, pc));
}
CASE(STORE_ATTR_ADD): {
    Value o = A;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(HAS_SHAPE(o, record->shape)) && likely(load_acquire(&record->type->version) == record->version)) {
        bool locked = object_lock(OBJECT(o));
        if (likely(OBJECT(o)->shape == record->shape)) {
            publish((Value *)((char *)o + record->offset), B);
            publish(&OBJECT(o)->shape, record->new_shape);
            object_unlock(OBJECT(o), locked);
            NEXT;
        }
        object_unlock(OBJECT(o), locked);
    }
    DO(store_attr_slow(t, R, pc));
}
CASE(STORE_ATTR): CASE(STORE_ATTR_ANY):
    DO(store_attr_slow(t, R, pc));
CASE(DELETE_ATTR):
    DO(attr_set(t, A, KC, 0));

CASE(LOAD_METHOD_CLASS): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(HAS_SHAPE(o, record->shape)) && likely(load_acquire(&record->type->version) == record->version)) {
        A = record->value;
        R[pc->a + WINDOW] = o;
        NEXT;
    }
    DO(load_method_slow(t, R, pc));
}
CASE(LOAD_METHOD_BUILTIN): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(HAS_SHAPE(o, record->shape))) {
        A = record->value;
        R[pc->a + WINDOW] = o;
        NEXT;
    }
    DO(load_method_slow(t, R, pc));
}
CASE(LOAD_METHOD_MODULE): {
    Value o = B;
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    if (likely(is_exactly(o, &type_module))) {
        Value v = FIND_GLOBAL(((Module *)o)->dict, record);
        if (likely(v)) {
            A = v;
            R[pc->a + WINDOW] = 0;
            NEXT;
        }
    }
    DO(load_method_slow(t, R, pc));
}
CASE(LOAD_METHOD_TYPE): {
    Value o = B;
    const AttrRecord *record = (const AttrRecord *)CACHE;
    if (likely(o == value_of(record->type)) && likely(load_acquire(&record->type->version) == record->version)) {
        A = record->value;
        R[pc->a + WINDOW] = 0;
        NEXT;
    }
    DO(load_method_slow(t, R, pc));
}
CASE(LOAD_METHOD): CASE(LOAD_METHOD_ANY):
    DO(load_method_slow(t, R, pc));
CASE(LOAD_SUPER_ATTR):
    DO(load_super_attr(t, R, pc, false));
CASE(LOAD_SUPER_METHOD):
    DO(load_super_attr(t, R, pc, true));
CASE(LOAD_SPECIAL):
    DO(load_special(t, R, pc));

#define GETITEM_FORMS(NAME, KEY)                                                                                      \
    CASE(NAME##_LIST) :                                                                                               \
    {                                                                                                                 \
        Value o = B, key = KEY;                                                                                       \
        if (likely(is_exactly(o, &type_list)) && likely(is_fixnum(key))) {                                            \
            const List *list = as_list(o);                                                                            \
            size_t length = load_acquire(&list->length);                                                              \
            int64_t i = fixnum_value(key);                                                                            \
            i += i < 0 ? (int64_t)length : 0;                                                                         \
            if (likely((size_t)i < length)) {                                                                         \
                const ValueArray *items = load_acquire(&list->items);                                                 \
                Value v = likely((size_t)i < items->cap) ? load_acquire(&items->at[i]) : 0;                           \
                if (likely(v)) {                                                                                      \
                    A = v;                                                                                            \
                    NEXT;                                                                                             \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
        DO(getitem_slow(t, R, pc));                                                                                   \
    }                                                                                                                 \
    CASE(NAME##_TUPLE) :                                                                                              \
    {                                                                                                                 \
        Value o = B, key = KEY;                                                                                       \
        if (likely(is_exactly(o, &type_tuple)) && likely(is_fixnum(key))) {                                           \
            int64_t i = fixnum_value(key);                                                                            \
            i += i < 0 ? (int64_t)as_tuple(o)->length : 0;                                                            \
            if (likely((size_t)i < as_tuple(o)->length)) {                                                            \
                A = as_tuple(o)->at[i];                                                                               \
                NEXT;                                                                                                 \
            }                                                                                                         \
        }                                                                                                             \
        DO(getitem_slow(t, R, pc));                                                                                   \
    }                                                                                                                 \
    CASE(NAME##_STR) :                                                                                                \
    {                                                                                                                 \
        Value o = B, key = KEY;                                                                                       \
        if (likely(is_exactly(o, &type_str)) && likely(is_fixnum(key)) && likely(str_unit(as_str(o)) == 1)) {         \
            int64_t i = fixnum_value(key);                                                                            \
            i += i < 0 ? (int64_t)as_str(o)->length : 0;                                                              \
            if (likely((size_t)i < as_str(o)->length)) {                                                              \
                A = str_latin1[((const uint8_t *)as_str(o)->data)[i]];                                                \
                NEXT;                                                                                                 \
            }                                                                                                         \
        }                                                                                                             \
        DO(getitem_slow(t, R, pc));                                                                                   \
    }                                                                                                                 \
    CASE(NAME##_DICT) :                                                                                               \
    {                                                                                                                 \
        Value o = B, found;                                                                                           \
        if (likely(is_exactly(o, &type_dict))) {                                                                      \
            SAVE;                                                                                                     \
            int status = dict_get(t, as_dict(o), KEY, &found);                                                        \
            if (likely(status > 0)) {                                                                                 \
                A = found;                                                                                            \
                NEXT;                                                                                                 \
            }                                                                                                         \
            if (status == 0)                                                                                          \
                raise_key(t, KEY);                                                                                    \
            goto error;                                                                                               \
        }                                                                                                             \
        DO(getitem_slow(t, R, pc));                                                                                   \
    }                                                                                                                 \
    CASE(NAME) : CASE(NAME##_ANY) :                                                                                   \
        DO(getitem_slow(t, R, pc));
GETITEM_FORMS(GETITEM, C)
GETITEM_FORMS(GETITEM_K, KC)

CASE(SETITEM_LIST): {
    Value o = A, key = B;
    if (likely(is_exactly(o, &type_list)) && likely(is_fixnum(key))) {
        List *list = as_list(o);
        bool locked = object_lock(&list->head);
        int64_t i = fixnum_value(key);
        i += i < 0 ? (int64_t)list->length : 0;
        if (likely((size_t)i < list->length)) {
            publish(&list->items->at[i], C);
            object_unlock(&list->head, locked);
            NEXT;
        }
        object_unlock(&list->head, locked);
    }
    DO(setitem_slow(t, R, pc));
}
CASE(SETITEM_DICT):
    if (likely(is_exactly(A, &type_dict)))
        DO(dict_set(t, as_dict(A), B, C));
    DO(setitem_slow(t, R, pc));
CASE(SETITEM): CASE(SETITEM_ANY):
    DO(setitem_slow(t, R, pc));
CASE(DELITEM):
    DO(item_set(t, A, B, 0));
CASE(GETSLICE):
    DO(getslice(t, R, pc));
