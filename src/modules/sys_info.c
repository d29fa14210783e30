// sys_info.c: what sys says about the interpreter and the machine: version, flags, numbers, hashing.
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/core/build_config.h"
#include "src/core/build_id.h"
#include "src/core/error.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/structseq.h"
#include "src/types/tuple.h"

enum { VERSION_MAJOR = 3, VERSION_MINOR = 14, VERSION_MICRO = 2, API_VERSION = 1013 };

static Value text(Thread *t, const char *s) { return str_from_cstr(t, s); }

static bool add_struct(Thread *t, const char *name, const StructSeqDef *def, const Value *items)
{
    Type *type = structseq_type_new(t, def);
    return type && sys_set(t, name, structseq_new(t, type, items));
}

// --- version_info, implementation ---
static bool add_version_info(Thread *t)
{
    static const StructSeqField fields[] = {
        {"major", "Major release number"}, {"minor", "Minor release number"}, {"micro", "Patch release number"},
        {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"}, {"serial", "Serial release number"}, {0}};
    static const StructSeqDef def = {"sys.version_info", "sys.version_info\n\nVersion information as a named tuple.", fields, 5, true};
    Value items[] = {fixnum(VERSION_MAJOR), fixnum(VERSION_MINOR), fixnum(VERSION_MICRO), text(t, "final"), fixnum(0)};
    return add_struct(t, "version_info", &def, items);
}

static bool add_implementation(Thread *t)
{
    Dict *d = dict_new(t);
    int64_t hex = VERSION_MAJOR << 24 | VERSION_MINOR << 16 | VERSION_MICRO << 8 | 0xf0;
    if (!d || !dict_set(t, d, text(t, "name"), text(t, "adder")) || !dict_set(t, d, text(t, "cache_tag"), text(t, "adder-314"))
        || !dict_set(t, d, text(t, "version"), sys_get(t, "version_info")) || !dict_set(t, d, text(t, "hexversion"), fixnum(hex))
        || !dict_set(t, d, text(t, "_multiarch"), text(t, ADDER_MULTIARCH))
        || !dict_set(t, d, text(t, "supports_isolated_interpreters"), FALSE))
        return false;
    return sys_set(t, "hexversion", fixnum(hex))
        && sys_set(t, "implementation", call_tuple_dict(t, value_of(&type_simplenamespace), tuple_empty, value_of(d)));
}

static bool add_version_text(Thread *t)
{
    char version[256];
    snprintf(version, sizeof version, "%d.%d.%d (adder %s:%s) [%s]", VERSION_MAJOR, VERSION_MINOR, VERSION_MICRO, ADDER_VERSION,
             ADDER_BUILD_ID, ADDER_COMPILER);
    return sys_set(t, "version", text(t, version)) && sys_set(t, "_git", tuple_of(t, 3, text(t, "Adder"), text(t, ""), text(t, "")))
        && sys_set(t, "copyright", text(t, "Copyright (c) the Adder contributors.\n\nThe standard library:\n"
                                           "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved."));
}

// --- flags ---
// In the order of CPython's; those from `gil` on have no index.
#define FLAG_FIELDS(FIELD)                                                                                                    \
    FIELD(debug, "-d", fixnum(c->debug)) FIELD(inspect, "-i", fixnum(c->inspect)) FIELD(interactive, "-i", fixnum(c->interactive)) \
    FIELD(optimize, "-O or -OO", fixnum(c->optimize)) FIELD(dont_write_bytecode, "-B", fixnum(c->dont_write_bytecode))           \
    FIELD(no_user_site, "-s", fixnum(c->no_user_site)) FIELD(no_site, "-S", fixnum(c->no_site))                                  \
    FIELD(ignore_environment, "-E", fixnum(c->ignore_environment)) FIELD(verbose, "-v", fixnum(c->verbose))                       \
    FIELD(bytes_warning, "-b", fixnum(c->bytes_warning)) FIELD(quiet, "-q", fixnum(c->quiet))                                    \
    FIELD(hash_randomization, "-R", fixnum(c->hash_randomization)) FIELD(isolated, "-I", fixnum(c->isolated))                     \
    FIELD(dev_mode, "-X dev", value_bool(c->dev_mode)) FIELD(utf8_mode, "-X utf8", fixnum(c->utf8_mode))                          \
    FIELD(warn_default_encoding, "-X warn_default_encoding", fixnum(c->warn_default_encoding))                                  \
    FIELD(safe_path, "-P", value_bool(c->safe_path)) FIELD(int_max_str_digits, "-X int_max_str_digits", fixnum(c->int_max_str_digits)) \
    FIELD(gil, "-X gil", fixnum(0)) FIELD(thread_inherit_context, "-X thread_inherit_context", fixnum(c->thread_inherit_context))   \
    FIELD(context_aware_warnings, "-X context_aware_warnings", fixnum(c->context_aware_warnings))                               \
    FIELD(jit, "PYTHONJIT", value_bool(c->jit)) FIELD(jit_threshold, "--jit-threshold", fixnum(c->jit_threshold))                \
    FIELD(jit_opt_level, "--jit-opt-level", fixnum(c->jit_opt_level))

enum {
#define FIELD(name, doc, value) FLAG_INDEX_##name,
    FLAG_FIELDS(FIELD)
#undef FIELD
    FLAG_FIELD_COUNT,
    FLAG_VISIBLE = FLAG_INDEX_gil,
};

static Type *flags_type;      // a root type

static void flag_values(const VMConfig *c, Value *out)
{
    size_t i = 0;
#define FIELD(name, doc, value) out[i++] = value;
    FLAG_FIELDS(FIELD)
#undef FIELD
}

static bool add_flags(Thread *t)
{
    static const StructSeqField fields[] = {
#define FIELD(name, doc, value) {#name, doc},
        FLAG_FIELDS(FIELD)
#undef FIELD
        {0}};
    static const StructSeqDef def = {"sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.",
                                     fields, FLAG_VISIBLE, true};
    Value items[FLAG_FIELD_COUNT];
    flag_values(&t->vm->config, items);
    flags_type = structseq_type_new(t, &def);
    return flags_type && sys_set(t, "flags", structseq_new(t, flags_type, items));
}

// The compiler's switches may change while the program runs; they have no index, so the tuple itself stays as it was.
static void refresh_flags(Thread *t)
{
    Value flags = sys_get(t, "flags");
    Value items[FLAG_FIELD_COUNT];
    if (!flags || type_of(flags) != flags_type)
        return;
    flag_values(&t->vm->config, items);
    for (int i = FLAG_INDEX_jit; i < FLAG_FIELD_COUNT; i++)
        publish(&as_tuple(flags)->at[i], items[i]);
    publish(&as_tuple(flags)->at[FLAG_INDEX_int_max_str_digits], items[FLAG_INDEX_int_max_str_digits]);
}

static bool parse_number(const char *text_value, int least, int most, int *out)
{
    char *end;
    long n = strtol(text_value, &end, 10);
    if (end == text_value || *end || n < least || n > most)
        return false;
    *out = (int)n;
    return true;
}

void sys_environ_changed(Thread *t, const char *name, const char *value)
{
    VMConfig *c = &t->vm->config;
    int n;
    if (!strcmp(name, "PYTHONJIT"))
        c->jit = !value || strcmp(value, "0") != 0;
    else if (!strcmp(name, "PYTHONJIT_THRESHOLD") && value && parse_number(value, 1, INT32_MAX, &n))
        c->jit_threshold = n;
    else if (!strcmp(name, "PYTHONJIT_OPT_LEVEL") && value && parse_number(value, 0, 2, &n))
        c->jit_opt_level = n;
    else if (!strcmp(name, "PYTHONJIT_DEBUG"))
        c->jit_debug = value && strcmp(value, "0") != 0;
    else
        return;
    refresh_flags(t);
}

// --- numbers, hashing, threads ---
static bool add_float_info(Thread *t)
{
    static const StructSeqField fields[] = {
        {"max", "DBL_MAX -- maximum representable finite float"},
        {"max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"},
        {"max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"},
        {"min", "DBL_MIN -- Minimum positive normalized float"},
        {"min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"},
        {"min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"},
        {"dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"},
        {"mant_dig", "DBL_MANT_DIG -- mantissa digits"},
        {"epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"},
        {"radix", "FLT_RADIX -- radix of exponent"},
        {"rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"}, {0}};
    static const StructSeqDef def = {"sys.float_info",
        "sys.float_info\n\nA named tuple holding information about the float type. It contains low level\n"
        "information about the precision and internal representation. Please study\n"
        "your system's :file:`float.h` for more information.", fields, 11, true};
    Value items[] = {float_new(t, DBL_MAX), fixnum(DBL_MAX_EXP), fixnum(DBL_MAX_10_EXP), float_new(t, DBL_MIN), fixnum(DBL_MIN_EXP),
                     fixnum(DBL_MIN_10_EXP), fixnum(DBL_DIG), fixnum(DBL_MANT_DIG), float_new(t, DBL_EPSILON), fixnum(FLT_RADIX),
                     fixnum(FLT_ROUNDS)};
    return add_struct(t, "float_info", &def, items);
}

// The size of digits is CPython's: programs compute with it. Ours are GMP's limbs.
static bool add_int_info(Thread *t)
{
    static const StructSeqField fields[] = {
        {"bits_per_digit", "size of a digit in bits"}, {"sizeof_digit", "size in bytes of the C type used to represent a digit"},
        {"default_max_str_digits", "maximum string conversion digits limitation"},
        {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"}, {0}};
    static const StructSeqDef def = {"sys.int_info",
        "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  The attributes are read only.",
        fields, 4, true};
    Value items[] = {fixnum(30), fixnum(4), fixnum(4300), fixnum(640)};
    return add_struct(t, "int_info", &def, items);
}

static bool add_hash_info(Thread *t)
{
    static const StructSeqField fields[] = {
        {"width", "width of the type used for hashing, in bits"},
        {"modulus", "prime number giving the modulus on which the hash function is based"},
        {"inf", "value to be used for hash of a positive infinity"}, {"nan", "value to be used for hash of a nan"},
        {"imag", "multiplier used for the imaginary part of a complex number"},
        {"algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"},
        {"hash_bits", "internal output size of hash algorithm"}, {"seed_bits", "seed size of hash algorithm"},
        {"cutoff", "small string optimization cutoff"}, {0}};
    static const StructSeqDef def = {"sys.hash_info",
        "hash_info\n\nA named tuple providing parameters used for computing\nhashes. The attributes are read only.", fields, 9, true};
    Value items[] = {fixnum(64), fixnum(((int64_t)1 << 61) - 1), fixnum(314159), fixnum(0), fixnum(1000003), text(t, "siphash13"),
                     fixnum(64), fixnum(128), fixnum(0)};
    return add_struct(t, "hash_info", &def, items);
}

static bool add_thread_info(Thread *t)
{
    static const StructSeqField fields[] = {
        {"name", "name of the thread implementation"}, {"lock", "name of the lock implementation"},
        {"version", "name and version of the thread library"}, {0}};
    static const StructSeqDef def = {"sys.thread_info",
        "sys.thread_info\n\nA named tuple holding information about the thread implementation.", fields, 3, true};
    char version[64] = "";
    confstr(_CS_GNU_LIBPTHREAD_VERSION, version, sizeof version);
    Value items[] = {text(t, "pthread"), text(t, "mutex+cond"), text(t, version)};
    return add_struct(t, "thread_info", &def, items);
}

static bool add_constants(Thread *t)
{
    const VMConfig *c = &t->vm->config;
    return sys_set(t, "maxsize", int_from_int64(t, INT64_MAX)) && sys_set(t, "maxunicode", fixnum(0x10ffff))
        && sys_set(t, "byteorder", text(t, "little")) && sys_set(t, "platform", text(t, "linux"))
        && sys_set(t, "abiflags", text(t, "")) && sys_set(t, "platlibdir", text(t, "lib"))
        && sys_set(t, "float_repr_style", text(t, "short")) && sys_set(t, "api_version", fixnum(API_VERSION))
        && sys_set(t, "_framework", text(t, "")) && sys_set(t, "dont_write_bytecode", value_bool(c->dont_write_bytecode))
        && sys_set(t, "pycache_prefix", c->pycache_prefix ? text(t, c->pycache_prefix) : NONE);
}

bool sys_info_add(Thread *t)
{
    return add_version_info(t) && add_implementation(t) && add_version_text(t) && add_flags(t) && add_float_info(t) && add_int_info(t)
        && add_hash_info(t) && add_thread_info(t) && add_constants(t);
}
