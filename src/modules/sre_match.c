// sre_match.c: running a pattern over a subject. The matcher proper is sre_match.inc, compiled for each width of character.
#include <stdlib.h>

#include "src/modules/sre.h"
#include "src/ops/ops.h"
#include "src/types/bytes_methods.h"
#include "src/types/search.h"
#include "src/types/str_units.h"

enum { CHOICE_GREEDY, CHOICE_LAZY, CHOICE_BRANCH, CHOICE_TAIL, CHOICE_MORE,
       BARRIER_ASSERT, BARRIER_ASSERT_NOT, BARRIER_ATOMIC, BARRIER_POSSESSIVE };
enum { UNDO_MARK, UNDO_LASTINDEX, UNDO_REPEAT, UNDO_COUNT, UNDO_LAST, UNDO_DROP };

// --- stacks: on the Matcher while small, then malloc'ed (they hold no references) ---

// False with MemoryError pending.
static NOINLINE bool stack_grow(Matcher *m, void **stack, const void *small, size_t *cap, size_t n, size_t size)
{
    void *p = malloc(*cap * 2 * size);
    if (!p)
        return raise_no_memory(m->t);
    memcpy(p, *stack, n * size);
    if (*stack != small)
        free(*stack);
    *stack = p;
    *cap *= 2;
    return true;
}

static inline bool push_choice(Matcher *m, uint32_t kind, uint32_t pc, int64_t at, int64_t low, uint32_t extra)
{
    if (unlikely(m->n_choices >= m->cap_choices) &&
        !stack_grow(m, (void **)&m->choices, m->small_choices, &m->cap_choices, m->n_choices, sizeof(Choice)))
        return false;
    m->choices[m->n_choices++] = (Choice){kind, pc, (uint32_t)m->n_undos, extra, at, low};
    return true;
}

// Notes a change, unless nothing could ever take it back.
static inline bool push_undo(Matcher *m, uint32_t what, uint32_t which, int64_t old)
{
    if (m->n_choices == 0)
        return true;
    if (unlikely(m->n_undos >= m->cap_undos) &&
        !stack_grow(m, (void **)&m->undos, m->small_undos, &m->cap_undos, m->n_undos, sizeof(Undo)))
        return false;
    m->undos[m->n_undos++] = (Undo){what, which, old};
    return true;
}

static inline bool set_mark(Matcher *m, uint32_t i, int64_t at)
{
    if (!push_undo(m, UNDO_MARK, i, m->marks[i]))
        return false;
    m->marks[i] = at;
    if (!(i & 1))
        return true;
    int64_t old = m->lastindex;
    m->lastindex = i / 2 + 1;
    return push_undo(m, UNDO_LASTINDEX, 0, old);
}

static bool push_repeat(Matcher *m, uint32_t pc)
{
    if (unlikely(m->n_repeats >= m->cap_repeats) &&
        !stack_grow(m, (void **)&m->repeats, m->small_repeats, &m->cap_repeats, m->n_repeats, sizeof(Repeat)))
        return false;
    if (!push_undo(m, UNDO_REPEAT, 0, m->repeat) || !push_undo(m, UNDO_DROP, 0, 0))
        return false;
    m->repeats[m->n_repeats] = (Repeat){pc, m->repeat, -1, -1};
    m->repeat = (int32_t)m->n_repeats++;
    return true;
}

static inline bool set_repeat_count(Matcher *m, int64_t count, int64_t last)
{
    Repeat *r = &m->repeats[m->repeat];
    if (!push_undo(m, UNDO_COUNT, (uint32_t)m->repeat, r->count) || !push_undo(m, UNDO_LAST, (uint32_t)m->repeat, r->last))
        return false;
    r->count = count;
    r->last = last;
    return true;
}

static inline bool leave_repeat(Matcher *m)
{
    if (!push_undo(m, UNDO_REPEAT, 0, m->repeat))
        return false;
    m->repeat = m->repeats[m->repeat].previous;
    return true;
}

static inline void undo_to(Matcher *m, size_t n)
{
    while (m->n_undos > n) {
        const Undo *u = &m->undos[--m->n_undos];
        switch (u->what) {
        case UNDO_MARK: m->marks[u->which] = u->old; break;
        case UNDO_LASTINDEX: m->lastindex = u->old; break;
        case UNDO_REPEAT: m->repeat = (int32_t)u->old; break;
        case UNDO_COUNT: m->repeats[u->which].count = u->old; break;
        case UNDO_LAST: m->repeats[u->which].last = u->old; break;
        case UNDO_DROP: m->n_repeats--; break;
        }
    }
}

static bool push_barrier(Matcher *m, uint32_t kind, uint32_t pc, int64_t at)
{
    if (!push_choice(m, kind, pc, at, 0, (uint32_t)(m->barrier + 1)))
        return false;
    m->barrier = (int64_t)m->n_choices - 1;
    return true;
}

static void pop_barrier(Matcher *m)
{
    m->n_choices = (size_t)m->barrier;
    m->barrier = (int64_t)m->choices[m->n_choices].extra - 1;
}

