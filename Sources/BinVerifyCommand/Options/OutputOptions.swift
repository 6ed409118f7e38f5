import ArgumentParser

/// What a command writes.
struct OutputOptions: ParsableArguments {
  /// When to use colour.
  enum Color: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  @Flag(help: "Write one JSON object; its schema is in Docs/Schema.")
  var json = false

  @Flag(name: [.short, .long], help: "Write the first line only.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Write everything there is to say.")
  var verbose = false

  @Option(help: "Colour: auto is on a terminal, unless NO_COLOR is set.")
  var color: Color = .auto

  /// The style of standard output.
  var style: Style {
    switch color {
    case .auto: Style(isColoured: Style.isWanted(descriptor: 1))
    case .always: Style(isColoured: true)
    case .never: Style(isColoured: false)
    }
  }
}
