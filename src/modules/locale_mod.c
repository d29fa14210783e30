// locale_mod.c: the _locale module.
//
// setlocale and localeconv are the process's: guarded by locale_mutex as far as this module goes.
#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

#include "src/core/lock.h"
#include "src/core/vm.h"
#include "src/modules/exception_class.h"
#include "src/modules/os_locale.h"
#include "src/modules/os_support.h"
#include "src/types/dict.h"
#include "src/types/list.h"

static Mutex locale_mutex;
static Value error_type;   // locale.Error: a root, made with the module

static Value fs_text(Thread *t, const char *s)
{
    return str_from_fs(t, s, strlen(s));
}

static Value locale_error(Thread *t, const char *message)
{
    Value text = str_from_cstr(t, message);
    return text ? raise_with(t, as_type(error_type), text) : 0;
}

static Value locale_setlocale(Thread *t, const Value *args, size_t nargs)
{
    int category;
    const char *wanted = NULL;
    if (!to_int32(t, args[0], &category))
        return 0;
    if (category < LC_CTYPE || category > LC_ALL)
        return locale_error(t, "invalid locale category");
    if (args[1] && args[1] != NONE) {
        if (!is_str(args[1]))
            return raise(t, EXC(TypeError), "setlocale() argument 2 must be str or None, not %T", args[1]);
        wanted = fs_bytes(t, args[1], NULL);
        if (!wanted)
            return 0;
    }
    mutex_lock(&locale_mutex);
    const char *now = setlocale(category, wanted);
    Value result = now ? fs_text(t, now) : 0;
    mutex_unlock(&locale_mutex);
    return now ? result : locale_error(t, wanted ? "unsupported locale setting" : "locale query failed");
}

// The bytes of a grouping as a list; a last 0 says that the last size repeats.
static Value grouping_list(Thread *t, const char *s)
{
    List *list = list_new(t, 4);
    if (!list || !*s)
        return value_of(list);
    for (; *s && *s != CHAR_MAX; s++)
        if (!list_append(t, list, fixnum(*s)))
            return 0;
    return list_append(t, list, fixnum(*s)) ? value_of(list) : 0;
}

static Value locale_localeconv(Thread *t, const Value *args, size_t nargs)
{
    Dict *d = dict_new(t);
    mutex_lock(&locale_mutex);
    const struct lconv *l = localeconv();
    const struct { const char *key, *text; } texts[] = {
        {"decimal_point", l->decimal_point}, {"thousands_sep", l->thousands_sep}, {"int_curr_symbol", l->int_curr_symbol},
        {"currency_symbol", l->currency_symbol}, {"mon_decimal_point", l->mon_decimal_point},
        {"mon_thousands_sep", l->mon_thousands_sep}, {"positive_sign", l->positive_sign}, {"negative_sign", l->negative_sign},
    };
    const struct { const char *key; char number; } numbers[] = {
        {"int_frac_digits", l->int_frac_digits}, {"frac_digits", l->frac_digits}, {"p_cs_precedes", l->p_cs_precedes},
        {"p_sep_by_space", l->p_sep_by_space}, {"n_cs_precedes", l->n_cs_precedes}, {"n_sep_by_space", l->n_sep_by_space},
        {"p_sign_posn", l->p_sign_posn}, {"n_sign_posn", l->n_sign_posn},
    };
    bool done = d != NULL;
    for (size_t i = 0; done && i < COUNT_OF(texts); i++) {
        Value text = fs_text(t, texts[i].text);
        done = text && dict_set(t, d, str_intern_cstr(t, texts[i].key), text);
    }
    for (size_t i = 0; done && i < COUNT_OF(numbers); i++)
        done = dict_set(t, d, str_intern_cstr(t, numbers[i].key), fixnum(numbers[i].number));
    Value grouping = done ? grouping_list(t, l->grouping) : 0, monetary = grouping ? grouping_list(t, l->mon_grouping) : 0;
    done = monetary && dict_set(t, d, str_intern_cstr(t, "grouping"), grouping)
        && dict_set(t, d, str_intern_cstr(t, "mon_grouping"), monetary);
    mutex_unlock(&locale_mutex);
    return done ? value_of(d) : 0;
}

