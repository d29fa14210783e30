// loop_calls.h: part of loop.c: calls, returns, generators, for loops.

// Enters a Python function whose arguments stand complete at `first`; the caller is an ordinary frame.
#define ENTER_EXACT(callable_, code_, first_, filled_)                                                                   \
    do {                                                                                                              \
        Value *new_ = (first_);                                                                                       \
        Code *callee_ = (code_);                                                                                      \
        if (unlikely(new_ + callee_->register_count > t->stack_limit || t->depth >= t->depth_limit))                  \
            goto call_general;                                                                                        \
        t->depth++;                                                                                                   \
        Frame *frame_ = frame_of(new_);                                                                               \
        frame_->object = 0;                                                                                           \
        frame_->pc = callee_->instrs;                                                                                 \
        frame_->return_pc = pc + 1;                                                                                   \
        frame_->caller = R;                                                                                           \
        frame_->code = callee_;                                                                                       \
        frame_->function = (Function *)(callable_);                                                                   \
        for (unsigned i_ = (filled_); i_ < callee_->local_count; i_++)                                                 \
            new_[i_] = 0;                                                                                             \
        R = enter(t, new_);                                                                                           \
        pc = callee_->instrs;                                                                                         \
        P = callee_->pool;                                                                                            \
        DISPATCH;                                                                                                     \
    } while (0)
#define IS_FUNCTION_OF(v, code_) (is_exactly(v, &type_function) && load_acquire(&((Function *)(v))->code) == (code_))

CASE(CALL_PY): {
    Value callee = B;
    Code *code = (Code *)CACHE;
    SAVE;
    if (likely(IS_FUNCTION_OF(callee, code)))
        ENTER_EXACT(callee, code, &R[pc->b + WINDOW], code->arg_count);
    goto call_general;
}
CASE(CALL_NATIVE): {
    Value callee = B;
    if (!TRACED && likely(callee == CACHE)) {
        const NativeFunction *f = (const NativeFunction *)callee;
        Value *args = &R[pc->b + WINDOW];
        SAVE;
        if (f->signature->has_self)
            *--args = f->self;
        Value v = f->def->fn(t, args, f->signature->count);
        if (unlikely(!v))
            goto error;
        A = v;
        NEXT;
    }
    goto call_general;
}
CASE(CALL_INIT): {
    const InitRecord *record = (const InitRecord *)CACHE;
    if (likely(B == value_of(record->type)) && likely(load_acquire(&record->type->version) == record->version)) {
        SAVE;
        Value *regs_new = init_enter(t, R, pc, record, (size_t)fixnum_value(P[pc->c + 1]));
        if (unlikely(!regs_new))
            goto error;
        R = regs_new;
        goto start_frame;
    }
    goto call_general;
}
CASE(CALL): CASE(CALL_ANY):
call_general: {
    SAVE;
    uint16_t generic = opcode_generic(pc->op);
    Value *regs_new = generic == OP_CALL ? op_call(t, R, pc) : op_call_method(t, R, pc);
    if (unlikely(!regs_new))
        goto error;
    if (regs_new == R)
        NEXT;
    R = regs_new;
    goto start_frame;
}
CASE(CALL_METHOD_PY): {
    Value callee = B;
    Code *code = (Code *)CACHE;
    SAVE;
    if (likely(IS_FUNCTION_OF(callee, code)) && likely(R[pc->b + WINDOW]))
        ENTER_EXACT(callee, code, &R[pc->b + WINDOW], code->arg_count);
    goto call_general;
}
CASE(CALL_METHOD_FUNCTION): {
    Value callee = B;
    Code *code = (Code *)CACHE;
    SAVE;
    if (likely(IS_FUNCTION_OF(callee, code)) && likely(!R[pc->b + WINDOW]))
        ENTER_EXACT(callee, code, &R[pc->b + WINDOW + 1], code->arg_count);
    goto call_general;
}
CASE(CALL_METHOD_NATIVE): {
    Value callee = B;
    Value *args = &R[pc->b + WINDOW];
    if (!TRACED && likely(callee == CACHE) && likely(args[0])) {
        const MethodDescriptor *m = (const MethodDescriptor *)callee;
        SAVE;
        Value v = m->def->fn(t, args, m->signature->count);
        if (unlikely(!v))
            goto error;
        A = v;
        NEXT;
    }
    goto call_general;
}
CASE(CALL_METHOD): CASE(CALL_METHOD_ANY):
    goto call_general;
