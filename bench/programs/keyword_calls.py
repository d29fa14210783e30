"""Calls with defaults, keywords, *args and **kwargs."""
import sys
import time


def box(width, height=2, *, depth=3, unit=1):
    return width * height * depth * unit


def total_of(*values, start=0):
    for value in values:
        start += value
    return start


def options(**given):
    return given.get("a", 0) + given.get("b", 0) + len(given)


def forward(*args, **kwargs):
    return box(*args, **kwargs)


class Settings:
    def __init__(self, name="x", *, size=1, flag=False):
        self.name = name
        self.size = size
        self.flag = flag


def work(n):
    total = 0
    for i in range(n):
        total += box(i) + box(i, 3) + box(width=i, unit=2) + box(i, depth=1, height=4)
        total += total_of(i, 1, 2, start=3) + options(a=i, c=1)
        total += forward(i, 2, depth=2)
        total += Settings(size=i, flag=True).size
    return total


def main(n=150000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
