// modules.h: the list of native modules.
#ifndef ADDER_MODULES_MODULES_H
#define ADDER_MODULES_MODULES_H

#include "src/core/module_def.h"

const ModuleDef *module_def_at(size_t i);   // i-th row of modules.def, null behind the last

#endif