// A str as wide characters in collected memory.
static wchar_t *wide_arg(Thread *t, Value v, const char *function)
{
    if (!is_str(v))
        return RAISE_NULL(t, EXC(TypeError), "%s() argument must be str, not %T", function, v);
    const Str *s = as_str(v);
    wchar_t *wide = new_atomic(t, (s->length + 1) * sizeof(wchar_t));
    for (size_t i = 0; wide && i < s->length; i++) {
        wide[i] = (wchar_t)str_at(s, i);
        if (!wide[i])
            return RAISE_NULL(t, EXC(ValueError), "embedded null character");
    }
    if (wide)
        wide[s->length] = 0;
    return wide;
}

static Value locale_strcoll(Thread *t, const Value *args, size_t nargs)
{
    wchar_t *a = wide_arg(t, args[0], "strcoll"), *b = a ? wide_arg(t, args[1], "strcoll") : NULL;
    return b ? fixnum(wcscoll(a, b)) : 0;
}

static Value locale_strxfrm(Thread *t, const Value *args, size_t nargs)
{
    wchar_t *from = wide_arg(t, args[0], "strxfrm");
    if (!from)
        return 0;
    size_t n = wcsxfrm(NULL, from, 0);
    wchar_t *to = new_atomic(t, (n + 1) * sizeof(wchar_t));
    if (!to)
        return 0;
    wcsxfrm(to, from, n + 1);
    for (size_t i = 0; i < n; i++)   // not every collation key is a code point
        if ((uint32_t)to[i] > 0x10ffff)
            to[i] = (wchar_t)((uint32_t)to[i] & 0xffff);
    return str_from_ucs4(t, (const uint32_t *)to, n);
}

#define C(name) {#name, name}
static const IntConstant constants[] = {
    C(ABDAY_1), C(ABDAY_2), C(ABDAY_3), C(ABDAY_4), C(ABDAY_5), C(ABDAY_6), C(ABDAY_7),
    C(ABMON_1), C(ABMON_10), C(ABMON_11), C(ABMON_12), C(ABMON_2), C(ABMON_3), C(ABMON_4),
    C(ABMON_5), C(ABMON_6), C(ABMON_7), C(ABMON_8), C(ABMON_9), C(ALT_DIGITS), C(AM_STR),
    C(CHAR_MAX), C(CODESET), C(CRNCYSTR), C(DAY_1), C(DAY_2), C(DAY_3), C(DAY_4), C(DAY_5),
    C(DAY_6), C(DAY_7), C(D_FMT), C(D_T_FMT), C(ERA), C(ERA_D_FMT), C(ERA_D_T_FMT), C(ERA_T_FMT),
    C(LC_ALL), C(LC_COLLATE), C(LC_CTYPE), C(LC_MESSAGES), C(LC_MONETARY), C(LC_NUMERIC),
    C(LC_TIME), C(MON_1), C(MON_10), C(MON_11), C(MON_12), C(MON_2), C(MON_3), C(MON_4), C(MON_5),
    C(MON_6), C(MON_7), C(MON_8), C(MON_9), C(NOEXPR), C(PM_STR), C(RADIXCHAR), C(THOUSEP),
    C(T_FMT), C(T_FMT_AMPM), C(YESEXPR), C(_DATE_FMT),
    {0},
};

static Value locale_nl_langinfo(Thread *t, const Value *args, size_t nargs)
{
    int key;
    if (!to_int32(t, args[0], &key))
        return 0;
    for (const IntConstant *c = constants; c->name; c++) {
        if (c->value != key || !strncmp(c->name, "LC_", 3) || !strcmp(c->name, "CHAR_MAX"))
            continue;
        mutex_lock(&locale_mutex);
        const char *text = nl_langinfo(key);
        Value result = fs_text(t, text ? text : "");
        mutex_unlock(&locale_mutex);
        return result;
    }
    return raise(t, EXC(ValueError), "unsupported langinfo constant");
}

static Value locale_getencoding(Thread *t, const Value *args, size_t nargs)
{
    const VMConfig plain = {0};
    return str_from_cstr(t, os_locale_encoding(&plain));
}

// --- gettext ---

