"""Lists, tuples, dicts, sets: literals, methods, slices, unpacking, errors."""


def attempt(action):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)


a = [3, 1, 2]
a[1:1] = "xy"
a[::2] = [0, 0, 0]
del a[-1]
print(a, a * 2, [] * 5, a + [1], a[-3:], a[::-1], a[10:], a[1:3:-1], a[slice(None, None, 2)])
first, *middle, last = range(6)
(p, [q, *r]), s = (1, "abc"), {2}
print(first, middle, last, p, q, r, s)
print([*a, *"hi", *{}], {**{"a": 1}, "b": 2, **{"a": 3}}, {*"a", *"a"}, (*a, 1))
d = dict(zip("abc", range(3)), z=9)
d["b"] = 20
d |= {"new": 1}
print(d, list(d), list(d.values()), list(reversed(d)), d.pop("a"), d.popitem(), d.setdefault("q", []), "q" in d)
print(d.keys() & {"b", "c"}, d.items() >= {("c", 2)}, dict.fromkeys("xy", 0), d == {"q": [], "z": 9, "c": 2, "b": 20})
print(sorted({3, 1, 2} ^ {2, 5}), {1, 2} <= {1, 2, 3}, {1} < {1}, frozenset("ab") | {"c"} == frozenset("abc"), {1, 2}.isdisjoint([3]))
print([1, 2] < [1, 2, 0], (1, "a") == (1, "a"), [float("nan")] == [float("nan")], [[]] * 2, sorted("bca", reverse=True))
print((1,), (), ((),), [1, [2, [3]]], {1: {2: {}}}, {()}, set(), frozenset())
loop = [1]
loop.append(loop)
box = {}
box["me"] = box
print(loop, box)
attempt(lambda: [1, 2, 3].index(9))
attempt(lambda: [].pop())
attempt(lambda: [1].remove(2))
attempt(lambda: {}["missing"])
attempt(lambda: {}.popitem())
attempt(lambda: {[]: 1})
attempt(lambda: (1, 2)[5])
attempt(lambda: [1, 2]["x"])
attempt(lambda: (1).foo)
attempt(lambda: [3, "a"].sort())
attempt(lambda: [1, 2][:: 0])
attempt(lambda: dict([(1, 2, 3)]))
attempt(lambda: set([[]]))
attempt(lambda: tuple(5))
attempt(lambda: (lambda: (yield))().throw(ValueError("in")))


def changed():
    d = {1: 1}
    for key in d:
        d[key + 1] = 1


attempt(changed)
x = list(range(10))
x.sort(key=lambda n: (n % 3, -n))
print(x, min(x, key=lambda n: -n), max([], default="none"), sum([[1], [2]], []), any([]), all([]))
print(list(enumerate("ab", 5)), list(zip([1, 2], "ab", strict=True)), list(map(pow, [2, 3], [3, 2])), list(filter(None, [0, 1, ""])))
print(range(10)[2:8:3], list(range(5, 0, -2)), 4 in range(0, 10, 2), range(3) == range(0, 3, 1), len(range(10 ** 12)), range(1, 10).index(4))
