// unicode_normal.h: the normal forms of Unicode.
#ifndef ADDER_MODULES_UNICODE_NORMAL_H
#define ADDER_MODULES_UNICODE_NORMAL_H

#include "src/types/str.h"

typedef enum NormalForm { NORMAL_NFC, NORMAL_NFD, NORMAL_NFKC, NORMAL_NFKD } NormalForm;

// `assigned`, when given, tells which characters an older Unicode knew: others stay as they are.
Value unicode_normalize(Thread *t, Value text, NormalForm form, bool (*assigned)(uint32_t c));

#endif
