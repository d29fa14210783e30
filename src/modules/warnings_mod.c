// warnings_mod.c: the module _warnings: which warnings are shown, once per place, and warn() for native code.
//
// State is one set of objects per process. The recursive lock guards filter changes made by the library; looking filters
// up works on a snapshot.
#include <stdio.h>

#include "src/code/code.h"
#include "src/core/error.h"
#include "src/core/hooks.h"
#include "src/core/module_def.h"
#include "src/core/native.h"
#include "src/core/vm.h"
#include "src/modules/boot.h"
#include "src/modules/contextvars.h"
#include "src/modules/sys.h"
#include "src/modules/thread.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/exception.h"
#include "src/types/list.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

static struct WarningsState {
    Value filters, once_registry, default_action, context_var, lock;   // a root range
    int64_t version;                  // changes with the filters: registries of older versions count for nothing
} state;

// --- attributes that programs may replace in the module warnings ---
static Value warnings_attribute(Thread *t, const char *name, bool import)
{
    Value key = str_intern_cstr(t, "warnings"), module = 0, value = 0;
    if (!key || dict_get(t, as_dict(t->vm->modules), key, &module) < 0)
        return 0;
    if (!module && import && load_relaxed(&t->vm->finalizing) != TRUE) {
        module = hooks.import_module(t, "warnings");
        if (!module && pending_clear_if(t, EXC(ImportError)))
            return 0;
    }
    if (!module || module == NONE)
        return 0;
    return attr_find(t, module, str_intern_cstr(t, name), &value) > 0 ? value : 0;
}

// --- filters ---
// A pattern is None, a str to be equal to, or a compiled regular expression.
static int pattern_matches(Thread *t, Value pattern, Value text)
{
    if (pattern == NONE)
        return 1;
    if (is_exactly(pattern, &type_str))
        return compare_bool(t, pattern, text, CMP_EQ);
    Value found = call_method1(t, pattern, str_intern_cstr(t, "match"), text);
    return found ? truth(t, found) : -1;
}

typedef struct Warning {
    Value category, message, text, filename, module, registry, source, source_line;
    int64_t line;
} Warning;

static int filter_matches(Thread *t, const Value *filter, const Warning *w)
{
    int64_t line;
    int good = pattern_matches(t, filter[1], w->text);
    if (good <= 0 || (good = is_subclass(t, w->category, filter[2])) <= 0)
        return good;
    if ((good = pattern_matches(t, filter[3], w->module)) <= 0)
        return good;
    if (!to_int64(t, filter[4], &line))
        return -1;
    return line == 0 || line == w->line;
}

// The action of the first filter that matches; 0 without exception: none does. *out_item is that filter.
static Value find_in(Thread *t, Value filters, const Warning *w, Value *out_item)
{
    size_t n;
    if (!is_list(filters))
        return raise(t, EXC(ValueError), "warnings.filters must be a list");
    Value *at = list_snapshot(t, as_list(filters), &n);
    for (size_t i = 0; at && i < n; i++) {
        if (!is_exactly(at[i], &type_tuple) || as_tuple(at[i])->length != 5)
            return raise(t, EXC(ValueError), "warnings.filters item %ld isn't a 5-tuple", (int64_t)i);
        const Value *filter = as_tuple(at[i])->at;
        if (!is_str(filter[0]))
            return raise(t, EXC(TypeError), "action must be a string, not '%T'", filter[0]);
        int good = filter_matches(t, filter, w);
        if (good < 0)
            return 0;
        if (good) {
            *out_item = at[i];
            return filter[0];
        }
    }
    return 0;
}

// The filters of `with warnings.catch_warnings()` in this context, or 0.
static Value context_filters(Thread *t)
{
    Value context = 0;
    if (!t->vm->config.context_aware_warnings || contextvar_get(t, state.context_var, &context) <= 0 || context == NONE)
        return 0;
    return attr_get(t, context, str_intern_cstr(t, "_filters"));
}

static Value global_filters(Thread *t)
{
    Value filters = warnings_attribute(t, "filters", false);
    if (filters)
        state.filters = filters;
    return is_pending(t) ? 0 : state.filters;
}

static Value default_action(Thread *t)
{
    Value action = warnings_attribute(t, "defaultaction", false);
    if (is_pending(t))
        return 0;
    if (!action)
        return state.default_action;
    if (!is_str(action))
        return raise(t, EXC(TypeError), "warnings.defaultaction must be a string, not '%T'", action);
    return state.default_action = action;
}

