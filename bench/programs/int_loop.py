"""A for loop over a range with small-integer arithmetic."""
import sys
import time


def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7 - (i & 3)
    return total


def main(n=2000000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
