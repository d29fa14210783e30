// decimal_signals.h: signals and conditions as classes, lists, dictionaries; what else the decimal_context files share.
#ifndef ADDER_MODULES_DECIMAL_SIGNALS_H
#define ADDER_MODULES_DECIMAL_SIGNALS_H

#include "src/modules/decimal_internal.h"

MUST_CHECK bool dec_signals_exec(Thread *t, Value module);  // exception classes, SignalDict; before the contexts
Value dec_signal_dict_new(Thread *t, Context *owner, bool is_traps);
MUST_CHECK bool dec_signals_from(Thread *t, Value v, bool list_too, uint32_t *out);   // from a dict, or a list of classes
Value dec_signals_list(Thread *t, uint32_t status);         // list of classes
Value dec_signals_text(Thread *t, uint32_t status);         // "[Clamped, Rounded]"
Value dec_rounding_name(Thread *t, DecRounding rounding);
Context *dec_context_new(Thread *t, Type *cls, const DecContext *from);
Value dec_context_copy(Thread *t, Value context);
Value dec_context_reduce(Thread *t, Value context);
extern const NativeDef decimal_functions[];

#endif
