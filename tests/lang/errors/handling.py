"""try, except, else, finally, raise, chaining, groups, with."""


def flow(kind):
    steps = []
    try:
        steps.append("try")
        if kind == "value":
            raise ValueError("v")
        if kind == "key":
            raise KeyError("k")
        if kind == "return":
            return steps
    except ValueError as error:
        steps.append(f"except {error}")
    except (KeyError, IndexError):
        steps.append("lookup")
    else:
        steps.append("else")
    finally:
        steps.append("finally")
    steps.append("after")
    return steps


for kind in ("none", "value", "key", "return"):
    print(kind, flow(kind))


def context():
    try:
        try:
            raise ValueError("first")
        except ValueError:
            raise KeyError("second")
    except KeyError as error:
        return error


error = context()
print(repr(error), repr(error.__context__), error.__cause__, error.__suppress_context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise OSError(2, "No such file", "name.txt") from None
except OSError as error:
    print(error, error.errno, error.filename, type(error).__name__, error.__suppress_context__, error.args)

try:
    raise
except RuntimeError as error:
    print(error)
try:
    raise 5
except TypeError as error:
    print(error)
try:
    raise ValueError from 3
except TypeError as error:
    print(error)


def loops():
    result = []
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            result.append(i)
        finally:
            result.append(f"f{i}")
    else:
        result.append("else")
    return result


print(loops())
try:
    raise ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3), ExceptionGroup("n", [ValueError(4)])])
except* ValueError as group:
    print("values", group.exceptions)
except* (TypeError, OSError) as group:
    print("others", group.exceptions)
try:
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        raise RuntimeError("new")
except ExceptionGroup as group:
    print(repr(group), [type(e).__name__ for e in group.exceptions])
g = ExceptionGroup("top", [ValueError("a"), ExceptionGroup("low", [KeyError("b")])])
print(g.split(KeyError), g.subgroup(lambda e: isinstance(e, ValueError)), g.derive([OSError()]))


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind and kind.__name__, value, trace is not None)
        return self.swallow


with Manager("a") as a, Manager("b", True) as b:
    print(a, b)
    raise LookupError("inside")
try:
    with Manager("c"):
        raise LookupError("out")
except LookupError as error:
    print("got", error)
try:
    with 5:
        pass
except TypeError as error:
    print(error)
assert True, "fine"
try:
    assert 1 == 2, "math"
except AssertionError as error:
    print(repr(error))
for kind in (StopIteration, KeyError, UnicodeDecodeError, SystemExit, ImportError, SyntaxError):
    try:
        print(repr(kind("x")), [c.__name__ for c in kind.__mro__][:-1])
    except TypeError as error:
        print(error)
def shadow():
    e = 1
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        return e
    except UnboundLocalError as error:
        return str(error)
print(shadow())
e = ValueError("notes")
e.add_note("one")
e.add_note("two")
print(e.__notes__, e.with_traceback(None) is e, e.__traceback__)
