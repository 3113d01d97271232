internal import FoundationEssentials

/// What was measured, for people and for programs.
struct Report {
  let measurements: [Measurement]

  /// A line each, in columns.
  var table: String {
    let head = ["benchmark", "ns", "per second", "floor", "x floor"]
    let rows = measurements.map { row in
      [
        row.name, Self.decimal(row.nanoseconds, places: 1), Self.decimal(row.perSecond, places: 0),
        row.floor ?? "", row.ratio.map { Self.decimal($0, places: 2) } ?? "",
      ]
    }
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([head] + rows).map { Self.line($0, widths) }.joined(separator: "\n")
  }

  /// An array of rows, a line each: `{"name","perSecond","floor","ratio"}`.
  var json: String {
    let rows = measurements.map { row in
      let floor = row.floor.map { "\"\($0)\"" } ?? "null"
      let ratio = row.ratio.map { Self.decimal($0, places: 3) } ?? "null"
      let perSecond = Self.decimal(row.perSecond, places: 0)
      return #"{"name":"\#(row.name)","perSecond":\#(perSecond),"floor":\#(floor),"ratio":\#(ratio)}"#
    }
    return "[\n\(rows.joined(separator: ",\n"))\n]\n"
  }

  func write(to path: String) throws {
    try Data(json.utf8).write(to: URL(filePath: path))
  }

  /// Texts to the left, numbers to the right.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return [0, 3].contains(column) ? cells[column] + space : space + cells[column]
    }.joined(separator: "  ")
  }

  private static func decimal(_ value: Double, places: Int) -> String {
    let digits = String(Int64((value * Double((0..<places).reduce(1) { power, _ in power * 10 })).rounded()))
    guard places > 0 else { return digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
