"""Generators, generator expressions and yield from."""
import sys
import time


def numbers(n):
    for i in range(n):
        yield i


def pairs(source):
    previous = 0
    for value in source:
        yield previous, value
        previous = value


class Tree:
    def __init__(self, low, high):
        middle = (low + high) // 2
        self.value = middle
        self.left = Tree(low, middle) if low < middle else None
        self.right = Tree(middle + 1, high) if middle + 1 < high else None

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def running_mean():
    total = count = 0
    mean = None
    while True:
        total += yield mean
        count += 1
        mean = total // count


def work(n):
    total = sum(a ^ b for a, b in pairs(numbers(n)))
    total += sum(value for value in Tree(0, n // 20))
    mean = running_mean()
    next(mean)
    for i in range(n):
        last = mean.send(i)
    return total, last


def main(n=800000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
