"""f-strings, str.format and % with numbers and padding."""
import sys
import time


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"Point({self.x!r}, {self.y!r})"


def work(n):
    total = 0
    for i in range(n):
        ratio = i / 7
        text = f"Item {i:>6}: {ratio:8.3f} {i:#x} {'even' if i % 2 == 0 else 'odd':<5}|"
        total += len(text)
        text = "{0}-{1:05d}-{name}".format(i, i % 1000, name="n")
        total += len(text)
        text = "%s is %d and %.2f" % ("value", i, ratio)
        total += len(text) + ord(text[-1])
        total += len(repr(Point(i, ratio)))
    return total


def main(n=60000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
