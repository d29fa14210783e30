// prompt.h: the interactive prompt, and small helpers of running.
#ifndef ADDER_API_PROMPT_H
#define ADDER_API_PROMPT_H

#include "src/core/object.h"

Value prompt_run(Thread *t);                      // until end of file or exit; NONE, or 0 with an exception (SystemExit …)
Value run_pyc(Thread *t, Value path);             // a compiled file as __main__
int report_exit(Thread *t);                       // run.c

#endif
