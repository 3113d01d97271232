internal import AblyTokens

/// What a path is about.
enum Route: Sendable, Hashable {
  case time
  case health
  case ready
  case metrics
  case requestToken(keyName: String)
  case revokeTokens(keyName: String)
  case channel(String)
  /// Who is present, for `subscribe`; who was, for `history`.
  case presence(channel: String, Capability.Operation)
  case apps
  case app(String)
  case stats
  /// `name` is the last part of the path, `messages` or `history`.
  case messages(channel: String, name: String)

  /// - Throws: 40400 for a path that leads nowhere, 40010 for a channel name and 40000 for another part whose
  ///   percent-encoding gives no text.
  init(path: Substring) throws(ErrorInfo) {
    var encoded = PathParts(path)
    var parts: [String] = []
    parts.reserveCapacity(4)
    while let part = encoded.next() {
      guard let text = Self.text(of: part) else {
        throw parts == ["channels"]
          ? ChannelName.invalid("its percent-encoding gives no text")
          : ErrorInfo(.badRequest, "the path holds a percent-encoding that gives no text")
      }
      parts.append(text)
    }
    guard let route = Self.route(parts) else {
      throw parts.first == "admin"
        ? Self.notAdministered : ErrorInfo(.notFound, "there is nothing at this path", statusCode: 404)
    }
    self = route
  }

  // Where the service is administered these paths are answered before. What helps stands in the message, since that is
  // what travels.
  private static let notAdministered = ErrorInfo(
    .notFound,
    "there is nothing at this path: /admin is off unless the service is started with --admin (in Swift, "
      + "enableAdministration)", statusCode: 404)

  private static func text(of part: Substring.UTF8View) -> String? {
    let part = Substring(part)
    return part.utf8.contains(UInt8(ascii: "%")) ? PercentEncoding.decode(part) : String(part)
  }

  /// Where clients ask. Pages have nothing to do with the rest, such as apps, figures and the console.
  private static let placesOfClients: Set<String> = ["channels", "keys", "stats", "time"]

  /// Whether a path begins as those do at which clients ask, whether or not it leads anywhere.
  static func isOfClients(_ path: Substring) -> Bool {
    var parts = PathParts(path)
    return parts.next().flatMap(text(of:)).map(placesOfClients.contains) ?? false
  }

  private static func route(_ parts: [String]) -> Route? {
    switch parts.count {
    case 1 where parts[0] == "time": .time
    case 1 where parts[0] == "health": .health
    case 1 where parts[0] == "ready": .ready
    case 1 where parts[0] == "metrics": .metrics
    case 1 where parts[0] == "stats": .stats
    case 1 where parts[0] == "apps": .apps
    case 2 where parts[0] == "apps": .app(parts[1])
    case 3 where parts[0] == "keys" && parts[2] == "requestToken": .requestToken(keyName: parts[1])
    case 3 where parts[0] == "keys" && parts[2] == "revokeTokens": .revokeTokens(keyName: parts[1])
    case 2 where parts[0] == "channels": .channel(parts[1])
    case 3 where parts[0] == "channels" && ["messages", "history"].contains(parts[2]):
      .messages(channel: parts[1], name: parts[2])
    case 3 where parts[0] == "channels" && parts[2] == "presence": .presence(channel: parts[1], .subscribe)
    case 4 where parts[0] == "channels" && parts[2] == "presence" && parts[3] == "history":
      .presence(channel: parts[1], .history)
    default: nil
    }
  }

  var methods: [String] {
    switch self {
    case .time, .health, .ready, .metrics, .stats, .channel, .presence: ["GET"]
    case .requestToken, .revokeTokens, .apps: ["POST"]
    case .app: ["DELETE"]
    case .messages(_, let name): name == "messages" ? ["GET", "POST"] : ["GET"]
    }
  }
}
