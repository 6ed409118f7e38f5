"""Reads a sample's specification and evaluates it on concrete values; for run.py."""
import re

WIDTHS = {"int8_t": 8, "uint8_t": 8, "bool": 8, "char": 8, "int16_t": 16, "uint16_t": 16, "int": 32,
          "int32_t": 32, "uint32_t": 32, "int64_t": 64, "uint64_t": 64, "size_t": 64,
          "unsigned __int128": 128, "__int128": 128, "void": 0}


class Buffer:
    """One array parameter: element width in bits, length as a number or a parameter's name."""

    def __init__(self, name, width, length, const, restrict):
        self.name, self.width, self.length = name, width, length
        self.const, self.restrict = const, restrict


class Interface:
    """Where a kernel's inputs and outputs are: a prototype's parameters or a fragment's bindings."""

    def __init__(self, attribute, text):
        self.scalars, self.buffers, self.order, self.outputs = [], [], [], []
        self.bindings, self.clobbers, self.result = {}, [], 0
        (self.prototype if attribute == ":kernel" else self.fragment)(text)

    def prototype(self, text):
        """Reads `TYPE NAME(PARAMETERS)`."""
        head, _, rest = text.partition("(")
        self.result = WIDTHS[head.rsplit(" ", 1)[0]]
        for parameter in rest.rstrip(")").split(","):
            match = re.fullmatch(r"\s*(const )?([a-z0-9_ ]+?) (\w+)(?:\[(restrict )?(\w+)\])?", parameter)
            const, kind, name, restrict, length = match.groups()
            if length is None:
                self.scalars.append((name, WIDTHS[kind]))
                self.order.append((name, WIDTHS[kind]))
            else:
                size = int(length) if length.isdigit() else length
                self.buffers.append(Buffer(name, WIDTHS[kind], size, bool(const), bool(restrict)))
                self.order.append((name, 64))

    def fragment(self, text):
        """Reads `in: a=edi; out: lo=eax; clobbers: flags`; all operands of 32 bits."""
        for part in text.split(";"):
            kind, _, items = part.strip().partition(": ")
            names = [item.strip() for item in items.split(",")]
            if kind == "clobbers":
                self.clobbers = [n for n in names if n != "flags"]
                continue
            for item in names:
                name, register = item.split("=")
                self.bindings[name] = register
                (self.scalars if kind == "in" else self.outputs).append((name, 32))
        self.order = list(self.scalars)

    def register(self, name, registers):
        """The index of the register that holds a bound name."""
        return registers.index(full(self.bindings[name]))

    def free(self, registers):
        """The indices of the registers that the fragment may change."""
        outputs = [self.bindings[name] for name, _ in self.outputs]
        return {registers.index(full(r)) for r in outputs + self.clobbers}


def full(register):
    """The 64-bit name of a register."""
    return re.sub(r"^e", "r", re.sub(r"^w", "x", register))


def parse(text):
    """The S-expressions of a script."""
    tokens = re.findall(r';[^\n]*|"[^"]*"|[()]|[^\s()";]+', text)
    stack = [[]]
    for token in tokens:
        if token.startswith(";"):
            continue
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    return stack[0]


