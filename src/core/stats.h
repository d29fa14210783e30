// stats.h: the counters of stats.def, for -X stats.
#ifndef ADDER_CORE_STATS_H
#define ADDER_CORE_STATS_H

#include "src/core/base.h"

typedef struct Stats {
#define STAT(name, doc) uint64_t name;
#include "src/core/stats.def"
#undef STAT
} Stats;
extern Stats stats;

#define stat_add(name, n) store_relaxed(&stats.name, load_relaxed(&stats.name) + (uint64_t)(n))

void stats_print(int fd, bool json);   // with the heap's figures

#endif
