// location.h: reading and writing the packed table of source ranges.
#ifndef ADDER_CODE_LOCATION_H
#define ADDER_CODE_LOCATION_H

#include "src/code/code.h"

// Bytes of the packed table; written to `out` when that is not null.
size_t locations_pack(const Location *from, uint32_t count, uint8_t *out);

// Walks the runs of instructions that share a range.
typedef struct LocationReader {
    const uint8_t *at, *end;
    int32_t line;
    uint32_t start, count;     // the run: instructions [start, start + count)
    Location location;
} LocationReader;
void location_reader_init(LocationReader *r, const Code *code);
bool location_reader_next(LocationReader *r);

#endif
