internal import AblyAuth
internal import ArgumentParser

/// A header field, `Name: value`, or a parameter, `name=value`, on the command line.
struct NameAndValue: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
    name = argument[..<separator].trimming(\.isWhitespace)
    value = argument[argument.index(after: separator)...].trimming(\.isWhitespace)
    guard !name.isEmpty else { return nil }
  }

  /// The last of two with one name counts.
  static func dictionary(_ pairs: [NameAndValue]) -> [String: String] {
    Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }
}

extension Substring {
  fileprivate func trimming(_ isDropped: (Character) -> Bool) -> String {
    var text = self
    while let first = text.first, isDropped(first) { text.removeFirst() }
    while let last = text.last, isDropped(last) { text.removeLast() }
    return String(text)
  }
}

/// How values travel.
enum WireProtocol: String, ExpressibleByArgument, CaseIterable {
  case json, msgpack
}

/// How an auth server is asked.
enum AuthMethodArgument: String, ExpressibleByArgument, CaseIterable {
  case get = "GET"
  case post = "POST"

  var method: AuthMethod { self == .get ? .get : .post }

  init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
