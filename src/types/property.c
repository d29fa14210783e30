// property.c: property. Fields are words set by __init__ and __set_name__, published; a property is not changed otherwise.
#include "src/ops/attr.h"
#include "src/ops/ops.h"
#include "src/types/str.h"
#include "src/types/type_internal.h"

static Property *as_property(Value v)
{
    return (Property *)v;
}

static Value given(Value v)
{
    return v == NONE ? 0 : v;
}

static Value property_make(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return value_of(instance_new(t, cls, 0));
}

// Keeps the documentation: subclasses get an attribute of their own, because their class has a __doc__ that would hide the field.
static bool set_doc(Thread *t, Value self, Value doc)
{
    Property *p = as_property(self);
    if (is_exactly(self, &type_property)) {
        publish(&p->doc, doc);
        return true;
    }
    if (attr_set(t, self, N(__doc__), doc ? doc : NONE))
        return true;
    return !p->doc_from_getter && pending_clear_if(t, EXC(AttributeError));   // dropped silently, as always
}

static bool take_getter_doc(Thread *t, Value self, Value getter)
{
    Value doc;
    int found = attr_find(t, getter, N(__doc__), &doc);
    if (found <= 0 || doc == NONE)
        return found >= 0 && (is_exactly(self, &type_property) || set_doc(t, self, 0));
    as_property(self)->doc_from_getter = true;
    return set_doc(t, self, doc);
}

static bool property_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value a[4];
    BIND_ARGUMENTS(t, "property", "(fget=None, fset=None, fdel=None, doc=None)", args, nargs, kwnames, a, return false);
    Property *p = as_property(self);
    publish(&p->get, given(a[0]));
    publish(&p->set, given(a[1]));
    publish(&p->del, given(a[2]));
    publish(&p->doc, 0);
    publish(&p->name, 0);
    p->doc_from_getter = false;
    if (given(a[3]))
        return set_doc(t, self, a[3]);
    return p->get ? take_getter_doc(t, self, p->get) : is_exactly(self, &type_property) || set_doc(t, self, a[3]);
}

// --- access ---

// The name for messages: as set, or the getter's. *out 0 when there is none.
static bool property_name(Thread *t, Value self, Value *out)
{
    *out = as_property(self)->name;
    if (*out || !as_property(self)->get)
        return true;
    int found = attr_find(t, as_property(self)->get, N(__name__), out);
    if (found == 0)
        *out = 0;
    return found >= 0;
}

static Value raise_no_accessor(Thread *t, Value self, Value instance, const char *what)
{
    Value name;
    if (!property_name(t, self, &name))
        return 0;
    Type *type = type_of(instance);
    if (name)
        return raise(t, EXC(AttributeError), "property %R of '%V' object has no %s", name, type->qualname, what);
    return raise(t, EXC(AttributeError), "property of '%V' object has no %s", type->qualname, what);
}

static Value property_get(Thread *t, Value descr, Value instance, Value type)
{
    (void)type;
    if (!instance)
        return descr;
    Value getter = as_property(descr)->get;
    return likely(getter != 0) ? call1(t, getter, instance) : raise_no_accessor(t, descr, instance, "getter");
}

static bool property_set(Thread *t, Value descr, Value instance, Value value)
{
    Value function = value ? as_property(descr)->set : as_property(descr)->del;
    if (!function)
        return raise_no_accessor(t, descr, instance, value ? "setter" : "deleter");
    return (value ? call2(t, function, instance, value) : call1(t, function, instance)) != 0;
}

// --- copies with another accessor ---

static Value copy_with(Thread *t, Value old, Value get, Value set, Value del)
{
    const Property *p = as_property(old);
    Value args[4] = {get ? get : p->get, set ? set : p->set, del ? del : p->del, p->doc_from_getter && (get ? get : p->get) ? NONE : p->doc};
    if (!p->doc_from_getter && !is_exactly(old, &type_property) && !p->doc && attr_find(t, old, N(__doc__), &args[3]) < 0)
        return 0;
    for (size_t i = 0; i < 4; i++)
        args[i] = args[i] ? args[i] : NONE;
    Value copy = call(t, value_of(type_of(old)), args, 4, 0);
    if (copy && p->name && type_is_subtype(type_of(copy), &type_property))
        publish(&as_property(copy)->name, p->name);
    return copy;
}

