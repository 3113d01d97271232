internal import AblyTokens
internal import AblyWire

extension RealtimeHub {
  /// AUTH from a client: the token in it is to be checked (RTC8).
  ///
  /// - Throws: 40000 without a token, 42924 for too many in a row.
  mutating func token(_ frame: ClientFrame, _ id: String, now: Int64) throws(ErrorInfo) -> Outcome {
    guard let token = frame.accessToken, !token.text.isEmpty else {
      throw ErrorInfo(.badRequest, "an AUTH brings an accessToken", statusCode: 400)
    }
    guard sessions[id]?.mayReauth(at: now, settings) == true else {
      throw ErrorInfo(
        .fatalProtocolMessageRateExceeded, "the client shows credentials too often", statusCode: 429)
    }
    return .authenticate(token)
  }

  /// The token of an AUTH was found good: CONNECTED again, and an ERROR for each channel that it does not
  /// cover.
  ///
  /// - Returns: why the connection cannot go on with it; `nil` where it does.
  @discardableResult
  mutating func renew(over transport: TransportID, _ principal: Principal, now: Int64) -> ErrorInfo? {
    guard let id = owners[transport], let session = sessions[id] else { return nil }
    var principal = principal
    let key: ConnectionKey?
    do throws(ErrorInfo) {
      guard principal.appId == session.principal.appId else {
        throw ErrorInfo(.incompatibleCredentials, "the token is of another app", statusCode: 401)
      }
      principal.identity = try session.principal.identity.renewed(by: principal.identity)
      key = try self.key(of: id, principal)
    } catch {
      disconnect(id, error, now: now)
      return error
    }
    sessions[id]?.renew(principal, now: now, settings)
    if let key { sessions[id]?.change(key) }
    greet(id, now: now)
    dropWhatIsNotCovered(id, now: now, tells: true)
    heedNotices(id, now: now)
    schedule(id)
    return nil
  }

  /// Measures the attached channels by the capability as it is now.
  ///
  /// - Parameter tells: whether the client is told: not where it has yet to attach them again.
  mutating func dropWhatIsNotCovered(_ id: String, now: Int64, tells: Bool) {
    guard let session = sessions[id] else { return }
    for address in addresses(of: id).sorted(by: { $0.name.text < $1.name.text }) {
      guard let attachment = rooms[address]?.attachments[id] else { continue }
      removeMembersOfOthers(of: id, from: address, now: now)
      let modes = session.principal.modes(on: address.name, wanted: attachment.wanted)
      if modes.isEmpty {
        leave(address, id, now: now)
        if tells { sendError(Self.notCovered(address.name), channel: attachment.wireName, id, now: now) }
      } else if modes != attachment.modes {
        let mark = store.mark(at: now)
        rooms[address]?.attachments[id]?.change(modes, at: mark)
        tellAttachment(of: id, to: address)
        if !modes.contains(.presence) { removeMembers(of: id, from: address, now: now) }
        if tells { sendModes(modes, attachment, id, now: now) }
      }
    }
  }

  // An ATTACHED that nothing is lost by: the client learns what it may do from now on (RTL12).
  private mutating func sendModes(
    _ modes: ProtocolFlags, _ attachment: Attachment, _ id: String, now: Int64
  ) {
    var message = ProtocolMessage(.attached)
    message.channel = attachment.wireName
    message.channelSerial = store.mark(at: now)
    message.flags = modes.union(.resumed)
    send(message, to: id, now: now)
  }

  /// Measures connections by their keys as they are now: whose key is gone or has another secret is no longer
  /// connected, and whose may do less may do less at once.
  mutating func heedKeys(_ apps: AppDirectory, now: Int64) {
    for id in Array(sessions.keys) { heedKey(apps, id, now: now) }
  }

  /// The same for one, which was let in while its key may have changed.
  mutating func heedKey(_ apps: AppDirectory, over transport: TransportID, now: Int64) {
    if let id = owners[transport] { heedKey(apps, id, now: now) }
  }

  private mutating func heedKey(_ apps: AppDirectory, _ id: String, now: Int64) {
    guard let session = sessions[id] else { return }
    let old = session.principal.key
    let key = apps.find(old.keyName)
    guard let key, key.serviceKey.key == old.serviceKey.key else {
      // Of an app that goes on, a token of another key, or of the other secret, would help.
      let helps = apps.has(app: session.principal.appId) && !session.principal.hasKey
      disconnect(id, helps ? Self.keyIsAnother : Self.keyIsGone, now: now)
      if session.transport == nil { end(id, now: now) }
      return
    }
    guard key.serviceKey.capabilityText != old.serviceKey.capabilityText else { return }
    sessions[id]?.narrow(to: key)
    dropWhatIsNotCovered(id, now: now, tells: true)
  }

  private static let keyIsGone = ErrorInfo(
    .notFound, "the key is not there any more, or has another secret", statusCode: 401)

  private static let keyIsAnother = ErrorInfo(
    .tokenUnrecognized, "the key of the token is not there any more, or has another secret", statusCode: 401)

  /// Asks a client for another token (RTN22).
  mutating func askToReauthenticate(_ id: String, now: Int64) {
    send(ProtocolMessage(.auth), to: id, now: now)
  }

  /// A token was made to end: those who live by it are disconnected.
  mutating func end(_ mark: TokenMark, _ error: ErrorInfo, now: Int64) {
    for id in sessions.values.filter({ $0.principal.token?.marks.contains(mark) == true }).map(\.id) {
      disconnect(id, error, now: now)
    }
  }

  /// Tokens were revoked: those who live by one are told at once, or asked for another and told later.
  mutating func revoke(_ notice: RevocationNotice, now: Int64) {
    forgetNotices(now: now)
    // A node that shares its store hears of its own revocations too.
    guard notices.insert(notice).inserted else { return }
    for id in sessions.values.filter({ notice.concerns($0.principal.token) }).map(\.id) {
      heed(notice, id, now: now)
    }
  }

  /// The latest revocations, for one who has just shown a token: those that do not apply yet, and one that came
  /// while the token was being checked.
  mutating func heedNotices(_ id: String, now: Int64) {
    forgetNotices(now: now)
    for notice in notices where notice.concerns(sessions[id]?.principal.token) { heed(notice, id, now: now) }
  }

  // Once a second, and not for each: there may be many.
  private mutating func forgetNotices(now: Int64) {
    if let last = noticesForgottenAt, last <= now, now - last < 1000 { return }
    noticesForgottenAt = now
    notices = notices.filter { $0.entry.appliesAt > now - settings.noticeTime }
  }

  private mutating func heed(_ notice: RevocationNotice, _ id: String, now: Int64) {
    sessions[id]?.revoke(at: notice.entry.begins)
    if notice.entry.begins <= now {
      disconnect(id, Self.revoked, now: now)
    } else {
      askToReauthenticate(id, now: now)
      schedule(id)
    }
  }

  static let revoked = ErrorInfo(.tokenRevoked, "the token was revoked", statusCode: 401)
  static let expired = ErrorInfo(.tokenExpired, "the token has expired", statusCode: 401)
}
