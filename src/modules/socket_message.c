// socket_message.c: sendmsg and recvmsg: several buffers and ancillary data.
#include "src/modules/socket.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

typedef struct Message {
    int fd, flags;
    struct msghdr header;
    SocketAddress address;
    struct iovec *parts;       // atomic
    Buffer *buffers;           // scanned
    size_t count;
    uint8_t *control;          // atomic
} Message;

static long recvmsg_body(void *data)
{
    Message *m = data;
    m->header.msg_namelen = sizeof m->address;
    ssize_t n = recvmsg(m->fd, &m->header, m->flags);
    return n < 0 ? -errno : n;
}

static long sendmsg_body(void *data)
{
    const Message *m = data;
    ssize_t n = sendmsg(m->fd, &m->header, m->flags);
    return n < 0 ? -errno : n;
}

static void message_release(Thread *t, Message *m)
{
    for (size_t i = 0; i < m->count; i++)
        buffer_release(t, &m->buffers[i]);
}

static bool message_buffers(Thread *t, Message *m, Value iterable, int flags, const char *function)
{
    size_t n;
    Value *items = values_from_iterable(t, iterable, &n);
    if (!items) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "%s() argument 1 must be an iterable", function);
        return false;
    }
    if (n > IOV_MAX) {
        raise(t, EXC(OSError), "%s() argument 1 is too long", function);
        return false;
    }
    m->parts = new_atomic(t, (n + 1) * sizeof(struct iovec));
    m->buffers = new_scanned(t, (n + 1) * sizeof(Buffer));
    if (!m->parts || !m->buffers)
        return false;
    for (; m->count < n; m->count++) {
        Buffer *b = &m->buffers[m->count];
        if (!buffer_get(t, items[m->count], b, flags))
            return false;
        m->parts[m->count] = (struct iovec){b->data, (size_t)b->length};
    }
    m->header.msg_iov = m->parts;
    m->header.msg_iovlen = n;
    return true;
}

// --- receiving ---

static void close_received(const struct cmsghdr *c)
{
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
        return;
    size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < n; i++)
        close(((const int *)CMSG_DATA(c))[i]);
}

static Value control_list(Thread *t, struct msghdr *header)
{
    List *list = list_new(t, 0);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
        size_t left = (size_t)((uint8_t *)header->msg_control + header->msg_controllen - CMSG_DATA(c));
        size_t n = c->cmsg_len < CMSG_LEN(0) ? 0 : size_min(c->cmsg_len - CMSG_LEN(0), left);
        Value data = list ? bytes_new(t, CMSG_DATA(c), n) : 0;
        Value item = data ? tuple_of(t, 3, fixnum(c->cmsg_level), fixnum(c->cmsg_type), data) : 0;
        if (!item || !list_append(t, list, item)) {
            close_received(c);
            list = NULL;
        }
    }
    return value_of(list);
}

// The common end: (first, ancillary data, flags, address).
static Value message_answer(Thread *t, Message *m, Value first)
{
    Value control = first ? control_list(t, &m->header) : 0;
    Value from = control ? socket_address_value(t, &m->address, m->header.msg_namelen) : 0;
    return from ? tuple_of(t, 4, first, control, fixnum(m->header.msg_flags), from) : 0;
}

static long message_receive(Thread *t, Message *m, Socket *s, Value control_size, Value flags)
{
    int64_t n = 0;
    if ((control_size && !to_int64(t, control_size, &n)) || !int_arg(t, flags, 0, &m->flags))
        return SOCKET_RAISED;
    if (n < 0 || n > INT_MAX) {
        raise(t, EXC(ValueError), "invalid ancillary data buffer length");
        return SOCKET_RAISED;
    }
    m->control = n ? new_atomic(t, (size_t)n) : NULL;
    if (n && !m->control)
        return SOCKET_RAISED;
    m->fd = s->fd;
    m->header.msg_name = &m->address;
    m->header.msg_control = m->control;
    m->header.msg_controllen = (size_t)n;
    return socket_call(t, s, false, recvmsg_body, m);
}

Value socket_recvmsg(Thread *t, const Value *args, size_t nargs)
{
    int64_t room;
    Message m = {0};
    if (!to_int64(t, args[1], &room))
        return 0;
    if (room < 0)
        return raise(t, EXC(ValueError), "negative buffer size in recvmsg()");
    Bytes *bytes = bytes_alloc(t, (size_t)room);
    struct iovec part = {bytes ? bytes->data : NULL, (size_t)room};
    m.header.msg_iov = &part;
    m.header.msg_iovlen = 1;
    long n = bytes ? message_receive(t, &m, (Socket *)args[0], args[2], args[3]) : SOCKET_RAISED;
    return n < 0 ? socket_raise(t, n) : message_answer(t, &m, bytes_new(t, bytes->data, (size_t)n));
}

