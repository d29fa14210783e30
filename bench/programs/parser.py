"""A small language: tokenizer, recursive-descent parser and evaluator."""
import sys
import time


SOURCE = """
let base = 7; let step = 3 + base * 2;
def square(x) = x * x; def mix(a, b) = (a + square(b)) % 10007;
mix(step, base) + mix(square(step), 12 - base * (1 + 2 * (3 - 1)));
if step > base then mix(1, 2) else mix(2, 1);
"""


class Token:
    __slots__ = ("kind", "text")

    def __init__(self, kind, text):
        self.kind = kind
        self.text = text


def tokenize(source):
    tokens = []
    i = 0
    while i < len(source):
        char = source[i]
        if char.isspace():
            i += 1
        elif char.isdigit():
            start = i
            while i < len(source) and source[i].isdigit():
                i += 1
            tokens.append(Token("number", source[start:i]))
        elif char.isalpha():
            start = i
            while i < len(source) and source[i].isalnum():
                i += 1
            tokens.append(Token("name", source[start:i]))
        else:
            tokens.append(Token("sign", char))
            i += 1
    tokens.append(Token("end", ""))
    return tokens


class Parser:
    LEVELS = ("<>", "+-", "*%")

    def __init__(self, tokens):
        self.tokens = tokens
        self.at = 0

    def peek(self):
        return self.tokens[self.at].text

    def take(self, expected=None):
        token = self.tokens[self.at]
        if expected is not None and token.text != expected:
            raise SyntaxError(f"expected {expected}, found {token.text}")
        self.at += 1
        return token

    def program(self):
        statements = []
        while self.tokens[self.at].kind != "end":
            statements.append(self.statement())
            self.take(";")
        return statements

    def statement(self):
        word = self.peek()
        if word == "let":
            self.take()
            name = self.take().text
            self.take("=")
            return ("let", name, self.expression(0))
        if word == "def":
            self.take()
            name = self.take().text
            parameters = self.listed(lambda: self.take().text)
            self.take("=")
            return ("def", name, parameters, self.expression(0))
        return ("show", self.expression(0))

    def listed(self, item):
        items = []
        self.take("(")
        while self.peek() != ")":
            items.append(item())
            if self.peek() == ",":
                self.take()
        self.take(")")
        return items

    def expression(self, level):
        if level == len(self.LEVELS):
            return self.atom()
        left = self.expression(level + 1)
        while (sign := self.peek()) and sign in self.LEVELS[level]:
            self.take()
            left = ("binary", sign, left, self.expression(level + 1))
        return left

    def atom(self):
        token = self.take()
        if token.kind == "number":
            return ("number", int(token.text))
        if token.text == "(":
            inner = self.expression(0)
            self.take(")")
            return inner
        if token.text == "if":
            test = self.expression(0)
            self.take("then")
            yes = self.expression(0)
            self.take("else")
            return ("if", test, yes, self.expression(0))
        if self.peek() == "(":
            return ("call", token.text, self.listed(lambda: self.expression(0)))
        return ("name", token.text)


class Evaluator:
    def __init__(self):
        self.functions = {}

    def evaluate(self, node, names):
        return getattr(self, "do_" + node[0])(node, names)

    def do_number(self, node, names):
        return node[1]

    def do_name(self, node, names):
        return names[node[1]]

    def do_let(self, node, names):
        names[node[1]] = self.evaluate(node[2], names)
        return 0

    def do_def(self, node, names):
        self.functions[node[1]] = node[2:]
        return 0

    def do_show(self, node, names):
        return self.evaluate(node[1], names)

    def do_if(self, node, names):
        return self.evaluate(node[2] if self.evaluate(node[1], names) else node[3], names)

    def do_call(self, node, names):
        parameters, body = self.functions[node[1]]
        values = [self.evaluate(argument, names) for argument in node[2]]
        return self.evaluate(body, dict(zip(parameters, values)))

    def do_binary(self, node, names):
        left = self.evaluate(node[2], names)
        right = self.evaluate(node[3], names)
        match node[1]:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "%":
                return left % right
            case "<":
                return left < right
            case ">":
                return left > right


def work(n):
    total = 0
    for _ in range(n):
        tree = Parser(tokenize(SOURCE)).program()
        evaluator = Evaluator()
        names = {}
        for statement in tree:
            total += evaluator.evaluate(statement, names)
    return total


def main(n=2500, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