CASE(CALL_KW): CASE(CALL_METHOD_KW): {
    SAVE;
    Value *regs_new = op_call_kw(t, R, pc, pc->op == OP_CALL_METHOD_KW);
    if (unlikely(!regs_new))
        goto error;
    if (regs_new == R)
        NEXT;
    R = regs_new;
    goto start_frame;
}
CASE(CALL_EX):
    DO(op_call_ex(t, R, pc));

start_frame:
    enter(t, R);
    pc = frame_of(R)->pc;
    P = frame_of(R)->code->pool;
    DISPATCH;

CASE(RESUME): {
    Code *code = frame_of(R)->code;
    store_relaxed(&code->calls, load_relaxed(&code->calls) + 1);
    if (unlikely(load_relaxed(&t->interrupt))) {
        SAVE;
        if (!TRACED && load_relaxed(&t->interrupt) & INTERRUPT_TRACE)
            return interp_loop_traced(t, R);
        if (!safepoint_slow(t))
            goto error;
    }
    if (TRACED && !trace_call(t, R))
        goto error;
    NEXT;
}
CASE(RETURN): {
    Value v = A;
    Frame *frame = frame_of(R);
    if (TRACED) {
        SAVE;
        if (!trace_return(t, R, v))
            goto error;
    }
    const Instr *back = frame->return_pc;
    if (unlikely(frame->object != 0))
        frame_end(t, R);
    t->depth--;
    if (unlikely(is_generator_frame(frame->code)))
        goto generator_returned;
    R = enter(t, frame->caller);
    if (unlikely((uintptr_t)back <= RETURN_INIT || (uintptr_t)back & RETURN_INIT))
        goto special_return;
    P = frame_of(R)->code->pool;
    R[back[-1].a] = v;
    pc = back;
    DISPATCH;
special_return:
    if (!back)
        return v;
    back = return_pc_plain(back);
    P = frame_of(R)->code->pool;
    pc = back - 1;
    if (unlikely(v != NONE) && !init_result(t, v, R[pc->b]))
        goto error;
    A = R[pc->b];
    NEXT;

generator_returned: {
        Generator *g = generator_of(R);
        const Instr *site = g->site;
        R = enter(t, frame->caller);
        generator_leave(t, g, GEN_DONE);
        generator_finished(t, g);
        if (!site) {
            g->result = v;
            return v;
        }
        pc = site;
        P = frame_of(R)->code->pool;
        if (pc->op == OP_SEND) {
            A = v;
            JUMP_BY((int16_t)pc->c);
        }
        NEXT;   // FOR_NEXT: exhausted
    }
}
CASE(RETURN_GENERATOR): {
    SAVE;
    Value v = generator_new(t, R, pc);
    if (unlikely(!v))
        goto error;
    const Instr *back = frame_of(R)->return_pc;
    t->depth--;
    R = enter(t, frame_of(R)->caller);
    if (unlikely((uintptr_t)back <= RETURN_INIT || (uintptr_t)back & RETURN_INIT)) {
        if (!back)
            return v;
        pc = return_pc_plain(back) - 1;
        SAVE;
        P = frame_of(R)->code->pool;
        if (!init_result(t, v, R[pc->b]))
            goto error;
    }
    P = frame_of(R)->code->pool;
    R[back[-1].a] = v;
    pc = back;
    DISPATCH;
}
CASE(YIELD): CASE(YIELD_FROM): {
    Value v = B;
    Generator *g = generator_of(R);
    const Instr *site = g->site;
    SAVE;
    if (TRACED && !trace_return(t, R, v))
        goto error;
    g->yield_from = pc->op == OP_YIELD_FROM ? C : 0;
    t->depth--;
    R = enter(t, frame_of(R)->caller);
    generator_leave(t, g, GEN_SUSPENDED);
    if (!site)
        return v;
    pc = site;
    P = frame_of(R)->code->pool;
    A = v;
    if (pc->op == OP_SEND)
        NEXT;
    POLL;
    JUMP_BY((int16_t)pc->c);
}
CASE(SEND): {
    Value receiver = B;
    SAVE;
    if (!TRACED && is_pointer(receiver) && (as_object(receiver)->type == &type_generator || as_object(receiver)->type == &type_coroutine)) {
        Generator *g = (Generator *)receiver;
        Value sent = A;
        Value *regs_new = load_acquire(&g->state) == GEN_CREATED && sent != NONE ? NULL : generator_enter(t, g, R, pc);
        if (likely(regs_new != NULL)) {
            R = regs_new;
            pc = frame_of(R)->pc - 1;
            P = frame_of(R)->code->pool;
            A = sent;
            NEXT;
        }
        if (is_pending(t))
            goto error;
    }
    SendResult result;
    if (unlikely(!op_send(t, R, pc, &result)))
        goto error;
    if (result == SEND_YIELD)
        NEXT;
    JUMP_BY((int16_t)pc->c);
}