Value socket_recvmsg_into(Thread *t, const Value *args, size_t nargs)
{
    Message m = {0};
    long n = SOCKET_RAISED;
    if (message_buffers(t, &m, args[1], BUFFER_WRITABLE, "recvmsg_into"))
        n = message_receive(t, &m, (Socket *)args[0], args[2], args[3]);
    message_release(t, &m);
    return n < 0 ? socket_raise(t, n) : message_answer(t, &m, fixnum(n));
}

// --- sending ---

typedef struct ControlItem {
    int level, type;
    Buffer data;
} ControlItem;

static bool control_item(Thread *t, Value v, ControlItem *out)
{
    Value item = is_tuple(v) || is_list(v) ? tuple_from_iterable(t, v) : 0;
    if (!item || as_tuple(item)->length != 3) {
        if (!is_pending(t))
            raise(t, EXC(TypeError), "[sendmsg() ancillary data items] must be sequences of length 3");
        return false;
    }
    const Value *at = as_tuple(item)->at;
    return to_int32(t, at[0], &out->level) && to_int32(t, at[1], &out->type) && buffer_get(t, at[2], &out->data, BUFFER_SIMPLE);
}

static bool control_fill(Message *m, const ControlItem *items, size_t n, size_t total)
{
    m->header.msg_control = m->control;
    m->header.msg_controllen = total;
    memset(m->control, 0, total);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m->header);
    for (size_t i = 0; i < n; i++, c = CMSG_NXTHDR(&m->header, c)) {
        c->cmsg_level = items[i].level;
        c->cmsg_type = items[i].type;
        c->cmsg_len = CMSG_LEN((size_t)items[i].data.length);
        memcpy(CMSG_DATA(c), items[i].data.data, (size_t)items[i].data.length);
    }
    return true;
}

static bool message_control(Thread *t, Message *m, Value iterable)
{
    size_t n, got = 0, total = 0;
    Value *values = values_from_iterable(t, iterable, &n);
    if (!values) {
        if (pending_clear_if(t, EXC(TypeError)))
            raise(t, EXC(TypeError), "sendmsg() argument 2 must be an iterable");
        return false;
    }
    ControlItem *items = new_scanned(t, (n + 1) * sizeof(ControlItem));
    bool done = items != NULL;
    for (; done && got < n; got += done) {
        done = control_item(t, values[got], &items[got]);
        total += done ? CMSG_SPACE((size_t)items[got].data.length) : 0;
    }
    if (done && n) {
        m->control = new_atomic(t, total);
        done = m->control && control_fill(m, items, n, total);
    }
    for (size_t i = 0; i < got; i++)
        buffer_release(t, &items[i].data);
    return done;
}

Value socket_sendmsg(Thread *t, const Value *args, size_t nargs)
{
    Socket *s = (Socket *)args[0];
    Message m = {.fd = s->fd};
    socklen_t length = 0;
    long n = SOCKET_RAISED;
    if (!int_arg(t, args[3], 0, &m.flags))
        return 0;
    bool ready = true;
    if (args[4] && args[4] != NONE) {
        ready = socket_address_arg(t, s, args[4], "sendmsg", &m.address, &length);
        m.header.msg_name = &m.address;
        m.header.msg_namelen = length;
    }
    ready = ready && message_buffers(t, &m, args[1], BUFFER_SIMPLE, "sendmsg") && (!args[2] || message_control(t, &m, args[2]));
    if (ready)
        n = socket_call(t, s, true, sendmsg_body, &m);
    message_release(t, &m);
    return n < 0 ? socket_raise(t, n) : fixnum(n);
}

// --- sizes ---

static bool control_length(Thread *t, Value v, const char *function, size_t *out)
{
    int64_t n;
    if (!to_int64(t, v, &n))
        return false;
    if (n < 0 || n > INT_MAX - 64) {
        raise(t, EXC(OverflowError), "%s() argument out of range", function);
        return false;
    }
    *out = (size_t)n;
    return true;
}

static Value socket_cmsg_len(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    return control_length(t, args[0], "CMSG_LEN", &n) ? fixnum((int64_t)CMSG_LEN(n)) : 0;
}

static Value socket_cmsg_space(Thread *t, const Value *args, size_t nargs)
{
    size_t n;
    return control_length(t, args[0], "CMSG_SPACE", &n) ? fixnum((int64_t)CMSG_SPACE(n)) : 0;
}

const NativeDef socket_message_functions[] = {
    {"CMSG_LEN", socket_cmsg_len, "(length, /)", "CMSG_LEN(length) -> control message length"},
    {"CMSG_SPACE", socket_cmsg_space, "(length, /)", "CMSG_SPACE(length) -> buffer size"},
    {0},
};