static Value find_action(Thread *t, const Warning *w, Value *out_item)
{
    *out_item = NONE;
    Value filters = context_filters(t), action = 0;
    if (is_pending(t))
        return 0;
    if (filters && filters != NONE)
        action = find_in(t, filters, w, out_item);
    if (action || is_pending(t))
        return action;
    filters = global_filters(t);
    if (!filters)
        return 0;
    action = find_in(t, filters, w, out_item);
    return action || is_pending(t) ? action : default_action(t);
}

// --- registries: what was warned about where ---
static int already_warned(Thread *t, Value registry, Value key, bool add)
{
    Dict *d = as_dict(registry);
    Value version = 0, seen = 0, name = str_intern_cstr(t, "version");
    if (!name || dict_get(t, d, name, &version) < 0)
        return -1;
    if (!version || version != fixnum(state.version)) {
        dict_clear(t, d);
        if (!dict_set(t, d, name, fixnum(state.version)))
            return -1;
    } else if (dict_get(t, d, key, &seen) < 0) {
        return -1;
    } else if (seen) {
        int yes = truth(t, seen);
        if (yes)
            return yes;
    }
    return add && !dict_set(t, d, key, TRUE) ? -1 : 0;
}

static int seen_anywhere(Thread *t, Value registry, const Warning *w, bool with_line_zero)
{
    Value key = with_line_zero ? tuple_of(t, 3, w->text, w->category, fixnum(0)) : tuple_pair(t, w->text, w->category);
    return key ? already_warned(t, registry, key, true) : -1;
}

// --- showing ---
static void write_line(Thread *t, Value out, Value text)
{
    if (!text || !call_method1(t, out, N(write), text))
        pending_clear(t);
}

// While the library's warnings is not loaded.
static void show_plainly(Thread *t, const Warning *w)
{
    Value out = sys_get(t, "stderr");
    Value name = attr_get(t, w->category, N(__name__));
    if (!out || out == NONE || !name) {
        pending_clear(t);
        return;
    }
    write_line(t, out, str_format(t, "%V:%ld: %V: %V\n", w->filename, w->line, name, w->text));
    Value line = w->source_line && w->source_line != NONE ? w->source_line : 0;
    if (!line) {
        Value linecache = 0, key = str_intern_cstr(t, "linecache");
        if (dict_get(t, as_dict(t->vm->modules), key, &linecache) > 0)
            line = call_method2(t, linecache, str_intern_cstr(t, "getline"), w->filename, fixnum(w->line));
        pending_clear(t);
    }
    Value stripped = line ? call_method0(t, line, str_intern_cstr(t, "strip")) : 0;
    if (stripped && is_str(stripped) && as_str(stripped)->length)
        write_line(t, out, str_format(t, "  %U\n", stripped));
    pending_clear(t);
}

static bool show(Thread *t, const Warning *w)
{
    bool has_source = w->source && w->source != NONE;
    Value show_function = warnings_attribute(t, "_showwarnmsg", true);
    if (is_pending(t))
        return false;
    if (!show_function) {
        show_plainly(t, w);
        return true;
    }
    if (!is_callable(show_function)) {
        raise(t, EXC(TypeError), "warnings._showwarnmsg() must be set to a callable");
        return false;
    }
    Value message_class = warnings_attribute(t, "WarningMessage", false);
    if (!message_class) {
        if (!is_pending(t))
            raise(t, EXC(RuntimeError), "unable to get warnings.WarningMessage");
        return false;
    }
    Value line = w->source_line ? w->source_line : NONE;
    Value args[] = {w->message, w->category, w->filename, int_from_int64(t, w->line), NONE, line, has_source ? w->source : NONE};
    Value message = call(t, message_class, args, COUNT_OF(args), 0);
    return message && call1(t, show_function, message);
}

// --- the decision ---
static bool is_action(Value action, const char *name) { return str_equal_cstr(action, name); }

static Value unknown_action(Thread *t, Value action, Value item)
{
    return raise(t, EXC(RuntimeError), "Unrecognized action (%R) in warnings.filters:\n %R", action, item);
}

static Value registry_of(Thread *t)
{
    Value registry = warnings_attribute(t, "onceregistry", false);
    if (is_pending(t))
        return 0;
    if (registry && !is_dict(registry))
        return raise(t, EXC(TypeError), "warnings.onceregistry must be a dict, not '%T'", registry);
    return registry ? (state.once_registry = registry) : state.once_registry;
}

