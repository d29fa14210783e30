// command_line.c: CPython's options and environment variables, and those of the JIT.
#include "src/api/command_line.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/core/build_config.h"

static const char usage_line[] = "usage: adder [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

static const char help_text[] =
    "Options (and corresponding environment variables):\n"
    "-b     : issue warnings about converting bytes/bytearray to str and comparing\n"
    "         bytes/bytearray with str or bytes with int; also PYTHONBYTESWARNING\n"
    "         (-bb: issue errors)\n"
    "-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n"
    "-d     : turn on parser debugging output; also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
    "-h     : print this help message and exit (also -? or --help)\n"
    "-i     : inspect interactively after running script; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n"
    "-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x\n"
    "-OO    : do -O changes and also discard docstrings\n"
    "-P     : don't prepend a potentially unsafe path to sys.path; also PYTHONSAFEPATH\n"
    "-q     : don't print version and copyright messages on interactive startup\n"
    "-s     : don't add user site directory to sys.path; also PYTHONNOUSERSITE=x\n"
    "-S     : don't imply 'import site' on initialization\n"
    "-u     : force the stdout and stderr streams to be unbuffered;\n"
    "         also PYTHONUNBUFFERED=x\n"
    "-v     : verbose (trace import statements); also PYTHONVERBOSE=x\n"
    "-V     : print the version number and exit (also --version);\n"
    "         when given twice, print more information about the build\n"
    "-W arg : warning control; arg is action:message:category:module:lineno;\n"
    "         also PYTHONWARNINGS=arg\n"
    "-x     : skip first line of source, allowing use of non-Unix forms of #!cmd\n"
    "-X opt : set implementation-specific option\n"
    "--check-hash-based-pycs always|default|never: validation of hash-based .pyc files\n"
    "--jit-opt-level 0|1|2 : how hard hot functions are optimised; also PYTHONJIT_OPT_LEVEL\n"
    "--jit-threshold N     : calls before a function is compiled; also PYTHONJIT_THRESHOLD\n"
    "--no-jit              : interpret only; also PYTHONJIT=0\n"
    "--jit-stats           : print a table of what was compiled at exit\n"
    "file   : program read from script file\n"
    "-      : program read from stdin (default; interactive mode if a tty)\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n";

