internal import AblyTokens

extension JSONValue {
  /// Refuses a member that means nothing where it stands: a slip in its name would do something else than was meant.
  ///
  /// - Parameter hasConnection: whether the line goes to a client with a connection.
  /// - Throws: 40000, with what a line may say, or what one of its kind may hold.
  func checkMembers(hasConnection: Bool) throws(ErrorInfo) {
    guard object != nil else { throw ErrorInfo.noObject }
    let verb = self["do"]?.string
    guard verb != "quit" else { return }
    guard let verb, let names = Self.members[verb] else {
      throw .unknownVerb(verb, known: Self.verbs(hasConnection: hasConnection))
    }
    guard hasConnection || !Self.onConnections.contains(verb) else {
      throw .needsConnection(verb, known: Self.verbs(hasConnection: false))
    }
    let more = hasConnection ? Self.membersOnConnections[verb] ?? [] : []
    try object?.refuseOthers(than: names.union(more).union(["do", "id"]), in: "a line that says \(verb)")
    for name in ["channel", "method", "path"] where names.contains(name) {
      guard let text = self[name]?.string, !text.isEmpty else { throw .needsText(name, verb) }
    }
    for name in ["name", "clientId"] where self[name] != nil && self[name]?.string == nil {
      throw .needsText(name, verb)
    }
  }

  /// What a line may hold besides `do` and `id`. One that ends the session is not looked into.
  private static let members: [String: Set<String>] = [
    "authorize": token, "requestToken": token, "createTokenRequest": token,
    "time": [], "state": [], "connect": [], "close": [], "ping": [],
    "request": ["method", "path", "body", "version", "params", "headers"],
    "revokeTokens": ["targets", "issuedBefore", "allowReauthMargin"],
    "publish": ["channel", "name", "data", "clientId"],
    "attach": ["channel"], "detach": ["channel"], "subscribe": ["channel"],
    "history": ["channel"], "presence": ["channel"], "status": ["channel"],
    "enter": member, "update": member, "leave": member,
  ]

  private static let onConnections: Set<String> = [
    "connect", "close", "ping", "attach", "detach", "subscribe", "enter", "update", "leave",
  ]

  private static func verbs(hasConnection: Bool) -> [String] {
    (members.keys.filter { hasConnection || !onConnections.contains($0) } + ["quit"]).sorted()
  }

  private static let membersOnConnections: [String: Set<String>] = ["history": ["untilAttach"]]

  private static let token: Set<String> = ["tokenParams", "authOptions"]
  private static let member: Set<String> = ["channel", "clientId", "data"]
}

extension ErrorInfo {
  fileprivate static let noObject = ErrorInfo(
    .badRequest, "the line is no JSON object",
    remedy: #"Send one JSON object a line, such as {"id":1,"do":"time"}."#)

  /// What a line asks for that there is not.
  fileprivate static func unknownVerb(_ verb: String?, known: [String]) -> ErrorInfo {
    ErrorInfo(
      .badRequest,
      verb.map { "there is nothing called '\(PeerText.line($0, maximumCount: 64))' to do" }
        ?? "the line has no 'do'",
      remedy: "A line may say \(known.joined(separator: ", ")).")
  }

  fileprivate static func needsText(_ name: String, _ verb: String) -> ErrorInfo {
    let examples = ["channel": "chat:lobby", "method": "GET", "path": "/time", "name": "greeting"]
    let shown = JSONValue.object([name: .string(examples[name] ?? "bob")]).text.dropFirst().dropLast()
    return ErrorInfo(
      .badRequest, "the \(name) of a line that says \(verb) has to be a text, and not an empty one",
      remedy: "Write it as \(shown).")
  }

  fileprivate static func needsConnection(_ verb: String, known: [String]) -> ErrorInfo {
    ErrorInfo(
      .badRequest, "a REST client has no connection to do that with: \(verb)",
      remedy: "Leave --rest away for that; with it a line may say \(known.joined(separator: ", ")).")
  }
}
