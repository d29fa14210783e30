// complex_new.c: constructing complex numbers, from text and from other numbers; repr; methods.
#include <math.h>

#include "src/core/native.h"
#include "src/ops/ops.h"
#include "src/types/complex_internal.h"
#include "src/types/number_text.h"
#include "src/types/str.h"
#include "src/types/tuple.h"

// --- text ---

Value complex_repr(Thread *t, Pair z)
{
    enum { ROOM = 400 };
    char real[ROOM], imag[ROOM];
    size_t n = double_to_text(z.imag, 'r', 0, false, false, imag, sizeof imag);
    imag[n] = 0;
    if (z.real == 0.0 && !signbit(z.real))
        return str_format(t, "%sj", imag);
    n = double_to_text(z.real, 'r', 0, false, false, real, sizeof real);
    real[n] = 0;
    return str_format(t, "(%s%s%sj)", real, imag[0] == '-' ? "" : "+", imag);
}

static bool starts_with_word(const char *p, const char *end, const char *word)
{
    for (; *word; p++, word++)
        if (p == end || (*p | 0x20) != *word)
            return false;
    return true;
}

// End of the unsigned float literal at p, or p when there is none.
static const char *literal_end(const char *p, const char *end)
{
    if (starts_with_word(p, end, "infinity"))
        return p + 8;
    if (starts_with_word(p, end, "inf") || starts_with_word(p, end, "nan"))
        return p + 3;
    const char *start = p;
    bool digits = false;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        digits = true;
    if (p < end && *p == '.')
        p++;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        digits = true;
    if (!digits)
        return start;
    if (p < end && (*p | 0x20) == 'e') {
        const char *q = p + 1;
        if (q < end && (*q == '+' || *q == '-'))
            q++;
        if (q < end && *q >= '0' && *q <= '9') {
            while (q < end && *q >= '0' && *q <= '9')
                q++;
            p = q;
        }
    }
    return p;
}

// Reads "[sign]number" or, where `lone_sign`, a sign alone for ±1. Returns where it ends, or null.
static const char *read_part(const char *p, const char *end, bool lone_sign, double *out)
{
    const char *start = p;
    if (p < end && (*p == '+' || *p == '-'))
        p++;
    const char *stop = literal_end(p, end);
    if (stop > p)
        return float_from_text(start, (size_t)(stop - start), out) ? stop : NULL;
    if (!lone_sign)
        return NULL;
    *out = *start == '-' ? -1.0 : 1.0;
    return p;
}

static bool is_unit(const char *p, const char *end) { return p < end && (*p | 0x20) == 'j'; }

static bool parse_complex(const char *p, const char *end, Pair *out)
{
    *out = (Pair){0.0, 0.0};
    double first;
    const char *q = read_part(p, end, true, &first);
    if (!q)
        return false;
    if (is_unit(q, end)) {
        out->imag = first;
        return q + 1 == end;
    }
    if (q == p || q[-1] == '+' || q[-1] == '-')               // a sign alone is no real part
        return false;
    out->real = first;
    if (q == end)
        return true;
    if (*q != '+' && *q != '-')
        return false;
    q = read_part(q, end, true, &out->imag);
    return q && is_unit(q, end) && q + 1 == end;
}

Value complex_from_str(Thread *t, Type *cls, Value str)
{
    NumberInput in;
    bool valid;
    Pair z;
    if (!number_input_str(t, str, &in))
        return 0;
    number_input_strip(&in);
    if (in.n && in.text[0] == '(') {
        if (in.n < 2 || in.text[in.n - 1] != ')')
            return raise(t, EXC(ValueError), "complex() arg is a malformed string");
        in = (NumberInput){in.text + 1, in.n - 2};
        number_input_strip(&in);
    }
    bool underscores = memchr(in.text, '_', in.n) != NULL;
    if (!number_input_join(t, &in, &valid))
        return 0;
    if (!valid)
        return raise(t, EXC(ValueError), "could not convert string to complex: %R", str);
    if (!parse_complex(in.text, in.text + in.n, &z))
        return underscores ? raise(t, EXC(ValueError), "could not convert string to complex: %R", str)
                           : raise(t, EXC(ValueError), "complex() arg is a malformed string");
    return complex_of_class(t, cls, z);
}

// --- numbers ---

int complex_special(Thread *t, Value v, Pair *out)
{
    Value method = special_lookup(t, v, N(__complex__));
    if (!method)
        return is_pending(t) ? -1 : 0;
    Value z = call0(t, method);
    if (!z)
        return -1;
    if (!is_complex(z)) {
        raise(t, EXC(TypeError), "%T.__complex__() must return a complex, not %T", v, z);
        return -1;
    }
    if (!is_exactly(z, &type_complex)
        && !warn(t, EXC(DeprecationWarning), 1,
                 "%T.__complex__() must return a complex, not %T.  The ability to return an instance of a strict "
                 "subclass of complex is deprecated, and may not be supported in a future version of Python.",
                 v, z))
        return -1;
    *out = complex_value(z);
    return 1;
}

