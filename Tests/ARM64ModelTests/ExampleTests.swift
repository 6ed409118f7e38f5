import ARM64Model
import Glibc
import MachineModel
import Testing

/// Real encodings, one of each form seen in a Linux distribution's libraries.
struct ExampleTests {
  /// Instructions of extensions that the tables do not have.
  private static let unsupported: Set<String> = ["cpyp", "cpym", "cpye"]

  @Test("Every example decodes, and its text says the form")
  func examples() throws {
    let arm64 = ARM64()
    var count = 0
    for line in try Fixture.lines("examples.csv").dropFirst() {
      let columns = line.split(separator: ";")
      let name = columns[0].split(separator: " ")[0]
      let hex = columns[1]
      let bytes = (0..<4).map { index in
        UInt8(hex.dropFirst(2 * index).prefix(2), radix: 16) ?? 0
      }
      guard !ExampleTests.unsupported.contains(String(name)) else {
        let error = #expect(throws: DecodingError.self) { try arm64.decode(bytes[...], at: 0) }
        #expect(error?.kind == .unsupported)
        continue
      }
      let instruction = try arm64.decode(bytes[...], at: 0)
      let text = arm64.text(of: instruction).split(separator: " ")[0]
      #expect(name == "b.cond" ? text.hasPrefix("b.") : text == name, "\(line)")
      count += 1
    }
    #expect(count > 1200)
  }
}

/// Files beside the tests.
enum Fixture {
  struct Missing: Error { let name: String }

  /// The lines of a file in `Fixtures`.
  static func lines(_ name: String, file: String = #filePath) throws -> [String] {
    let folder = file.split(separator: "/").dropLast().joined(separator: "/")
    guard let stream = fopen("/\(folder)/Fixtures/\(name)", "r") else {
      throw Missing(name: name)
    }
    defer { fclose(stream) }
    return Process.lines(of: stream)
  }
}

/// Other programs' output.
enum Process {
  struct Failure: Error { let status: Int32 }

  /// The lines a shell command writes when it reads `input`, both outputs together.
  static func lines(_ command: String, input: String) throws -> [String] {
    var template = Array("/tmp/arm64-model-tests-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Failure(status: errno) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let bytes = Array(input.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(status: errno) }
      written += count
    }
    close(descriptor)
    guard let stream = popen("\(command) <\(path)", "r") else { throw Failure(status: errno) }
    let result = lines(of: stream)
    let status = pclose(stream)
    guard status == 0 else { throw Failure(status: status) }
    return result
  }

  static func lines(of stream: UnsafeMutablePointer<FILE>) -> [String] {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { break }
      text += buffer[..<count]
    }
    return text.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
  }
}
