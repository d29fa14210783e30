"""Strings built piece by piece: +=, join, character loops."""
import sys
import time


def caesar(text, shift):
    result = ""
    for char in text:
        if char.isalpha():
            base = 65 if char.isupper() else 97
            result += chr((ord(char) - base + shift) % 26 + base)
        else:
            result += char
    return result


def digits(n):
    text = ""
    for i in range(n):
        text += str(i)
    return text


def work(n):
    text = "The quick brown fox jumps over the lazy dog; pack my box. " * (n // 500)
    turned = text
    for shift in (3, 7, 16):
        turned = caesar(turned, shift)
    pieces = []
    for i in range(n):
        pieces.append("x" * (i % 5) + "-")
    joined = "".join(pieces)
    return turned == text, len(joined), len(digits(n)), joined[:12]


def main(n=120000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