static const char *env(const VMConfig *config, const char *name)
{
    const char *value = config->ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

// Flags whose variable may hold a number: any other text means 1.
static void env_level(const VMConfig *config, const char *name, int *level)
{
    const char *value = env(config, name);
    if (!value)
        return;
    char *end;
    long n = strtol(value, &end, 10);
    int wanted = *end || n < 0 ? 1 : (int)n;
    if (wanted > *level)
        *level = wanted;
}

static bool fail(CommandLine *line, const char *format, const char *what)
{
    fprintf(stderr, format, what);
    fprintf(stderr, "%sTry `adder -h' for more information.\n", usage_line);
    line->kind = RUN_NOTHING;
    line->exit_status = 2;
    return false;
}

static void append(char ***list, int *count, char *item)
{
    *list = realloc(*list, (size_t)(*count + 1) * sizeof **list);
    if (!*list)
        never("no memory for options");
    (*list)[(*count)++] = item;
}

static void print_version(int times)
{
    if (times > 1)
        printf("Python 3.14.0 (Adder %s) [%s]\n", ADDER_VERSION, ADDER_COMPILER);
    else
        printf("Python 3.14.0 (Adder %s)\n", ADDER_VERSION);
}

static bool small_number(const char *text, int least, int most, int *out)
{
    char *end;
    long n = text ? strtol(text, &end, 10) : -1;
    if (!text || !*text || *end || n < least || n > most)
        return false;
    *out = (int)n;
    return true;
}

static bool jit_level_option(VMConfig *config, CommandLine *line, const char *text)
{
    if (small_number(text, 0, 2, &config->jit_opt_level))
        return true;
    return fail(line, "--jit-opt-level must be 0, 1 or 2, not '%s'\n", text ? text : "");
}

static bool jit_threshold_option(VMConfig *config, CommandLine *line, const char *text)
{
    if (small_number(text, 1, 1 << 30, &config->jit_threshold))
        return true;
    return fail(line, "--jit-threshold must be a positive number, not '%s'\n", text ? text : "");
}

// A long option at argv[*i]: its value may follow after '=' or as the next word.
static bool long_option(VMConfig *config, CommandLine *line, int argc, char **argv, int *i)
{
    const char *word = argv[*i] + 2, *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
#define IS(name) (length == sizeof(name) - 1 && !memcmp(word, name, length))
#define TAKE_VALUE() (equals ? equals + 1 : *i + 1 < argc ? argv[++*i] : NULL)
    if (IS("help")) {
        printf("%s%s", usage_line, help_text);
        line->kind = RUN_NOTHING;
        return false;
    }
    if (IS("version")) {
        print_version(1);
        line->kind = RUN_NOTHING;
        return false;
    }
    if (IS("no-jit")) {
        config->jit = false;
        return true;
    }
    if (IS("jit-stats")) {
        line->jit_stats = true;
        return true;
    }
    if (IS("jit-opt-level"))
        return jit_level_option(config, line, TAKE_VALUE());
    if (IS("jit-threshold"))
        return jit_threshold_option(config, line, TAKE_VALUE());
    if (IS("check-hash-based-pycs")) {
        const char *mode = TAKE_VALUE();
        if (mode && (!strcmp(mode, "always") || !strcmp(mode, "default") || !strcmp(mode, "never"))) {
            config->check_hash_pycs = mode;
            return true;
        }
        return fail(line, "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n", "");
    }
    return fail(line, "unknown option --%s\n", word);
#undef IS
#undef TAKE_VALUE
}

// One letter. Returns false when options end here (line->kind is set, or *done).
static bool flag_letter(VMConfig *config, CommandLine *line, char letter, int *versions)
{
    switch (letter) {
    case 'b': config->bytes_warning++; return true;
    case 'B': config->dont_write_bytecode = 1; return true;
    case 'd': config->debug++; return true;
    case 'E': config->ignore_environment = 1; return true;
    case 'i': config->inspect++; config->interactive++; return true;
    case 'I': config->isolated = config->ignore_environment = config->no_user_site = config->safe_path = 1; return true;
    case 'O': config->optimize++; return true;
    case 'P': config->safe_path = 1; return true;
    case 'q': config->quiet++; return true;
    case 'R': config->hash_randomization = 1; return true;
    case 's': config->no_user_site = 1; return true;
    case 'S': config->no_site = 1; return true;
    case 't': return true;
    case 'u': config->unbuffered = 1; return true;
    case 'v': config->verbose++; return true;
    case 'V': ++*versions; return true;
    case 'x': line->skip_first_line = true; return true;
    default: return false;
    }
}

// The letters of one word. Returns false to stop: an error, help, or -c / -m.
static bool short_options(VMConfig *config, CommandLine *line, int argc, char **argv, int *i, int *versions)
{
    for (const char *p = argv[*i] + 1; *p; p++) {
        if (flag_letter(config, line, *p, versions))
            continue;
        if (*p == 'h' || *p == '?') {
            printf("%s%s", usage_line, help_text);
            line->kind = RUN_NOTHING;
            return false;
        }
        if (!strchr("cmWX", *p)) {
            fprintf(stderr, "Unknown option: -%c\n", *p);
            return fail(line, "%s", "");
        }
        char *value = p[1] ? (char *)p + 1 : *i + 1 < argc ? argv[++*i] : NULL;
        if (!value) {
            fprintf(stderr, "Argument expected for the -%c option\n", *p);
            return fail(line, "%s", "");
        }
        if (*p == 'W')
            append(&config->warn_options, &config->warn_option_count, value);
        else if (*p == 'X')
            append(&config->x_options, &config->x_option_count, value);
        else {
            line->kind = *p == 'c' ? RUN_COMMAND : RUN_MODULE;
            line->what = value;
            config->script_name = *p == 'c' ? "-c" : "-m";
            ++*i;
            return false;
        }
        return true;
    }
    return true;
}

// -X and -W given by the environment stand before those of the command line.
static void environment_lists(VMConfig *config)
{
    const char *warnings = env(config, "PYTHONWARNINGS");
    if (!warnings)
        return;
    int given = config->warn_option_count;
    char **before = config->warn_options;
    config->warn_options = NULL;
    config->warn_option_count = 0;
    char *copy = strdup(warnings), *rest = copy;
    for (char *item; (item = strsep(&rest, ","));) {
        if (*item)
            append(&config->warn_options, &config->warn_option_count, item);
    }
    for (int i = 0; i < given; i++)
        append(&config->warn_options, &config->warn_option_count, before[i]);
    free(before);
}

static const char *x_option(const VMConfig *config, const char *name)
{
    size_t n = strlen(name);
    for (int i = config->x_option_count; i-- > 0;) {
        const char *option = config->x_options[i];
        if (!strncmp(option, name, n) && (!option[n] || option[n] == '='))
            return option[n] ? option + n + 1 : "";
    }
    return NULL;
}

static void x_options_apply(VMConfig *config)
{
    const char *value = x_option(config, "utf8");
    if (value)
        config->utf8_mode = strcmp(value, "0") != 0;
    if (x_option(config, "dev"))
        config->dev_mode = 1;
    if (x_option(config, "warn_default_encoding"))
        config->warn_default_encoding = 1;
    if ((value = x_option(config, "pycache_prefix")) && *value)
        config->pycache_prefix = value;
    if ((value = x_option(config, "int_max_str_digits")))
        config->int_max_str_digits = atoi(value);
    if ((value = x_option(config, "heap-limit")))
        config->heap_limit = strtoull(value, NULL, 10) << 20;
}

static void environment_apply(VMConfig *config)
{
    int safe_path = 0, dev = 0, utf8 = 0, encoding = 0;
    env_level(config, "PYTHONOPTIMIZE", &config->optimize);
    env_level(config, "PYTHONVERBOSE", &config->verbose);
    env_level(config, "PYTHONINSPECT", &config->inspect);
    env_level(config, "PYTHONDEBUG", &config->debug);
    env_level(config, "PYTHONDONTWRITEBYTECODE", &config->dont_write_bytecode);
    env_level(config, "PYTHONUNBUFFERED", &config->unbuffered);
    env_level(config, "PYTHONNOUSERSITE", &config->no_user_site);
    env_level(config, "PYTHONSAFEPATH", &safe_path);
    env_level(config, "PYTHONDEVMODE", &dev);
    env_level(config, "PYTHONUTF8", &utf8);
    env_level(config, "PYTHONWARNDEFAULTENCODING", &encoding);
    config->safe_path |= safe_path != 0;
    config->dev_mode |= dev != 0;
    config->utf8_mode |= utf8 != 0;
    config->warn_default_encoding |= encoding != 0;
    const char *value = env(config, "PYTHONPYCACHEPREFIX");
    if (value)
        config->pycache_prefix = value;
    if ((value = env(config, "PYTHONINTMAXSTRDIGITS")))
        config->int_max_str_digits = atoi(value);
    if ((value = env(config, "PYTHONHASHSEED")) && strcmp(value, "random")) {
        config->hash_seed = strtoull(value, NULL, 10);
        config->hash_randomization = config->hash_seed != 0;
        config->has_hash_seed = true;
    }
}

static void jit_environment(VMConfig *config)
{
    const char *value = env(config, "PYTHONJIT");
    if (value)
        config->jit = strcmp(value, "0") != 0;
    (void)small_number(env(config, "PYTHONJIT_THRESHOLD"), 1, 1 << 30, &config->jit_threshold);
    (void)small_number(env(config, "PYTHONJIT_OPT_LEVEL"), 0, 2, &config->jit_opt_level);
    if ((value = env(config, "PYTHONJIT_DEBUG")))
        config->jit_debug = strcmp(value, "0") != 0;
}

static void config_defaults(VMConfig *config, int argc, char **argv)
{
    config->hash_randomization = 1;
    config->int_max_str_digits = -1;
    config->jit = true;
    config->jit_threshold = 100;
    config->jit_opt_level = 1;
    config->check_hash_pycs = "default";
    config->program = argc > 0 ? argv[0] : "adder";
    config->argc = argc;
    config->argv = argv;
    config->script_name = "";
    config->thread_inherit_context = 1;
    config->context_aware_warnings = 1;
}

CommandLine command_line_parse(VMConfig *config, int argc, char **argv)
{
    CommandLine line = {.kind = RUN_PROMPT};
    int i = 1, versions = 0;
    bool going_on = true;
    config_defaults(config, argc, argv);
    // -E and -I decide whether the environment counts; the JIT's own options override its variables.
    for (int k = 1; k < argc && argv[k][0] == '-' && argv[k][1] && argv[k][1] != '-' && !strpbrk(argv[k], "cm"); k++) {
        if (strpbrk(argv[k], "EI"))
            config->ignore_environment = 1;
    }
    jit_environment(config);
    for (; i < argc && going_on && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--")) {
            i++;
            break;
        }
        going_on = argv[i][1] == '-' ? long_option(config, &line, argc, argv, &i) : short_options(config, &line, argc, argv, &i, &versions);
        if (!going_on)
            break;
    }
    if (line.kind == RUN_NOTHING)
        return line;
    if (versions) {
        print_version(versions);
        line.kind = RUN_NOTHING;
        return line;
    }
    if (line.kind == RUN_PROMPT && i < argc) {
        line.kind = strcmp(argv[i], "-") ? RUN_FILE : RUN_STDIN;
        line.what = config->script_name = argv[i++];
    }
    if (line.kind == RUN_PROMPT && !isatty(0) && !config->interactive)
        line.kind = RUN_STDIN;
    config->script_argc = argc - i;
    config->script_argv = argv + i;
    environment_apply(config);
    environment_lists(config);
    x_options_apply(config);
    return line;
}
