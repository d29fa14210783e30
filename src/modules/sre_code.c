// sre_code.c: checking the code of a pattern and preparing it: a map of the low characters for each set, the set of first characters.
#include <ctype.h>

#include "src/modules/sre.h"
#include "src/types/unicode.h"

// --- characters ---

static inline bool ascii_word(uint32_t c) { return c < 128 && (isalnum((int)c) || c == '_'); }
static inline bool ascii_space(uint32_t c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool unicode_word(uint32_t c) { return c == '_' || (char_flags(c) & CHAR_ALNUM); }
static bool unicode_space(uint32_t c) { return char_flags(c) & CHAR_SPACE; }
bool sre_locale_word(uint32_t c) { return c < 256 && (isalnum((int)c) || c == '_'); }

// The categories in re/_constants.py's order come in pairs: one and its opposite.
bool sre_category_has(uint32_t category, uint32_t c)
{
    bool in = false;
    switch (category / 2) {
    case 0: in = c - '0' < 10; break;
    case 1: in = ascii_space(c); break;
    case 2: in = ascii_word(c); break;
    case 3: in = c == '\n'; break;
    case 4: in = sre_locale_word(c); break;
    case 5: in = char_flags(c) & CHAR_DECIMAL; break;
    case 6: in = unicode_space(c); break;
    case 7: in = unicode_word(c); break;
    case 8: in = char_flags(c) & CHAR_LINE_BREAK; break;
    }
    return in ^ (category & 1);
}

uint32_t sre_lower_locale(uint32_t c) { return c < 256 ? (uint32_t)tolower((int)c) : c; }
uint32_t sre_upper_locale(uint32_t c) { return c < 256 ? (uint32_t)toupper((int)c) : c; }

uint32_t sre_lower(SreOp op, uint32_t c)
{
    switch (op) {
    case SRE_IN_IGNORE: case SRE_LITERAL_IGNORE: case SRE_NOT_LITERAL_IGNORE: case SRE_GROUPREF_IGNORE:
        return c - 'A' < 26 ? c + 32 : c;
    case SRE_IN_UNI_IGNORE: case SRE_LITERAL_UNI_IGNORE: case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_GROUPREF_UNI_IGNORE:
        return char_simple_lower(c);
    default:
        return c;
    }
}

bool sre_charset_has(const uint32_t *set, uint32_t c)
{
    bool in = true;
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE:
            return !in;
        case SRE_LITERAL:
            if (c == *set++)
                return in;
            break;
        case SRE_CATEGORY:
            if (sre_category_has(*set++, c))
                return in;
            break;
        case SRE_CHARSET:
            if (c < 256 && (set[c >> 5] >> (c & 31) & 1))
                return in;
            set += 8;
            break;
        case SRE_RANGE:
            if (set[0] <= c && c <= set[1])
                return in;
            set += 2;
            break;
        case SRE_RANGE_UNI_IGNORE: {
            uint32_t upper = char_simple_upper(c);
            if ((set[0] <= c && c <= set[1]) || (set[0] <= upper && upper <= set[1]))
                return in;
            set += 2;
            break;
        }
        case SRE_NEGATE:
            in = !in;
            break;
        case SRE_BIGCHARSET: {
            uint32_t count = *set++;
            if (c < 0x10000) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                if (set[64 + block * 8 + (c >> 5 & 7)] >> (c & 31) & 1)
                    return in;
            }
            set += 64 + count * 8;
            break;
        }
        default:
            return false;
        }
    }
}

// --- validation: every skip leads forward to a place inside, every operand is in range ---

typedef struct Checker {
    const Pattern *p;
    const uint32_t *code;
    uint32_t n_maps;
    int depth;
} Checker;

static bool check_set(const uint32_t *code, size_t i, size_t end)
{
    while (i < end) {
        uint32_t op = code[i++];
        size_t n;
        switch (op) {
        case SRE_NEGATE: n = 0; break;
        case SRE_LITERAL: n = 1; break;
        case SRE_RANGE: case SRE_RANGE_UNI_IGNORE: n = 2; break;
        case SRE_CHARSET: n = 8; break;
        case SRE_CATEGORY:
            if (i >= end || code[i] >= SRE_CATEGORY_COUNT)
                return false;
            n = 1;
            break;
        case SRE_BIGCHARSET:
            if (i >= end || code[i] > 256 || end - i < 65)
                return false;
            for (size_t k = 0; k < 256; k++) {
                if (((const uint8_t *)(code + i + 1))[k] >= code[i])
                    return false;
            }
            n = 65 + (size_t)code[i] * 8;
            break;
        case SRE_FAILURE: return i == end;
        default: return false;
        }
        if (n > end - i)
            return false;
        i += n;
    }
    return false;
}

