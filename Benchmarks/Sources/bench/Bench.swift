internal import FoundationEssentials

/// Prints what signing, tokens and capabilities cost, each in multiples of a floor measured beside it.
///
///     bench [--json FILE] [NAME-PREFIX]…
@main
enum Bench {
  static func main() throws {
    var prefixes: [String] = []
    var jsonFile: String?
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--json":
        guard let file = arguments.popFirst() else { throw UsageError(message: "--json needs a file") }
        jsonFile = file
      case _ where argument.hasPrefix("-"): throw UsageError(message: "unknown option \(argument)")
      default: prefixes.append(argument)
      }
    }
    let report = try Report(measurements: measure(prefixes))
    print(report.table)
    if let jsonFile { try report.write(to: jsonFile) }
  }

  /// What the prefixes name, and the floors of that.
  private static func measure(_ prefixes: [String]) throws -> [Measurement] {
    let all = try Benchmark.all()
    let wanted = all.filter { benchmark in
      prefixes.isEmpty || prefixes.contains { benchmark.name.hasPrefix($0) }
    }
    guard !wanted.isEmpty else { throw UsageError(message: "no benchmark has such a name") }
    let names = Set(wanted.flatMap { [$0.name] + ($0.floor.map { [$0] } ?? []) })
    return try all.filter { names.contains($0.name) }.map { benchmark in
      try Measurement(benchmark, beside: all.first { $0.name == benchmark.floor })
    }
  }
}

struct UsageError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
