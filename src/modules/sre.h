// sre.h: regular expressions: the engine behind the library's re package.
//
// re compiles a pattern to 32-bit code words (re/_compiler.py has their layout); sre_code.c checks them once and adds what makes
// matching fast. A Regex is immutable. A Matcher lives on the C stack of one thread.
#ifndef ADDER_MODULES_SRE_H
#define ADDER_MODULES_SRE_H

#include "src/core/error.h"
#include "src/core/type.h"
#include "src/types/bytes.h"
#include "src/types/list.h"
#include "src/types/str.h"

#define SRE_MAGIC 20230612
#define SRE_MAXREPEAT UINT32_MAX
#define SRE_MAXGROUPS 1073741823      // SSIZE_MAX-safe for two marks a group in 32-bit words

// In the order of re/_constants.py.
typedef enum SreOp {
    SRE_FAILURE, SRE_SUCCESS, SRE_ANY, SRE_ANY_ALL, SRE_ASSERT, SRE_ASSERT_NOT, SRE_AT, SRE_BRANCH, SRE_CATEGORY, SRE_CHARSET,
    SRE_BIGCHARSET, SRE_GROUPREF, SRE_GROUPREF_EXISTS, SRE_IN, SRE_INFO, SRE_JUMP, SRE_LITERAL, SRE_MARK, SRE_MAX_UNTIL,
    SRE_MIN_UNTIL, SRE_NOT_LITERAL, SRE_NEGATE, SRE_RANGE, SRE_REPEAT, SRE_REPEAT_ONE, SRE_SUBPATTERN, SRE_MIN_REPEAT_ONE,
    SRE_ATOMIC_GROUP, SRE_POSSESSIVE_REPEAT, SRE_POSSESSIVE_REPEAT_ONE, SRE_GROUPREF_IGNORE, SRE_IN_IGNORE, SRE_LITERAL_IGNORE,
    SRE_NOT_LITERAL_IGNORE, SRE_GROUPREF_LOC_IGNORE, SRE_IN_LOC_IGNORE, SRE_LITERAL_LOC_IGNORE, SRE_NOT_LITERAL_LOC_IGNORE,
    SRE_GROUPREF_UNI_IGNORE, SRE_IN_UNI_IGNORE, SRE_LITERAL_UNI_IGNORE, SRE_NOT_LITERAL_UNI_IGNORE, SRE_RANGE_UNI_IGNORE,
    SRE_OP_COUNT
} SreOp;

typedef enum SreAt {
    SRE_AT_BEGINNING, SRE_AT_BEGINNING_LINE, SRE_AT_BEGINNING_STRING, SRE_AT_BOUNDARY, SRE_AT_NON_BOUNDARY, SRE_AT_END,
    SRE_AT_END_LINE, SRE_AT_END_STRING, SRE_AT_LOC_BOUNDARY, SRE_AT_LOC_NON_BOUNDARY, SRE_AT_UNI_BOUNDARY,
    SRE_AT_UNI_NON_BOUNDARY, SRE_AT_COUNT
} SreAt;

enum { SRE_CATEGORY_COUNT = 18 };
enum { SRE_PREFIX_MAX = 64 };         // characters of a literal prefix that are searched for
enum { SRE_INFO_PREFIX = 1, SRE_INFO_LITERAL = 2, SRE_INFO_CHARSET = 4 };
enum { SRE_FLAG_IGNORECASE = 2, SRE_FLAG_LOCALE = 4, SRE_FLAG_UNICODE = 32, SRE_FLAG_DEBUG = 128 };

typedef struct CharMap { uint32_t bits[8]; } CharMap;    // one bit per character below 256
static inline bool map_has(const CharMap *m, uint32_t c) { return m->bits[c >> 5] >> (c & 31) & 1; }
static inline void map_put(CharMap *m, uint32_t c) { m->bits[c >> 5] |= 1u << (c & 31); }

