import CZ3
import Terms

/// Reads the values of variables out of a Z3 model.
struct Z3ModelReader {
  let context: Z3Context
  let model: Z3_model

  /// The values of the variables that were translated; those that do not matter have any.
  func read(_ translation: Z3Translation, _ terms: TermManager) throws(Z3Failure) -> Model {
    var result = Model()
    for variable in translation.variables {
      var evaluated: OpaquePointer?
      guard
        Z3_model_eval(
          context.pointer, model, translation.expression(variable), true, &evaluated)
      else { throw context.failure ?? Z3Failure("the model has no value for a variable") }
      let value = try context.checked(evaluated)
      switch terms.sort(variable) {
      case .bool: result.values[variable] = try bool(value)
      case .bitVector(let width): result.values[variable] = try bits(value, width)
      case .array(let index, let element):
        result.arrays[variable] = try array(value, index, element)
      }
    }
    return result
  }

  private func bool(_ value: OpaquePointer) throws(Z3Failure) -> BitVector {
    switch Z3_get_bool_value(context.pointer, value) {
    case Z3_L_TRUE: return BitVector(1, width: 1)
    case Z3_L_FALSE: return BitVector(0, width: 1)
    default: throw Z3Failure("a Boolean in the model is not a constant")
    }
  }

  private func bits(_ value: OpaquePointer, _ width: Int) throws(Z3Failure) -> BitVector {
    guard Z3_is_numeral_ast(context.pointer, value) else {
      throw Z3Failure("a bit-vector in the model is not a constant")
    }
    var small: UInt64 = 0
    if Z3_get_numeral_uint64(context.pointer, value, &small) {
      return BitVector(small, width: width)
    }
    guard let text = Z3_get_numeral_binary_string(context.pointer, value) else {
      throw context.failure ?? Z3Failure("a bit-vector in the model cannot be read")
    }
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(width))
    for (index, digit) in String(cString: text).utf8.reversed().enumerated()
    where digit == UInt8(ascii: "1") && index < width {
      words[index / 64] |= 1 << UInt64(index % 64)
    }
    return BitVector(words: words, width: width)
  }

  // MARK: Arrays

  /// A chain of stores on a constant array or on a function's graph.
  private func array(
    _ value: OpaquePointer, _ index: Int, _ element: Int
  ) throws(Z3Failure) -> ArrayValue {
    var entries: [BitVector: BitVector] = [:]
    var rest = value
    while Z3_is_app(context.pointer, rest) {
      let application = Z3_to_app(context.pointer, rest)
      func argument(_ position: UInt32) throws(Z3Failure) -> OpaquePointer {
        try context.checked(Z3_get_app_arg(context.pointer, application, position))
      }
      let declaration = Z3_get_app_decl(context.pointer, application)
      switch Z3_get_decl_kind(context.pointer, declaration) {
      case Z3_OP_STORE:
        let key = try bits(argument(1), index)
        // The outermost store to an index wins.
        if entries[key] == nil { entries[key] = try bits(argument(2), element) }
        rest = try argument(0)
      case Z3_OP_CONST_ARRAY:
        return ArrayValue(otherwise: try bits(argument(0), element), entries: entries)
      case Z3_OP_AS_ARRAY:
        let function = try graph(Z3_get_as_array_func_decl(context.pointer, rest), index, element)
        entries.merge(function.entries) { outer, _ in outer }
        return ArrayValue(otherwise: function.otherwise, entries: entries)
      default: throw Z3Failure("an array in the model has an unknown form")
      }
    }
    throw Z3Failure("an array in the model has an unknown form")
  }

  private func graph(
    _ function: Z3_func_decl?, _ index: Int, _ element: Int
  ) throws(Z3Failure) -> ArrayValue {
    let interpretation = try context.checked(
      Z3_model_get_func_interp(context.pointer, model, function))
    Z3_func_interp_inc_ref(context.pointer, interpretation)
    defer { Z3_func_interp_dec_ref(context.pointer, interpretation) }
    let otherwise = try context.checked(
      Z3_func_interp_get_else(context.pointer, interpretation))
    var result = ArrayValue(otherwise: try bits(otherwise, element))
    for number in 0..<Z3_func_interp_get_num_entries(context.pointer, interpretation) {
      let entry = try context.checked(
        Z3_func_interp_get_entry(context.pointer, interpretation, number))
      Z3_func_entry_inc_ref(context.pointer, entry)
      defer { Z3_func_entry_dec_ref(context.pointer, entry) }
      let key = try context.checked(Z3_func_entry_get_arg(context.pointer, entry, 0))
      let value = try context.checked(Z3_func_entry_get_value(context.pointer, entry))
      result.entries[try bits(key, index)] = try bits(value, element)
    }
    return result
  }
}