// 1: to be shown; 0: not; -1: error.
static int apply_action(Thread *t, const Warning *w, Value action, Value item, Value key)
{
    int seen = 0;
    if (is_action(action, "always") || is_action(action, "all"))
        return 1;
    if (w->registry != NONE && !dict_set(t, as_dict(w->registry), key, TRUE))
        return -1;
    if (is_action(action, "once")) {
        Value registry = w->registry == NONE ? registry_of(t) : w->registry;
        seen = registry ? seen_anywhere(t, registry, w, false) : -1;
    } else if (is_action(action, "module")) {
        seen = w->registry == NONE ? 0 : seen_anywhere(t, w->registry, w, true);
    } else if (!is_action(action, "default")) {
        unknown_action(t, action, item);
        return -1;
    }
    return seen < 0 ? -1 : !seen;
}

static Value module_from_filename(Thread *t, Value filename)
{
    const Str *s = as_str(filename);
    size_t n = s->length;
    if (n == 0)
        return str_intern_cstr(t, "<unknown>");
    if (n >= 3 && str_at(s, n - 3) == '.' && str_at(s, n - 2) == 'p' && str_at(s, n - 1) == 'y')
        return str_substring(t, filename, 0, n - 3);
    return filename;
}

static bool warn_explicit(Thread *t, Warning *w)
{
    if (w->module == NONE)
        return true;
    if (w->registry != NONE && !is_dict(w->registry))
        return raise(t, EXC(TypeError), "'registry' must be a dict or None");
    if (!w->module)
        w->module = module_from_filename(t, w->filename);
    int is_warning = is_instance(t, w->message, value_of(EXC(Warning)));
    if (is_warning < 0 || !w->module)
        return false;
    if (is_warning) {
        w->text = value_str(t, w->message);
        w->category = value_of(type_of(w->message));
    } else {
        w->text = w->message;
        w->message = call1(t, w->category, w->message);
    }
    if (!w->text || !w->message)
        return false;
    Value key = tuple_of(t, 3, w->text, w->category, int_from_int64(t, w->line)), item;
    int seen = key && w->registry != NONE ? already_warned(t, w->registry, key, false) : 0;
    if (!key || seen)
        return key && seen > 0;
    Value action = find_action(t, w, &item);
    if (!action)
        return false;
    if (is_action(action, "error")) {
        raise_value(t, w->message);
        return false;
    }
    if (is_action(action, "ignore"))
        return true;
    int wanted = apply_action(t, w, action, item, key);
    return wanted > 0 ? show(t, w) : wanted == 0;
}

// --- where: the frame that the warning is about ---
static Value frame_part(Thread *t, Value frame, const char *name)
{
    return attr_get(t, frame, str_intern_cstr(t, name));
}

static Value frame_filename(Thread *t, Value frame)
{
    Value code = frame_part(t, frame, "f_code");
    return code && is_exactly(code, &type_code) ? as_code(code)->filename : 0;
}

static bool contains(const Str *s, const char *ascii)
{
    size_t n = strlen(ascii);
    for (size_t i = 0; i + n <= s->length; i++) {
        size_t k = 0;
        while (k < n && str_at(s, i + k) == (uint8_t)ascii[k])
            k++;
        if (k == n)
            return true;
    }
    return false;
}

static bool is_internal(Thread *t, Value frame)
{
    Value filename = frame_filename(t, frame);
    pending_clear(t);
    return filename && is_str(filename) && contains(as_str(filename), "importlib") && contains(as_str(filename), "_bootstrap");
}

static bool is_skipped(Thread *t, Value frame, Value prefixes)
{
    if (!prefixes || !as_tuple(prefixes)->length)
        return false;
    Value filename = frame_filename(t, frame);
    Value answer = filename ? call_method1(t, filename, str_intern_cstr(t, "startswith"), prefixes) : 0;
    bool yes = answer && truth(t, answer) > 0;
    pending_clear(t);
    return yes;
}

static Value frame_back(Thread *t, Value frame)
{
    Value back = frame_part(t, frame, "f_back");
    return back == NONE ? 0 : back;
}

static Value next_external(Thread *t, Value frame, Value prefixes)
{
    do
        frame = frame_back(t, frame);
    while (frame && (is_internal(t, frame) || is_skipped(t, frame, prefixes)));
    return frame;
}

static Value find_frame(Thread *t, int64_t level, Value prefixes)
{
    Value frame = hooks.current_frame_object ? hooks.current_frame_object(t) : 0;
    if (!frame || frame == NONE)
        return 0;
    bool plain = level <= 0 || is_internal(t, frame);
    while (--level > 0 && frame)
        frame = plain ? frame_back(t, frame) : next_external(t, frame, prefixes);
    return frame;
}

