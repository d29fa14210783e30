// str_percent.h: the % operator of str and bytes.
#ifndef ADDER_TYPES_STR_PERCENT_H
#define ADDER_TYPES_STR_PERCENT_H

#include "src/types/str.h"

// format % args. For bytes, format is the Latin-1 text of the bytes and so is the result.
Value percent_format(Thread *t, Value format, Value args, bool for_bytes);

#endif
