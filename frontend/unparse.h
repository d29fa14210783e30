// unparse.h: expressions back to source text, for annotations that are kept as strings.
#pragma once

#include "frontend/ast.h"

Value ast_unparse(Thread *t, Node *e);   // Str, or 0 with an exception pending