static bool set_place(Thread *t, Warning *w, int64_t level, Value prefixes)
{
    Value frame = find_frame(t, level, prefixes), globals;
    if (is_pending(t))
        return false;
    if (frame) {
        globals = frame_part(t, frame, "f_globals");
        w->filename = frame_filename(t, frame);
        Value line = frame_part(t, frame, "f_lineno");
        w->line = line && is_fixnum(line) ? fixnum_value(line) : 0;
    } else {
        globals = t->vm->sys_dict;
        w->filename = str_intern_cstr(t, "<sys>");
        w->line = 0;
    }
    if (!globals || !w->filename || !is_dict(globals))
        return false;
    Value key = str_intern_cstr(t, "__warningregistry__");
    if (!key || dict_get(t, as_dict(globals), key, &w->registry) < 0)
        return false;
    if (!w->registry) {
        w->registry = value_of(dict_new(t));
        if (!w->registry || !dict_set(t, as_dict(globals), key, w->registry))
            return false;
    }
    w->module = dict_get_known(as_dict(globals), N(__name__));
    if (!w->module || !is_str(w->module))
        w->module = str_intern_cstr(t, "<string>");
    return w->module != 0;
}

static bool warn_at(Thread *t, Value category, Value message, int64_t level, Value source, Value prefixes)
{
    Warning w = {.category = category, .message = message, .source = source};
    return set_place(t, &w, level, prefixes) && warn_explicit(t, &w);
}

// warn() of error.h.
static bool warn_from_native(Thread *t, Type *category, Value message, int stack_level)
{
    return !state.filters || warn_at(t, value_of(category), message, stack_level, 0, 0);
}

// --- functions ---
static Value category_of(Thread *t, Value message, Value category)
{
    int is_warning = is_instance(t, message, value_of(EXC(Warning)));
    if (is_warning < 0)
        return 0;
    if (is_warning)
        return value_of(type_of(message));
    if (!category || category == NONE)
        return value_of(EXC(UserWarning));
    int good = is_type(category) ? is_subclass(t, category, value_of(EXC(Warning))) : 0;
    if (good < 0)
        return 0;
    return good ? category : raise(t, EXC(TypeError), "category must be a Warning subclass, not '%T'", category);
}

static bool check_prefixes(Thread *t, Value prefixes)
{
    if (!is_tuple(prefixes)) {
        raise(t, EXC(TypeError), "warn() argument 'skip_file_prefixes' must be tuple, not %T", prefixes);
        return false;
    }
    for (size_t i = 0; i < as_tuple(prefixes)->length; i++) {
        if (!is_str(as_tuple(prefixes)->at[i])) {
            raise(t, EXC(TypeError), "Found non-str '%T' in skip_file_prefixes.", as_tuple(prefixes)->at[i]);
            return false;
        }
    }
    return true;
}

static Value warnings_warn(Thread *t, const Value *args, size_t nargs)
{
    enum { MESSAGE, CATEGORY, LEVEL, SOURCE, PREFIXES };
    int64_t level = 1;
    Value category = category_of(t, args[MESSAGE], args[CATEGORY]);
    if (!category || (args[LEVEL] && !to_int64(t, args[LEVEL], &level)))
        return 0;
    if (args[PREFIXES]) {
        if (!check_prefixes(t, args[PREFIXES]))
            return 0;
        if (as_tuple(args[PREFIXES])->length && level < 2)
            level = 2;
    }
    return warn_at(t, category, args[MESSAGE], level, args[SOURCE], args[PREFIXES]) ? NONE : 0;
}

// The line of a module that knows its own source (__loader__.get_source), or 0.
static Value line_from_loader(Thread *t, Value globals, int64_t line)
{
    Value loader = 0, get_source = 0;
    if (!is_dict(globals))
        return raise(t, EXC(TypeError), "module_globals must be a dict, not '%T'", globals);
    Value external = hooks.import_module(t, "_frozen_importlib_external");
    loader = external ? call_method1(t, external, str_intern_cstr(t, "_bless_my_loader"), globals) : 0;
    Value name = dict_get_known(as_dict(globals), N(__name__));
    if (!loader || loader == NONE || !name || attr_find(t, loader, str_intern_cstr(t, "get_source"), &get_source) <= 0)
        return 0;
    Value source = call1(t, get_source, name);
    if (!source || source == NONE)
        return 0;
    Value lines = call_method0(t, source, str_intern_cstr(t, "splitlines"));
    Value found = lines && is_list(lines) ? list_get(as_list(lines), (size_t)(line - 1)) : 0;
    return found;
}

