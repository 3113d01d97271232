/// Writes figures in Prometheus' text format, version 0.0.4.
package struct MetricsText: Sendable {
  package enum Kind: String, Sendable {
    case counter, gauge, summary
  }

  package private(set) var text = ""

  package init() {}

  /// Begins the samples of a name.
  package mutating func family(_ name: some StringProtocol, _ kind: Kind, _ help: String? = nil) {
    if let help { text += "# HELP \(name) \(help)\n" }
    text += "# TYPE \(name) \(kind.rawValue)\n"
  }

  package mutating func sample(_ name: String, _ labels: [(String, String)], _ value: some Numeric) {
    sample(Self.series(name, labels), value)
  }

  /// - Parameter series: a name with its labels, as ``series(_:_:)`` writes them.
  package mutating func sample(_ series: String, _ value: some Numeric) { text += "\(series) \(value)\n" }

  /// A name with one sample.
  package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    family(name, kind, help)
    sample(name, value)
  }

  /// A name with its labels, which tell what is counted apart.
  package static func series(_ name: String, _ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return name }
    return "\(name){\(labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ","))}"
  }

  /// A label's value, so that it cannot end its quotes or its line.
  private static func escaped(_ value: String) -> String {
    var escaped = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
