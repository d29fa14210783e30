// os_support.h: what modules above the operating system share: system calls that do not hold up the collector,
// path and descriptor arguments, tables of constants.
#ifndef ADDER_MODULES_OS_SUPPORT_H
#define ADDER_MODULES_OS_SUPPORT_H

#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/bytes.h"
#include "src/types/str.h"

// A system call in the blocked state, repeated while it is interrupted and no signal handler raises (PEP 475).
// Result: ≥ 0, or minus the error number; -EINTR means that an exception is pending.
//     long n = OS_CALL(t, SYS_read, fd, (long)buffer, (long)room);
long os_call(Thread *t, long number, const long args[6]);
#define OS_CALL(t, number, ...) os_call(t, number, (const long[6]){__VA_ARGS__})

// The same for a C function: body answers ≥ 0 or minus the error number.
typedef long (*OsBody)(void *data);
long os_run(Thread *t, OsBody body, void *data);

// Raises OSError for a negative result of the above, unless an exception is pending already.
Value os_raise(Thread *t, long result, Value path, Value path2);
// None, or the OSError.
Value os_none(Thread *t, long result, Value path, Value path2);

enum PathFlag { PATH_PLAIN = 0, PATH_FD_OK = 1, PATH_NONE_OK = 2 };

// A path given by a program. `name` is collected memory.
typedef struct PathArg {
    Value object;          // for messages and OSError.filename
    Value text;            // the str or bytes that `name` may lie in; 0: none
    const char *name;      // null when a descriptor was given; "." for None
    size_t length;
    int fd;                // -1: name counts
    bool is_bytes;         // answers are bytes
} PathArg;
MUST_CHECK bool path_arg(Thread *t, Value v, const char *function, const char *argument, int flags, PathArg *out);
// A name in answer to `path`: bytes if it was given as bytes, else str.
Value path_answer(Thread *t, const PathArg *path, const char *name, size_t length);
Value os_fspath(Thread *t, Value path);   // str or bytes

// str, bytes or path-like → NUL-terminated bytes of the file system; null: error pending.
const char *fs_bytes(Thread *t, Value v, size_t *out_length);

MUST_CHECK bool fd_arg(Thread *t, Value v, int *out);       // an int, or an object with fileno()
MUST_CHECK bool dir_fd_arg(Thread *t, Value v, int *out);   // None (or 0) → AT_FDCWD
// A writable buffer; `what` like "readinto() argument 2" for the TypeError.
MUST_CHECK bool writable_arg(Thread *t, Value v, const char *what, Buffer *out);
MUST_CHECK bool flag_arg(Thread *t, Value v, bool absent, bool *out);   // truth of an optional argument
MUST_CHECK bool int_arg(Thread *t, Value v, int absent, int *out);      // C int, or `absent` when v is 0
MUST_CHECK bool id_arg(Thread *t, Value v, const char *what, uint32_t *out);   // uid or gid; -1 allowed
Value id_answer(Thread *t, uint32_t id);

// A timeout in seconds → nanoseconds, rounded up; None → -1.
MUST_CHECK bool timeout_arg(Thread *t, Value v, int64_t *out_ns);
// Seconds as int or float → nanoseconds, rounded towards minus infinity.
MUST_CHECK bool seconds_arg(Thread *t, Value v, int64_t *out_ns);

typedef struct IntConstant {
    const char *name;
    int64_t value;
} IntConstant;
MUST_CHECK bool module_add_ints(Thread *t, Value module, const IntConstant *constants);   // ended by a null name
MUST_CHECK bool module_add_functions(Thread *t, Value module, const NativeDef *functions);
// A Dict of a table.
Value ints_dict(Thread *t, const IntConstant *constants);

// Makes a new descriptor non-inheritable or not.
long fd_set_inheritable(int fd, bool inheritable);

// sys.audit(event, ...): false with an exception pending when a hook objects. n Values follow.
MUST_CHECK bool os_audit(Thread *t, const char *event, size_t n, ...);

#endif
