"""A program that touches most of the core, for walks through allocation failures."""


class Base:
    kinds = 0

    def __init_subclass__(cls, **kwargs):
        Base.kinds += 1

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"

    def __eq__(self, other):
        return self.value == other.value

    __hash__ = None


class Derived(Base):
    __slots__ = ("extra",)

    @property
    def double(self):
        return self.value * 2


def count(limit):
    for i in range(limit):
        try:
            yield i
        finally:
            limit -= 1


def gather(first, *rest, key=None, **options):
    return [first, *rest, key, sorted(options)]


def outer():
    seen = []

    def inner(value):
        seen.append(value)
        return len(seen)

    return inner


def main():
    add = outer()
    words = "the quick brown fox jumps over the lazy dog".split()
    table = {word: add(word) for word in words}
    table.update({i: str(i) * 3 for i in range(20)})
    numbers = [i * 1.5 for i in range(30)] + [2 ** 70, -7 // 2, 3 % -5]
    chosen = {n for n in numbers if n > 3} | set(words)
    print(len(table), len(chosen), sorted(words, key=len)[-1], sum(count(10)))
    print(gather(1, *"ab", key=2, z=1, a=2), Derived([1, "x"]), Derived(21).double, Base.kinds)
    try:
        try:
            {}["missing"]
        except KeyError as error:
            raise ValueError("wrapped") from error
    except ValueError as error:
        print(repr(error), repr(error.__cause__))
    match table:
        case {"fox": int(position), **rest}:
            print(position, len(rest))
    print("%s %5.2f %x" % ("text", 3.14159, 255), f"{numbers[3]:>8.3f}|{words[0]!r:^9}", b"bytes"[1:3], (1, 2) + (3,))
    print(list(zip(words, range(3))), list(map(str.upper, words[:2])), [x for x in reversed(words) if "o" in x])


main()