static Value method_getter(Thread *t, const Value *args, size_t nargs) { (void)nargs; return copy_with(t, args[0], args[1], 0, 0); }
static Value method_setter(Thread *t, const Value *args, size_t nargs) { (void)nargs; return copy_with(t, args[0], 0, args[1], 0); }
static Value method_deleter(Thread *t, const Value *args, size_t nargs) { (void)nargs; return copy_with(t, args[0], 0, 0, args[1]); }

static Value method_set_name(Thread *t, const Value *args, size_t nargs)
{
    if (nargs != 3)
        return raise(t, EXC(TypeError), "__set_name__() takes 2 positional arguments but %lu were given", (uint64_t)nargs - 1);
    publish(&as_property(args[0])->name, args[2]);
    return NONE;
}

static const NativeDef property_methods[] = {
    {"getter", method_getter, "($self, fget, /)", "Descriptor to obtain a copy of the property with a different getter.", NATIVE_PLAIN},
    {"setter", method_setter, "($self, fset, /)", "Descriptor to obtain a copy of the property with a different setter.", NATIVE_PLAIN},
    {"deleter", method_deleter, "($self, fdel, /)", "Descriptor to obtain a copy of the property with a different deleter.", NATIVE_PLAIN},
    {"__set_name__", method_set_name, "($self, *args)", "Method to set name of a property.", NATIVE_PLAIN},
    {0},
};

// --- attributes ---

static Value get_name(Thread *t, Value o)
{
    Value name;
    if (!property_name(t, o, &name))
        return 0;
    return name ? name : raise_attribute_text(t, o, N(__name__), "'property' object has no attribute '__name__'");
}

static bool set_name(Thread *t, Value o, Value value)
{
    (void)t;
    publish(&as_property(o)->name, value);
    return true;
}

static int is_abstract(Thread *t, Value accessor)
{
    Value value;
    int found = accessor ? attr_find(t, accessor, N(__isabstractmethod__), &value) : 0;
    return found > 0 ? truth(t, value) : found;
}

static Value get_isabstract(Thread *t, Value o)
{
    const Property *p = as_property(o);
    int answer = is_abstract(t, p->get);
    if (!answer)
        answer = is_abstract(t, p->set);
    if (!answer)
        answer = is_abstract(t, p->del);
    return answer < 0 ? 0 : value_bool(answer);
}

static const GetSetDef property_getsets[] = {
    {"__name__", get_name, set_name, NULL},
    {"__isabstractmethod__", get_isabstract, NULL, NULL},
    {0},
};

static const MemberDef property_members[] = {
    {"fget", MEMBER_VALUE_OR_NONE, offsetof(Property, get), false, NULL},
    {"fset", MEMBER_VALUE_OR_NONE, offsetof(Property, set), false, NULL},
    {"fdel", MEMBER_VALUE_OR_NONE, offsetof(Property, del), false, NULL},
    {"__doc__", MEMBER_VALUE_OR_NONE, offsetof(Property, doc), true, NULL},
    {0},
};

Type type_property = {
    TYPE_HEAD(property, "property", &type_object, Property),
    .flags = TYPE_BASE,
    .doc = "Property attribute.\n\n"
           "  fget\n    function to be used for getting an attribute value\n"
           "  fset\n    function to be used for setting an attribute value\n"
           "  fdel\n    function to be used for del'ing an attribute\n"
           "  doc\n    docstring\n\n"
           "Typical use is to define a managed attribute x:\n\n"
           "class C(object):\n    def getx(self): return self._x\n    def setx(self, value): self._x = value\n    def delx(self): del self._x\n"
           "    x = property(getx, setx, delx, \"I'm the 'x' property.\")\n\n"
           "Decorators make defining new properties or modifying existing ones easy:\n\n"
           "class C(object):\n    @property\n    def x(self):\n        \"I am the 'x' property.\"\n        return self._x\n"
           "    @x.setter\n    def x(self, value):\n        self._x = value\n    @x.deleter\n    def x(self):\n        del self._x",
    .new_signature = "(fget=None, fset=None, fdel=None, doc=None)",
    .slots = {.descr_get = property_get, .descr_set = property_set, .new = property_make, .init = property_init},
    .methods = property_methods,
    .getsets = property_getsets,
    .members = property_members,
};
