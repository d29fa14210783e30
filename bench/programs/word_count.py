"""Reading text: lines, words and a table of how often each occurs."""
import sys
import time


SYLLABLES = ("ka", "to", "mi", "re", "su", "no", "hi", "ya", "lo", "pen")


def make_text(n):
    seed = 7
    words = []
    for i in range(n):
        seed = (seed * 75 + 74) % 65537
        words.append(SYLLABLES[seed % 10] + SYLLABLES[seed // 10 % 10] + ("s" if seed % 3 == 0 else ""))
        words.append(".\n" if i % 12 == 11 else " ")
    return "".join(words)


def work(n):
    counts = {}
    lengths = {}
    for line in make_text(n).splitlines():
        for word in line.lower().split():
            word = word.strip(".,")
            counts[word] = counts.get(word, 0) + 1
            lengths.setdefault(len(word), set()).add(word)
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]
    return common, {length: len(words) for length, words in sorted(lengths.items())}


def main(n=350000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
