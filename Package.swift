// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A library target of ours: its name and its arrows, one for every module that it imports (with
/// fewer, a build that is not fresh can use an old layout of a module that was not named).
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target of ours.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "binverify",
  products: [
    // ObjectFiles reads files with libelf, which code that is given bytes does not need.
    .library(name: "BinVerify", targets: ["BinVerify", "ObjectFiles"]),
    .library(name: "CBinVerify", type: .static, targets: ["CBinVerify"]),
    .executable(name: "binverify", targets: ["BinVerifyCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
    .systemLibrary(name: "CElfutils", pkgConfig: "libelf", providers: [.apt(["libelf-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    // Of Debian's libcadical-dev, which has no module or package file of its own.
    .target(
      name: "CCaDiCaL", linkerSettings: [.linkedLibrary("cadical"), .linkedLibrary("stdc++")]),
    .target(name: "CIsolation"),
    .target(name: "CCandidateWorkers"),
    library("Terms"),
    library("Isolation", ["CIsolation"]),
    .target(name: "CNativeExecution"),
    library("NativeExecution", ["CNativeExecution", "Isolation"]),
    library("MachineModel", ["Terms"]),
    library("X86Model", ["MachineModel", "Terms"]),
    library("ARM64Model", ["MachineModel", "Terms"]),
    library("DifferentialTesting", ["MachineModel", "NativeExecution", "Terms"]),
    library(
      "RowTesting",
      [
        "ARM64Model", "DifferentialTesting", "MachineModel", "NativeExecution", "Terms", "X86Model",
      ]),
    library("ObjectFiles", ["CElfutils", "MachineModel"]),
    library("ConstrainedDecoding", ["MachineModel", "Terms"]),
    library("Contracts", ["MachineModel", "Terms"]),
    library("Verification", ["Contracts", "MachineModel", "Terms"]),
    library("Z3Backend", ["CZ3", "Isolation", "Terms"]),
    library("BitBlasting", ["Terms"]),
    library("ProofChecking"),
    library("CaDiCaLBackend", ["BitBlasting", "CCaDiCaL", "ProofChecking", "Terms"]),
    library(
      "BinVerify",
      [
        "ARM64Model", "CCandidateWorkers", "CaDiCaLBackend", "ConstrainedDecoding", "Contracts",
        "DifferentialTesting", "Isolation", "MachineModel", "NativeExecution", "Terms",
        "Verification", "X86Model", "Z3Backend",
      ]),
    .target(
      name: "Gate",
      dependencies: [
        "BinVerify", "CYAML", "Contracts", "Isolation", "MachineModel", "ObjectFiles", "Terms",
        "Verification",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    library("GateReports", ["BinVerify", "Gate", "Verification"]),
    .executableTarget(
      name: "BinVerifyCommand",
      dependencies: [
        "BinVerify", "DifferentialTesting", "Gate", "GateReports", "Isolation", "MachineModel",
        "ObjectFiles", "RowTesting", "Terms",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // The C interface; `make library` makes libbinverify.so of it.
    .target(name: "CBinVerifyABI", exclude: ["binverify.pc.in", "exports.map"]),
    library("CBinVerify", ["BinVerify", "CBinVerifyABI", "Isolation"]),
    // The programs of Docs/Embedding.md.
    .executableTarget(
      name: "EmbeddingExample", dependencies: ["BinVerify"], swiftSettings: strict),
    .executableTarget(
      name: "DecodingExample", dependencies: ["BinVerify"], swiftSettings: strict),
    library("DecoderAgreement", ["ARM64Model", "MachineModel", "Terms", "X86Model"]),
    // Run by Tests/agreement.sh.
    .executableTarget(
      name: "AgreementRun", dependencies: ["DecoderAgreement"], swiftSettings: strict),
    // Run by Benchmarks/decode.py.
    .executableTarget(
      name: "DecodeBenchmark", dependencies: ["ARM64Model", "MachineModel", "X86Model"],
      path: "Benchmarks/Decode", exclude: ["peers.cpp"], swiftSettings: strict),
    // Run by Benchmarks/decoding.py.
    .executableTarget(
      name: "InstructionAutomaton", dependencies: ["ARM64Model", "MachineModel", "X86Model"],
      path: "Benchmarks/Language", swiftSettings: strict),
    tests("TermsTests", ["BitBlasting", "CZ3", "CaDiCaLBackend", "Terms", "Z3Backend"]),
    tests("ProofCheckingTests", ["ProofChecking", "Terms"]),
    tests("IsolationTests", ["Isolation"]),
    tests("NativeExecutionTests", ["NativeExecution"]),
    tests("MachineModelTests", ["MachineModel", "Terms"]),
    tests("ObjectFilesTests", ["MachineModel", "ObjectFiles"], exclude: ["Fixtures"]),
    tests(
      "X86ModelTests",
      [
        "DecoderAgreement", "DifferentialTesting", "MachineModel", "NativeExecution", "RowTesting",
        "Terms", "X86Model",
      ],
      exclude: ["Fixtures"]),
    tests(
      "ARM64ModelTests",
      [
        "ARM64Model", "DecoderAgreement", "DifferentialTesting", "MachineModel",
        "NativeExecution", "RowTesting", "Terms",
      ],
      exclude: ["Fixtures"]),
    tests(
      "ConstrainedDecodingTests",
      [
        "ARM64Model", "BinVerify", "ConstrainedDecoding", "Contracts", "DecoderAgreement",
        "MachineModel", "ObjectFiles", "Terms", "X86Model",
      ]),
    tests("ContractsTests", ["Contracts", "MachineModel", "Terms", "Z3Backend"]),
    tests(
      "VerificationTests",
      [
        "ARM64Model", "BinVerify", "ConstrainedDecoding", "Contracts", "Isolation", "MachineModel",
        "ObjectFiles", "Terms", "Verification", "X86Model", "Z3Backend",
      ]),
    tests("CandidateTests", ["BinVerify"]),
    tests(
      "GateTests",
      ["BinVerify", "Contracts", "Gate", "MachineModel", "ObjectFiles", "Terms", "Verification"]),
    tests("GateReportTests", ["BinVerify", "Gate", "GateReports"]),
    tests("CommandTests", [], exclude: ["Snapshots", "ed25519.pub", "gate.yml"]),
  ]
)
