"""Names: class bodies, comprehensions, global, nonlocal, annotations, walrus, del, type parameters."""
x = "module"


class A:
    x = "class"
    y = [x for _ in range(1)]
    z = (lambda: x)()

    def method(self):
        return x, __class__.__name__

    class B:
        seen = x


print(A.y, A.z, A().method(), A.B.seen)


def outer():
    x = "outer"

    class C:
        nonlocal x
        x = "changed by class"
        own = x

    def middle():
        def inner():
            nonlocal x
            x += "!"
            return x
        return inner()
    return x, middle(), C.own, hasattr(C, "x")


print(outer())


def walrus():
    total = [y := 1, y + 1, (z := y * 5)]
    return total, y, z, [last := i for i in range(3)], last


print(walrus())
print([(i, j) for i in range(3) if i for j in range(i)], [i for i in [i for i in range(3)]], x)


def annotated(a: undefined_name, b: int = 1) -> "later":
    c: also_undefined = 2
    return c


print(annotated(1))
try:
    annotated.__annotations__
except NameError as error:
    print(error)


class Node:
    next: Node
    value: int = 0


print(Node.__annotations__ == {"next": Node, "value": int})


def generic[T: (int, str), *Ts, **P](arg: T, *args: *Ts) -> T:
    return arg


type Alias[K] = dict[K, list[Alias[K]]]
print(generic.__type_params__, Alias.__name__, Alias.__value__, Alias[int], generic(3))


def deleted():
    a = 1
    del a
    try:
        return a
    except UnboundLocalError as error:
        return str(error)


print(deleted())
exec("x = 5; print(x)", {})
ns = {}
exec("def f(): return g()\ndef g(): return 'from exec'", ns)
print(ns["f"](), eval("x + '!'"), sorted(k for k in ns if k[0] != "_"))


def local_view():
    a = 1
    b = [locals()["a"], list(locals())]
    return b


print(local_view())
a = b = c = [1]
a += [2]
print(b is a, c)
i = 0
values = [0, 1, 2]
i, values[i] = 2, "swapped"
print(values)
(a, b), c = [1, 2], 3
a, b = b, a
print(a, b, c)
if (n := len(values)) > 2: print("long", n)
while n: n -= 1
else: print("loop ended", n)
print(*[1, 2], sep="-", end=".\n")
def posonly(a, /, **kw): return a, kw
print(posonly(1, a=2))
print("implicit " "joining" f" {x}" r"\n", 1_000, 0xFF, 0o17, 0b11, 1e3, 5j, ..., not True, 1 if x else 2)
t = t"hello {x!r:>10} {1 + 1}"
print(t.strings, [i.value for i in t.interpolations], t.interpolations[0].expression, t.interpolations[0].format_spec)
lst = [1, 2, 3, 4]
del lst[1:3], x
print(lst, "x" in globals(), 3 .real, 1 .__add__(2), [].__len__())
