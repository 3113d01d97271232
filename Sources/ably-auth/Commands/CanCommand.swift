internal import AblyTokens
internal import ArgumentParser

/// Tries a capability without a service.
struct CanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "can", abstract: "Tell whether a capability allows an operation on a channel, and why.",
    discussion: "Exit code 0 for yes, 1 for no.")

  @Argument(help: "The operation, such as publish.")
  var operation: String

  @Argument(help: "The channel, such as chat:lobby.")
  var channel: String

  @Option(help: ArgumentHelp("The capability, such as '{\"chat:*\":[\"publish\"]}'.", valueName: "json"))
  var capability: String?

  @Option(help: "A token whose capability to try. A token of the local service needs --key too.")
  var token: String?

  @OptionGroup var keyOption: KeyOption

  @Flag(help: "Print the decision as one line of JSON.")
  var json = false

  func validate() throws {
    guard (capability == nil) != (token == nil) else {
      throw ValidationError("Give either --capability or --token.")
    }
    guard !operation.isEmpty, operation != "*" else {
      throw ValidationError("Name one operation, such as publish; '*' is none.")
    }
  }

  func run() throws {
    let decision = try grantedCapability().decision(for: .init(rawValue: operation), on: channel)
    if json {
      Terminal.print(
        .object([
          "allowed": .bool(decision.isAllowed), "operation": .string(operation), "channel": .string(channel),
          "explanation": .string(decision.explanation),
        ]))
    } else {
      Terminal.print("\(decision.isAllowed ? "yes" : "no"): \(decision.explanation)")
    }
    if !Capability.Operation(rawValue: operation).isNamed {
      Terminal.say("note: '\(operation)' is not an operation that this version knows")
    }
    guard decision.isAllowed else { throw ExitCode(1) }
  }

  private func grantedCapability() throws -> Capability {
    if let capability {
      let granted = try WrongUsage.unless { () throws(ErrorInfo) in try Capability(parsing: capability) }
      Terminal.noteUnlessServed(capability)
      return granted
    }
    let key = try keyOption.key()
    let report = try WrongUsage.unless { () throws(ErrorInfo) in
      try Inspection.inspect(token ?? "", key: key)
    }
    return try grantedCapability(of: report)
  }

  private func grantedCapability(of report: Inspection) throws(ErrorInfo) -> Capability {
    guard report.verdict?.verifies != false else {
      throw ErrorInfo(
        .invalidCredentials, "the key does not vouch for the token: \(report.verdict?.sentence ?? "")",
        remedy: "Leave --key away to try what the token says all the same.")
    }
    if let text = report.capabilityText { return try Capability(parsing: text) }
    throw ErrorInfo(
      .invalidParameterValue, "the token does not say what it may do",
      remedy: report.isSealed
        ? "An Ably token can only be read by who issued it; for one of the local service give its key with --key."
        : "A token without a capability may do all that its key may: try the key's capability with --capability."
    )
  }
}