// The part behind the innermost barrier has matched. False: the whole fails here.
static bool barrier_passed(Matcher *m, uint32_t *pc, size_t *at)
{
    Choice *b = &m->choices[m->barrier];
    const uint32_t *head = m->p->code + b->pc;
    switch (b->kind) {
    case BARRIER_ASSERT:
        *at = (size_t)b->at;
        *pc = b->pc;
        pop_barrier(m);
        return true;
    case BARRIER_ATOMIC:
        *pc = b->pc;
        pop_barrier(m);
        return true;
    case BARRIER_ASSERT_NOT:
        undo_to(m, b->trail);
        pop_barrier(m);
        return false;
    default:       // BARRIER_POSSESSIVE: one more iteration is done
        b->low++;
        m->n_choices = (size_t)m->barrier + 1;
        if ((head[2] != SRE_MAXREPEAT && b->low >= head[2]) || (b->low >= head[1] && (int64_t)*at == b->at)) {
            *pc = b->pc + head[0] + 1;
            pop_barrier(m);
            return true;
        }
        b->at = (int64_t)*at;
        *pc = b->pc + 3;
        // What this iteration set stays, but the next one's failure must not take it back.
        m->choices[m->n_choices - 1].trail = (uint32_t)m->n_undos;
        return true;
    }
}

// The choices that are neither a greedy or lazy single character nor a branch; their undo is done. False: nothing here, go on failing.
static bool resume_choice(Matcher *m, Choice *c, uint32_t *pc, size_t *at)
{
    uint32_t kind = c->kind, place = c->pc, repeat = c->extra;
    int64_t low = c->low;
    const uint32_t *head = m->p->code + place;
    switch (kind) {
    case CHOICE_TAIL:
        m->n_choices--;
        *pc = place;
        return leave_repeat(m);
    case CHOICE_MORE:
        m->n_choices--;
        if (!push_undo(m, UNDO_REPEAT, 0, m->repeat))
            return false;
        m->repeat = (int32_t)repeat;
        *pc = place;
        return set_repeat_count(m, low, (int64_t)*at);
    case BARRIER_ASSERT_NOT:
        pop_barrier(m);
        *pc = place;
        return true;
    case BARRIER_POSSESSIVE:
        pop_barrier(m);
        if (low < head[1])
            return false;
        *pc = place + head[0] + 1;
        return true;
    default:       // BARRIER_ASSERT, BARRIER_ATOMIC
        pop_barrier(m);
        return false;
    }
}

static void matcher_reset(Matcher *m)
{
    for (int64_t i = 0; i < 2 * m->p->groups; i++)
        m->marks[i] = -1;
    m->lastindex = -1;
    m->n_choices = m->n_undos = m->n_repeats = 0;
    m->repeat = -1;
    m->barrier = -1;
}

// --- what differs between operators ---

static bool in_set(SreOp op, const uint32_t *set, uint32_t c)
{
    if (op != SRE_IN_LOC_IGNORE)
        return sre_charset_has(set, sre_lower(op, c));
    uint32_t lower = sre_lower_locale(c), upper = sre_upper_locale(c);
    if (upper == lower || set[0] != SRE_NEGATE)
        return sre_charset_has(set, lower) || sre_charset_has(set, upper);
    return sre_charset_has(set, lower) && sre_charset_has(set, upper);
}

static bool locale_equal(uint32_t want, uint32_t c)
{
    return c == want || sre_lower_locale(c) == want || sre_upper_locale(c) == want;
}

static uint32_t fold_group(uint32_t op, uint32_t c)
{
    return op == SRE_GROUPREF_LOC_IGNORE ? sre_lower_locale(c) : sre_lower((SreOp)op, c);
}

static size_t find_prefix_1(const Matcher *m, size_t i)
{
    const uint8_t *s = m->data;
    const Pattern *p = m->p;
    uint8_t narrow[SRE_PREFIX_MAX];
    uint32_t n = p->prefix_length < sizeof narrow ? p->prefix_length : (uint32_t)sizeof narrow;
    for (uint32_t k = 0; k < n; k++) {
        if (p->prefix[k] > 255)
            return SIZE_MAX;
        narrow[k] = (uint8_t)p->prefix[k];
    }
    const uint8_t *hit = n == 1 ? memchr(s + i, narrow[0], m->end - i) : memmem(s + i, m->end - i, narrow, n);
    return hit ? (size_t)(hit - s) : SIZE_MAX;
}

static size_t find_prefix_wide(const Matcher *m, size_t i, uint32_t n)
{
    for (; i + n <= m->end; i++) {
        uint32_t k = 0;
        while (k < n && unit_get(m->data, m->unit, i + k) == m->p->prefix[k])
            k++;
        if (k == n)
            return i;
    }
    return SIZE_MAX;
}

static size_t find_prefix_2(const Matcher *m, size_t i) { return find_prefix_wide(m, i, m->p->prefix_length); }
static size_t find_prefix_4(const Matcher *m, size_t i) { return find_prefix_wide(m, i, m->p->prefix_length); }

