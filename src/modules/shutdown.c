// shutdown.c: the end of a program: objects that still live are finalised, so that files are written and __del__ runs.
#include "src/core/error.h"
#include "src/core/vm.h"
#include "src/modules/boot.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/str.h"

// The standard streams stay open to the last: finalisers print. They are flushed by sys_stdio_flush.
static void keep_open(Thread *t, const char *name)
{
    Value layer = sys_get(t, name);
    static const char *const inner[] = {"buffer", "raw"};
    for (size_t i = 0; layer && is_object(layer); i++) {
        if (heap_object_start(as_object(layer)))
            heap_clear_finalizer(as_object(layer));
        Value next = 0;
        if (i >= COUNT_OF(inner) || attr_find(t, layer, str_intern_cstr(t, inner[i]), &next) <= 0)
            break;
        layer = next;
    }
    pending_clear(t);
}

void finalize_all(Thread *t)
{
    static const char *const streams[] = {"stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__"};
    for (size_t i = 0; i < COUNT_OF(streams); i++)
        keep_open(t, streams[i]);
    heap_finalize_all();
    pending_clear(t);
}
