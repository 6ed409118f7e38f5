import Contracts
import MachineModel
import NativeExecution
import Terms
import Verification

/// A counterexample run on this machine's CPU, in a child process with a time limit.
public struct NativeReplay: Sendable {
  /// What the CPU says about the counterexample.
  public enum Finding: Sendable, Hashable {
    /// It does what the evaluation said.
    case confirmed
    /// It does something else: the model or the replay is wrong, or the outcome is undefined.
    case differs
    /// It cannot show this, for the reason given: another ISA, addresses that cannot be mapped.
    case notShown
  }

  public let finding: Finding
  /// How the run ended, in words.
  public let message: String
  /// The outcome, where the code got to its end.
  public let outcome: Counterexample.Outcome?

  /// Runs `found` for at most `timeout` seconds.
  public init(
    _ code: LoadedCode, _ contract: Contract, _ found: Counterexample, timeout: Double = 5
  ) throws {
    guard let runner = HostRunner(), runner.isa.rawValue == code.isa else {
      self.init(.notShown, "this machine's CPU does not run \(code.isa) code")
      return
    }
    let image = try ReproductionImage(code, contract, found.input)
    let images = found.obligation == .memory ? [image.withGuards, image] : [image]
    var last = NativeReplay(.notShown, "not run")
    let isCounted = contract.instructionLimit != nil
    for candidate in images.compactMap({ $0 }) {
      last = NativeReplay.run(candidate, found, isCounted, runner, timeout)
      if last.finding == .confirmed { break }
    }
    self = last
  }

  private init(
    _ finding: Finding, _ message: String, outcome: Counterexample.Outcome? = nil
  ) {
    self.finding = finding
    self.message = message
    self.outcome = outcome
  }

  private static func run(
    _ image: ReproductionImage, _ found: Counterexample, _ isCounted: Bool, _ runner: HostRunner,
    _ timeout: Double
  ) -> NativeReplay {
    var image = image
    let landing = image.isFragment ? image.end : image.entry &+ 0x100_0000
    image.setReturnAddress(landing)
    do {
      let outcome = try runner.run(
        NativeKernel(
          regions: image.regions, entry: image.entry, returnAddress: landing,
          general: image.general, vectors: image.vectors), timeout: timeout)
      return judge(outcome, image, found, isCounted)
    } catch .cannotMap(let address) {
      return NativeReplay(
        .notShown, "memory at 0x\(String(address, radix: 16)) cannot be mapped here")
    } catch .interrupted {
      return NativeReplay(.notShown, "interrupted")
    } catch {
      return NativeReplay(.notShown, "it could not be run: \(error)")
    }
  }

  // MARK: Comparison

  private static func judge(
    _ run: NativeKernelOutcome, _ image: ReproductionImage, _ found: Counterexample,
    _ isCounted: Bool
  ) -> NativeReplay {
    switch run.ending {
    case .landed:
      let outcome = outcome(run, image)
      guard let expected = found.outcome else {
        return arrival(found.obligation, isCounted, outcome)
      }
      let isSame = expected == outcome || found.alternative == outcome
      return NativeReplay(
        isSame ? .confirmed : .differs,
        isSame ? "the same outcome" : "another outcome than the evaluation's", outcome: outcome)
    case .signal(let number, let counter, let address):
      let place = String(counter &- image.codeShift, radix: 16)
      let text = "signal \(number) (\(name(number))) at 0x\(place), address 0x"
      return NativeReplay(
        found.outcome == nil ? .confirmed : .differs, text + String(address, radix: 16))
    case .unfinished:
      return NativeReplay(
        found.obligation == .termination ? .confirmed : .differs, "no end within the time limit")
    case .notRun: return NativeReplay(.notShown, "it was not run")
    }
  }

  /// A run that got to its end where the evaluation's did not.
  private static func arrival(
    _ violated: ObligationKind, _ isCounted: Bool, _ outcome: Counterexample.Outcome
  ) -> NativeReplay {
    switch violated {
    case .memory:
      NativeReplay(
        .notShown, "the access went unnoticed: its page is mapped", outcome: outcome)
    case .termination where isCounted:
      NativeReplay(
        .notShown, "the code got to its end; how many instructions it took is not seen",
        outcome: outcome)
    default: NativeReplay(.differs, "the code got to its end", outcome: outcome)
    }
  }

  private static func name(_ signal: Int32) -> String {
    switch signal {
    case 4: "illegal instruction"
    case 5: "trap"
    case 7: "bus error"
    case 8: "arithmetic error"
    case 11: "access violation"
    default: "fault"
    }
  }

  private static func outcome(
    _ run: NativeKernelOutcome, _ image: ReproductionImage
  ) -> Counterexample.Outcome {
    let (general, vectors) = (bytes(run.general), bytes(run.vectors))
    var outputs: [String: BitVector] = [:]
    for (output, location) in zip(image.contract.outputs, image.layout.outputs) {
      var value: [UInt8] = []
      for place in image.places(of: location, width: output.type.width) {
        let source = place.isVector ? vectors : general
        value += source[place.offset..<place.offset + place.count]
      }
      outputs[output.name] = BitVector(bytes: value)
    }
    let buffers = zip(image.input.buffers, image.bufferAddresses).map { buffer, address in
      elements(of: buffer, at: address, run, image)
    }
    return Counterexample.Outcome(outputs: outputs, buffers: buffers)
  }

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
  }

  /// What a buffer holds after the run; what it held before if nothing could write it.
  private static func elements(
    of buffer: ConcreteInput.Buffer, at address: UInt64, _ run: NativeKernelOutcome,
    _ image: ReproductionImage
  ) -> [BitVector] {
    for (region, after) in zip(image.regions.filter(\.isWritable), run.regions)
    where address >= region.address && address - region.address < UInt64(after.count) {
      let size = buffer.type.elementBytes
      let start = Int(address - region.address)
      return buffer.elements.indices.map {
        BitVector(bytes: Array(after[start + $0 * size..<start + ($0 + 1) * size]))
      }
    }
    return buffer.elements
  }
}
