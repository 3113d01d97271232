internal import AblyTokens

/// The name of a channel, compared by its bytes.
///
/// `String` takes canonically equivalent spellings for one; a capability does not, so with `String` as the
/// key a token for one spelling would reach the messages under the other.
struct ChannelName: Sendable, Hashable {
  /// The name without channel params: `[?rewind=1]chat` is `chat`, `[meta?rewind=1]log` is `[meta]log`.
  let text: String

  /// Known from the beginning: a channel is looked up far more often than it is named.
  private let digest: Int

  private static let maximumBytes = 2048

  /// - Throws: 40010 for a name that is empty, longer than 2048 bytes, begins with `:`, holds a control
  ///   character, or has a bracket that says nothing or is never closed.
  init(_ text: String) throws(ErrorInfo) {
    guard !text.isEmpty else { throw Self.invalid("it is empty") }
    guard text.utf8.count <= Self.maximumBytes else {
      throw Self.invalid("it is over \(Self.maximumBytes) bytes")
    }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Self.invalid("it holds a control character")
    }
    guard Capability.Resource(text).isWellFormed else {
      throw Self.invalid("its bracket says nothing, is never closed, or takes no value here")
    }
    self.text = Self.withoutParams(text)
    guard !self.text.hasPrefix(":") else { throw Self.invalid("it begins with a colon") }
    var hasher = Hasher()
    hasher.combine(bytesOf: self.text)
    digest = hasher.finalize()
  }

  private static func withoutParams(_ text: String) -> String {
    guard text.hasPrefix("["), let close = text.firstIndex(of: "]") else { return text }
    let word = text[text.index(after: text.startIndex)..<close].prefix { $0 != "?" }
    let rest = text[text.index(after: close)...]
    return word.isEmpty ? String(rest) : "[\(word)]\(rest)"
  }

  static func invalid(_ why: String) -> ErrorInfo {
    ErrorInfo(.invalidChannelName, "the channel name is not valid: \(why)", statusCode: 400)
  }

  static func == (left: ChannelName, right: ChannelName) -> Bool {
    left.digest == right.digest && left.text.isSpelt(as: right.text)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// A channel among those of all apps.
struct ChannelAddress: Sendable, Hashable {
  let appId: String
  let name: ChannelName
}
