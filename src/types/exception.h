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
    Value notes;                  // list or 0: absent
    bool suppress_context;
    Value extra[8];               // per type, named by the indices below
    AttrArea attributes;
} Exception;

enum { OSERROR_ERRNO, OSERROR_STRERROR, OSERROR_FILENAME, OSERROR_FILENAME2, OSERROR_WRITTEN };
enum { SYNTAX_MSG, SYNTAX_FILENAME, SYNTAX_LINENO, SYNTAX_OFFSET, SYNTAX_TEXT, SYNTAX_END_LINENO, SYNTAX_END_OFFSET, SYNTAX_PRINT_FILE_AND_LINE };
enum { STOP_VALUE };                        // StopIteration
enum { EXIT_CODE };                         // SystemExit
enum { IMPORT_MSG, IMPORT_NAME, IMPORT_PATH, IMPORT_NAME_FROM };
enum { ATTRIBUTE_NAME, ATTRIBUTE_OBJ };
enum { NAME_ERROR_NAME };
enum { UNICODE_ENCODING, UNICODE_OBJECT, UNICODE_START, UNICODE_END, UNICODE_REASON };
enum { GROUP_MESSAGE, GROUP_EXCEPTIONS };

static inline Exception *as_exception(Value v) { return (Exception *)v; }

typedef struct Traceback {
    Object head;
    Value next;                   // Traceback or NONE; writable (tb_next)
    Value frame;                  // FrameObject
    uint32_t instruction;         // index into the code's instructions
    int32_t line;                 // -1: compute from instruction
} Traceback;

Value exception_new(Thread *t, Type *type, Value args_tuple);
// Adds the running frame in front of the pending exception's traceback.
void traceback_add(Thread *t, Value frame_object, uint32_t instruction);
// The text CPython prints for an uncaught exception, to sys.stderr (falls back to fd 2): carets, chaining, notes, groups, hints.
void traceback_print(Thread *t, Value exception);
Value exception_split_group(Thread *t, Value exception, Value type, Value *out_rest);   // for except*

#endif
