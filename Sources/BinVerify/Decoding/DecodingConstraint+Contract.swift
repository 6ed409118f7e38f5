import ConstrainedDecoding
import Contracts
import MachineModel
import Terms

extension DecodingConstraint {
  /// What a specification says of the code before it is run: which registers and bytes of the stack have
  /// a value at entry, what has to survive, which buffers may be read and written, and what is
  /// returned. Branches go forward only; set `branches` to allow loops.
  ///
  /// - Parameter wideArguments: whether a function's argument of fewer than 32 bits gives 32 bits of its register, or
  ///   of its place on the stack, a value, as code of compilers reads them; that the result does not depend on those
  ///   above the argument is then left to the proof.
  /// - Throws: `DecoderError` for an unknown instruction set, and for a contract that its calling
  ///   convention has no place for.
  public init(
    contract: Contract, isa: String, wideArguments: Bool = false
  ) throws(DecoderError) {
    self.init(isa: isa)
    let layout: Layout
    do {
      layout = try contract.layout(for: try architecture(named: isa))
    } catch let error as SpecificationError {
      throw DecoderError(error.description)
    } catch {
      throw DecoderError("\(error)")
    }
    onlyDefinedReads = true
    onlyContractMemory = true
    balancesStack = true
    restoresCalleeSaved = true
    branches = .forward
    for (parameter, place) in zip(contract.parameters, layout.arguments) {
      if let buffer = parameter.buffer {
        buffers.append(Buffer(parameter.name, buffer, place))
      } else {
        add(place, isWide: wideArguments && layout.clobbers == nil)
      }
    }
    results = layout.outputs.flatMap(RegisterBits.all)
    stackArgumentBytes = Int(layout.stackArgumentBytes)
    if let clobbers = layout.clobbers {
      endsInReturn = false
      // The stack below a fragment is its surroundings'.
      maximumFrame = 0
      mayChange = clobbers.map(\.name) + results.map(\.register)
      flagsMayChange = layout.clobbersFlags
    }
  }

  private mutating func add(_ place: ValueLocation, isWide: Bool) {
    var bits = RegisterBits.all(place)
    if isWide {
      for index in bits.indices { bits[index].width = max(bits[index].width, 32) }
    }
    definedAtEntry += bits
    if case .stack(let offset, let byteCount) = place {
      stackArguments.append(
        StackBytes(offset: Int(offset), byteCount: isWide ? max(byteCount, 4) : byteCount))
    }
  }
}

extension DecodingConstraint.RegisterBits {
  /// The registers of a place.
  fileprivate static func all(_ place: ValueLocation) -> [Self] {
    switch place {
    case .register(let register): [Self(register.name, register.width)]
    case .registerPair(let low, let high):
      [Self(low.name, low.width), Self(high.name, high.width)]
    case .stack: []
    }
  }
}

extension DecodingConstraint.Buffer {
  fileprivate init(_ name: String, _ type: BufferType, _ place: ValueLocation) {
    self.init(
      name: name, byteCount: type.length.constant.map { $0 * type.elementBytes },
      isWritable: !type.isConst)
    switch place {
    case .register(let register): self.register = register.name
    case .registerPair(let low, _): register = low.name
    case .stack(let offset, _): stackOffset = Int(offset)
    }
  }
}