class Specification:
    """A script's functions, ready to be evaluated on concrete constants."""

    def __init__(self, text):
        self.functions = {}
        self.constants = {}
        for command in parse(text):
            if command[0] == "set-info" and command[1] in (":kernel", ":fragment"):
                self.interface = Interface(command[1], command[2].strip('"'))
            elif command[0] == "declare-const":
                self.constants[command[1]] = width_of(command[2])
            elif command[0] == "define-fun":
                self.functions[command[1]] = (command[2], command[4])

    def holds(self, function, values):
        """Whether `requires` or `ensures` is true of these constants."""
        known = {n: (v, self.constants.get(n, 64)) for n, v in values.items()}
        return self.evaluate(self.functions[function][1], known, known)[0]

    def evaluate(self, term, names, top):
        """A term's value and width (0: Bool, a list: an array); `(_ bv5 8)` is a literal."""
        if isinstance(term, str):
            return self.atom(term, names, top)
        head = term[0]
        if head == "let":
            inner = dict(names)
            inner.update({n: self.evaluate(t, names, top) for n, t in term[1]})
            return self.evaluate(term[2], inner, top)
        if head == "ite":
            chosen = term[2] if self.evaluate(term[1], names, top)[0] else term[3]
            return self.evaluate(chosen, names, top)
        if head == "_":
            return int(term[1][2:]), int(term[2])
        arguments = [self.evaluate(t, names, top) for t in term[1:]]
        if isinstance(head, list):
            return indexed(head, *arguments[0])
        if head in self.functions:
            parameters, body = self.functions[head]
            inner = dict(top)
            inner.update({p[0]: a for p, a in zip(parameters, arguments)})
            return self.evaluate(body, inner, top)
        return apply(head, arguments)

    def atom(self, term, names, top):
        """A literal, a constant, a parameter or a function without parameters."""
        if term in ("true", "false"):
            return term == "true", 0
        if term.startswith("#x"):
            return int(term[2:], 16), 4 * (len(term) - 2)
        if term.startswith("#b"):
            return int(term[2:], 2), len(term) - 2
        if term in names:
            return names[term]
        return self.evaluate(self.functions[term][1], top, top)


def width_of(sort):
    """The width of a bit-vector sort, or of an array's elements."""
    return int(sort[2]) if sort[0] == "_" else width_of(sort[2])


def indexed(head, value, width):
    """(_ extract i j), (_ zero_extend n), (_ sign_extend n)."""
    if head[1] == "extract":
        high, low = int(head[2]), int(head[3])
        return value >> low & (1 << high - low + 1) - 1, high - low + 1
    wide = width + int(head[2])
    if head[1] == "sign_extend":
        value = signed(value, width) & (1 << wide) - 1
    return value, wide


def signed(value, width):
    """The two's complement reading."""
    return value - (1 << width) if value >> width - 1 else value


def quotient(a, b, width):
    """bvsdiv."""
    x, y = signed(a, width), signed(b, width)
    if y == 0:
        return 1 if x < 0 else -1
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def apply(head, arguments):
    """One operator of the core, of arrays or of bit-vectors."""
    values = [a[0] for a in arguments]
    width = arguments[0][1]
    if head == "select":
        array, index = values
        return (array[index] if index < len(array) else 0), width
    logic = {"and": all, "or": any, "not": lambda v: not v[0],
             "=>": lambda v: not v[0] or v[1], "=": lambda v: all(x == v[0] for x in v),
             "distinct": lambda v: len(set(v)) == len(v),
             "bvult": lambda v: v[0] < v[1], "bvule": lambda v: v[0] <= v[1],
             "bvugt": lambda v: v[0] > v[1], "bvuge": lambda v: v[0] >= v[1]}
    if head in logic:
        return logic[head](values), 0
    if head in ("bvslt", "bvsle", "bvsgt", "bvsge"):
        x, y = (signed(v, width) for v in values)
        return {"bvslt": x < y, "bvsle": x <= y, "bvsgt": x > y, "bvsge": x >= y}[head], 0
    if head == "concat":
        return values[0] << arguments[1][1] | values[1], width + arguments[1][1]
    if head in ("bvneg", "bvnot"):
        return (-values[0] if head == "bvneg" else ~values[0]) & (1 << width) - 1, width
    steps = {"bvadd": lambda a, b: a + b, "bvsub": lambda a, b: a - b, "bvmul": lambda a, b: a * b,
             "bvand": lambda a, b: a & b, "bvor": lambda a, b: a | b, "bvxor": lambda a, b: a ^ b,
             "bvshl": lambda a, b: a << b if b < width else 0, "bvlshr": lambda a, b: a >> b,
             "bvashr": lambda a, b: signed(a, width) >> b,
             "bvudiv": lambda a, b: a // b if b else -1, "bvurem": lambda a, b: a % b if b else a,
             "bvsdiv": lambda a, b: quotient(a, b, width)}
    total = values[0]
    for value in values[1:]:
        total = steps[head](total, value) & (1 << width) - 1
    return total, width
