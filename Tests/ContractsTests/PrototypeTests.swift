import Contracts
import Terms
import Testing

/// A parameter in short: `x:s32`, `p:u8[n] const restrict`.
private func text(_ parameter: Parameter) -> String {
  switch parameter.kind {
  case .value(let type): "\(parameter.name):\(text(type))"
  case .buffer(let buffer):
    "\(parameter.name):\(text(buffer.element))[\(buffer.length.text)]"
      + (buffer.isConst ? " const" : "") + (buffer.isRestrict ? " restrict" : "")
  }
}

private func text(_ type: ValueType) -> String {
  switch type.kind {
  case .integer: type.isBool ? "bool" : (type.isSigned ? "s" : "u") + String(type.width)
  case .floating: "f\(type.width)"
  case .vector: "v\(type.width)"
  }
}

/// A text and what is expected of it.
struct Expectation: Sendable, CustomTestStringConvertible {
  let input: String
  let output: String

  init(_ input: String, _ output: String) {
    self.input = input
    self.output = output
  }

  var testDescription: String { String(input.prefix(80)) }
}

@Suite struct PrototypeTests {
  static let good = [
    Expectation("int32_t f(int32_t x)", "s32 f(x:s32)"),
    Expectation("void f(void);", "void f()"),
    Expectation("void f()", "void f()"),
    Expectation("long unsigned int long f(int unsigned a)", "u64 f(a:u32)"),
    Expectation(
      "short signed int f(char a, signed char b, char unsigned c)",
      "s16 f(a:s8, b:s8, c:u8)"),
    Expectation("long f(long long a, unsigned long b, unsigned c)", "s64 f(a:s64, b:u64, c:u32)"),
    Expectation(
      "__int128 f(__int128 unsigned a, __uint128_t b, __int128_t c)",
      "s128 f(a:u128, b:u128, c:s128)"),
    Expectation(
      "double f(float a, const double b, const float p[4])",
      "f64 f(a:f32, b:f64, p:f32[4] const)"),
    Expectation(
      "__m256i f(__m128i a, __m128 b, __m512d c, uint8x16_t d, int32x2_t e, __m128i p[2])",
      "v256 f(a:v128, b:v128, c:v512, d:v128, e:v64, p:v128[2])"),
    Expectation("_Bool f(bool a)", "bool f(a:bool)"),
    Expectation(
      "size_t f(ssize_t a, ptrdiff_t b, intptr_t c, uintptr_t d)",
      "u64 f(a:s64, b:s64, c:s64, d:u64)"),
    Expectation("const int f(const int a, int const b)", "s32 f(a:s32, b:s32)"),
    Expectation(
      "void f(const uint8_t p[32], uint8_t const q[0x20])",
      "void f(p:u8[32] const, q:u8[0x20] const)"),
    Expectation(
      "void f(int p[restrict 3], int q[const restrict 4], int r[static restrict 5])",
      "void f(p:s32[3] restrict, q:s32[4] restrict, r:s32[5] restrict)"),
    Expectation("void f(int p[__restrict 010u])", "void f(p:s32[010u] restrict)"),
    Expectation("void f(size_t n, int p[4*n+1])", "void f(n:u64, p:s32[4*n+1])"),
    Expectation(
      "void f(const int p[2 * (n - m)], size_t n, int m)",
      "void f(p:s32[2 * (n - m)] const, n:u64, m:s32)"),
    Expectation("const char *f(int x)", "u64 f(x:s32)"),
    Expectation("void\nf\t(int\r\nx)", "void f(x:s32)"),
  ]

  @Test(arguments: good) func reads(_ expectation: Expectation) throws {
    let prototype = try Prototype.parse(expectation.input)
    let result = prototype.result.map { text($0) } ?? "void"
    let parameters = prototype.parameters.map { text($0) }.joined(separator: ", ")
    #expect("\(result) \(prototype.name)(\(parameters))" == expectation.output)
  }

