// os_locale.c: the locale that the process starts in, and what follows from it for text (PEP 538 and 540).
#include "src/modules/os_locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *name)
{
    return !name || !strcmp(name, "C") || !strcmp(name, "POSIX");
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

static bool is_zero(const VMConfig *config, const char *variable)
{
    const char *value = config->ignore_environment ? NULL : getenv(variable);
    return value && !strcmp(value, "0");
}

// The C locale says nothing about the encoding: UTF-8 is meant.
void os_locale_start(VMConfig *config)
{
    setlocale(LC_CTYPE, "");
    if (!is_plain(setlocale(LC_CTYPE, NULL)))
        return;
    if (!is_set("LC_ALL") && !is_zero(config, "PYTHONCOERCECLOCALE") && setlocale(LC_CTYPE, "C.UTF-8"))
        setenv("LC_CTYPE", "C.UTF-8", 1);   // for child processes too
    if (!is_zero(config, "PYTHONUTF8"))
        config->utf8_mode = 1;
}

bool os_locale_is_lenient(void)
{
    const char *name = setlocale(LC_CTYPE, NULL);
    return is_plain(name) || !strcmp(name, "C.UTF-8") || !strcmp(name, "C.utf8") || !strcmp(name, "UTF-8");
}

const char *os_locale_encoding(const VMConfig *config)
{
    if (config->utf8_mode)
        return "utf-8";
    const char *name = nl_langinfo(CODESET);
    return name && *name ? name : "utf-8";
}
