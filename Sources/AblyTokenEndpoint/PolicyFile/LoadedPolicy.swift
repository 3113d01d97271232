/// A policy that can be used, and what it was made of.
public struct LoadedPolicy: Sendable {
  /// For the endpoint.
  public let setup: EndpointSetup

  /// The policy itself.
  public let file: PolicyFile

  /// What is allowed but probably not wanted.
  public let warnings: [PolicyProblem]

  // Secrets among them: it is compared, and never shown.
  let contents: [String: [UInt8]?]
}

extension LoadedPolicy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How many rules there are.
  public var description: String { "LoadedPolicy(\(file.rules.count) rules)" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the ``description`` alone, so that `dump` prints no secret.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
