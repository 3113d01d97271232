/// The header fields of a request.
package struct HeaderFields: Sendable {
  private var fields: [(name: String, value: String)] = []

  package init(minimumCapacity: Int = 0) { fields.reserveCapacity(minimumCapacity) }

  package init(_ values: [String: String]) {
    fields = values.map { (name: $0.key, value: $0.value) }
  }

  /// One more; of that name there may be others.
  package mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

  /// Whether somebody says that they pass on what another asks.
  var areForwarded: Bool {
    fields.contains { field in
      // Most names begin otherwise.
      switch field.name.utf8.first.map({ $0 | 0x20 }) {
      case UInt8(ascii: "v"): Self.isEqual(field.name, "via")
      case UInt8(ascii: "f"): Self.isEqual(field.name, "forwarded")
      case UInt8(ascii: "x"):
        Self.isEqual(field.name, "x-real-ip") || Self.begins(field.name, with: "x-forwarded-")
      default: false
      }
    }
  }

  /// Those of a name in lower case, joined with a comma; setting puts one in their place.
  // There are few, so that looking at each costs less than a table.
  package subscript(name: String) -> String? {
    get {
      var found: String?
      for field in fields where Self.isEqual(field.name, name) {
        found = found.map { "\($0), \(field.value)" } ?? field.value
      }
      return found
    }
    set {
      fields.removeAll { Self.isEqual($0.name, name) }
      if let newValue { append(name, newValue) }
    }
  }

  private static func isEqual(_ name: String, _ lowerCase: String) -> Bool {
    name.utf8.count == lowerCase.utf8.count && begins(name, with: lowerCase)
  }

  private static func begins(_ name: String, with lowerCase: String) -> Bool {
    name.utf8.prefix(lowerCase.utf8.count).elementsEqual(lowerCase.utf8) {
      $0 == $1 || 0x41...0x5A ~= $0 && $0 | 0x20 == $1
    }
  }
}
