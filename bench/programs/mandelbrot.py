"""Mandelbrot set: nested float loops with an early exit."""
import sys
import time


def escape_time(cr, ci, limit):
    zr = zi = 0.0
    for count in range(limit):
        zr2 = zr * zr
        zi2 = zi * zi
        if zr2 + zi2 > 4.0:
            return count
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
    return limit


def work(n):
    total = 0
    for row in range(n):
        ci = 2.4 * row / n - 1.2
        for column in range(n):
            total += escape_time(3.0 * column / n - 2.1, ci, 60)
    return total


def main(n=300, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
