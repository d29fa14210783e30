// types_mod.c: _types: names of the runtime's own types, for the module types.
#include "src/core/error.h"
#include "src/core/module_def.h"

// Nothing makes capsules yet: the type is there because programs name it.
Type type_capsule = {
    TYPE_HEAD(capsule, "PyCapsule", &type_object, Object),
    .flags = TYPE_DISALLOW_NEW,
};

static const struct { const char *name; Type *type; } names[] = {
    {"AsyncGeneratorType", &type_async_generator},
    {"BuiltinFunctionType", &type_builtin_function},
    {"BuiltinMethodType", &type_builtin_function},
    {"CapsuleType", &type_capsule},
    {"CellType", &type_cell},
    {"ClassMethodDescriptorType", &type_classmethod_descriptor},
    {"CodeType", &type_code},
    {"CoroutineType", &type_coroutine},
    {"EllipsisType", &type_ellipsis},
    {"FrameType", &type_frame},
    {"FunctionType", &type_function},
    {"GeneratorType", &type_generator},
    {"GenericAlias", &type_generic_alias},
    {"GetSetDescriptorType", &type_getset_descriptor},
    {"LambdaType", &type_function},
    {"MappingProxyType", &type_mappingproxy},
    {"MemberDescriptorType", &type_member_descriptor},
    {"MethodDescriptorType", &type_method_descriptor},
    {"MethodType", &type_method},
    {"MethodWrapperType", &type_method_wrapper},
    {"ModuleType", &type_module},
    {"NoneType", &type_none},
    {"NotImplementedType", &type_notimplemented},
    {"SimpleNamespace", &type_simplenamespace},
    {"TracebackType", &type_traceback},
    {"UnionType", &type_union},
    {"WrapperDescriptorType", &type_wrapper_descriptor},
};

static bool types_exec(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!module_add(t, module, names[i].name, value_of(names[i].type)))
            return false;
    return true;
}

const ModuleDef module_types = {
    .name = "_types",
    .doc = "Define names for built-in types.",
    .exec = types_exec,
};
