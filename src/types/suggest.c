// suggest.c: which of several names was probably meant ("Did you mean …"): the closest one by a weighted edit distance.
//
// The weights and limits are those of the library's traceback module: a change of letter case costs 1, any other edit 2; names over 40
// characters and more than 750 candidates are not looked at; the distance may be a third of the combined length at most.
#include "src/types/suggest.h"

#include "src/core/error.h"
#include "src/types/list.h"
#include "src/types/str.h"

enum { CANDIDATES_MAX = 750, NAME_LENGTH_MAX = 40, MOVE_COST = 2, CASE_COST = 1 };

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int substitution_cost(uint32_t a, uint32_t b)
{
    if (a == b)
        return 0;
    return lower(a) == lower(b) ? CASE_COST : MOVE_COST;
}

// Distance of a and b, or limit + 1 when it is over the limit.
static int edit_distance(const Str *a, const Str *b, int limit)
{
    int row[NAME_LENGTH_MAX + 1];
    size_t n = a->length, m = b->length;
    if (n > NAME_LENGTH_MAX || m > NAME_LENGTH_MAX)
        return limit + 1;
    for (size_t j = 0; j <= n; j++)
        row[j] = (int)j * MOVE_COST;
    for (size_t i = 1; i <= m; i++) {
        int diagonal = row[0], best = row[0] = (int)i * MOVE_COST;
        for (size_t j = 1; j <= n; j++) {
            int substitute = diagonal + substitution_cost(str_at(b, i - 1), str_at(a, j - 1));
            int insert_or_delete = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + MOVE_COST;
            diagonal = row[j];
            row[j] = substitute < insert_or_delete ? substitute : insert_or_delete;
            best = row[j] < best ? row[j] : best;
        }
        if (best > limit)
            return limit + 1;
    }
    return row[n];
}

Value suggest_name(Thread *t, Value candidates, Value name)
{
    size_t n = list_length(as_list(candidates));
    Value best = NONE;
    int best_distance = -1;
    if (n >= CANDIDATES_MAX || as_str(name)->length > NAME_LENGTH_MAX)
        return NONE;
    for (size_t i = 0; i < n; i++) {
        Value candidate = list_get(as_list(candidates), i);
        if (!candidate || !is_str(candidate))
            return raise(t, EXC(TypeError), "all elements in 'candidates' must be strings");
        if (str_equal(as_str(candidate), as_str(name)))
            continue;
        int limit = (int)(as_str(candidate)->length + as_str(name)->length + 3) * MOVE_COST / 6;
        if (best_distance >= 0 && best_distance - 1 < limit)
            limit = best_distance - 1;
        int distance = edit_distance(as_str(name), as_str(candidate), limit);
        if (distance > limit)
            continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}
