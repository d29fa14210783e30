"""Raising and catching, through several frames, with finally."""
import sys
import time


class Refused(Exception):
    def __init__(self, value):
        super().__init__(f"refused {value % 10}")
        self.value = value


def check(value, depth):
    if depth:
        return check(value, depth - 1)
    if value % 3 == 0:
        raise Refused(value)
    return value


def lookup(table, key):
    try:
        return table[key]
    except KeyError:
        return -1


def work(n):
    table = {i: i * i for i in range(0, 100, 2)}
    total = cleaned = 0
    for i in range(n):
        try:
            total += check(i, 2)
        except Refused as refusal:
            total -= refusal.value
        finally:
            cleaned += 1
        total += lookup(table, i % 100)
        try:
            int("12x" if i % 4 == 0 else "12")
        except ValueError:
            cleaned += 2
    return total, cleaned


def main(n=200000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
