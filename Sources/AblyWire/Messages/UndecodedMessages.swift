package import AblyTokens

/// The messages of one page or frame whose data could not be decoded. They are told as one: who publishes such
/// messages is not to fill the log of those who read them.
package struct UndecodedMessages: Sendable {
  private var count = 0
  private var first: ErrorInfo?

  /// None so far.
  package init() {}

  /// Notes why one could not be decoded; `nil` for one that could.
  package mutating func note(_ failure: ErrorInfo?) {
    guard let failure else { return }
    if first == nil { first = failure }
    count += 1
  }

  /// Why the first could not be decoded, and of how many others the same is so; `nil` for none.
  ///
  /// - Parameter place: what they came in, such as a page.
  package func error(in place: String) -> ErrorInfo? {
    guard var error = first else { return nil }
    if count > 1 { error.message += ", and that of \(count - 1) more of its \(place)" }
    return error
  }
}
