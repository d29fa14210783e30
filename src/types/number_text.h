// number_text.h: the text of a number literal given at run time, as plain ASCII.
#ifndef ADDER_TYPES_NUMBER_TEXT_H
#define ADDER_TYPES_NUMBER_TEXT_H

#include "src/core/type.h"

typedef struct NumberInput {
    const char *text;             // ASCII; lives as long as the object it came from
    size_t n;
} NumberInput;

// Str: white space becomes ' ', decimal digits of any script '0' … '9', all else that is not ASCII '?'.
MUST_CHECK bool number_input_str(Thread *t, Value str, NumberInput *out);
// Bytes-like objects: a copy. False without a pending exception when v is neither text nor a buffer.
MUST_CHECK bool number_input(Thread *t, Value v, NumberInput *out);
static inline bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
void number_input_strip(NumberInput *in);
// Removes underscores that stand between digits. False when one stands elsewhere. The result may be in->text itself.
MUST_CHECK bool number_input_join(Thread *t, NumberInput *in, bool *out_valid);

#endif
