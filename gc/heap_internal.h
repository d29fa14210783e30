// heap_internal.h: what the files of gc/ share.
#ifndef ADDER_GC_HEAP_INTERNAL_H
#define ADDER_GC_HEAP_INTERNAL_H

#include "gc/heap.h"

extern HeapHooks heap_hooks;    // written once, by heap_init

void heap_statistics_init(void);
void heap_finalizers_init(void);

#endif
