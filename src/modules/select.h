// select.h: what select and epoll share.
#ifndef ADDER_MODULES_SELECT_H
#define ADDER_MODULES_SELECT_H

#include "src/core/lock.h"
#include "src/modules/os_support.h"
#include "src/types/dict.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/tuple.h"

int64_t select_deadline(int64_t timeout_ns);      // -1: none
int64_t select_left(int64_t deadline);            // nanoseconds, -1: for ever
int select_milliseconds(int64_t ns);              // rounded up
long select_body_blocking(Thread *t, OsBody body, void *data);   // once, blocked; -EINTR is the caller's business

#endif