static bool check_range(Checker *c, size_t i, size_t end);

// The skip word at i leads to *out, which lies in (i, end].
static bool read_skip(const Checker *c, size_t i, size_t end, size_t *out)
{
    if (i >= end || c->code[i] == 0 || c->code[i] > end - i)
        return false;
    *out = i + c->code[i];
    return true;
}

static bool check_info(const Checker *c, size_t i, size_t end, size_t *next)
{
    if (!read_skip(c, i, end, next) || *next - i < 4)
        return false;
    uint32_t flags = c->code[i + 1];
    if (flags & ~7u)
        return false;
    if (flags & SRE_INFO_PREFIX) {
        if (*next - i < 6)
            return false;
        size_t n = c->code[i + 4];
        return *next - i - 6 == 2 * n && c->code[i + 5] <= n && n > 0;
    }
    return !(flags & SRE_INFO_CHARSET) || check_set(c->code, i + 4, *next);
}

static bool check_branch(Checker *c, size_t i, size_t end, size_t *next)
{
    size_t target = 0;
    for (;;) {
        if (i >= end)
            return false;
        if (c->code[i] == 0)
            break;
        size_t after;
        if (!read_skip(c, i, end, &after) || after - i < 3 || c->code[after - 2] != SRE_JUMP)
            return false;
        if (!check_range(c, i + 1, after - 2))
            return false;
        size_t jump;
        if (!read_skip(c, after - 1, end, &jump) || (target && jump != target))
            return false;
        target = jump;
        i = after;
    }
    *next = i + 1;
    return !target || target == *next;
}

static bool check_repeat(Checker *c, uint32_t op, size_t i, size_t end, size_t *next)
{
    size_t after;
    if (!read_skip(c, i, end, &after) || after - i < 3)
        return false;
    uint32_t low = c->code[i + 1], high = c->code[i + 2];
    if (low > high || high > SRE_MAXREPEAT)
        return false;
    if (op == SRE_REPEAT_ONE || op == SRE_MIN_REPEAT_ONE || op == SRE_POSSESSIVE_REPEAT_ONE) {
        *next = after;
        return after - i >= 5 && c->code[after - 1] == SRE_SUCCESS && check_range(c, i + 3, after - 1);
    }
    if (after >= end || !check_range(c, i + 3, after))
        return false;
    uint32_t last = c->code[after];
    *next = after + 1;
    return op == SRE_POSSESSIVE_REPEAT ? last == SRE_SUCCESS : last == SRE_MAX_UNTIL || last == SRE_MIN_UNTIL;
}

static bool check_exists(Checker *c, size_t i, size_t end, size_t *next)
{
    if (end - i < 2 || c->code[i] >= (uint64_t)c->p->groups || c->code[i + 1] < 2 || c->code[i + 1] > end - i)
        return false;
    size_t after = i + c->code[i + 1];
    if (after - i >= 4 && c->code[after - 2] == SRE_JUMP) {       // yes … JUMP no …
        size_t jump;
        if (read_skip(c, after - 1, end, &jump) && check_range(c, i + 2, after - 2) && check_range(c, after, jump)) {
            *next = jump;
            return true;
        }
    }
    *next = after;
    return check_range(c, i + 2, after);
}

static bool check_set_op(Checker *c, size_t i, size_t end, size_t *next)
{
    c->n_maps++;
    return read_skip(c, i, end, next) && check_set(c->code, i + 1, *next);
}

