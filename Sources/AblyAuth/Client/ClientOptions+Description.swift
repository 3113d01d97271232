extension ClientOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How it authenticates, whom it is for and where it connects.
  public var description: String {
    var parts = ["\(auth)"]
    if let clientId { parts.append("clientId: \(clientId)") }
    parts.append("endpoint: \(endpoint ?? "main")")
    if recover != nil { parts.append("recover: set") }
    if !transportParams.isEmpty {
      parts.append("transportParams: \(transportParams.keys.sorted().joined(separator: " "))")
    }
    return "ClientOptions(\(parts.joined(separator: ", ")))"
  }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
