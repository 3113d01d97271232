extension Capability {
  /// The JSON text in its one canonical form: resources sorted, operations sorted, no spaces.
  ///
  /// The order is that of the UTF-8 bytes. It is the text to sign and to put into a token; a text that
  /// somebody else signed is verified as it travelled, never as this.
  public var canonicalText: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 + sortedRules.reduce(0) { $0 + $1.resource.utf8.count + 32 })
    bytes.append(UInt8(ascii: "{"))
    for (index, rule) in sortedRules.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.appendString(rule.resource.text, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      rule.operations.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Capability.OperationSet {
  fileprivate func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, operation) in sorted.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.appendString(operation.rawValue, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}

extension Capability: CustomStringConvertible {
  /// The ``canonicalText``.
  public var description: String { canonicalText }
}

extension Capability {
  /// A resource, operation or name as a message may hold it: in quotes, on one line, and not endless.
  ///
  /// Peers choose these texts, and a message may end in a log or a header.
  static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONText.appendString(PeerText.line(text, maximumCount: 120), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