static bool check_one(Checker *c, uint32_t op, size_t i, size_t end, size_t *next)
{
    size_t left = end - i;
    *next = i + 1;
    switch (op) {
    case SRE_SUCCESS: case SRE_FAILURE: case SRE_ANY: case SRE_ANY_ALL:
        *next = i;
        return true;
    case SRE_LITERAL: case SRE_NOT_LITERAL: case SRE_LITERAL_IGNORE: case SRE_NOT_LITERAL_IGNORE: case SRE_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE: case SRE_LITERAL_LOC_IGNORE: case SRE_NOT_LITERAL_LOC_IGNORE:
        return left >= 1;
    case SRE_MARK: return left >= 1 && c->code[i] < 2 * (uint64_t)c->p->groups;
    case SRE_AT: return left >= 1 && c->code[i] < SRE_AT_COUNT;
    case SRE_CATEGORY: return left >= 1 && c->code[i] < SRE_CATEGORY_COUNT;
    case SRE_GROUPREF: case SRE_GROUPREF_IGNORE: case SRE_GROUPREF_UNI_IGNORE: case SRE_GROUPREF_LOC_IGNORE:
        return left >= 1 && c->code[i] < (uint64_t)c->p->groups;
    case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE: return check_set_op(c, i, end, next);
    case SRE_INFO: return check_info(c, i, end, next);
    case SRE_BRANCH: return check_branch(c, i, end, next);
    case SRE_REPEAT: case SRE_REPEAT_ONE: case SRE_MIN_REPEAT_ONE: case SRE_POSSESSIVE_REPEAT: case SRE_POSSESSIVE_REPEAT_ONE:
        return check_repeat(c, op, i, end, next);
    case SRE_ATOMIC_GROUP:
        return read_skip(c, i, end, next) && *next - i >= 2 && c->code[*next - 1] == SRE_SUCCESS && check_range(c, i + 1, *next - 1);
    case SRE_ASSERT: case SRE_ASSERT_NOT:
        return read_skip(c, i, end, next) && *next - i >= 3 && c->code[*next - 1] == SRE_SUCCESS && check_range(c, i + 2, *next - 1);
    case SRE_GROUPREF_EXISTS: return check_exists(c, i, end, next);
    }
    return false;
}

static bool check_range(Checker *c, size_t i, size_t end)
{
    if (i > end || ++c->depth > 10000)
        return false;
    while (i < end) {
        uint32_t op = c->code[i];
        if (!check_one(c, op, i + 1, end, &i) || i > end)
            return false;
    }
    c->depth--;
    return true;
}

// --- maps and first characters ---

static bool set_has(uint32_t op, const uint32_t *set, uint32_t c)
{
    if (op != SRE_IN_LOC_IGNORE)
        return sre_charset_has(set, sre_lower((SreOp)op, c));
    uint32_t lower = sre_lower_locale(c), upper = sre_upper_locale(c);
    if (upper == lower || set[0] != SRE_NEGATE)
        return sre_charset_has(set, lower) || sre_charset_has(set, upper);
    return sre_charset_has(set, lower) && sre_charset_has(set, upper);
}

// Fills the maps in the order of code words; walks like check_range, which has approved the code.
static void fill_maps(Pattern *p, size_t i, size_t end, uint32_t *n)
{
    while (i < end) {
        uint32_t op = p->code[i++];
        switch (op) {
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE: {
            CharMap *map = &p->maps[(*n)++];
            p->map_at[i] = *n;
            for (uint32_t c = 0; c < 256; c++) {
                if (set_has(op, p->code + i + 1, c))
                    map_put(map, c);
            }
            i += p->code[i];
            break;
        }
        case SRE_INFO: i += p->code[i]; break;
        case SRE_SUCCESS: case SRE_FAILURE: case SRE_ANY: case SRE_ANY_ALL: case SRE_MAX_UNTIL: case SRE_MIN_UNTIL: break;
        case SRE_BRANCH:
            while (p->code[i]) {
                size_t after = i + p->code[i];
                fill_maps(p, i + 1, after - 2, n);
                i = after;
            }
            i++;
            break;
        case SRE_REPEAT: case SRE_REPEAT_ONE: case SRE_MIN_REPEAT_ONE: case SRE_POSSESSIVE_REPEAT: case SRE_POSSESSIVE_REPEAT_ONE:
            fill_maps(p, i + 3, i + p->code[i], n);
            i += p->code[i];
            break;
        case SRE_ATOMIC_GROUP: fill_maps(p, i + 1, i + p->code[i], n); i += p->code[i]; break;
        case SRE_ASSERT: case SRE_ASSERT_NOT: fill_maps(p, i + 2, i + p->code[i], n); i += p->code[i]; break;
        case SRE_GROUPREF_EXISTS: i += 2; break;          // both parts follow; the JUMP between them is passed below
        default: i++; break;                              // one operand (JUMP too)
        }
    }
}

