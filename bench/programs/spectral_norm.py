"""Largest singular value of an infinite matrix: calls inside float loops."""
import math
import sys
import time


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    return [sum_row(vector, i) for i in range(len(vector))]


def sum_row(vector, i):
    total = 0.0
    for j, value in enumerate(vector):
        total += element(i, j) * value
    return total


def times_transposed(vector):
    result = []
    for i in range(len(vector)):
        total = 0.0
        for j, value in enumerate(vector):
            total += element(j, i) * value
        result.append(total)
    return result


def work(n):
    u = [1.0] * n
    for _ in range(5):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    top = sum(a * b for a, b in zip(u, v))
    bottom = sum(b * b for b in v)
    return round(math.sqrt(top / bottom), 9)


def main(n=260, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
