// termios_mod.c: the termios module.
#include <asm/ioctls.h>
#include <errno.h>
#include <linux/serial.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "src/core/vm.h"
#include "src/modules/exception_class.h"
#include "src/modules/os_support.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

// termios.error; made with the module, a root.
static Value error_type;

static Value termios_error(Thread *t, int error)
{
    Value text = str_from_cstr(t, strerror(error));
    Value args = text ? tuple_pair(t, fixnum(error), text) : 0;
    Value exception = args ? call_tuple_dict(t, error_type, args, 0) : 0;
    return exception ? raise_value(t, exception) : 0;
}

static Value done(Thread *t, int result)
{
    return result < 0 ? termios_error(t, errno) : NONE;
}

static Value control_characters(Thread *t, const struct termios *mode, bool canonical)
{
    List *list = list_new(t, NCCS);
    for (int i = 0; list && i < NCCS; i++) {
        bool number = !canonical && (i == VMIN || i == VTIME);
        Value item = number ? fixnum(mode->c_cc[i]) : bytes_new(t, &mode->c_cc[i], 1);
        if (!item || !list_append(t, list, item))
            return 0;
    }
    return value_of(list);
}

static Value termios_tcgetattr(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    struct termios mode;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    if (tcgetattr(fd, &mode) < 0)
        return termios_error(t, errno);
    Value characters = control_characters(t, &mode, mode.c_lflag & ICANON);
    Value items[] = {fixnum(mode.c_iflag), fixnum(mode.c_oflag), fixnum(mode.c_cflag), fixnum(mode.c_lflag),
                     fixnum(cfgetispeed(&mode)), fixnum(cfgetospeed(&mode)), characters};
    return characters ? list_from(t, items, 7) : 0;
}

static bool characters_arg(Thread *t, Value v, struct termios *mode)
{
    if (!is_list(v) || list_length(as_list(v)) != NCCS) {
        raise(t, EXC(TypeError), "tcsetattr: attributes[6] must be %d element list", NCCS);
        return false;
    }
    for (int i = 0; i < NCCS; i++) {
        Value item = list_get(as_list(v), (size_t)i);
        int64_t number;
        if (item && is_bytes(item) && as_bytes(item)->length == 1) {
            mode->c_cc[i] = as_bytes(item)->data[0];
        } else if (item && is_int(item)) {
            if (!to_int64(t, item, &number))
                return false;
            mode->c_cc[i] = (cc_t)number;
        } else {
            raise(t, EXC(TypeError), "tcsetattr: elements of attributes must be characters or integers");
            return false;
        }
    }
    return true;
}

static Value termios_tcsetattr(Thread *t, const Value *args, size_t nargs)
{
    int fd, when;
    struct termios mode;
    int64_t words[6];
    if (!fd_arg(t, args[0], &fd) || !to_int32(t, args[1], &when))
        return 0;
    if (!is_list(args[2]) || list_length(as_list(args[2])) != 7)
        return raise(t, EXC(TypeError), "tcsetattr, arg 3: must be 7 element list");
    if (tcgetattr(fd, &mode) < 0)
        return termios_error(t, errno);
    for (size_t i = 0; i < 6; i++) {
        Value item = list_get(as_list(args[2]), i);
        if (!item || !to_int64(t, item, &words[i]))
            return 0;
    }
    mode.c_iflag = (tcflag_t)words[0];
    mode.c_oflag = (tcflag_t)words[1];
    mode.c_cflag = (tcflag_t)words[2];
    mode.c_lflag = (tcflag_t)words[3];
    Value characters = list_get(as_list(args[2]), 6);
    if (!characters || !characters_arg(t, characters, &mode))
        return 0;
    if (cfsetispeed(&mode, (speed_t)words[4]) < 0 || cfsetospeed(&mode, (speed_t)words[5]) < 0)
        return termios_error(t, errno);
    return done(t, tcsetattr(fd, when, &mode));
}

typedef struct TwoInts { int fd, number; int (*call)(int, int); } TwoInts;

static long two_ints_body(void *data)
{
    const TwoInts *c = data;
    return c->call(c->fd, c->number) < 0 ? -errno : 0;
}

static Value two_ints(Thread *t, const Value *args, int (*function)(int, int))
{
    TwoInts c = {.call = function};
    if (!fd_arg(t, args[0], &c.fd) || !to_int32(t, args[1], &c.number))
        return 0;
    long result = os_run(t, two_ints_body, &c);
    return result < 0 ? is_pending(t) ? 0 : termios_error(t, (int)-result) : NONE;
}

