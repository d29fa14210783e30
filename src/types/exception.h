// exception.h: exception instances and tracebacks.
#ifndef ADDER_TYPES_EXCEPTION_H
#define ADDER_TYPES_EXCEPTION_H

#include "src/core/error.h"
#include "src/core/shape.h"

// Fields are single words, changed with publish. 0 means None unless said.
typedef struct Exception {
    Object head;
    Value args;                   // tuple
    Value traceback, context, cause;
    Value extra[8];               // per type, named by the indices below
    bool suppress_context;        // __notes__ is an ordinary attribute
    AttrArea attributes;
} Exception;

enum { OSERROR_ERRNO, OSERROR_STRERROR, OSERROR_FILENAME, OSERROR_FILENAME2, OSERROR_WRITTEN };
enum { SYNTAX_MSG, SYNTAX_FILENAME, SYNTAX_LINENO, SYNTAX_OFFSET, SYNTAX_TEXT, SYNTAX_END_LINENO, SYNTAX_END_OFFSET, SYNTAX_METADATA };   // print_file_and_line is always None
enum { STOP_VALUE };                        // StopIteration
enum { EXIT_CODE };                         // SystemExit
enum { IMPORT_MSG, IMPORT_NAME, IMPORT_PATH, IMPORT_NAME_FROM };
enum { ATTRIBUTE_NAME, ATTRIBUTE_OBJ };
enum { NAME_ERROR_NAME };
enum { UNICODE_ENCODING, UNICODE_OBJECT, UNICODE_START, UNICODE_END, UNICODE_REASON };
enum { GROUP_MESSAGE, GROUP_EXCEPTIONS, GROUP_SHOWN };   // shown: repr of a sequence that is neither list nor tuple, or 0

static inline Exception *as_exception(Value v) { return (Exception *)v; }

typedef struct Traceback {
    Object head;
    Value next;                   // Traceback or NONE; writable (tb_next)
    Value frame;                  // FrameObject
    uint32_t instruction;         // index into the code's instructions
    int32_t line;                 // -1: compute from instruction
} Traceback;

Value exception_new(Thread *t, Type *type, Value args_tuple);              // type(*args)
Value exception_from(Thread *t, Value type_or_instance);                   // for raise statements; TypeError "exceptions must derive from BaseException"
void exception_set_context(Value exception, Value context);                // breaks the link that would close a cycle
bool exceptions_boot(Thread *t);                                           // preallocates what running out of memory needs
// Slots of BaseException, for types that add to them.
Value exception_base_new(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames);
bool exception_base_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
Value exception_base_str(Thread *t, Value self);
// Adds the running frame in front of the pending exception's traceback.
void traceback_add(Thread *t, Value frame_object, uint32_t instruction);
// The text CPython prints for an uncaught exception, to sys.stderr (falls back to fd 2): carets, chaining, notes, groups, hints.
void traceback_print(Thread *t, Value exception);
// except*: the part of the exception (NONE: none) that matches, and the rest (NONE: none). 0: error.
Value exception_split_group(Thread *t, Value exception, Value type, Value *out_rest);
// End of except*: what is to be raised of the original and the list of raised and unhandled ones; NONE: nothing. 0: error.
Value exception_prepare_reraise_star(Thread *t, Value original, Value list);
bool is_exception_group(Value v);

// Starts the initialiser of an exception type; exception.c defines (weakly) those that add nothing to their base.
#define EXCEPTION_HEAD(row, base_row)                                                                              \
    TYPE_HEAD(row, #row, &type_##base_row, Exception), .flags = TYPE_BASE | TYPE_IS_EXCEPTION | TYPE_IMMUTABLE,         \
    .attr_offset = offsetof(Exception, attributes)

#endif