static Value locale_gettext(Thread *t, const Value *args, size_t nargs)
{
    const char *message = fs_bytes(t, args[0], NULL);
    return message ? fs_text(t, gettext(message)) : 0;
}

static Value locale_dgettext(Thread *t, const Value *args, size_t nargs)
{
    const char *domain = NULL, *message = fs_bytes(t, args[1], NULL);
    if (!message || (args[0] != NONE && !(domain = fs_bytes(t, args[0], NULL))))
        return 0;
    return fs_text(t, dgettext(domain, message));
}

static Value locale_dcgettext(Thread *t, const Value *args, size_t nargs)
{
    int category;
    const char *domain = NULL, *message = fs_bytes(t, args[1], NULL);
    if (!message || (args[0] != NONE && !(domain = fs_bytes(t, args[0], NULL))) || !to_int32(t, args[2], &category))
        return 0;
    return fs_text(t, dcgettext(domain, message, category));
}

static Value locale_textdomain(Thread *t, const Value *args, size_t nargs)
{
    const char *domain = NULL;
    if (args[0] != NONE && !(domain = fs_bytes(t, args[0], NULL)))
        return 0;
    const char *now = textdomain(domain);
    return now ? fs_text(t, now) : raise_errno(t, errno);
}

static Value locale_bindtextdomain(Thread *t, const Value *args, size_t nargs)
{
    const char *domain = fs_bytes(t, args[0], NULL), *folder = NULL;
    if (!domain || (args[1] != NONE && !(folder = fs_bytes(t, args[1], NULL))))
        return 0;
    if (!*domain)
        return locale_error(t, "domain must be a non-empty string");
    const char *now = bindtextdomain(domain, folder);
    return now ? fs_text(t, now) : raise_errno(t, errno);
}

static Value locale_bind_codeset(Thread *t, const Value *args, size_t nargs)
{
    const char *domain = fs_bytes(t, args[0], NULL), *codeset = NULL;
    if (!domain || (args[1] != NONE && !(codeset = fs_bytes(t, args[1], NULL))))
        return 0;
    const char *now = bind_textdomain_codeset(domain, codeset);
    return now ? fs_text(t, now) : NONE;
}

static bool locale_exec(Thread *t, Value module)
{
    if (!error_type) {
        vm_add_root_range(&error_type, &error_type + 1);
        Value made = exception_class_new(t, "locale", "Error", value_of(EXC(Exception)), NULL);
        if (!made)
            return false;
        publish(&error_type, made);
    }
    return module_add(t, module, "Error", error_type) && module_add_ints(t, module, constants);
}

const ModuleDef module_locale = {
    .name = "_locale",
    .doc = "Support for POSIX locales.",
    .functions = (const NativeDef[]){
        {"setlocale", locale_setlocale, "(category, locale=None, /)", "Activates/queries locale processing."},
        {"localeconv", locale_localeconv, "()", "Returns numeric and monetary locale-specific parameters."},
        {"strcoll", locale_strcoll, "(os1, os2, /)", "Compares two strings according to the locale."},
        {"strxfrm", locale_strxfrm, "(string, /)", "Return a string that can be used as a key for locale-aware comparisons."},
        {"nl_langinfo", locale_nl_langinfo, "(key, /)", "Return the value for the locale information associated with key."},
        {"getencoding", locale_getencoding, "()", "Get the current locale encoding."},
        {"gettext", locale_gettext, "(msg, /)", "gettext(msg) -> string\n\nReturn translation of msg."},
        {"dgettext", locale_dgettext, "(domain, msg, /)", "dgettext(domain, msg) -> string\n\nReturn translation of msg in domain."},
        {"dcgettext", locale_dcgettext, "(domain, msg, category, /)", "Return translation of msg in domain and category."},
        {"textdomain", locale_textdomain, "(domain, /)", "Set the C library's textdmain to domain, returning the new domain."},
        {"bindtextdomain", locale_bindtextdomain, "(domain, dir, /)", "Bind the C library's domain to dir."},
        {"bind_textdomain_codeset", locale_bind_codeset, "(domain, codeset, /)", "Bind the C library's domain to codeset."},
        {0},
    },
    .exec = locale_exec,
};
