// ast_validate.h: is a tree that a program made one that the compiler can take?
#pragma once

#include "frontend/ast.h"

MUST_CHECK bool ast_validate(Thread *t, Node *mod);   // false with ValueError or TypeError pending
