// hooks.c: the table of entrances to upper layers; see hooks.h.
#include "src/core/hooks.h"

Hooks hooks;
