// thread_stack.h: a thread's two stacks: limits of its C stack, memory of its value stack.
#ifndef ADDER_CORE_THREAD_STACK_H
#define ADDER_CORE_THREAD_STACK_H

#include "src/core/thread.h"

void c_stack_limits(Thread *t, bool process_main);              // fills c_stack_limit, c_stack_top for the calling thread
MUST_CHECK bool value_stack_map(Thread *t, bool process_main);  // false: no address space
void value_stack_unmap(Thread *t);

#endif