CASE(FOR_NEXT_LIST): {
    Value it = B;
    if (likely(is_exactly(it, &type_list_iterator))) {
        IndexIterator *iterator = (IndexIterator *)it;
        Value list = load_acquire(&iterator->sequence);
        if (likely(list)) {
            size_t i = (size_t)load_relaxed(&iterator->index);
            if (likely(i < load_acquire(&as_list(list)->length))) {
                const ValueArray *items = load_acquire(&as_list(list)->items);
                Value v = likely(i < items->cap) ? load_acquire(&items->at[i]) : 0;
                if (likely(v)) {
                    store_relaxed(&iterator->index, (int64_t)i + 1);
                    A = v;
                    POLL;
                    JUMP_BY((int16_t)pc->c);
                }
            }
        }
    }
    goto for_next_general;
}
CASE(FOR_NEXT_TUPLE): {
    Value it = B;
    if (likely(is_exactly(it, &type_tuple_iterator))) {
        IndexIterator *iterator = (IndexIterator *)it;
        Value tuple = load_acquire(&iterator->sequence);
        size_t i = (size_t)load_relaxed(&iterator->index);
        if (likely(tuple) && likely(i < as_tuple(tuple)->length)) {
            store_relaxed(&iterator->index, (int64_t)i + 1);
            A = as_tuple(tuple)->at[i];
            POLL;
            JUMP_BY((int16_t)pc->c);
        }
    }
    goto for_next_general;
}
CASE(FOR_NEXT_RANGE): {
    Value it = B;
    if (likely(is_exactly(it, &type_range_iterator))) {
        RangeIterator *iterator = (RangeIterator *)it;
        uint64_t left = load_relaxed(&iterator->left);
        if (likely(left)) {
            int64_t i = load_relaxed(&iterator->next);
            store_relaxed(&iterator->left, left - 1);
            store_relaxed(&iterator->next, i + iterator->step);
            A = fixnum(i);
            POLL;
            JUMP_BY((int16_t)pc->c);
        }
        NEXT;
    }
    goto for_next_general;
}
CASE(FOR_NEXT_GENERATOR): {
    Value it = B;
    if (!TRACED && likely(is_exactly(it, &type_generator))) {
        SAVE;
        Value *regs_new = generator_enter(t, (Generator *)it, R, pc);
        if (likely(regs_new != NULL)) {
            R = regs_new;
            pc = frame_of(R)->pc - 1;
            P = frame_of(R)->code->pool;
            A = NONE;
            NEXT;
        }
        if (is_pending(t))
            goto error;
        NEXT;
    }
    goto for_next_general;
}
CASE(FOR_NEXT): CASE(FOR_NEXT_ANY):
for_next_general: {
    SAVE;
    int status = for_next_slow(t, R, pc);
    if (unlikely(status < 0))
        goto error;
    if (!status)
        NEXT;
    POLL;
    JUMP_BY((int16_t)pc->c);
}
