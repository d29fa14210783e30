// ast_validate.h: checks of trees that programs made.
#pragma once

#include "frontend/ast.h"

// A tree from ast.parse() is sound; one that a program built may not be. False with ValueError or
// TypeError pending, worded as CPython's.
MUST_CHECK bool ast_validate(Thread *t, const Node *mod);
