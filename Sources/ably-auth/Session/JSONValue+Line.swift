internal import AblyTokens

extension JSONValue {
  /// Refuses a member that means nothing where it stands: a slip in its name would do something else than was meant.
  ///
  /// - Parameter hasConnection: whether the line goes to a client with a connection.
  /// - Throws: 40000, with what a line of its kind may hold.
  func checkMembers(hasConnection: Bool) throws(ErrorInfo) {
    guard let verb = self["do"]?.string, let names = Self.members[verb] else { return }
    let more = hasConnection ? Self.membersOnConnections[verb] ?? [] : []
    try object?.refuseOthers(than: names.union(more).union(["do", "id"]), in: "a line that says \(verb)")
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

  private static let membersOnConnections: [String: Set<String>] = ["history": ["untilAttach"]]

  private static let token: Set<String> = ["tokenParams", "authOptions"]
  private static let member: Set<String> = ["channel", "clientId", "data"]
}
