"""Allocation: many small trees, built and thrown away."""
import sys
import time


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def make(depth):
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


def work(n):
    kept = make(n)
    total = 0
    for depth in range(4, n + 1, 3):
        for _ in range(1 << (n - depth)):
            total += make(depth).count()
    return total, kept.count()


def main(n=16, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
