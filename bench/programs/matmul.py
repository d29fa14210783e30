"""Matrix multiplication with lists of lists."""
import sys
import time


def make(n, seed):
    return [[((i * 31 + j * 17 + seed) % 19) / 19.0 for j in range(n)] for i in range(n)]


def multiply(a, b, n):
    result = []
    for i in range(n):
        row_a = a[i]
        row = []
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += row_a[k] * b[k][j]
            row.append(total)
        result.append(row)
    return result


def work(n):
    a = make(n, 1)
    b = make(n, 5)
    c = multiply(multiply(a, b, n), a, n)
    return round(sum(c[i][i] for i in range(n)), 6)


def main(n=140, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