static int drain(int fd, int unused) { return tcdrain(fd); }

static Value termios_tcsendbreak(Thread *t, const Value *args, size_t nargs) { return two_ints(t, args, tcsendbreak); }
static Value termios_tcflush(Thread *t, const Value *args, size_t nargs) { return two_ints(t, args, tcflush); }
static Value termios_tcflow(Thread *t, const Value *args, size_t nargs) { return two_ints(t, args, tcflow); }

static Value termios_tcdrain(Thread *t, const Value *args, size_t nargs)
{
    const Value both[2] = {args[0], fixnum(0)};
    return two_ints(t, both, drain);
}

static Value termios_tcgetwinsize(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    struct winsize size;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) < 0 ? termios_error(t, errno) : tuple_pair(t, fixnum(size.ws_row), fixnum(size.ws_col));
}

static Value termios_tcsetwinsize(Thread *t, const Value *args, size_t nargs)
{
    int fd;
    int64_t rows, columns;
    struct winsize size;
    if (!fd_arg(t, args[0], &fd))
        return 0;
    Value pair = is_tuple(args[1]) || is_list(args[1]) ? tuple_from_iterable(t, args[1]) : 0;
    if (!pair || as_tuple(pair)->length != 2)
        return is_pending(t) ? 0 : raise(t, EXC(TypeError), "tcsetwinsize, arg 2: must be a two-item sequence");
    if (!to_int64(t, as_tuple(pair)->at[0], &rows) || !to_int64(t, as_tuple(pair)->at[1], &columns))
        return 0;
    if (rows < 0 || rows > UINT16_MAX || columns < 0 || columns > UINT16_MAX)
        return raise(t, EXC(OverflowError), "winsize value(s) out of range.");
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return termios_error(t, errno);
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    return done(t, ioctl(fd, TIOCSWINSZ, &size));
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(B0), C(B1000000), C(B110), C(B115200), C(B1152000), C(B1200), C(B134), {"B14400", 0x3840},
    C(B150), C(B1500000), C(B1800), C(B19200), C(B200), C(B2000000), C(B230400), C(B2400),
    C(B2500000), {"B28800", 0x7080}, C(B300), C(B3000000), C(B3500000), C(B38400), C(B4000000),
    C(B460800), C(B4800), C(B50), C(B500000), C(B57600), C(B576000), C(B600), {"B7200", 0x1c20},
    C(B75), {"B76800", 0x12c00}, C(B921600), C(B9600), C(BRKINT), C(BS0), C(BS1), C(BSDLY),
    C(CBAUD), C(CBAUDEX), C(CDSUSP), C(CEOF), C(CEOL), C(CEOT), C(CERASE), C(CFLUSH), C(CIBAUD),
    C(CINTR), C(CKILL), C(CLNEXT), C(CLOCAL), C(CQUIT), C(CR0), C(CR1), C(CR2), C(CR3), C(CRDLY),
    C(CREAD), C(CRPRNT), C(CRTSCTS), C(CS5), C(CS6), C(CS7), C(CS8), C(CSIZE), C(CSTART),
    C(CSTOP), C(CSTOPB), C(CSUSP), C(CWERASE), C(ECHO), C(ECHOCTL), C(ECHOE), C(ECHOK), C(ECHOKE),
    C(ECHONL), C(ECHOPRT), C(EXTA), C(EXTB), C(EXTPROC), C(FF0), C(FF1), C(FFDLY), C(FIOASYNC),
    C(FIOCLEX), C(FIONBIO), C(FIONCLEX), C(FIONREAD), C(FLUSHO), C(HUPCL), {"IBSHIFT", 0x10},
    C(ICANON), C(ICRNL), C(IEXTEN), C(IGNBRK), C(IGNCR), C(IGNPAR), C(IMAXBEL), C(INLCR),
    C(INPCK), C(IOCSIZE_MASK), C(IOCSIZE_SHIFT), C(ISIG), C(ISTRIP), C(IUCLC), C(IUTF8), C(IXANY),
    C(IXOFF), C(IXON), C(NCCS), C(NL0), C(NL1), C(NLDLY), C(NOFLSH), C(N_MOUSE), C(N_PPP),
    C(N_SLIP), C(N_STRIP), C(N_TTY), C(OCRNL), C(OFDEL), C(OFILL), C(OLCUC), C(ONLCR), C(ONLRET),
    C(ONOCR), C(OPOST), C(PARENB), C(PARMRK), C(PARODD), C(PENDIN), C(TAB0), C(TAB1), C(TAB2),
    C(TAB3), C(TABDLY), C(TCFLSH), C(TCGETS), C(TCIFLUSH), C(TCIOFF), C(TCIOFLUSH), C(TCION),
    C(TCOFLUSH), C(TCOOFF), C(TCOON), C(TCSADRAIN), C(TCSAFLUSH), C(TCSANOW), C(TCSBRK),
    C(TCSBRKP), C(TCSETS), C(TCSETSF), C(TCSETSW), C(TCXONC), C(TIOCCONS), C(TIOCEXCL),
    C(TIOCGETD), C(TIOCGICOUNT), C(TIOCGLCKTRMIOS), C(TIOCGPGRP), C(TIOCGSERIAL), C(TIOCGSOFTCAR),
    C(TIOCGWINSZ), C(TIOCINQ), C(TIOCLINUX), C(TIOCMBIC), C(TIOCMBIS), C(TIOCMGET), C(TIOCMIWAIT),
    C(TIOCMSET), C(TIOCM_CAR), C(TIOCM_CD), C(TIOCM_CTS), C(TIOCM_DSR), C(TIOCM_DTR), C(TIOCM_LE),
    C(TIOCM_RI), C(TIOCM_RNG), C(TIOCM_RTS), C(TIOCM_SR), C(TIOCM_ST), C(TIOCNOTTY), C(TIOCNXCL),
    C(TIOCOUTQ), C(TIOCPKT), C(TIOCPKT_DATA), C(TIOCPKT_DOSTOP), C(TIOCPKT_FLUSHREAD),
    C(TIOCPKT_FLUSHWRITE), C(TIOCPKT_NOSTOP), C(TIOCPKT_START), C(TIOCPKT_STOP), C(TIOCSCTTY),
    C(TIOCSERCONFIG), C(TIOCSERGETLSR), C(TIOCSERGETMULTI), C(TIOCSERGSTRUCT), C(TIOCSERGWILD),
    C(TIOCSERSETMULTI), C(TIOCSERSWILD), C(TIOCSER_TEMT), C(TIOCSETD), C(TIOCSLCKTRMIOS),
    C(TIOCSPGRP), C(TIOCSSERIAL), C(TIOCSSOFTCAR), C(TIOCSTI), C(TIOCSWINSZ), C(TOSTOP),
    C(VDISCARD), C(VEOF), C(VEOL), C(VEOL2), C(VERASE), C(VINTR), C(VKILL), C(VLNEXT), C(VMIN),
    C(VQUIT), C(VREPRINT), C(VSTART), C(VSTOP), C(VSUSP), C(VSWTC), {"VSWTCH", 7}, C(VT0), C(VT1),
    C(VTDLY), C(VTIME), C(VWERASE), C(XCASE), C(XTABS), {"_POSIX_VDISABLE", 0},
    {0},
};

