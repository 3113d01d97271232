extension Capability {
  /// What a rule is about: one channel, queue or metachannel by its name, or many by a pattern.
  ///
  /// A resource is split at its colons into segments, and a segment that is exactly `*` is a wildcard.
  /// - In the middle it stands for exactly one segment: `foo:*:baz` matches `foo:bar:baz` only.
  /// - At the end it stands for one segment or more: `foo:*` matches `foo:bar` and `foo:bar:bam`, not `foo`.
  /// - Beside other characters it is an ordinary character: `foo*` matches the one channel called `foo*`.
  ///
  /// A bracket in front says what kind of thing is meant. Without one it is a channel, so that `*` is every
  /// channel and no queue or metachannel; `[queue]*` is every queue, `[meta]*` every metachannel,
  /// `[filter]chat` every filtered subscription to `chat`, and `[*]*` is everything. Channel params in the
  /// bracket (`[?rewind=1]chat`) are about attaching, not about access, and are set aside: that is `chat`.
  ///
  /// Any text is a resource. One whose bracket cannot be read (``isWellFormed``) matches nothing.
  /// Two resources are equal when they were written with the same UTF-8 bytes, and a name matches byte for
  /// byte: `String` would also take two canonically equivalent spellings of é for one.
  public struct Resource: Sendable, Hashable {
    let utf8: [UInt8]
    let bracket: Qualifier

    /// A resource by its text.
    public init(_ text: String) {
      self.init(utf8: Array(text.utf8))
    }

    init(utf8: [UInt8]) {
      self.utf8 = utf8
      bracket = utf8.withUnsafeBufferPointer { Qualifier(of: $0).inResource() }
    }

    /// The resource as it was written.
    public var text: String { String(decoding: utf8, as: UTF8.self) }

    /// The word in the bracket, such as `queue`, `meta` or `*`; `nil` for a channel.
    public var qualifier: String? {
      switch bracket.kind {
      case .every, .word: String(decoding: utf8[bracket.word], as: UTF8.self)
      case .channel, .flawed: nil
      }
    }

    /// The parts between the colons, after the bracket. Empty where the resource is not well formed.
    public var segments: [String] {
      guard isWellFormed else { return [] }
      return utf8[bracket.end...].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the text says what it is about. If not, it matches nothing.
    public var isWellFormed: Bool { bracket.flaw == nil }

    /// Whether both were written with the same bytes.
    public static func == (left: Resource, right: Resource) -> Bool { left.utf8 == right.utf8 }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
      utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

extension Capability.Resource: ExpressibleByStringLiteral {
  /// A resource by its text.
  public init(stringLiteral value: String) { self.init(value) }
}

extension Capability.Resource: Comparable {
  /// Orders by UTF-8 bytes, as the canonical text does.
  public static func < (left: Self, right: Self) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

extension Capability.Resource: CustomStringConvertible {
  /// The resource as it was written.
  public var description: String { text }
}
