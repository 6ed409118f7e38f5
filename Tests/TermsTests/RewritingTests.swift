import Glibc
import Terms
import Testing
import Z3Backend

extension Z3Tests {
  /// What the constructors return is equivalent to what they were asked for.
  @Suite struct RewritingTests {
    @Test(arguments: [1, 2, 3, 4, 5, 8, 16, 32, 64, 65, 128])
    func randomExpressions(width: Int) {
      let count = Int(getenv("BINVERIFY_EXPRESSIONS").map { String(cString: $0) } ?? "") ?? 150
      let start = Int(getenv("BINVERIFY_SEED").map { String(cString: $0) } ?? "") ?? 0
      var (equal, undecided, bad) = (0, 0, 0)
      for number in start..<(start + count) {
        var generator = ExpressionGenerator(
          seed: UInt64(number * 1000 + width), width: width,
          multiplies: width <= 5 && number % 4 == 0,
          arrays: number % 8 == 1)
        let expression = generator.generate(depth: 3 + number % 4)
        switch ExpressionCheck.compare(expression, milliseconds: 500) {
        case .equal: equal += 1
        case .undecided: undecided += 1
        case .failed(let reason): Issue.record("seed \(number): \(reason)\n\(expression.pruned)")
        case .different:
          bad += 1
          let small = ExpressionCheck.shrink(expression)
          Issue.record("width \(width), seed \(number): not equivalent:\n\(small)")
        }
        if bad > 3 { break }
      }
      print("width \(width): \(equal) equal, \(undecided) undecided, \(bad) different")
    }
  }
}