static Value warnings_warn_explicit(Thread *t, const Value *args, size_t nargs)
{
    enum { MESSAGE, CATEGORY, FILENAME, LINE, MODULE_NAME, REGISTRY, GLOBALS, SOURCE };
    Warning w = {.message = args[MESSAGE], .category = args[CATEGORY], .filename = args[FILENAME], .module = args[MODULE_NAME],
                 .registry = args[REGISTRY] ? args[REGISTRY] : NONE, .source = args[SOURCE]};
    if (!is_str(w.filename))
        return raise(t, EXC(TypeError), "warn_explicit() argument 'filename' must be str, not %T", w.filename);
    if (!to_int64(t, args[LINE], &w.line))
        return 0;
    if (args[GLOBALS] && args[GLOBALS] != NONE) {
        w.source_line = line_from_loader(t, args[GLOBALS], w.line);
        if (is_pending(t))
            return 0;
    }
    return warn_explicit(t, &w) ? NONE : 0;
}

static Value warnings_mutated(Thread *t, const Value *args, size_t nargs)
{
    state.version++;
    return NONE;
}

static Value warnings_acquire(Thread *t, const Value *args, size_t nargs)
{
    return call_method0(t, state.lock, str_intern_cstr(t, "acquire")) ? NONE : 0;
}

static Value warnings_release(Thread *t, const Value *args, size_t nargs)
{
    return call_method0(t, state.lock, str_intern_cstr(t, "release"));
}

static const NativeDef warnings_functions[] = {
    {"warn", warnings_warn, "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())", "Issue a warning, or maybe ignore it or raise an exception.", NATIVE_PLAIN},
    {"warn_explicit", warnings_warn_explicit, "(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)", "Issue a warning, or maybe ignore it or raise an exception.", NATIVE_PLAIN},
    {"_filters_mutated_lock_held", warnings_mutated, "()", NULL, NATIVE_PLAIN},
    {"_acquire_lock", warnings_acquire, "()", NULL, NATIVE_PLAIN},
    {"_release_lock", warnings_release, "()", NULL, NATIVE_PLAIN},
    {0},
};

// --- start ---
static bool add_filter(Thread *t, List *filters, const char *action, Type *category, const char *module)
{
    Value filter = tuple_of(t, 5, str_intern_cstr(t, action), NONE, value_of(category), module ? str_intern_cstr(t, module) : NONE,
                            fixnum(0));
    return filter && list_append(t, filters, filter);
}

static Value first_filters(Thread *t)
{
    List *filters = list_new(t, 8);
    if (!filters || !add_filter(t, filters, "default", EXC(DeprecationWarning), "__main__")
        || !add_filter(t, filters, "ignore", EXC(DeprecationWarning), NULL)
        || !add_filter(t, filters, "ignore", EXC(PendingDeprecationWarning), NULL)
        || !add_filter(t, filters, "ignore", EXC(ImportWarning), NULL)
        || !add_filter(t, filters, "ignore", EXC(ResourceWarning), NULL))
        return 0;
    return value_of(filters);
}

static bool state_init(Thread *t)
{
    if (state.filters)
        return true;
    vm_add_root_range(&state, &state.version);
    state.version = 1;
    state.once_registry = value_of(dict_new(t));
    state.default_action = str_intern_cstr(t, "default");
    state.context_var = contextvar_new(t, "warnings_context", 0);
    state.lock = call0(t, value_of(&type_rlock));
    state.filters = first_filters(t);
    hooks.warn = warn_from_native;
    return state.once_registry && state.default_action && state.context_var && state.lock && state.filters;
}

static bool warnings_exec(Thread *t, Value module)
{
    return state_init(t) && module_add(t, module, "filters", state.filters)
        && module_add(t, module, "_onceregistry", state.once_registry) && module_add(t, module, "_defaultaction", state.default_action)
        && module_add(t, module, "_warnings_context", state.context_var);
}

// The library's warnings reads sys.warnoptions when it is imported.
bool warnings_boot(Thread *t)
{
    Value options = sys_get(t, "warnoptions");
    if (!options || !is_list(options) || !list_length(as_list(options)))
        return true;
    if (!hooks.import_module(t, "warnings"))
        pending_clear(t);
    return true;
}

const ModuleDef module_warnings = {"_warnings",
    "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    warnings_functions, warnings_exec};
