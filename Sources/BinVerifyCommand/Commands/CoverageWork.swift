import BinVerify
import DifferentialTesting

/// Writing, or checking, the pages that say what is covered.
struct CoverageWork {
  /// The folder of the pages, which has the lists of forms in `forms`; the evidence is beside it.
  let folder: String
  let names: [String]

  private var base: String { folder.hasSuffix("/") ? String(folder.dropLast()) : folder }

  /// The pages of all of `names`, by path.
  private func pages(_ context: Job.Context) throws -> [CoveragePages.Page] {
    try names.flatMap { name -> [CoveragePages.Page] in
      let listPath = "\(base)/forms/\(name).tsv"
      guard let list = FormList(text: try text(listPath, context)) else {
        throw Failure("\(listPath): error: is no list of forms")
      }
      let evidencePath = "\(base)/../Evidence/\(name).tsv"
      guard let evidence = Evidence(text: try text(evidencePath, context)) else {
        throw Failure("\(evidencePath): error: is no evidence")
      }
      return CoveragePages(try architecture(named: name), list, evidence).pages
    }
  }

  private func text(_ path: String, _ context: Job.Context) throws -> String {
    String(decoding: try context.read(path), as: UTF8.self)
  }

  /// The pages as files to write.
  func written(_ context: Job.Context) throws -> CommandOutcome {
    let pages = try pages(context)
    return CommandOutcome(
      output: pages.map { "\(base)/\($0.path)\n" }.joined(),
      files: pages.map { .init(path: "\(base)/\($0.path)", contents: Array($0.text.utf8)) })
  }

  /// Whether the files are what would be written: status 1 and their names if not.
  func checked(_ context: Job.Context) throws -> CommandOutcome {
    let stale = try pages(context).filter {
      (try? context.read("\(base)/\($0.path)")) != Array($0.text.utf8)
    }
    return CommandOutcome(
      status: stale.isEmpty ? .success : .refuted,
      errors: stale.map { "\(base)/\($0.path): error: is stale; run make coverage\n" }.joined())
  }
}
