/// The bracket that a resource or the name of a channel may begin with.
///
/// Ably writes `[word=value?params]rest`. The word says what kind of thing `rest` is; no word means a
/// channel. The params say how a channel is attached, not what may be done with it, so access never depends
/// on them: `[?rewind=1]chat` is the channel `chat`, `[meta?rewind=1]log` the metachannel `log`.
struct Qualifier: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case channel
    /// `[*]`.
    case every
    /// `[queue]`, `[meta]`, `[filter]` and whatever is to come: ``Qualifier/word`` is its name.
    case word
    /// Nothing can be said to be meant.
    case flawed(Flaw)
  }

  enum Flaw: Sendable, Hashable {
    case empty, unclosed, nothingAfter, secondBracket, noWord, value
  }

  private(set) var kind = Kind.channel
  /// Where the word stands; empty where there is none.
  private(set) var word = 0..<0
  /// Whether a value follows the word, as in `[filter=…]`.
  private(set) var hasValue = false
  /// Where the rest begins.
  private(set) var end = 0

  init(of text: UnsafeBufferPointer<UInt8>) {
    guard let first = text.first else {
      kind = .flawed(.empty)
      return
    }
    if first == UInt8(ascii: "[") { readBracket(text) }
  }

  private mutating func readBracket(_ text: UnsafeBufferPointer<UInt8>) {
    guard let close = text.firstIndex(of: UInt8(ascii: "]")) else {
      kind = .flawed(.unclosed)
      return
    }
    let wordEnd =
      text[1..<close].firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "?") } ?? close
    word = 1..<wordEnd
    hasValue = text[wordEnd] == UInt8(ascii: "=")
    end = close + 1
    kind = kind(of: text, delimiter: text[wordEnd])
  }

  private func kind(of text: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> Kind {
    if end == text.count { return .flawed(.nothingAfter) }
    // Whoever strips a bracket and reads on must not arrive at another qualifier.
    if text[end] == UInt8(ascii: "[") { return .flawed(.secondBracket) }
    if word.isEmpty { return delimiter == UInt8(ascii: "?") ? .channel : .flawed(.noWord) }
    return word.count == 1 && text[1] == UInt8(ascii: "*") ? .every : .word
  }

  var flaw: Flaw? {
    if case .flawed(let flaw) = kind { flaw } else { nil }
  }

  /// The same qualifier where a resource is meant: a value would narrow it in a way nothing here can check.
  func inResource() -> Qualifier {
    guard hasValue, kind == .word || kind == .every else { return self }
    var qualifier = self
    qualifier.kind = .flawed(.value)
    return qualifier
  }
}

extension Qualifier.Flaw: CustomStringConvertible {
  var description: String {
    switch self {
    case .empty: "it is empty"
    case .unclosed: "its opening bracket is never closed"
    case .nothingAfter: "nothing follows its bracket"
    case .secondBracket: "it has a second bracket"
    case .noWord: "its bracket names nothing"
    case .value: "a qualifier takes no value here"
    }
  }
}
