"""Generators: send, throw, close, yield from, return values, expressions, misuse."""


def echo():
    received = "start"
    try:
        while True:
            try:
                received = yield received
            except ValueError as error:
                received = f"caught {error}"
    finally:
        print("closed")


g = echo()
print(next(g), g.send("a"), g.throw(ValueError("b")), next(g), g.gi_frame is not None, g.gi_running)
g.close()
print(g.gi_frame, list(g))


def inner():
    got = yield 1
    print("inner got", got)
    return "result"


def outer():
    value = yield from inner()
    print("value", value)
    yield from [2, 3]
    yield from "ab"


g = outer()
print(next(g), g.send("hello"), list(g))


def returns():
    return 7
    yield


try:
    next(returns())
except StopIteration as stop:
    print("value", stop.value)


def leak():
    yield 1
    raise StopIteration("inside")


g = leak()
next(g)
try:
    next(g)
except RuntimeError as error:
    print(error, repr(error.__cause__))

try:
    echo().send(1)
except TypeError as error:
    print(error)


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as error:
    print(error)


def reenter():
    yield next(me)


me = reenter()
try:
    next(me)
except ValueError as error:
    print(error)

squares = (x * x for x in range(5) if x % 2)
print(next(squares), list(squares), sum(i for i in range(101)), squares.__name__, outer().__qualname__)
print([(x, y) for x in range(3) for y in range(x)], {k: v for k, v in zip("ab", [1, 2])}, {c for c in "aab"} == {"a", "b"})
print([[y for y in range(x)] for x in range(3)], [z for x in [1, 2] if (z := x * 2) > 2], z)


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


from itertools import islice
print(list(islice(fib(), 15)))


def delegate_throw():
    try:
        yield from echo()
    except KeyError as error:
        yield "outer " + repr(error)


g = delegate_throw()
next(g)
print(g.throw(ValueError("x")), g.throw(KeyError("y")))
def walk(tree):
    if tree:
        left, value, right = tree
        yield from walk(left)
        yield value
        yield from walk(right)
print(list(walk(((None, 1, None), 2, (None, 3, (None, 4, None))))))
