// sys_monitoring.c: sys.monitoring: tools, their callbacks. Switching events on is refused: the interpreter does not send them yet.
#include "src/core/error.h"
#include "src/core/native.h"
#include "src/modules/sys.h"
#include "src/ops/ops.h"
#include "src/types/dict.h"
#include "src/types/function.h"
#include "src/types/number.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

enum { TOOLS = 6, EVENTS = 19 };   // ids 6 and 7 belong to the runtime

static Value tool_names[TOOLS];              // root range; guard: single-word stores
static Value callbacks[TOOLS][EVENTS];       // root range; 0: none

static bool tool_arg(Thread *t, Value v, int32_t *out)
{
    if (!to_int32(t, v, out))
        return false;
    if (*out >= 0 && *out < TOOLS)
        return true;
    raise(t, EXC(ValueError), "invalid tool %d (must be between 0 and 5)", *out);
    return false;
}

static bool used_tool_arg(Thread *t, Value v, int32_t *out)
{
    if (!tool_arg(t, v, out))
        return false;
    if (tool_names[*out])
        return true;
    raise(t, EXC(ValueError), "tool %d is not in use", *out);
    return false;
}

static Value mon_use_tool_id(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool;
    if (!tool_arg(t, args[0], &tool))
        return 0;
    if (!is_str(args[1]))
        return raise(t, EXC(ValueError), "tool name must be a str");
    if (tool_names[tool])
        return raise(t, EXC(ValueError), "tool %d is already in use", tool);
    publish(&tool_names[tool], args[1]);
    return NONE;
}

static Value mon_clear_tool_id(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool;
    if (!tool_arg(t, args[0], &tool))
        return 0;
    for (int i = 0; i < EVENTS; i++)
        publish(&callbacks[tool][i], (Value)0);
    return NONE;
}

static Value mon_free_tool_id(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool;
    if (!mon_clear_tool_id(t, args, nargs) || !tool_arg(t, args[0], &tool))
        return 0;
    publish(&tool_names[tool], (Value)0);
    return NONE;
}

static Value mon_get_tool(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool;
    if (!tool_arg(t, args[0], &tool))
        return 0;
    return tool_names[tool] ? tool_names[tool] : NONE;
}

static Value mon_register_callback(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool, event;
    if (!tool_arg(t, args[0], &tool) || !to_int32(t, args[1], &event))
        return 0;
    if (event <= 0 || (event & (event - 1)))
        return raise(t, EXC(ValueError), "The callback can only be set for one event at a time");
    int index = __builtin_ctz((unsigned)event);
    if (index >= EVENTS)
        return raise(t, EXC(ValueError), "invalid event %d", event);
    Value old = callbacks[tool][index];
    publish(&callbacks[tool][index], args[2] == NONE ? 0 : args[2]);
    return old ? old : NONE;
}

static Value mon_get_events(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool;
    return used_tool_arg(t, args[0], &tool) ? fixnum(0) : 0;
}

static Value mon_set_events(Thread *t, const Value *args, size_t nargs)
{
    int32_t tool, events;
    if (!used_tool_arg(t, args[0], &tool) || !to_int32(t, args[nargs - 1], &events))
        return 0;
    if (events < 0 || events >= 1 << EVENTS)
        return raise(t, EXC(ValueError), "invalid event set 0x%x", events);
    if (events)
        return raise(t, EXC(NotImplementedError), "sys.monitoring events are not sent by this version");
    return NONE;
}

static Value mon_restart_events(Thread *t, const Value *args, size_t nargs) { return NONE; }

static Value mon_all_events(Thread *t, const Value *args, size_t nargs) { return value_of(dict_new(t)); }

static const NativeDef monitoring_functions[] = {
    {"use_tool_id", mon_use_tool_id, "(tool_id, name, /)", NULL, NATIVE_PLAIN},
    {"clear_tool_id", mon_clear_tool_id, "(tool_id, /)", NULL, NATIVE_PLAIN},
    {"free_tool_id", mon_free_tool_id, "(tool_id, /)", NULL, NATIVE_PLAIN},
    {"get_tool", mon_get_tool, "(tool_id, /)", NULL, NATIVE_PLAIN},
    {"register_callback", mon_register_callback, "(tool_id, event, func, /)", NULL, NATIVE_PLAIN},
    {"get_events", mon_get_events, "(tool_id, /)", NULL, NATIVE_PLAIN},
    {"set_events", mon_set_events, "(tool_id, event_set, /)", NULL, NATIVE_PLAIN},
    {"get_local_events", mon_get_events, "(tool_id, code, /)", NULL, NATIVE_PLAIN},
    {"set_local_events", mon_set_events, "(tool_id, code, event_set, /)", NULL, NATIVE_PLAIN},
    {"restart_events", mon_restart_events, "()", NULL, NATIVE_PLAIN},
    {"_all_events", mon_all_events, "()", NULL, NATIVE_PLAIN},
    {0},
};

static Value event_names(Thread *t)
{
    static const char *const names[EVENTS] = {
        "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "INSTRUCTION", "JUMP", "BRANCH_LEFT", "BRANCH_RIGHT",
        "STOP_ITERATION", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE", "C_RETURN", "C_RAISE", "BRANCH"};
    Dict *d = dict_new(t);
    for (int i = 0; d && i < EVENTS; i++) {
        Value name = str_intern_cstr(t, names[i]);
        if (!name || !dict_set(t, d, name, fixnum(1 << i)))
            return 0;
    }
    Value none = str_intern_cstr(t, "NO_EVENTS");
    if (!d || !none || !dict_set(t, d, none, fixnum(0)))
        return 0;
    return call_tuple_dict(t, value_of(&type_simplenamespace), tuple_empty, value_of(d));
}

static const ModuleDef module_sys_monitoring = {"sys.monitoring", NULL, monitoring_functions, NULL};

bool sys_monitoring_add(Thread *t)
{
    vm_add_root_range(tool_names, tool_names + TOOLS);
    vm_add_root_range(callbacks, callbacks + TOOLS);
    Value module = module_from_def(t, &module_sys_monitoring);
    if (!module || !module_add(t, module, "DEBUGGER_ID", fixnum(0)) || !module_add(t, module, "COVERAGE_ID", fixnum(1))
        || !module_add(t, module, "PROFILER_ID", fixnum(2)) || !module_add(t, module, "OPTIMIZER_ID", fixnum(5))
        || !module_add(t, module, "DISABLE", call0(t, value_of(&type_object)))
        || !module_add(t, module, "MISSING", call0(t, value_of(&type_object)))
        || !module_add(t, module, "events", event_names(t)))
        return false;
    return sys_set(t, "monitoring", module);
}