// The type re.Pattern.
typedef struct Pattern {
    Object head;
    Value pattern;             // str, bytes or None
    Value groupindex;          // dict: name → number
    Value indexgroup;          // tuple: name of each group or None
    uint32_t *code;            // atomic memory
    uint32_t *map_at;          // for each code word: number + 1 of the map of the IN that starts there
    CharMap *maps;
    CharMap *first;            // characters that a match can start with; null: any, or the empty match is possible
    int64_t n_code;
    int64_t groups;
    int64_t flags;
    int is_bytes;              // 1 bytes, 0 str, -1 neither was given
    uint32_t min_width;
    const uint32_t *prefix;    // in code; null: none (an interior pointer: only together with code)
    uint32_t prefix_length;
    bool all_literal;          // the prefix is the whole pattern
    uint32_t start;            // first word behind INFO
} Pattern;

static inline Pattern *as_pattern(Value v) { return (Pattern *)v; }

// A point to come back to, or a barrier around a part that is matched on its own.
typedef struct Choice {
    uint32_t kind, pc, trail, extra;
    int64_t at, low;
} Choice;

typedef struct Undo {
    uint32_t what, which;
    int64_t old;
} Undo;

typedef struct Repeat {
    uint32_t pc;               // of the skip word
    int32_t previous;          // enclosing repeat, or -1
    int64_t count;
    int64_t last;              // where the last iteration started, -1: none
} Repeat;

enum { SRE_SMALL = 64, SRE_SMALL_MARKS = 32 };

typedef struct Matcher {
    Thread *t;
    const Pattern *p;
    Value string;              // keeps data alive
    const void *data;
    int unit;                  // bytes per character
    size_t start, end;         // where to look
    size_t at;                 // end of the match
    bool match_all, must_advance;
    size_t forbidden;          // with must_advance: no empty match here
    int64_t *marks;            // start and end of each group, -1: not matched
    int64_t lastindex;         // -1: none
    Choice *choices;
    Undo *undos;
    Repeat *repeats;
    size_t n_choices, n_undos, n_repeats, cap_choices, cap_undos, cap_repeats;
    int32_t repeat;            // innermost, or -1
    int64_t barrier;           // index of the innermost barrier, or -1
    uint32_t polls;
    Buffer buffer;             // of bytes-like subjects
    bool holds_buffer;
    Choice small_choices[SRE_SMALL];
    Undo small_undos[SRE_SMALL];
    Repeat small_repeats[8];
    int64_t small_marks[SRE_SMALL_MARKS];
} Matcher;

// sre_code.c
MUST_CHECK bool sre_prepare(Thread *t, Pattern *p);             // checks the code (RuntimeError) and fills the derived fields
bool sre_charset_has(const uint32_t *set, uint32_t c);          // interprets the words of a set
bool sre_category_has(uint32_t category, uint32_t c);
uint32_t sre_lower(SreOp op, uint32_t c);                       // folding of an _IGNORE operator
uint32_t sre_lower_locale(uint32_t c);
uint32_t sre_upper_locale(uint32_t c);
bool sre_locale_word(uint32_t c);

// sre_match.c
MUST_CHECK bool matcher_init(Thread *t, Matcher *m, const Pattern *p, Value string, int64_t start, int64_t end);
void matcher_close(Matcher *m);
int matcher_match(Matcher *m);                                  // at m->start; 1, 0, -1 error
int matcher_search(Matcher *m);                                 // from m->start on; sets m->start to where it begins
Value matcher_slice(Thread *t, const Matcher *m, int64_t start, int64_t end);
Value subject_slice(Thread *t, Value string, int64_t start, int64_t end);

// The type re.Match; immutable.
typedef struct Match {
    Object head;
    Value string;
    Pattern *pattern;
    Value regs;                // tuple, made when asked for; 0 before
    int64_t pos, endpos, lastindex;
    int64_t groups;            // with group 0
    int64_t marks[];           // start and end of each; -1: not matched
} Match;
static inline Match *as_match(Value v) { return (Match *)v; }
Value match_new(Thread *t, const Matcher *m, int64_t pos, int64_t endpos);
Value match_group(Thread *t, const Match *m, int64_t i, Value absent);
// Appends the expansion of a template object to list.
MUST_CHECK bool template_expand_into(Thread *t, Value template, const Matcher *m, size_t start, List *list);
Value sre_template_new(Thread *t, Value pattern, Value source);
Value sre_compile_template(Thread *t, Value pattern, Value template);     // through re._compile_template

#endif
