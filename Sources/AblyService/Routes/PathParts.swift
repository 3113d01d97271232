/// What stands between the slashes of a path, one after the other; nothing of a path that does not begin with one.
struct PathParts: IteratorProtocol {
  private var rest: Substring.UTF8View?

  init(_ path: Substring) {
    rest = path.utf8.first == UInt8(ascii: "/") ? path.utf8.dropFirst() : nil
  }

  mutating func next() -> Substring.UTF8View? {
    guard let rest else { return nil }
    let part = rest.prefix { $0 != UInt8(ascii: "/") }
    self.rest = part.endIndex == rest.endIndex ? nil : rest[rest.index(after: part.endIndex)...]
    return part
  }
}
