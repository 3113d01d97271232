#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension AblyJWT.Claims {
  private typealias Name = AblyJWT.ClaimName

  /// The claims as they travel.
  ///
  /// - Throws: 40003 for a date that whole seconds cannot hold.
  public func json() throws(ErrorInfo) -> JSONValue {
    let times = try wireTimes()
    var members: [String: JSONValue] = [
      "iat": .number(JSONNumber(times.issued)), "exp": .number(JSONNumber(times.expires)),
    ]
    members[Name.capability] = capabilityText.map(JSONValue.string)
    members[Name.clientId] = clientId.map(JSONValue.string)
    members[Name.revocationKey] = revocationKey.map(JSONValue.string)
    for (channel, claim) in channelClaims { members[Name.channelPrefix + channel] = .string(claim) }
    for (channel, rate) in publishRates {
      members[Name.publishRatePrefix + channel] = .number(JSONNumber(rate))
    }
    return .object(members)
  }

  /// Reads the claims of a token.
  ///
  /// - Throws: 40144 when `iat` or `exp` is missing or any of Ably's claims has the wrong type. Other claims
  ///   are ignored.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard let members = json.object else { throw AblyJWT.invalid("its claims are not a JSON object") }
    self.init(issuedAt: try Self.date("iat", in: json))
    expires = try Self.date("exp", in: json)
    capabilityText = try Self.text(Name.capability, in: json)
    clientId = try Self.text(Name.clientId, in: json)
    revocationKey = try Self.text(Name.revocationKey, in: json)
    for (name, value) in members where value != .null {
      if name.hasPrefix(Name.channelPrefix) {
        channelClaims[String(name.dropFirst(Name.channelPrefix.count))] = try Self.text(name, in: json)
      } else if name.hasPrefix(Name.publishRatePrefix) {
        guard let rate = value.number?.int64.flatMap(Int.init(exactly:)), rate >= 0 else {
          throw AblyJWT.invalid("its publish rates must be whole numbers")
        }
        publishRates[String(name.dropFirst(Name.publishRatePrefix.count))] = rate
      }
    }
  }

  /// `iat` and `exp` in whole seconds.
  func wireTimes() throws(ErrorInfo) -> (issued: Int64, expires: Int64) {
    (try Self.seconds(issuedAt, "the time of issue"), try Self.seconds(expires, "the time of expiry"))
  }

  func livesForASecond() throws(ErrorInfo) -> Bool {
    let issued = try Milliseconds.of(issuedAt, "the time of issue")
    let (life, overflow) = try Milliseconds.of(expires, "the time of expiry").subtractingReportingOverflow(
      issued)
    return overflow || life >= 1000
  }

  // To the nearest millisecond first: a whole second that came through a Double must not lose one.
  private static func seconds(_ date: Date, _ name: String) throws(ErrorInfo) -> Int64 {
    let milliseconds = try Milliseconds.of(date, name)
    return milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
  }

  private static func date(_ name: String, in json: JSONValue) throws(ErrorInfo) -> Date {
    guard let milliseconds = Milliseconds.ofSeconds(json[name]) else {
      throw AblyJWT.invalid("its \(name) is missing or not a number of seconds since 1970")
    }
    return Milliseconds.date(milliseconds)
  }

  private static func text(_ name: String, in json: JSONValue) throws(ErrorInfo) -> String? {
    guard let value = json[name] else { return nil }
    guard let text = value.string else { throw AblyJWT.invalid("one of Ably's claims is not a string") }
    return text
  }
}

extension AblyJWT {
  static func invalid(_ why: String) -> ErrorInfo {
    ErrorInfo(.invalidJWT, "the JWT is not valid: \(why)", statusCode: 401)
  }
}
