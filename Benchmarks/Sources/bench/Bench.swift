internal import FoundationEssentials

/// Prints what signing, tokens and capabilities cost, each in multiples of a floor measured beside it.
///
///     bench [--json FILE | --loop COUNT] [NAME-PREFIX]…
///
/// With `--loop` it only does the work so many times, for a profiler to watch.
@main
enum Bench {
  static func main() throws {
    var prefixes: [String] = []
    var jsonFile: String?
    var loop: Int?
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--json":
        guard let file = arguments.popFirst() else { throw UsageError(message: "--json needs a file") }
        jsonFile = file
      case "--loop":
        loop = arguments.popFirst().flatMap(Int.init)
        guard loop != nil else { throw UsageError(message: "--loop needs a count") }
      case _ where argument.hasPrefix("-"): throw UsageError(message: "unknown option \(argument)")
      default: prefixes.append(argument)
      }
    }
    let wanted = try benchmarks(prefixes)
    if let loop { return try wanted.forEach { try $0.run(loop) } }
    let report = try Report(measurements: measure(wanted))
    print(report.table)
    if let jsonFile { try report.write(to: jsonFile) }
  }

  private static func benchmarks(_ prefixes: [String]) throws -> [Benchmark] {
    let wanted = try Benchmark.all().filter { benchmark in
      prefixes.isEmpty || prefixes.contains { benchmark.name.hasPrefix($0) }
    }
    guard !wanted.isEmpty else { throw UsageError(message: "no benchmark has such a name") }
    return wanted
  }

  /// Measures these, and their floors.
  private static func measure(_ wanted: [Benchmark]) throws -> [Measurement] {
    let names = Set(wanted.flatMap { [$0.name] + ($0.floor.map { [$0] } ?? []) })
    let all = try Benchmark.all()
    return try all.filter { names.contains($0.name) }.map { benchmark in
      try Measurement(benchmark, beside: all.first { $0.name == benchmark.floor })
    }
  }
}

struct UsageError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
