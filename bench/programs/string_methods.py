"""Split, join, strip, replace, find, count, startswith over lines of text."""
import sys
import time


WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


def make_lines(n):
    lines = []
    for i in range(n):
        words = [WORDS[(i * 7 + j * 3) % 8] for j in range(8)]
        lines.append("  " + " ".join(words) + f" = {i % 97};\n")
    return lines


def work(n):
    counts = {}
    total = 0
    for line in make_lines(n):
        left, _, right = line.strip().rstrip(";").partition(" = ")
        total += int(right)
        for word in left.split():
            counts[word] = counts.get(word, 0) + 1
        if left.startswith("alpha") or left.endswith("theta"):
            total += left.count("ta")
        total += left.find("gamma") + len(left.replace("eta", "ETA!").upper())
        total += len("-".join(left.title().split(" ")))
    return total, sorted(counts.items())[0]


def main(n=60000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
