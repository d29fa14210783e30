// json.h: the _json module: the library's json package in C.
#ifndef ADDER_MODULES_JSON_H
#define ADDER_MODULES_JSON_H

#include "src/core/error.h"
#include "src/types/str_builder.h"

// json_scan.c
Value json_scan_string(Thread *t, Value text, int64_t begin, bool strict, int64_t *end);   // begin: index behind the quote
Value json_decode_error(Thread *t, const char *message, Value text, int64_t at);
// json_encode.c
MUST_CHECK bool json_put_string(Thread *t, StrBuilder *b, Value text, bool ascii_only);
extern Value json_encode_ascii, json_encode_plain;                  // the functions, once the module is made; roots

#endif
