internal import AblyAuth
internal import AblyTokens
internal import AblyWire
internal import Foundation

/// A REST client that is driven by one JSON object a line.
struct RESTSession: Sendable {
  let client: RESTClient

  /// Does what a line says.
  ///
  /// - Throws: what the client throws; 40000 for a line that says nothing that can be done.
  func perform(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    switch line["do"]?.string {
    case "authorize": try await client.auth.authorize(params(line), options: options(line)).json()
    case "requestToken": try await client.auth.requestToken(params(line), options: options(line)).json()
    case "createTokenRequest": try await tokenRequest(line)
    case "time": .number(JSONNumber(try Milliseconds.of(try await client.time(), "time")))
    case "request": try await request(line)
    case "revokeTokens": try await revoke(line)
    case "publish": try await publish(line)
    case "history": try await history(line)
    case "presence": try await presence(line)
    case "status": try await status(line)
    case "state": try state()
    // Whatever else it could say was looked at before.
    default: throw ErrorInfo(.badRequest, "this is nothing that can be done")
    }
  }

  private func params(_ line: JSONValue) throws(ErrorInfo) -> TokenParams? {
    guard let json = line["tokenParams"] else { return nil }
    return try TokenParams(json: json)
  }

  private func options(_ line: JSONValue) throws(ErrorInfo) -> AuthOptions? {
    guard let json = line["authOptions"] else { return nil }
    return try AuthOptions(json: json)
  }

  // Parsed again, which keeps the text of each number as it was signed.
  private func tokenRequest(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let request = try await client.auth.createTokenRequest(params(line), options: options(line))
    return try JSONValue(parsing: request.jsonText)
  }

  private func request(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let version = line["version"]?.number?.int64.flatMap(Int.init(exactly:))
    guard version != nil || line["version"] == nil else { throw .wrongKind("version", "a whole number") }
    let response = try await client.request(
      try line.requiredText("method", of: "request"), try line.requiredText("path", of: "request"),
      version: version, params: try line.texts("params", unfit: ErrorInfo.wrongKind), body: line["body"],
      headers: try line.texts("headers", unfit: ErrorInfo.wrongKind))
    return response.json
  }

  private func revoke(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    var targets: [TokenRevocationTargetSpecifier] = []
    guard let items = line["targets"]?.array else {
      throw .unfitTarget("targets must be an array of objects", example: nil)
    }
    for target in items {
      guard let members = target.object else {
        throw .unfitTarget("a target must be an object", example: target.string)
      }
      try members.refuseOthers(than: ["type", "value"], in: "a target")
      targets.append(
        TokenRevocationTargetSpecifier(
          type: try target.requiredText("type", of: "target"),
          value: try target.requiredText("value", of: "target")))
    }
    var issuedBefore: Date?
    if let value = line["issuedBefore"] {
      issuedBefore = Milliseconds.date(try Milliseconds.of(value, "issuedBefore"))
    }
    guard line["allowReauthMargin"] == nil || line["allowReauthMargin"]?.bool != nil else {
      throw .wrongKind("allowReauthMargin", "true or false")
    }
    let result = try await client.auth.revokeTokens(
      targets, issuedBefore: issuedBefore, allowReauthMargin: line["allowReauthMargin"]?.bool)
    return try result.json()
  }

  private func channel(_ line: JSONValue) throws(ErrorInfo) -> RESTChannel {
    client.channel(try line.requiredText("channel", of: "line"))
  }

  private func publish(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    try await channel(line).publish(Message(line: line)).json
  }

  private func history(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    var messages: [JSONValue] = []
    for message in try await channel(line).history().items { messages.append(try message.plainJSON()) }
    return .array(messages)
  }

  private func presence(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let members = try await channel(line).presence.get().items
    return .array(members.map(\.plainJSON))
  }

  private func status(_ line: JSONValue) async throws(ErrorInfo) -> JSONValue {
    let details = try await channel(line).status()
    return [
      "channelId": .string(details.channelId), "status": ["isActive": .bool(details.status.isActive)],
    ]
  }

  private func state() throws(ErrorInfo) -> JSONValue {
    [
      "connection": .null,
      "clientId": client.auth.clientId.map(JSONValue.string) ?? .null,
      "tokenDetails": try client.auth.tokenDetails?.json() ?? .null,
      "errorReason": .null,
    ]
  }
}

extension ErrorInfo {
  fileprivate static func wrongKind(_ member: String, _ kind: String) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "\(member) must be \(kind)",
      remedy: "See `ably-auth session --help` for what a line may say.")
  }

  /// - Parameter text: a target as the service writes it, `clientId:bob`, to show how a line does.
  fileprivate static func unfitTarget(_ message: String, example text: String?) -> ErrorInfo {
    let parts = (text ?? "").split(separator: ":", maxSplits: 1).map(String.init)
    let (type, value) = parts.count == 2 ? (parts[0], parts[1]) : ("clientId", "bob")
    let shown = JSONValue.object(["type": .string(type), "value": .string(value)]).text
    return ErrorInfo(
      .badRequest, message,
      remedy:
        "Write it as \(PeerText.line(shown, maximumCount: 256)); a type is clientId, revocationKey or channel."
    )
  }
}
