import Contracts
import MachineModel
import Terms
import Testing

/// A calling convention with nothing but what arguments need.
private func convention(
  _ name: String, arguments: [String], results: [String], vectors: (name: String, width: Int),
  even: Bool, first: Int64
) -> CallingConvention {
  let all = arguments + results.filter { !arguments.contains($0) }
  func register(_ name: String) -> Register {
    Register(name, Cell(all.firstIndex(of: name) ?? 0), width: 64)
  }
  let simd = (0..<8).map {
    Register("\(vectors.name)\($0)", Cell(all.count + $0), width: vectors.width)
  }
  return CallingConvention(
    name: name, integerArguments: arguments.map(register),
    integerResults: results.map(register), vectorArguments: simd, vectorResults: [simd[0]],
    wideArgumentsAreEven: even,
    stackPointer: register("sp"), returnAddress: .stack, calleeSaved: [], stackRemainder: 0,
    poppedAtReturn: 0, firstStackArgument: first, redZone: 0, fixedFlags: [:])
}

private let sysV = convention(
  "SysV AMD64", arguments: ["rdi", "rsi", "rdx", "rcx", "r8", "r9"], results: ["rax", "rdx"],
  vectors: ("xmm", 512), even: false, first: 8)
private let aapcs64 = convention(
  "AAPCS64", arguments: (0..<8).map { "x\($0)" }, results: ["x0", "x1"],
  vectors: ("v", 128), even: true, first: 0)

/// `rdi:32`, `x2+x3`, `[8]:4`.
private func text(_ location: ValueLocation) -> String {
  switch location {
  case .register(let register): "\(register.name):\(register.width)"
  case .registerPair(let low, let high): "\(low.name)+\(high.name)"
  case .stack(let offset, let byteCount): "[\(offset)]:\(byteCount)"
  }
}

/// A prototype, and where gcc 12 for each ISA reads its parameters (from its assembly at -O1).
struct PassedArguments: Sendable, CustomTestStringConvertible {
  let prototype: String
  let x86: String
  let arm64: String

  var testDescription: String { prototype }

