/// How the values of a token request are spelt on the wire, which is what was signed: `3600000`,
/// `"3600000"` and `3.6e6` are one number and three texts.
///
/// One word, empty for all that this package signs itself.
indirect enum WireSpelling: Sendable, Hashable {
  /// As this package spells them.
  case own
  /// Some of them otherwise.
  case foreign(Texts)

  /// What is spelt otherwise; `nil` for the rest.
  struct Texts: Sendable, Hashable {
    var ttl: JSONValue?
    var timestamp: JSONValue?
    var nonce: String?
    var mac: String?
  }

  init(_ texts: Texts) {
    self = texts == Texts() ? .own : .foreign(texts)
  }

  var foreign: Texts? {
    if case .foreign(let texts) = self { texts } else { nil }
  }
}

extension JSONValue {
  /// How a number of milliseconds is spelt, where this differs from its shortest form.
  func spelling(of milliseconds: Int64) -> JSONValue? {
    self == .number(JSONNumber(milliseconds)) ? nil : self
  }

  /// What is signed of a number: its literal text, or the text between its quotes.
  var numberText: String? { number?.literal ?? string }
}