static bool termios_exec(Thread *t, Value module)
{
    if (!error_type) {
        vm_add_root_range(&error_type, &error_type + 1);
        Value made = exception_class_new(t, "termios", "error", value_of(EXC(Exception)), NULL);
        if (!made)
            return false;
        publish(&error_type, made);
    }
    return module_add(t, module, "error", error_type) && module_add_ints(t, module, constants);
}

const ModuleDef module_termios = {
    .name = "termios",
    .doc = "This module provides an interface to the Posix calls for tty I/O control.",
    .functions = (const NativeDef[]){
        {"tcgetattr", termios_tcgetattr, "(fd, /)", "Get the tty attributes for file descriptor fd."},
        {"tcsetattr", termios_tcsetattr, "(fd, when, attributes, /)", "Set the tty attributes for file descriptor fd."},
        {"tcsendbreak", termios_tcsendbreak, "(fd, duration, /)", "Send a break on file descriptor fd."},
        {"tcdrain", termios_tcdrain, "(fd, /)", "Wait until all output written to file descriptor fd has been transmitted."},
        {"tcflush", termios_tcflush, "(fd, queue, /)", "Discard queued data on file descriptor fd."},
        {"tcflow", termios_tcflow, "(fd, action, /)", "Suspend or resume input or output on file descriptor fd."},
        {"tcgetwinsize", termios_tcgetwinsize, "(fd, /)", "Get the tty winsize for file descriptor fd."},
        {"tcsetwinsize", termios_tcsetwinsize, "(fd, winsize, /)", "Set the tty winsize for file descriptor fd."},
        {0},
    },
    .exec = termios_exec,
};
