"""All ways to place n queens: recursion, bit sets and sets."""
import sys
import time


def by_bits(n, columns, left, right):
    if columns == (1 << n) - 1:
        return 1
    count = 0
    free = ~(columns | left | right) & ((1 << n) - 1)
    while free:
        place = free & -free
        free ^= place
        count += by_bits(n, columns | place, (left | place) << 1, (right | place) >> 1)
    return count


def by_sets(n, row, columns, up, down):
    if row == n:
        return 1
    count = 0
    for column in range(n):
        if column not in columns and row + column not in up and row - column not in down:
            columns.add(column)
            up.add(row + column)
            down.add(row - column)
            count += by_sets(n, row + 1, columns, up, down)
            columns.remove(column)
            up.remove(row + column)
            down.remove(row - column)
    return count


def work(n):
    return by_bits(n, 0, 0, 0), by_sets(n - 1, 0, set(), set(), set())


def main(n=11, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