bool to_complex(Thread *t, Value v, Pair *out)
{
    if (is_complex(v)) {
        *out = complex_value(v);
        return true;
    }
    int found = complex_special(t, v, out);
    out->imag = found == 1 ? out->imag : 0.0;
    return found == 1 || (found == 0 && to_double(t, v, &out->real));
}

static bool is_real(Value v)
{
    return is_float(v) || is_int(v) || type_of(v)->slots.to_float || type_of(v)->slots.to_index;
}

static Value complex_from_one(Thread *t, Type *cls, Value v)
{
    if (cls == &type_complex && is_exactly(v, &type_complex))
        return v;
    if (is_str(v))
        return complex_from_str(t, cls, v);
    Pair z = {0};
    int found = complex_special(t, v, &z);
    if (found < 0)
        return 0;
    if (!found && is_complex(v)) {
        z = complex_value(v);
        found = 1;
    }
    if (!found) {
        if (!is_real(v))
            return raise(t, EXC(TypeError), "complex() argument must be a string or a number, not %T", v);
        if (!to_double(t, v, &z.real))
            return 0;
    }
    return complex_of_class(t, cls, z);
}

// One of two arguments: a real number, or (deprecated) a complex one.
static bool component(Thread *t, Value v, const char *name, Pair *out)
{
    *out = (Pair){0.0, 0.0};
    int found = is_complex(v) ? 1 : 0;
    if (found)
        *out = complex_value(v);
    else if (!strcmp(name, "real"))
        found = complex_special(t, v, out);
    if (found < 0)
        return false;
    if (found)
        return warn(t, EXC(DeprecationWarning), 1, "complex() argument '%s' must be a real number, not %T", name, v);
    if (is_real(v))
        return to_double(t, v, &out->real);
    raise(t, EXC(TypeError), "complex() argument '%s' must be a real number, not %T", name, v);
    return false;
}

Value complex_construct(Thread *t, Type *cls, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 1 && !kwnames)
        return complex_from_one(t, cls, args[0]);
    Value a[2];
    BIND_ARGUMENTS(t, "complex", "(real=0, imag=0)", args, nargs, kwnames, a, return 0);
    Pair real = {0}, imag = {0};
    if (a[0] && !a[1] && nargs == 1)
        return complex_from_one(t, cls, a[0]);
    if (a[0] && !component(t, a[0], "real", &real))
        return 0;
    if (a[1] && !component(t, a[1], "imag", &imag))
        return 0;
    Pair z = {real.real, imag.real};
    if (a[1] && is_complex(a[1]))
        z.real -= imag.imag;
    if (a[0] && (is_complex(a[0]) || real.imag != 0.0))
        z.imag += real.imag;
    return complex_of_class(t, cls, z);
}

// --- methods ---

static Value complex_conjugate_method(Thread *t, const Value *args, size_t nargs)
{
    Pair z = complex_value(args[0]);
    return complex_new(t, z.real, -z.imag);
}

static Value complex_complex_method(Thread *t, const Value *args, size_t nargs)
{
    Pair z = complex_value(args[0]);
    return is_exactly(args[0], &type_complex) ? args[0] : complex_new(t, z.real, z.imag);
}

static Value complex_getnewargs_method(Thread *t, const Value *args, size_t nargs)
{
    Pair z = complex_value(args[0]);
    Value real = float_new(t, z.real), imag = real ? float_new(t, z.imag) : 0;
    return imag ? tuple_pair(t, real, imag) : 0;
}

static Value complex_format_method(Thread *t, const Value *args, size_t nargs)
{
    if (!is_str(args[1]))
        return raise(t, EXC(TypeError), "__format__() argument must be str, not %T", args[1]);
    return complex_format(t, args[0], args[1]);
}

static Value complex_from_number_method(Thread *t, const Value *args, size_t nargs)
{
    if (is_exactly(args[1], &type_complex) && args[0] == value_of(&type_complex))
        return args[1];
    Pair z;
    if (!to_complex(t, args[1], &z))
        return 0;
    Value exact = complex_new(t, z.real, z.imag);
    return !exact || args[0] == value_of(&type_complex) ? exact : call1(t, args[0], exact);
}

const NativeDef complex_methods[] = {
    {"from_number", complex_from_number_method, "($type, number, /)", "Convert number to a complex floating-point number.",
     NATIVE_CLASS},
    {"conjugate", complex_conjugate_method, "($self, /)",
     "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.", 0},
    {"__complex__", complex_complex_method, "($self, /)", "Convert this value to exact type complex.", 0},
    {"__getnewargs__", complex_getnewargs_method, "($self, /)", NULL, 0},
    {"__format__", complex_format_method, "($self, format_spec, /)", "Convert to a string according to format_spec.", 0},
    {0},
};
