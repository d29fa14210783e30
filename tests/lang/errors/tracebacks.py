"""What is written when nobody catches: the traceback of a chained exception."""


class Account:
    def __init__(self, balance):
        self.balance = balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError(f"cannot withdraw {amount}: only {self.balance} left")
        self.balance -= amount


def pay(account, amounts):
    for amount in amounts:
        try:
            account.withdraw(amount)
        except ValueError as error:
            error.add_note("while paying the bills")
            raise RuntimeError("payment failed") from error


def recurse(n):
    if n == 0:
        return [1, 2, 3][n + 10] + (lambda: 1 / n)()
    return recurse(n - 1)


import sys
import traceback

for action in (lambda: recurse(20), lambda: undefined_name, lambda: sys.ext, lambda: {"a": {"b": 1}}["a"]["c"]["d"],
               lambda: 1 + "x", lambda: (1).real.foo(2)):
    try:
        action()
    except Exception:
        traceback.print_exc(file=sys.stdout)
        print("-" * 20)

try:
    raise ExceptionGroup("several", [ValueError(1), ExceptionGroup("inner", [TypeError("t"), KeyError("k")])])
except ExceptionGroup:
    traceback.print_exc(file=sys.stdout)

pay(Account(100), [30, 50,
                   40])
