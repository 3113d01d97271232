internal import AblyAuth
internal import ArgumentParser

/// A header field on the command line: `Name: value`.
struct HeaderArgument: ExpressibleByArgument, NameAndValue {
  let name: String
  let value: String

  init?(argument: String) {
    // No field's name holds either of them.
    guard let separator = argument.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
    name = argument[..<separator].trimming(\.isWhitespace)
    value = argument[argument.index(after: separator)...].trimming(\.isWhitespace)
    guard !name.isEmpty else { return nil }
  }
}

/// A parameter on the command line: `name=value`, as it is.
struct ParameterArgument: ExpressibleByArgument, NameAndValue {
  let name: String
  let value: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "="), separator != argument.startIndex else { return nil }
    name = String(argument[..<separator])
    value = String(argument[argument.index(after: separator)...])
  }
}

protocol NameAndValue {
  var name: String { get }
  var value: String { get }
}

extension Dictionary<String, String> {
  /// The last of two with one name counts.
  init(_ pairs: [some NameAndValue]) {
    self.init(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
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
