// io_buffered.c: what BufferedReader, BufferedWriter and BufferedRandom share, and the raw stream below them.
#include <errno.h>
#include <unistd.h>

#include "src/modules/io_buffered.h"

// --- checks and the lock ---

bool buffered_check(Thread *t, Buffered *b)
{
    if (likely(b->ok))
        return true;
    raise(t, EXC(ValueError), b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
    return false;
}

static int is_closed(Thread *t, Buffered *b)
{
    if (b->raw_is_file)
        return ((FileIO *)b->raw)->fd < 0;
    return io_is_closed(t, b->raw);
}

bool buffered_check_open(Thread *t, Buffered *b, const char *message)
{
    if (!buffered_check(t, b))
        return false;
    int closed = is_closed(t, b);
    if (unlikely(closed > 0))
        raise(t, EXC(ValueError), "%s", message);
    return !closed;
}

bool buffered_enter(Thread *t, Buffered *b)
{
    if (unlikely(load_relaxed(&b->lock.owner) == t)) {
        raise(t, EXC(RuntimeError), "reentrant call inside %R", value_of(b));
        return false;
    }
    io_lock(t, &b->lock);
    return true;
}

bool buffered_data_ready(Thread *t, Buffered *b)
{
    if (likely(b->data != NULL))
        return true;
    b->data = new_atomic(t, (size_t)b->size);
    return b->data != NULL;
}

// --- the raw stream ---

static int64_t invalid_length(Thread *t, const char *method, int64_t n, int64_t limit)
{
    raise(t, EXC(OSError), "raw %s() returned invalid length %ld (should have been between 0 and %ld)", method, n, limit);
    return -1;
}

static void moved(Buffered *b, int64_t n)
{
    if (n > 0 && b->position >= 0)
        b->position += n;
}

// What a raw readinto or write answered: a length up to `limit`, -1 error, -2 would block.
static int64_t raw_answer(Thread *t, const char *method, Value answer, int64_t limit)
{
    if (!answer)
        return -1;
    if (answer == NONE)
        return -2;
    int64_t n;
    if (!to_int64(t, answer, &n)) {
        raise_from_pending(t, EXC(OSError), "raw %s() failed", method);
        return -1;
    }
    return n < 0 || n > limit ? invalid_length(t, method, n, limit) : n;
}

// Ends a view that was lent to user code.
static void view_end(Thread *t, Value view)
{
    Value error = pending_take(t);
    if (!io_method(t, view, "release"))
        pending_clear(t);
    if (error)
        pending_set(t, error);
}

int64_t buffered_raw_read(Thread *t, Buffered *b, uint8_t *data, int64_t n)
{
    int64_t got;
    if (b->raw_is_file) {
        got = file_read_into(t, (FileIO *)b->raw, data, n);
    } else {
        Value room = call1(t, value_of(&type_bytearray), fixnum(n));
        Value view = room ? memoryview_new(t, room) : 0;
        if (!view)
            return -1;
        Value answer = call_method1(t, b->raw, str_intern_cstr(t, "readinto"), view);
        got = raw_answer(t, "readinto", answer, n);
        if (got > 0)
            memcpy(data, ((ByteArray *)room)->start, (size_t)got);
        view_end(t, view);
    }
    moved(b, got);
    return got;
}

int64_t buffered_raw_write(Thread *t, Buffered *b, const uint8_t *data, int64_t n)
{
    int64_t put;
    if (b->raw_is_file) {
        put = file_write_from(t, (FileIO *)b->raw, data, n);
    } else {
        Value copy = bytes_new(t, data, (size_t)n);
        Value view = copy ? memoryview_new(t, copy) : 0;
        if (!view)
            return -1;
        put = raw_answer(t, "write", call_method1(t, b->raw, N(write), view), n);
        view_end(t, view);
    }
    moved(b, put);
    return put;
}

// A position that the raw stream answered; -1: error.
static int64_t raw_position(Thread *t, Buffered *b, Value answer)
{
    int64_t where;
    if (!answer || !to_int64(t, answer, &where))
        return -1;
    if (where < 0) {
        raise(t, EXC(OSError), "Raw stream returned invalid position %R", answer);
        return -1;
    }
    b->position = where;
    return where;
}

int64_t buffered_raw_tell(Thread *t, Buffered *b)
{
    if (b->raw_is_file)
        return b->position = file_seek_to(t, (FileIO *)b->raw, 0, SEEK_CUR);
    return raw_position(t, b, call_method0(t, b->raw, N(tell)));
}

int64_t buffered_raw_seek(Thread *t, Buffered *b, int64_t target, int whence)
{
    if (b->raw_is_file) {
        int64_t where = file_seek_to(t, (FileIO *)b->raw, target, whence);
        if (where >= 0)
            b->position = where;
        return where;
    }
    Value offset = int_from_int64(t, target);
    return offset ? raw_position(t, b, call_method2(t, b->raw, N(seek), offset, fixnum(whence))) : -1;
}

static int64_t raw_tell_known(Thread *t, Buffered *b)
{
    return b->position >= 0 ? b->position : buffered_raw_tell(t, b);
}

bool buffered_forget_read(Thread *t, Buffered *b)
{
    int64_t unread = b->read_end - b->read_at;
    b->read_at = b->read_end = 0;
    return !unread || !b->writable || buffered_raw_seek(t, b, -unread, SEEK_CUR) >= 0;
}

// --- making and ending ---

bool buffered_init_common(Thread *t, Buffered *b, Value raw, int64_t size)
{
    if (size <= 0) {
        raise(t, EXC(ValueError), "buffer size must be strictly positive");
        return false;
    }
    Type *type = type_of(value_of(b));
    bool exact = type == &type_buffered_reader || type == &type_buffered_writer || type == &type_buffered_random;
    b->raw = raw;
    b->detached = false;
    b->raw_is_file = type_of(raw) == &type_file_io && exact;
    b->data = NULL;
    b->size = size;
    b->read_at = b->read_end = b->write_end = 0;
    b->position = -1;
    if (type->slots.finalize == io_finalize)
        io_adopt(raw);
    if (exact && b->writable)
        io_live_add(value_of(b));
    if (buffered_raw_tell(t, b) < 0)
        pending_clear(t);
    b->ok = true;
    return true;
}

Value buffered_open(Thread *t, Type *type, Value raw, int64_t size)
{
    Buffered *b = instance_new(t, type, 0);
    if (!b)
        return 0;
    b->readable = type != &type_buffered_writer;
    b->writable = type != &type_buffered_reader;
    return buffered_init_common(t, b, raw, size) ? value_of(b) : 0;
}

Value buffered_flush(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (!buffered_check_open(t, b, "flush of closed file"))
        return 0;
    if (!b->writable)
        return call_method0(t, b->raw, N(flush));
    if (!buffered_enter(t, b))
        return 0;
    bool done = buffered_flush_unlocked(t, b) && (!b->readable || buffered_forget_read(t, b));
    buffered_leave(b);
    return done ? NONE : 0;
}

Value buffered_close(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (!buffered_check(t, b))
        return 0;
    int closed = is_closed(t, b);
    if (closed)
        return closed < 0 ? 0 : NONE;
    if (b->finalizing && b->raw
        && !call_method1(t, b->raw, str_intern_cstr(t, "_dealloc_warn"), args[0]))
        pending_clear(t);
    Value flushed = call_method0(t, args[0], N(flush));
    Value error = flushed ? 0 : pending_take(t);
    if (!buffered_enter(t, b))
        return 0;
    Value done = b->raw ? call_method0(t, b->raw, N(close)) : NONE;
    b->data = NULL;
    b->read_at = b->read_end = b->write_end = 0;
    buffered_leave(b);
    io_live_remove(args[0]);
    if (!error)
        return done;
    if (!done)
        pending_chain_context(t, error);
    else
        pending_set(t, error);
    return 0;
}

Value buffered_detach(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (!buffered_check(t, b) || !call_method0(t, args[0], N(flush)))
        return 0;
    Value raw = b->raw;
    b->raw = 0;
    b->detached = true;
    b->ok = false;
    b->raw_is_file = false;
    io_live_remove(args[0]);
    io_release(raw);
    return raw;
}

// --- what is the raw stream's business ---

static Value raw_call(Thread *t, Value self, const char *method)
{
    Buffered *b = (Buffered *)self;
    return buffered_check(t, b) ? io_method(t, b->raw, method) : 0;
}

Value buffered_seekable(Thread *t, const Value *args, size_t nargs) { return raw_call(t, args[0], "seekable"); }
Value buffered_readable(Thread *t, const Value *args, size_t nargs) { return raw_call(t, args[0], "readable"); }
Value buffered_writable(Thread *t, const Value *args, size_t nargs) { return raw_call(t, args[0], "writable"); }
Value buffered_fileno(Thread *t, const Value *args, size_t nargs) { return raw_call(t, args[0], "fileno"); }
Value buffered_isatty(Thread *t, const Value *args, size_t nargs) { return raw_call(t, args[0], "isatty"); }

static Value raw_attribute(Thread *t, Value self, Value name)
{
    Buffered *b = (Buffered *)self;
    return buffered_check(t, b) ? attr_get(t, b->raw, name) : 0;
}

static Value buffered_get_closed(Thread *t, Value self) { return raw_attribute(t, self, N(closed)); }
static Value buffered_get_name(Thread *t, Value self) { return raw_attribute(t, self, N(name)); }
static Value buffered_get_mode(Thread *t, Value self) { return raw_attribute(t, self, str_intern_cstr(t, "mode")); }

const GetSetDef buffered_getsets[] = {
    {"closed", buffered_get_closed, NULL, NULL},
    {"name", buffered_get_name, NULL, NULL},
    {"mode", buffered_get_mode, NULL, NULL},
    {0},
};

const MemberDef buffered_members[] = {
    {"raw", MEMBER_VALUE_OR_NONE, offsetof(Buffered, raw), false, NULL},
    {"_finalizing", MEMBER_BOOL8, offsetof(Buffered, finalizing), true, NULL},
    {0},
};

Value buffered_repr(Thread *t, Value self)
{
    if (!((Buffered *)self)->ok && !((Buffered *)self)->detached)
        return str_format(t, "<%s>", type_of(self)->name);
    return io_repr_named(t, self, NULL, 0);
}

Value buffered_dealloc_warn(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (b->ok && b->raw && !call_method1(t, b->raw, str_intern_cstr(t, "_dealloc_warn"), args[1]))
        pending_clear(t);
    return NONE;
}

Value buffered_sizeof(Thread *t, const Value *args, size_t nargs)
{
    const Buffered *b = (Buffered *)args[0];
    return fixnum((int64_t)type_of(args[0])->basic_size + (b->data ? b->size : 0));
}

// --- position ---

Value buffered_tell(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (!buffered_check(t, b) || !buffered_enter(t, b))
        return 0;
    int64_t where = buffered_raw_tell(t, b);
    int64_t shift = b->write_end - (b->read_end - b->read_at);
    buffered_leave(b);
    if (where < 0)
        return 0;
    return int_from_int64(t, where + shift < 0 ? 0 : where + shift);
}

// Seeks inside the unread data, if that is possible: the new position, or -1 (maybe with an error pending).
static int64_t seek_inside(Thread *t, Buffered *b, int64_t target, int whence)
{
    if (whence > SEEK_CUR || !b->readable || b->write_end || !b->read_end)
        return -1;
    int64_t raw = raw_tell_known(t, b);
    if (raw < 0)
        return -1;
    int64_t here = raw - (b->read_end - b->read_at);
    int64_t offset = whence == SEEK_SET ? target - here : target;
    if (offset < -b->read_at || offset > b->read_end - b->read_at)
        return -1;
    b->read_at += offset;
    return here + offset;
}

static int64_t seek_raw(Thread *t, Buffered *b, int64_t target, int whence)
{
    if (b->writable && !buffered_flush_unlocked(t, b))
        return -1;
    if (whence == SEEK_CUR)
        target -= b->read_end - b->read_at;
    int64_t where = buffered_raw_seek(t, b, target, whence);
    if (where >= 0)
        b->read_at = b->read_end = 0;
    return where;
}

Value buffered_seek(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    int64_t target;
    int whence;
    if (!buffered_check(t, b) || !int_arg(t, args[2], 0, &whence))
        return 0;
    if (whence < 0 || (whence > 2 && whence != SEEK_HOLE && whence != SEEK_DATA))
        return raise(t, EXC(ValueError), "whence value %d invalid", whence);
    if (!buffered_check_open(t, b, "seek of closed file") || !io_check_seekable(t, b->raw) || !to_int64(t, args[1], &target))
        return 0;
    if (!buffered_enter(t, b))
        return 0;
    int64_t where = seek_inside(t, b, target, whence);
    if (where < 0 && !is_pending(t))
        where = seek_raw(t, b, target, whence);
    buffered_leave(b);
    return where < 0 ? 0 : int_from_int64(t, where);
}

Value buffered_truncate(Thread *t, const Value *args, size_t nargs)
{
    Buffered *b = (Buffered *)args[0];
    if (!buffered_check_open(t, b, "truncate of closed file"))
        return 0;
    if (!b->writable)
        return io_unsupported(t, "truncate");
    if (!buffered_enter(t, b))
        return 0;
    Value position = args[1] ? args[1] : NONE, result = 0;
    if (buffered_flush_unlocked(t, b) && buffered_forget_read(t, b)) {
        if (position == NONE) {
            int64_t where = buffered_raw_tell(t, b);
            position = where < 0 ? 0 : int_from_int64(t, where);
        }
        result = position ? call_method1(t, b->raw, str_intern_cstr(t, "truncate"), position) : 0;
        if (result && buffered_raw_tell(t, b) < 0)
            pending_clear(t);
    }
    buffered_leave(b);
    return result;
}
