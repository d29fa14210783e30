// diagnose.h: the checks for usual mistakes, made while a failed statement is parsed once more.
//
// Each diagnose_* function looks at the tokens from p->at on, leaves p->at where it was, and returns
// true when it raised an error (the parse then unwinds). They may parse ahead; what they parse is
// remembered, so that looking does not cost more than linear time.
#pragma once

#include "frontend/parse.h"
#include "frontend/syntax_error.h"

// Parses `rule` at p->at, or takes what it gave here before.
Node *remember(Parser *p, MemoRule rule, Node *(*parse)(Parser *));

// Parses speculatively: back to where it was afterwards; null also when an error was raised.
// For `return raised(raise_at(…))`.
static inline bool raised(const void *null)
{
    (void)null;
    return true;
}

Node *try_parse(Parser *p, Node *(*parse)(Parser *), int *out_end);

// An expression, without further diagnosis.
Node *try_expression(Parser *p, int *out_end);

// The same as in the first parse: nothing is remembered or taken in part.
Node *try_purely(Parser *p, Node *(*parse)(Parser *), int *out_end);

// diagnose_expr.c
bool diagnose_starred(Parser *p);          // at '*'
bool diagnose_expression(Parser *p);
bool diagnose_named_expression(Parser *p);
bool diagnose_not_operand(Parser *p);      // behind an operator
bool diagnose_for_if(Parser *p);           // behind a comprehension's 'for'
bool diagnose_parens(Parser *p);           // behind '('
bool diagnose_display(Parser *p);          // behind '[' or '{'
bool diagnose_braces(Parser *p);           // behind '{'
bool diagnose_dict(Parser *p);             // behind '{'

// diagnose_args.c
bool diagnose_arguments(Parser *p);        // behind '('
bool diagnose_parameters(Parser *p, bool is_lambda);
bool diagnose_default(Parser *p);          // behind '='
bool diagnose_type_param(Parser *p, bool is_tuple);
bool diagnose_type_comments(Parser *p);    // behind a def's ':'

// diagnose_stmt.c
bool diagnose_assignment(Parser *p);       // at a statement's start
bool diagnose_delete(Parser *p);
bool diagnose_import(Parser *p, int first);
bool diagnose_import_as(Parser *p);        // behind an imported name
bool diagnose_import_targets(Parser *p, bool parens);
bool diagnose_colon(Parser *p);            // where a ':' belongs
bool diagnose_missing_block(Parser *p, int head, const char *what);   // behind that ':'
bool diagnose_after_else(Parser *p);
bool diagnose_for_target(Parser *p);
bool diagnose_with(Parser *p, int head);
bool diagnose_with_target(Parser *p, int as);
bool diagnose_try(Parser *p);              // behind the block of 'try'
bool diagnose_except(Parser *p, int first, bool star);
bool diagnose_mixed_handlers(Parser *p);
bool diagnose_match(Parser *p, int first);   // behind the subject
bool diagnose_class_pattern(Parser *p);
bool diagnose_as_pattern(Parser *p);       // behind 'as'

// diagnose_fstring.c
bool diagnose_mixed_strings(Parser *p, int last);   // a string of another kind follows `last`
bool diagnose_conversion(Parser *p, char letter);   // behind '!'
bool diagnose_field(Parser *p, char letter);        // behind '{'
bool diagnose_field_end(Parser *p, char letter, Node *spec);
