// location.c: source ranges of instructions, packed.
//
// The table is a sequence of runs: a varint count of instructions, then the range they share: the signed difference of the
// first line to that of the run before, then end line − line + 1 (0: no location at all, nothing follows), column + 1 and
// end column + 1. Varints have 7 bits a byte, the lowest first.
#include "src/code/location.h"

static size_t put(uint8_t *out, size_t at, uint32_t value)
{
    for (; value >= 128; value >>= 7) {
        if (out)
            out[at] = (uint8_t)(value | 128);
        at++;
    }
    if (out)
        out[at] = (uint8_t)value;
    return at + 1;
}

static uint32_t zigzag(int32_t i)
{
    return (uint32_t)i << 1 ^ (uint32_t)(i >> 31);
}

static bool same(const Location *a, const Location *b)
{
    return a->line == b->line && a->end_line == b->end_line && a->column == b->column && a->end_column == b->end_column;
}

size_t locations_pack(const Location *from, uint32_t count, uint8_t *out)
{
    size_t at = 0;
    int32_t line = 0;
    for (uint32_t i = 0; i < count;) {
        uint32_t run = 1;
        while (i + run < count && same(&from[i], &from[i + run]))
            run++;
        at = put(out, at, run);
        const Location *l = &from[i];
        i += run;
        if (l->line <= 0) {
            at = put(out, at, 0);
            at = put(out, at, 0);
            continue;
        }
        at = put(out, at, zigzag(l->line - line));
        line = l->line;
        at = put(out, at, (uint32_t)(l->end_line > l->line ? l->end_line - l->line : 0) + 1);
        at = put(out, at, (uint32_t)(l->column + 1));
        at = put(out, at, (uint32_t)(l->end_column + 1));
    }
    return at;
}

static bool get(LocationReader *r, uint32_t *out)
{
    uint32_t value = 0;
    for (int shift = 0; r->at < r->end && shift < 35; shift += 7) {
        uint8_t byte = *r->at++;
        value |= (uint32_t)(byte & 127) << shift;
        if (!(byte & 128)) {
            *out = value;
            return true;
        }
    }
    return false;
}

void location_reader_init(LocationReader *r, const Code *code)
{
    *r = (LocationReader){.at = code->locations, .end = code->locations + code->location_bytes};
}

// Advances to the next run; false at the end or when the table is damaged.
bool location_reader_next(LocationReader *r)
{
    uint32_t delta, lines, column, end_column;
    r->start += r->count;
    r->count = 0;
    if (!get(r, &r->count) || !get(r, &delta) || !get(r, &lines))
        return false;
    r->location = (Location){0, 0, -1, -1};
    if (!lines)
        return true;
    if (!get(r, &column) || !get(r, &end_column))
        return false;
    r->line += (int32_t)(delta >> 1) ^ -(int32_t)(delta & 1);
    r->location = (Location){r->line, r->line + (int32_t)lines - 1, (int32_t)column - 1, (int32_t)end_column - 1};
    return true;
}

Location code_location(const Code *code, uint32_t instr_index)
{
    LocationReader reader;
    location_reader_init(&reader, code);
    while (location_reader_next(&reader)) {
        if (instr_index - reader.start < reader.count)
            return reader.location;
    }
    return (Location){0, 0, -1, -1};
}

int code_line(const Code *code, uint32_t instr_index)
{
    int line = code_location(code, instr_index).line;
    return line > 0 ? line : -1;
}