// Adds the characters that a match from i on can start with. False: unknown, or nothing need be consumed.
static bool first_of(const Pattern *p, size_t i, size_t end, CharMap *out, int depth)
{
    while (i < end && depth < 50) {
        uint32_t op = p->code[i++];
        switch (op) {
        case SRE_MARK: i++; continue;
        case SRE_ASSERT: case SRE_ASSERT_NOT: case SRE_INFO: i += p->code[i]; continue;
        case SRE_AT: i++; continue;
        case SRE_LITERAL:
            if (p->code[i] < 256)
                map_put(out, p->code[i]);
            return true;
        case SRE_LITERAL_IGNORE: case SRE_LITERAL_UNI_IGNORE:
            for (uint32_t c = 0; c < 256; c++) {
                if (sre_lower((SreOp)op, c) == p->code[i])
                    map_put(out, c);
            }
            return true;
        case SRE_IN: case SRE_IN_IGNORE: case SRE_IN_UNI_IGNORE: case SRE_IN_LOC_IGNORE: {
            const CharMap *map = &p->maps[p->map_at[i] - 1];
            for (int k = 0; k < 8; k++)
                out->bits[k] |= map->bits[k];
            return true;
        }
        case SRE_CATEGORY:
            for (uint32_t c = 0; c < 256; c++) {
                if (sre_category_has(p->code[i], c))
                    map_put(out, c);
            }
            return true;
        case SRE_REPEAT: case SRE_REPEAT_ONE: case SRE_MIN_REPEAT_ONE: case SRE_POSSESSIVE_REPEAT: case SRE_POSSESSIVE_REPEAT_ONE:
            // An optional part: what it can start with, and what follows it.
            if (!first_of(p, i + 3, i + p->code[i], out, depth + 1))
                return false;
            if (p->code[i + 1] > 0)
                return true;
            i += p->code[i];
            if (op == SRE_REPEAT || op == SRE_POSSESSIVE_REPEAT)
                i++;
            continue;
        case SRE_ATOMIC_GROUP:
            return first_of(p, i + 1, i + p->code[i], out, depth + 1);
        case SRE_BRANCH:
            for (; p->code[i]; i += p->code[i]) {
                if (!first_of(p, i + 1, i + p->code[i] - 2, out, depth + 1))
                    return false;
            }
            return true;
        default:
            return false;
        }
    }
    return false;
}

static bool is_full(const CharMap *m)
{
    int count = 0;
    for (int k = 0; k < 8; k++)
        count += __builtin_popcount(m->bits[k]);
    return count > 200;      // too little gained
}

bool sre_prepare(Thread *t, Pattern *p)
{
    Checker c = {.p = p, .code = p->code};
    size_t n = (size_t)p->n_code;
    if (n == 0 || p->code[n - 1] != SRE_SUCCESS || !check_range(&c, 0, n))
        return raise(t, EXC(RuntimeError), "invalid SRE code");
    p->map_at = new_atomic(t, n * sizeof(uint32_t));
    p->maps = new_atomic(t, (c.n_maps + 1) * sizeof(CharMap));
    CharMap *first = new_atomic(t, sizeof(CharMap));
    if (!p->map_at || !p->maps || !first)
        return false;
    memset(p->map_at, 0, n * sizeof(uint32_t));
    memset(p->maps, 0, (c.n_maps + 1) * sizeof(CharMap));
    memset(first, 0, sizeof(CharMap));
    uint32_t count = 0;
    fill_maps(p, 0, n, &count);
    p->start = 0;
    if (p->code[0] == SRE_INFO) {
        const uint32_t *info = p->code + 1;
        p->start = 1 + info[0];
        p->min_width = info[2];
        if (info[1] & SRE_INFO_PREFIX) {
            p->prefix_length = info[4];
            p->prefix = info + 6;
            p->all_literal = (info[1] & SRE_INFO_LITERAL) && p->prefix_length <= SRE_PREFIX_MAX;
        }
    }
    if (first_of(p, p->start, n, first, 0) && !is_full(first))
        p->first = first;
    return true;
}
