"""The match statement: every kind of pattern."""
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Color:
    RED = 1


def kind(value):
    match value:
        case 0 | 1:
            return "small"
        case -1:
            return "minus"
        case 1.5 | 2j | 1 + 2j:
            return "odd number"
        case True:
            return "never: True == 1"
        case None:
            return "none"
        case Color.RED:
            return "red"
        case "a" | b"b":
            return "text"
        case str(text) if text.isupper():
            return f"upper {text}"
        case str():
            return "string"
        case []:
            return "empty"
        case [x]:
            return f"one {x}"
        case [x, y] | (x, y, _):
            return f"two {x} {y}"
        case [first, *rest, last] if rest:
            return f"{first}..{last} {rest}"
        case {"type": "circle", "r": float() | int() as r}:
            return f"circle {r}"
        case {"keys": [k, *_], **rest}:
            return f"keys {k} {rest}"
        case {}:
            return "mapping"
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return f"on axis {y}"
        case Point(x, y) as p if x == y:
            return f"diagonal {p}"
        case Point():
            return "point"
        case int(n) | float(n):
            return f"number {n}"
        case object(foo=f):
            return f"has foo {f}"
        case _:
            return "other"


class Foo:
    foo = "bar"


for value in (0, True, -1, 1.5, 2j, 1 + 2j, None, "a", b"b", "UP", "low", [], (), [5], (1, 2), (1, 2, 3), range(5), [1, 2, 3, 4],
              {"type": "circle", "r": 2}, {"type": "circle"}, {"keys": "ab"}, {"keys": [1], "more": 2}, {}, Point(0, 0), Point(0, 3),
              Point(2, 2), Point(1, 2), 99, 2.5, Foo(), object(), bytearray(b"x"), {1}):
    print(repr(value) if type(value) not in (Foo, object) else type(value).__name__, "->", kind(value))


def errors(value):
    match value:
        case Point(1, 2, 3):
            pass


try:
    errors(Point(1, 2))
except TypeError as error:
    print(error)
try:
    match 1:
        case kind():
            pass
except TypeError as error:
    print(error)
match [1, [2, {"k": (3, 4)}]]:
    case [a, [b, {"k": (c, d)}]]:
        print(a, b, c, d)
match = case = type = _ = 1
print(match, case, type, _)
match (match, case):
    case (1, case):
        print("soft keywords", case)
