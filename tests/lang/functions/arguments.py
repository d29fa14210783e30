"""Parameters of every kind, calls of every kind, and what is said when they do not fit."""


def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


def attempt(action):
    try:
        print(action())
    except TypeError as error:
        print("TypeError:", error)


attempt(lambda: f(1, d=4))
attempt(lambda: f(1, 2, 3, 4, 5, d=6, g=7))
attempt(lambda: f(*[1, 2], **{"c": 9, "d": 10}))
attempt(lambda: f(1, a=5, d=0))
attempt(lambda: f())
attempt(lambda: f(1))
attempt(lambda: f(1, d=1, **{"d": 2}))
attempt(lambda: f(*5))
attempt(lambda: f(**5))
attempt(lambda: f(1, d=1, **{1: 2}))


def g(x, y): return x, y
def h(*, key): return key
def k(x, /): return x


attempt(lambda: g(1, 2, 3))
attempt(lambda: g(1))
attempt(lambda: g())
attempt(lambda: g(1, x=1))
attempt(lambda: g(y=1, z=2))
attempt(lambda: h(1))
attempt(lambda: h())
attempt(lambda: h(ky=1))
attempt(lambda: k(x=1))
attempt(lambda: (lambda: 0)(1))
attempt(lambda: len())
attempt(lambda: len(1, 2))
attempt(lambda: len(5))
attempt(lambda: int(x=1))
attempt(lambda: None())
attempt(lambda: "x"())
attempt(lambda: [].append(1, 2))


def defaults(value, into=[]):
    into.append(value)
    return into


print(defaults(1), defaults(2), defaults.__defaults__)


def counter():
    count = 0

    def up(by=1):
        nonlocal count
        count += by
        return count

    def get():
        return count
    return up, get


up, get = counter()
up()
up(by=5)
print(get(), up.__closure__[0].cell_contents, up.__code__.co_freevars, counter.__code__.co_cellvars)


def decorated(prefix):
    def wrap(function):
        def inner(*args, **kwargs):
            print(prefix, function.__name__, args, kwargs)
            return function(*args, **kwargs)
        return inner
    return wrap


@decorated("outer")
@decorated("inner")
def twice(x, *, times=2):
    """Doc."""
    return x * times


print(twice(4, times=3), twice.__name__, f.__kwdefaults__, f.__code__.co_varnames, f.__qualname__, counter()[0].__qualname__)
order = []
def note(x): order.append(x); return x
f(note(1), *[note(2)], d=note(3), **{note("k"): note(4)})
print(order, [fn(10) for fn in [lambda x, n=n: x + n for n in range(3)]], [fn() for fn in [lambda: n for n in range(3)]])
def late():
    try:
        print(unset)
    except UnboundLocalError as error:
        print(error)
    unset = 1
late()
def free():
    def inner(): return later
    try:
        inner()
    except NameError as error:
        print(error)
    later = 1
free()
global_value = 1
def change():
    global global_value
    global_value += 1
    del global_value
change()
print("global_value" in globals())
