internal import AblyTokens

extension RequestTarget {
  /// What a reference in an answer to this target means (RFC 3986, section 5).
  ///
  /// - Throws: 40013 for one that is no reference, is longer than 8 KiB, or leads away from `origin`: the
  ///   credentials that go with a request are not for another host.
  func resolving(_ reference: String, at origin: Origin) throws(ErrorInfo) -> RequestTarget {
    guard reference.utf8.count <= 8192, reference.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Self.unusable("is malformed")
    }
    var rest = reference.prefix { $0 != "#" }
    let isElsewhere = rest.dropOrigin(origin)
    guard isElsewhere != true else { throw Self.unusable("leads to another host") }
    let (reference, query) = rest.splitQuery
    if reference.isEmpty {
      let ownPath = isElsewhere == nil ? path : "/"
      return RequestTarget(path: ownPath, query: query ?? (isElsewhere == nil ? self.query : nil))
    }
    let directory = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
    let joined = reference.hasPrefix("/") ? String(reference) : "\(directory)\(reference)"
    return RequestTarget(path: joined.withoutDotSegments, query: query)
  }

  private static func unusable(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .invalidDataOrEncoding, "a link in the answer \(why)", statusCode: 400,
      remedy: "Check ClientOptions.endpoint: a proxy there may rewrite answers.")
  }
}

extension Substring {
  /// Takes scheme and authority off a reference that has them.
  ///
  /// - Returns: `nil` when it has none, else whether they are another place than `origin`.
  fileprivate mutating func dropOrigin(_ origin: Origin) -> Bool? {
    let scheme = prefix { !":/?".contains($0) }
    let hasScheme = self[scheme.endIndex...].first == ":"
    if hasScheme { self = self[index(after: scheme.endIndex)...] }
    guard hasPrefix("//") else { return hasScheme ? true : nil }
    let authority = dropFirst(2).prefix { !"/?".contains($0) }
    self = self[authority.endIndex...]
    return Origin(scheme: hasScheme ? scheme : origin.scheme[...], authority: authority) != origin
  }

  fileprivate var splitQuery: (Substring, String?) {
    guard let mark = firstIndex(of: "?") else { return (self, nil) }
    return (self[..<mark], String(self[index(after: mark)...]))
  }
}

extension String {
  /// The path with `.` and `..` carried out (RFC 3986, section 5.2.4).
  fileprivate var withoutDotSegments: String {
    var kept: [Substring] = []
    let segments = dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".", "..":
        if segment == ".." { _ = kept.popLast() }
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }
}
