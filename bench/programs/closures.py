"""Functions that make functions: cells read and written through several levels."""
import sys
import time


def counter(step):
    count = 0

    def bump(by):
        nonlocal count
        count += by * step
        return count

    return bump


def compose(first, second):
    return lambda x: second(first(x))


def adder(n):
    return lambda x: x + n


def work(n):
    counters = [counter(step) for step in range(1, 5)]
    pipeline = compose(compose(adder(3), adder(-1)), lambda x: x * 2 % 1009)
    total = 0
    for i in range(n):
        total += counters[i & 3](1)
        total = (total + pipeline(i)) % 1000003
    return total


def main(n=500000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