#define NAME(x) x##_1
#define UNIT uint8_t
#include "src/modules/sre_match.inc"
#undef NAME
#undef UNIT
#define NAME(x) x##_2
#define UNIT uint16_t
#include "src/modules/sre_match.inc"
#undef NAME
#undef UNIT
#define NAME(x) x##_4
#define UNIT uint32_t
#include "src/modules/sre_match.inc"
#undef NAME
#undef UNIT

int matcher_match(Matcher *m)
{
    matcher_reset(m);
    if (m->start > m->end)
        return 0;
    switch (m->unit) {
    case 1: return run_1(m, m->p->start, m->start);
    case 2: return run_2(m, m->p->start, m->start);
    default: return run_4(m, m->p->start, m->start);
    }
}

int matcher_search(Matcher *m)
{
    matcher_reset(m);
    switch (m->unit) {
    case 1: return search_1(m);
    case 2: return search_2(m);
    default: return search_4(m);
    }
}

// --- subjects ---

static bool subject_open(Thread *t, Matcher *m, Value string, size_t *out_length)
{
    if (is_str(string)) {
        if (m->p->is_bytes == 1)
            return raise(t, EXC(TypeError), "cannot use a bytes pattern on a string-like object");
        m->data = as_str(string)->data;
        m->unit = str_unit(as_str(string));
        *out_length = as_str(string)->length;
        return true;
    }
    if (!buffer_supported(string))
        return raise(t, EXC(TypeError), "expected string or bytes-like object, got '%.200T'", string);
    if (is_bytes(string)) {
        m->data = as_bytes(string)->data;
        *out_length = as_bytes(string)->length;
    } else {
        if (!buffer_get(t, string, &m->buffer, BUFFER_SIMPLE))
            return false;
        m->holds_buffer = true;
        m->data = m->buffer.data;
        *out_length = (size_t)m->buffer.length;
    }
    m->unit = 1;
    if (m->p->is_bytes == 0) {
        matcher_close(m);
        return raise(t, EXC(TypeError), "cannot use a string pattern on a bytes-like object");
    }
    return true;
}

bool matcher_init(Thread *t, Matcher *m, const Pattern *p, Value string, int64_t start, int64_t end)
{
    memset(m, 0, offsetof(Matcher, small_choices));
    m->t = t;
    m->p = p;
    m->string = string;
    m->choices = m->small_choices;
    m->undos = m->small_undos;
    m->repeats = m->small_repeats;
    m->cap_choices = COUNT_OF(m->small_choices);
    m->cap_undos = COUNT_OF(m->small_undos);
    m->cap_repeats = COUNT_OF(m->small_repeats);
    size_t length = 0;
    if (!subject_open(t, m, string, &length))
        return false;
    m->marks = m->small_marks;
    if (2 * p->groups > SRE_SMALL_MARKS && !(m->marks = new_atomic(t, (size_t)p->groups * 2 * sizeof(int64_t)))) {
        matcher_close(m);
        return false;
    }
    int64_t n = (int64_t)length;
    m->start = (size_t)(start < 0 ? 0 : start > n ? n : start);
    m->end = (size_t)(end < 0 ? 0 : end > n ? n : end);
    return true;
}

void matcher_close(Matcher *m)
{
    if (m->choices != m->small_choices)
        free(m->choices);
    if (m->undos != m->small_undos)
        free(m->undos);
    if (m->repeats != m->small_repeats)
        free(m->repeats);
    m->choices = m->small_choices;
    m->undos = m->small_undos;
    m->repeats = m->small_repeats;
    if (m->holds_buffer)
        buffer_release(m->t, &m->buffer);
    m->holds_buffer = false;
}

Value subject_slice(Thread *t, Value string, int64_t start, int64_t end)
{
    if (is_str(string))
        return str_substring(t, string, (size_t)start, (size_t)end);
    if (is_bytes(string)) {
        const Bytes *b = as_bytes(string);
        if (start == 0 && end == (int64_t)b->length && is_exactly(string, &type_bytes))
            return string;
        int64_t stop = end > (int64_t)b->length ? (int64_t)b->length : end;
        return start < stop ? bytes_new(t, b->data + start, (size_t)(stop - start)) : bytes_empty;
    }
    Buffer view;
    if (!buffer_get(t, string, &view, BUFFER_SIMPLE))
        return 0;
    int64_t stop = end > view.length ? view.length : end;
    Value out = start < stop ? bytes_new(t, (uint8_t *)view.data + start, (size_t)(stop - start)) : bytes_empty;
    buffer_release(t, &view);
    return out;
}

Value matcher_slice(Thread *t, const Matcher *m, int64_t start, int64_t end)
{
    if (!m->holds_buffer)
        return subject_slice(t, m->string, start, end);
    return start < end ? bytes_new(t, (const uint8_t *)m->data + start, (size_t)(end - start)) : bytes_empty;
}
