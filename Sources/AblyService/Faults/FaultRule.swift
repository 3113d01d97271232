public import AblyTokens

/// Something that goes wrong on purpose, for the test of a client: what it meets, and what happens then.
///
/// The JSON form is that of Ably's public fault-injection proxy. Rules are tried in order, and the first that
/// meets an event decides about it.
public struct FaultRule: Sendable {
  /// What it meets.
  public var match: Match

  /// What happens.
  public var action: Action

  /// How often it happens before the rule is gone; `nil` for ever.
  public var times: Int?

  /// For people who read the rules.
  public var comment: String?

  /// A rule of these parts.
  public init(_ match: Match, _ action: Action, times: Int? = nil, comment: String? = nil) {
    self.match = match
    self.action = action
    self.times = times
    self.comment = comment
  }

  /// What a rule meets. `count` is one for the first event of its kind, and so on; `nil` for each.
  public enum Match: Sendable, Hashable {
    /// A realtime client connects, with these parameters in its query; `*` stands for any value.
    case connect(count: Int? = nil, query: [String: String] = [:])

    /// A frame of the service. `action` is the name of an action in capitals, or its number.
    case frameToClient(action: String? = nil, channel: String? = nil, count: Int? = nil)

    /// A frame of a client.
    case frameToServer(action: String? = nil, channel: String? = nil, count: Int? = nil)

    /// A request whose path holds this text.
    case request(method: String? = nil, path: String? = nil, count: Int? = nil)

    /// So many milliseconds after a realtime client connected; once for each client.
    case afterConnect(milliseconds: Int64)
  }

  /// What happens to what was met.
  public enum Action: Sendable {
    /// Nothing: no later rule is asked.
    case passthrough

    /// The connection ends without a word.
    case refuse

    /// The connection ends, after a close frame with this code.
    case close(code: UInt16)

    /// The frame does not arrive.
    case suppress

    /// Neither this frame nor any later one in its direction arrives.
    case suppressOnwards

    /// The frame, or the answer, arrives so many milliseconds later, and what follows it as well.
    case delay(milliseconds: Int64)

    /// The frame arrives, and then this one.
    case inject(JSONValue)

    /// This frame arrives instead, and the connection ends with this code; without one, without a word.
    case injectAndClose(JSONValue, code: UInt16?)

    /// This frame arrives instead.
    case replace(JSONValue)

    /// The request is answered so.
    case respond(status: Int, body: JSONValue, headers: [String: String])

    /// The request is carried out, and answered so instead: what was done for it, its sender does not hear of.
    case respondInstead(status: Int, body: JSONValue, headers: [String: String])

    /// The connection of the request ends without an answer.
    case drop
  }
}
