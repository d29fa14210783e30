// unicode_normal.c: NFC, NFD, NFKC, NFKD: decompose, order combining marks, compose.
#include "src/modules/unicode_normal.h"

#include "src/core/error.h"
#include "src/types/str_units.h"
#include "src/types/unicode.h"

#define S_BASE 0xac00u
#define L_BASE 0x1100u
#define V_BASE 0x1161u
#define T_BASE 0x11a7u
enum { L_COUNT = 19, V_COUNT = 21, T_COUNT = 28, N_COUNT = V_COUNT * T_COUNT, S_COUNT = L_COUNT * N_COUNT };

// Code points under work; collected atomic memory.
typedef struct Codes {
    uint32_t *at;
    size_t n, capacity;
} Codes;

static bool codes_add(Thread *t, Codes *c, uint32_t code)
{
    if (c->n == c->capacity) {
        size_t capacity = c->capacity + c->capacity / 2 + 16;
        uint32_t *grown = new_atomic(t, capacity * sizeof(uint32_t));
        if (!grown)
            return false;
        if (c->n)
            memcpy(grown, c->at, c->n * sizeof(uint32_t));
        c->at = grown;
        c->capacity = capacity;
    }
    c->at[c->n++] = code;
    return true;
}

static bool add_hangul(Thread *t, Codes *out, uint32_t c)
{
    uint32_t i = c - S_BASE, trail = i % T_COUNT;
    return codes_add(t, out, L_BASE + i / N_COUNT) && codes_add(t, out, V_BASE + i % N_COUNT / T_COUNT) &&
           (!trail || codes_add(t, out, T_BASE + trail));
}

// Decompositions that were corrected after Unicode 3.2.
static uint32_t old_decomposition(uint32_t c)
{
    static const uint32_t corrected[][2] = {{0x2f868, 0x2136a}, {0x2f874, 0x5f33}, {0x2f91f, 0x43ab}, {0x2f95f, 0x7aae}, {0x2f9bf, 0x4d57}};
    for (size_t i = 0; i < COUNT_OF(corrected); i++) {
        if (corrected[i][0] == c)
            return corrected[i][1];
    }
    return 0;
}

// Decompositions nest a few levels only.
static bool decompose(Thread *t, Codes *out, uint32_t c, bool compatible, bool (*assigned)(uint32_t))
{
    const uint32_t *parts;
    const char *tag;
    if (c < 0x80)
        return codes_add(t, out, c);
    if (c - S_BASE < S_COUNT)
        return add_hangul(t, out, c);
    if (assigned && old_decomposition(c))
        return codes_add(t, out, old_decomposition(c));
    int n = !assigned || assigned(c) ? char_decomposition(c, &parts, &tag) : 0;
    if (n == 0 || (*tag && !compatible))
        return codes_add(t, out, c);
    for (int i = 0; i < n; i++) {
        if (!decompose(t, out, parts[i], compatible, assigned))
            return false;
    }
    return true;
}

// Stable sort of each run of combining marks by class.
static void order_marks(Codes *c)
{
    for (size_t i = 1; i < c->n; i++) {
        uint32_t code = c->at[i];
        uint8_t class = char_info(code)->combining;
        size_t j = i;
        while (class && j > 0 && char_info(c->at[j - 1])->combining > class) {
            c->at[j] = c->at[j - 1];
            j--;
        }
        c->at[j] = code;
    }
}

static uint32_t combine(uint32_t a, uint32_t b)
{
    if (a - L_BASE < L_COUNT && b - V_BASE < V_COUNT)
        return S_BASE + ((a - L_BASE) * V_COUNT + (b - V_BASE)) * T_COUNT;
    if (a - S_BASE < S_COUNT && (a - S_BASE) % T_COUNT == 0 && b > T_BASE && b < T_BASE + T_COUNT)
        return a + (b - T_BASE);
    return char_compose(a, b);
}

static void compose(Codes *c)
{
    size_t to = 0, starter = SIZE_MAX;
    int last_class = -1;             // of what stands between the starter and here; -1: nothing
    for (size_t i = 0; i < c->n; i++) {
        uint32_t code = c->at[i];
        int class = char_info(code)->combining;
        if (starter != SIZE_MAX && last_class < class) {
            uint32_t whole = combine(c->at[starter], code);
            if (whole) {
                c->at[starter] = whole;
                continue;
            }
        }
        if (class == 0) {
            starter = to;
            last_class = -1;
        } else {
            last_class = class;
        }
        c->at[to++] = code;
    }
    c->n = to;
}

Value unicode_normalize(Thread *t, Value text, NormalForm form, bool (*assigned)(uint32_t c))
{
    const Str *s = as_str(text);
    bool composed = form == NORMAL_NFC || form == NORMAL_NFKC;
    if (str_is_ascii(s) || (form == NORMAL_NFC && str_unit(s) == 1))
        return str_exact(t, text);
    Codes codes = {0};
    for (size_t i = 0; i < s->length; i++) {
        if (!decompose(t, &codes, str_at(s, i), form >= NORMAL_NFKC, assigned))
            return 0;
    }
    order_marks(&codes);
    if (composed)
        compose(&codes);
    return str_from_ucs4(t, codes.at, codes.n);
}
