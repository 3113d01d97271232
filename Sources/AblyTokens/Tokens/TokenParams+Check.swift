extension TokenParams {
  /// Refuses what cannot be signed, with the codes of ``TokenRequestSigner/sign(_:at:)``.
  package func check() throws(ErrorInfo) {
    _ = try wireTTL()
    if let clientId { try ClientID.check(clientId) }
    if let nonce, nonce.isEmpty || nonce.holds(0x0A) {
      throw ErrorInfo(.invalidParameterValue, "the nonce is empty or holds a line feed")
    }
    guard let wish, !wish.isChecked, wish.count > 0 else { return }
    let text = wish.text
    guard !text.holds(0x0A) else {
      throw ErrorInfo(
        .invalidParameterValue, "the capability text holds a line feed",
        remedy: "Write it on one line, or set TokenParams.capability, which does.")
    }
    _ = try Capability(parsing: text)
  }

  /// The ttl in milliseconds, as it travels.
  func wireTTL() throws(ErrorInfo) -> Int64? {
    guard let lifetime else { return nil }
    guard let milliseconds = lifetime.milliseconds else {
      throw ErrorInfo(.invalidParameterValue, "ttl is longer than milliseconds can hold")
    }
    guard milliseconds >= 0 else { throw ErrorInfo(.invalidParameterValue, "ttl is negative") }
    return milliseconds
  }
}
