import Testing
import Verification

/// Each line of what verifiers of machine code get wrong: a kernel, what is true of it and must be
/// proved, and what is false only because of the pitfall and must be refuted.
@Suite struct PitfallTests {
  @Test(arguments: DecodingPitfalls.x86 + DecodingPitfalls.arm64)
  func decoding(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: OperandPitfalls.widths)
  func widths(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: OperandPitfalls.shifts)
  func shifts(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: OperandPitfalls.overlap)
  func overlap(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: OperandPitfalls.division)
  func division(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: FlagPitfalls.x86 + FlagPitfalls.arm64)
  func flags(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: MemoryPitfalls.aliasing)
  func aliasing(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: MemoryPitfalls.bounds)
  func bounds(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: MemoryPitfalls.stack)
  func stack(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: MemoryPitfalls.alignedStack)
  func alignedStack(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: MemoryPitfalls.farEnd)
  func farEnd(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: StackGuardPitfalls.kernels)
  func stackGuard(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: AtomicPitfalls.kernels)
  func atomics(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: ABIPitfalls.calleeSaved)
  func calleeSaved(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: ABIPitfalls.stackAndReturn)
  func stackAndReturn(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: RecursionPitfalls.kernels)
  func recursion(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: ABIPitfalls.arguments)
  func arguments(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: VectorArgumentPitfalls.x86)
  func vectorArguments(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: GatherPitfalls.kernels)
  func gathers(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: ABIPitfalls.fragments)
  func fragments(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: AttackPitfalls.kernels)
  func attacks(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: LogicPitfalls.kernels)
  func logic(_ kernel: Kernel) throws { try kernel.check() }

  @Test(arguments: LogicPitfalls.loops)
  func loops(_ kernel: Kernel) throws {
    var options = VerificationOptions.short
    options.iterations = 8
    options.seconds = 4
    try kernel.check(options: options)
  }
}
