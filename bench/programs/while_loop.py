"""While loops and comparisons: the longest Collatz chain."""
import sys
import time


def chain_length(start):
    length = 1
    while start != 1:
        if start % 2 == 0:
            start //= 2
        else:
            start = 3 * start + 1
        length += 1
    return length


def work(n):
    best = 0
    where = 1
    i = 1
    while i < n:
        length = chain_length(i)
        if length > best:
            best = length
            where = i
        i += 1
    return where, best


def main(n=40000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
