/// A count of milliseconds together with the text it had on the wire.
///
/// The text is what was signed: `3600000`, `"3600000"` and `3600000.0` are one number and three texts.
struct WireNumber: Sendable, Hashable {
  let milliseconds: Int64

  // Only where it differs from the plain decimal form, so that a number made here costs no allocation.
  private let foreign: Foreign<JSONValue>?

  init(milliseconds: Int64) {
    self.milliseconds = milliseconds
    foreign = nil
  }

  /// - Throws: 40003 when `value` is neither a whole number nor a string that holds one.
  init(json value: JSONValue, _ name: String) throws(ErrorInfo) {
    milliseconds = try Milliseconds.of(value, name)
    foreign = value == .number(JSONNumber(milliseconds)) ? nil : Foreign(value)
  }

  /// The text that is signed.
  var text: String {
    switch foreign?.spelling {
    case .number(let number): number.literal
    case .string(let text): text
    default: String(milliseconds)
    }
  }

  /// The value as it travels.
  var json: JSONValue { foreign?.spelling ?? .number(JSONNumber(milliseconds)) }

  /// The most bytes that ``append(to:)`` and ``appendJSON(to:)`` write.
  var bound: Int { foreign == nil ? WireWriter.decimalBound : json.utf8.count }

  func append(to writer: inout WireWriter) {
    if foreign == nil { writer.append(decimal: milliseconds) } else { writer.append(text) }
  }

  func appendJSON(to writer: inout WireWriter) {
    if foreign == nil { writer.append(decimal: milliseconds) } else { writer.append(json.text) }
  }
}
