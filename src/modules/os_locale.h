// os_locale.h: the locale that the process starts in.
#ifndef ADDER_MODULES_OS_LOCALE_H
#define ADDER_MODULES_OS_LOCALE_H

#include "src/core/vm.h"

// Sets LC_CTYPE from the environment; turns UTF-8 mode on in the C locale. Once, before Python code runs.
void os_locale_start(VMConfig *config);
bool os_locale_is_lenient(void);                          // standard streams let undecodable bytes pass
const char *os_locale_encoding(const VMConfig *config);   // as the system spells it, "utf-8" in UTF-8 mode

#endif
