// loop_names.h: part of loop.c: globals and names.

#define FIND_GLOBAL(dict, record)                                                                                     \
    (likely(load_acquire(&as_dict(dict)->keys) == (record)->module)                                                   \
         ? load_acquire(&(record)->module->entries[(record)->index].value)                                            \
         : 0)
#define FIND_BUILTIN(function_, record)                                                                               \
    (likely(load_acquire(&as_dict((function_)->globals)->keys) == (record)->globals                                   \
            && load_acquire(&(record)->globals->filled) == (record)->filled                                           \
            && load_acquire(&as_dict((function_)->builtins)->keys) == (record)->builtins)                             \
         ? load_acquire(&(record)->builtins->entries[(record)->index].value)                                          \
         : 0)

CASE(LOAD_GLOBAL_MODULE): {
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    Value v = FIND_GLOBAL(frame_of(R)->function->globals, record);
    if (unlikely(!v))
        DO(load_global_slow(t, R, pc));
    A = v;
    NEXT;
}
CASE(LOAD_GLOBAL_BUILTIN): {
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    Value v = FIND_BUILTIN(frame_of(R)->function, record);
    if (unlikely(!v))
        DO(load_global_slow(t, R, pc));
    A = v;
    NEXT;
}
CASE(LOAD_GLOBAL):
    DO(load_global_slow(t, R, pc));
CASE(LOAD_NAME_MODULE): {
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    Value v = likely(R[0] == frame_of(R)->function->globals) ? FIND_GLOBAL(R[0], record) : 0;
    if (unlikely(!v))
        DO(load_name_slow(t, R, pc));
    A = v;
    NEXT;
}
CASE(LOAD_NAME_BUILTIN): {
    const GlobalRecord *record = (const GlobalRecord *)CACHE;
    Value v = likely(R[0] == frame_of(R)->function->globals) ? FIND_BUILTIN(frame_of(R)->function, record) : 0;
    if (unlikely(!v))
        DO(load_name_slow(t, R, pc));
    A = v;
    NEXT;
}
CASE(LOAD_NAME):
    DO(load_name_slow(t, R, pc));
CASE(STORE_NAME_MODULE):
    if (likely(R[0] == frame_of(R)->function->globals) && likely(store_global_cached(R, pc, A)))
        NEXT;
    DO(store_name_slow(t, R, pc));
CASE(STORE_NAME):
    DO(store_name_slow(t, R, pc));
CASE(STORE_GLOBAL_MODULE):
    if (likely(store_global_cached(R, pc, A)))
        NEXT;
    DO(store_global_slow(t, R, pc));
CASE(STORE_GLOBAL):
    DO(store_global_slow(t, R, pc));
CASE(DELETE_GLOBAL):
    DO(delete_global(t, R, pc));
CASE(DELETE_NAME):
    DO(delete_name(t, R, pc));
CASE(DELETE_CELL): {
    Value before = __atomic_exchange_n(&((Cell *)A)->value, 0, __ATOMIC_ACQ_REL);
    if (likely(before))
        NEXT;
    DO(load_cell_slow(t, R, pc));
}
CASE(LOAD_NAME_OR_CELL):
    DO(load_name_or_cell(t, R, pc));
CASE(LOAD_DICT_OR_CELL):
    DO(load_dict_or_cell(t, R, pc));
CASE(LOAD_DICT_OR_GLOBAL):
    DO(load_dict_or_global(t, R, pc));
