"""List, dict and set comprehensions, map, filter, zip, enumerate, any, all."""
import sys
import time


def work(n):
    total = 0
    for base in range(20):
        squares = [i * i for i in range(n) if i % 3 != base % 3]
        table = {i: value % 11 for i, value in enumerate(squares)}
        remainders = {value % 101 for value in squares}
        grid = [[x * y for x in range(10)] for y in range(n // 100)]
        total += sum(sum(row) for row in grid) + len(remainders)
        total += sum(map(lambda x: x + base, filter(None, table.values())))
        total += sum(a * b for a, b in zip(squares, sorted(remainders)))
        total += any(value == -1 for value in squares) + all(value >= 0 for value in squares)
    return total


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
