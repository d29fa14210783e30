"""Dictionaries: counting, grouping, lookup, deletion, iteration."""
import sys
import time


def work(n):
    counts = {}
    groups = {}
    seed = 12345
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        key = seed % 5003
        counts[key] = counts.get(key, 0) + 1
        groups.setdefault(key % 17, []).append(i)
    total = 0
    for key, count in counts.items():
        total += key * count
    names = {f"name{key}": key for key in counts}
    for i in range(n):
        name = f"name{i % 6000}"
        if name in names:
            total += names[name]
    for key in list(counts):
        if key % 3 == 0:
            del counts[key]
    merged = {**counts, "extra": 1}
    merged.update((key, 0) for key in range(100))
    return total, len(counts), len(merged), len(groups[5])


def main(n=250000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