  static let all = [
    PassedArguments(
      prototype: "int f(int a, unsigned __int128 b, int c)",
      x86: "rdi:32 rsi+rdx rcx:32 -> rax:32", arm64: "x0:32 x2+x3 x4:32 -> x0:32"),
    PassedArguments(
      prototype: "bool f(uint8_t a, uint16_t b, int32_t c, int64_t d, bool e, short f, char g, "
        + "uint8_t h, int32_t i, uint16_t j)",
      x86: "rdi:8 rsi:16 rdx:32 rcx:64 r8:8 r9:16 [8]:1 [16]:1 [24]:4 [32]:2 -> rax:8",
      arm64: "x0:8 x1:16 x2:32 x3:64 x4:8 x5:16 x6:8 x7:8 [0]:4 [8]:2 -> x0:8"),
    PassedArguments(
      prototype: "void f(long a, long b, long c, long d, long e, __int128 f, long g, __int128 h, "
        + "int i)",
      x86: "rdi:64 rsi:64 rdx:64 rcx:64 r8:64 [8]:16 r9:64 [24]:16 [40]:4 ->",
      arm64: "x0:64 x1:64 x2:64 x3:64 x4:64 x6+x7 [0]:8 [16]:16 [32]:4 ->"),
    PassedArguments(
      prototype: "__int128 f(long a, long b, long c, long d, long e, long f, long g, __int128 h, "
        + "long i)",
      x86: "rdi:64 rsi:64 rdx:64 rcx:64 r8:64 r9:64 [8]:8 [24]:16 [40]:8 -> rax+rdx",
      arm64: "x0:64 x1:64 x2:64 x3:64 x4:64 x5:64 x6:64 [0]:16 [16]:8 -> x0+x1"),
    PassedArguments(
      prototype: "void f(long a, long b, long c, long d, long e, long f, int g, __int128 h, "
        + "int i, __int128 j)",
      x86: "rdi:64 rsi:64 rdx:64 rcx:64 r8:64 r9:64 [8]:4 [24]:16 [40]:4 [56]:16 ->",
      arm64: "x0:64 x1:64 x2:64 x3:64 x4:64 x5:64 x6:32 [0]:16 [16]:4 [32]:16 ->"),
    PassedArguments(
      prototype: "void f(__int128 a, __int128 b, __int128 c, __int128 d, int e, __int128 f)",
      x86: "rdi+rsi rdx+rcx r8+r9 [8]:16 [24]:4 [40]:16 ->",
      arm64: "x0+x1 x2+x3 x4+x5 x6+x7 [0]:4 [16]:16 ->"),
    PassedArguments(
      prototype: "uint64_t *f(size_t n, const uint8_t p[n], bool q[2])",
      x86: "rdi:64 rsi:64 rdx:64 -> rax:64", arm64: "x0:64 x1:64 x2:64 -> x0:64"),
    PassedArguments(
      prototype: "double f(int a, float b, long c, const double p[2], double d)",
      x86: "rdi:32 xmm0:32 rsi:64 rdx:64 xmm1:64 -> xmm0:64",
      arm64: "x0:32 v0:32 x1:64 x2:64 v1:64 -> v0:64"),
    PassedArguments(
      prototype: "float f(float a, int b, double c, float d, float e, float f, float g, float h, "
        + "float i, float j, uint8x16_t k, int l, uint8x8_t m, uint8x16_t n, double o)",
      x86: "xmm0:32 rdi:32 xmm1:64 xmm2:32 xmm3:32 xmm4:32 xmm5:32 xmm6:32 xmm7:32 [8]:4 [24]:16 "
        + "rsi:32 [40]:8 [56]:16 [72]:8 -> xmm0:32",
      arm64: "v0:32 x0:32 v1:64 v2:32 v3:32 v4:32 v5:32 v6:32 v7:32 [0]:4 [16]:16 x1:32 [32]:8 "
        + "[48]:16 [64]:8 -> v0:32"),
    PassedArguments(
      prototype: "__m128i f(__int128 a, __m128i b, __m128d c)",
      x86: "rdi+rsi xmm0:128 xmm1:128 -> xmm0:128", arm64: "x0+x1 v0:128 v1:128 -> v0:128"),
  ]
}

@Suite struct LayoutTests {
  @Test(arguments: PassedArguments.all)
  func argumentsAreWhereGccReadsThem(_ passed: PassedArguments) throws {
    let contract = Contract(prototype: try Prototype.parse(passed.prototype))
    for (convention, expected) in [(sysV, passed.x86), (aapcs64, passed.arm64)] {
      let layout = try contract.layout(for: convention)
      let arguments = layout.arguments.map(text).joined(separator: " ")
      let outputs = layout.outputs.map(text).joined(separator: " ")
      let found = arguments + (outputs.isEmpty ? " ->" : " -> " + outputs)
      #expect(found == expected, "\(convention.name)")
    }
  }

  @Test func wideVectorsAreInRegistersOrRefused() throws {
    let contract = Contract(prototype: try Prototype.parse("__m256i f(__m512i a, __m256i b)"))
    let layout = try contract.layout(for: sysV)
    #expect(layout.arguments.map(text) == ["xmm0:512", "xmm1:256"])
    #expect(layout.outputs.map(text) == ["xmm0:256"])
    #expect(throws: SpecificationError.self) { try contract.layout(for: aapcs64) }
    let many = (0..<9).map { "__m256i a\($0)" }.joined(separator: ", ")
    let stacked = Contract(prototype: try Prototype.parse("void f(\(many))"))
    do {
      _ = try stacked.layout(for: sysV)
      Issue.record("__m256i on the stack")
    } catch {
      #expect(error.message == "'a8' has 256 bits, which cannot be passed in SysV AMD64")
    }
  }

  @Test func stackArgumentsAreCounted() throws {
    let prototype = try Prototype.parse(PassedArguments.all[4].prototype)
    let contract = Contract(prototype: prototype)
    #expect(try contract.layout(for: sysV).stackArgumentBytes == 64)
    #expect(try contract.layout(for: aapcs64).stackArgumentBytes == 48)
  }
}
