import Contracts
import Terms
import Testing
import Z3Backend

@Suite struct SpecificationCheckTests {
  private func findings(
    _ prototype: String, _ body: String
  ) throws -> [SpecificationFinding] {
    let prototype = try Prototype.parse(prototype)
    var text = "(set-logic ALL)(set-info :kernel \"\(prototype.text)\")"
    for name in Contract(prototype: prototype).names where !name.name.hasSuffix(".addr") {
      text += "\n(declare-const \(name.name) \(name.sort.smtlib))"
    }
    let contract = try Contract.parse(text: text + "\n" + body, file: "s")
    return try SpecificationCheck(contract, solver: Z3Solver()).findings()
  }

  private func integer(_ name: String, _ assignments: [Assignment]) -> UInt64? {
    for case .integer(let value) in assignments.filter({ $0.name == name }).map(\.value) {
      return value.low
    }
    return nil
  }

  @Test func aGoodSpecificationHasNoFindings() throws {
    let found = try findings(
      "uint32_t f(uint32_t x)", "(define-fun ensures () Bool (= result (bvadd x x)))")
    #expect(found == [])
  }

  @Test func aContradictionIsVacuous() throws {
    let found = try findings(
      "uint32_t f(uint32_t x)",
      """
      (define-fun requires () Bool (and (bvult x #x00000002) (bvugt x #x00000003)))
      (define-fun ensures () Bool (= result x))
      """)
    #expect(found.map(\.kind) == [.vacuous] && found[0].severity == .error)
    #expect(found[0].position == SourcePosition(line: 4, column: 13))
  }

  @Test func anInputWithoutOutputIsFound() throws {
    let found = try findings(
      "uint8_t f(uint8_t x)",
      """
      (define-fun ensures () Bool
        (and (bvugt result x) (= ((_ extract 0 0) result) #b0)))
      """)
    #expect(found.map(\.kind) == [.unmeetable])
    #expect(integer("x", found[0].example).map { $0 >= 0xfe } == true)
  }

  @Test func anUnboundedLengthIsFound() throws {
    let found = try findings(
      "uint8_t f(int32_t n, const uint8_t p[n])",
      """
      (define-fun requires () Bool (bvslt n #x00000008))
      (define-fun ensures () Bool (= result (select p #x0000000000000000)))
      """)
    #expect(found.map(\.kind) == [.unbounded])
    #expect(integer("n", found[0].example).map { $0 >= 0x8000_0000 } == true)
  }

  @Test func whatEnsuresLeavesOutIsFound() throws {
    let found = try findings(
      "uint8_t f(uint8_t x, uint8_t y, uint8_t p[3])",
      """
      (define-fun ensures () Bool
        (and (= (select p.out #x0000000000000001) x) (or (= result x) (distinct result x))))
      """)
    #expect(
      found.map(\.message) == [
        "'y' is declared, but neither requires nor ensures depends on it",
        "'p' is declared, but neither requires nor ensures depends on it",
        "ensures says nothing about elements 0, 2 of 'p.out'",
        "ensures says nothing about 'result'",
      ])
    let first = try #require(found[2].example.first { $0.name == "p.out" })
    let second = try #require(found[2].alternative.first { $0.name == "p.out" })
    guard case .elements(let left) = first.value, case .elements(let right) = second.value else {
      Issue.record("no elements")
      return
    }
    #expect(left.count == 3 && left[0] != right[0] && left[1] == right[1])
    #expect(integer("result", found[3].example) != integer("result", found[3].alternative))
  }

  @Test func aChoiceIsANote() throws {
    let found = try findings(
      "uint8_t f(uint8_t x)", "(define-fun ensures () Bool (bvugt result (bvlshr x #x01)))")
    #expect(found.map(\.kind) == [.undetermined] && found[0].severity == .note)
    #expect(integer("result", found[0].example) != integer("result", found[0].alternative))
  }

  @Test func aSkeletonParsesAndConstrainsNothing() throws {
    for text in [
      "int32_t abs32(int32_t x)", "void sort3(int32_t p[3])",
      "bool find(size_t n, const uint8_t p[restrict 2*n+1], bool key, uint8_t q[n])",
    ] {
      let skeleton = SpecificationSkeleton(try Prototype.parse(text))
      let contract = try Contract.parse(text: skeleton.text, file: "skeleton")
      #expect(contract.names.allSatisfy { contract.declares($0.name) })
      let kinds = try SpecificationCheck(contract, solver: Z3Solver()).findings().map(\.kind)
      #expect(kinds.contains(.unconstrained) && kinds.contains(.unmentioned))
      #expect(!kinds.contains(.unbounded) && !kinds.contains(.vacuous))
    }
  }
}
