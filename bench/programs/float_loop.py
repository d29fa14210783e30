"""Floating-point arithmetic in one loop: a numerical integral and a logistic map."""
import sys
import time


def work(n):
    step = 1.0 / n
    area = 0.0
    x = 0.5
    for i in range(n):
        middle = (i + 0.5) * step
        area += 4.0 / (1.0 + middle * middle)
        x = 3.7 * x * (1.0 - x)
    return round(area * step, 9), 0.0 < x < 1.0


def main(n=1500000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
