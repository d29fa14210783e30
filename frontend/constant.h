// constant.h: when two constants of a code object are one: equal, of the same type, item by item.
#pragma once

#include "src/core/value.h"

uint32_t constant_hash(Value v);
bool constant_same(Value a, Value b);