  static let bad = [
    Expectation("", "1:1: expected a type, found the end of the declaration"),
    Expectation("int", "1:4: expected the function's name, found the end of the declaration"),
    Expectation("int f", "1:6: expected '(' and parameters, found the end of the declaration"),
    Expectation("int f(int)", "1:10: expected the parameter's name, found ')'"),
    Expectation("int f(int x", "1:12: expected ')' or ',', found the end of the declaration"),
    Expectation("int f(int x) g", "1:14: expected the end of the prototype, found 'g'"),
    Expectation("int f(int x, int x)", "1:18: two parameters are called 'x'"),
    Expectation(
      "int f(word x)",
      "1:7: 'word' is not a known type; expected int8_t to uint64_t, "
        + "size_t, bool, char, short, int, long, unsigned __int128, float, double, __m128i, "
        + "uint8x16_t or the like"),
    Expectation("int f(long short x)", "1:7: 'long short' is not a type of C"),
    Expectation("int f(unsigned signed x)", "1:7: 'unsigned signed' is not a type of C"),
    Expectation("int f(long long long x)", "1:7: 'long long long' is not a type of C"),
    Expectation("int f(size_t unsigned x)", "1:14: 'unsigned' after 'size_t'"),
    Expectation("int f(unsigned size_t x)", "1:16: expected the parameter's name, found 'size_t'"),
    Expectation("_Float16 f(int x)", "1:1: '_Float16': half precision is not supported"),
    Expectation(
      "int f(long double x)", "1:12: 'long double': extended precision is not supported"),
    Expectation("int f(unsigned float x)", "1:16: expected the parameter's name, found 'float'"),
    Expectation("int f(float int x)", "1:13: 'int' after 'float'"),
    Expectation(
      "int f(float n, const float p[n])",
      "1:30: the length of 'p' mentions 'n', which is no integer"),
    Expectation(
      "int f(__m128i n, const float p[2*n])",
      "1:34: the length of 'p' mentions 'n', which is no integer"),
    Expectation(
      "int f(struct s x)",
      "1:7: 'struct': structures are not supported: pass their members or a buffer"),
    Expectation(
      "int f(int *p)",
      "1:12: the pointer 'p' has no length; give it one, in elements: "
        + "'p[3]' or 'p[n]' in place of '*p'"),
    Expectation(
      "int f(int *restrict p)",
      "1:21: the pointer 'p' has no length; give it one, in "
        + "elements: 'p[3]' or 'p[n]' in place of '*p'"),
    Expectation("int f(int **p)", "1:13: 'p' is a pointer to a pointer"),
    Expectation("int f(int *p[3])", "1:12: 'p' is an array of pointers"),
    Expectation(
      "int f(int p[])",
      "1:13: 'p' has no length; give it one, in elements: 'p[3]' or 'p[n]'"),
    Expectation("int f(int p[3][3])", "1:15: 'p' has more than one dimension; expected one length"),
    Expectation("int f(void p[3])", "1:12: 'p' is an array of void; expected uint8_t"),
    Expectation("int f(void x)", "1:12: 'x' is void"),
    Expectation("int f(int p[n])", "1:13: the length of 'p' mentions 'n', which is no parameter"),
    Expectation("int f(int p[p])", "1:13: the length of 'p' mentions 'p', which is no integer"),
    Expectation(
      "int f(char n, int p[n])",
      "1:21: 'n' is a char, which has a sign on x86-64 and "
        + "none on ARM64; expected signed char or unsigned char"),
    Expectation(
      "int f(int p[0])",
      "1:13: the length of 'p' is not from 1 to 16384 elements (65536 bytes)"),
    Expectation(
      "int f(int p[16385])",
      "1:13: the length of 'p' is not from 1 to 16384 elements (65536 bytes)"),
    Expectation("int f(int p[09])", "1:13: '09' is not an integer constant"),
    Expectation("int f(int n, int p[n/2])", "1:21: expected ']' or an operator, found '/'"),
    Expectation(
      "int f(int p[+])",
      "1:13: expected a length of constants and integer parameters "
        + "with +, - and *, found '+'"),
    Expectation("int f(int (*g)(int))", "1:11: pointers to functions are not supported"),
    Expectation(
      "int f(int x, ...)",
      "1:14: functions with variable arguments are not supported"),
    Expectation(
      "int f(int result)",
      "1:11: 'result' is the name of the return value; expected another name"),
    Expectation("int\n  f(int §)", "2:9: unexpected character '§'"),
  ]

  @Test(arguments: bad) func refuses(_ expectation: Expectation) {
    let error = #expect(throws: SpecificationError.self) {
      try Prototype.parse(expectation.input, file: "f")
    }
    #expect(error?.description == "f:" + expectation.output)
  }

  @Test func lengthsDoNotWrap() throws {
    let prototype = try Prototype.parse("void f(const int p[4*n - m], uint64_t n, int8_t m)")
    let length = try #require(prototype.parameters[0].buffer?.length)
    let terms = TermManager()
    func value(_ n: UInt64, _ m: Int64) -> (UInt64?, Bool) {
      let result = length.value(
        environment: [
          "n": terms.constant(n, width: 64), "m": terms.constant(signed: m, width: 8),
        ], in: terms)
      return (terms.small(result.count), result.isRepresentable == terms.true)
    }
    #expect(value(5, 3) == (17, true))
    #expect(value(5, -3) == (23, true))
    #expect(value(1 << 62, 0).1 == false)
    #expect(value(0, 1).1 == false)
    #expect(value((1 << 62) - 1, 0) == (.max - 3, true))
  }
}
