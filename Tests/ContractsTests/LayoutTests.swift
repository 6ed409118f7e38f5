import Contracts
import MachineModel
import Terms
import Testing

/// A calling convention with nothing but what arguments need.
private func convention(
  _ name: String, arguments: [String], results: [String], even: Bool, first: Int64
) -> CallingConvention {
  let all = arguments + results.filter { !arguments.contains($0) }
  func register(_ name: String) -> Register {
    Register(name, Cell(all.firstIndex(of: name) ?? 0), width: 64)
  }
  return CallingConvention(
    name: name, integerArguments: arguments.map(register),
    integerResults: results.map(register), wideArgumentsAreEven: even,
    stackPointer: register("sp"), returnAddress: .stack, calleeSaved: [], stackRemainder: 0,
    poppedAtReturn: 0, firstStackArgument: first, redZone: 0, fixedFlags: [:])
}

private let sysV = convention(
  "SysV AMD64", arguments: ["rdi", "rsi", "rdx", "rcx", "r8", "r9"], results: ["rax", "rdx"],
  even: false, first: 8)
private let aapcs64 = convention(
  "AAPCS64", arguments: (0..<8).map { "x\($0)" }, results: ["x0", "x1"], even: true, first: 0)

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
  ]
}

@Suite struct LayoutTests {
  @Test(arguments: PassedArguments.all)
  func argumentsAreWhereGccReadsThem(_ passed: PassedArguments) throws {
    let contract = Contract(prototype: try Prototype.parse(passed.prototype))
    for (convention, expected) in [(sysV, passed.x86), (aapcs64, passed.arm64)] {
      let layout = contract.layout(for: convention)
      let arguments = layout.arguments.map(text).joined(separator: " ")
      let outputs = layout.outputs.map(text).joined(separator: " ")
      let found = arguments + (outputs.isEmpty ? " ->" : " -> " + outputs)
      #expect(found == expected, "\(convention.name)")
    }
  }

  @Test func stackArgumentsAreCounted() throws {
    let prototype = try Prototype.parse(PassedArguments.all[4].prototype)
    let contract = Contract(prototype: prototype)
    #expect(contract.layout(for: sysV).stackArgumentBytes == 64)
    #expect(contract.layout(for: aapcs64).stackArgumentBytes == 48)
  }
}
