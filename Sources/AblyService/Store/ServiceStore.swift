public import AblyTokens

/// What a service keeps beyond one request and may share with other nodes: apps and keys, the nonces of token
/// requests, and revocations.
///
/// A service reads ``contents(at:)`` once, when it starts, and holds keys and revocations in memory from then
/// on, so that checking a token asks no store. It waits for the store where the truth is made: when a token
/// request is exchanged, a token is revoked, an app comes or goes.
///
/// A call that returned has happened for good: a store that is durable has it on disk by then, a shared one
/// gives it to every node. A call that threw has changed nothing that anybody may rely on. What cannot be
/// stored now throws 50004 with status 503, and the service refuses what depended on it.
///
/// Times are milliseconds since 1970. `AblyTesting` holds the checks that every store has to pass
/// (`StoreConformance`).
public protocol ServiceStore: Sendable {
  /// Whether other nodes may use the store at the same time. A node of a shared store has to follow it, and
  /// looks there for keys that it has not heard of; until it hears the others it takes no token that can be
  /// revoked. `false` where a store does not say.
  var isShared: Bool { get }

  /// Whether it can store anything at all before the service is started again; `true` where a store does not say.
  var isUsable: Bool { get }

  /// All keys, and the revocations that can still matter.
  ///
  /// - Throws: 50004 with status 503 when the store cannot be read.
  func contents(at now: Int64) async throws(ErrorInfo) -> StoreContents

  /// The key of this name, for a node that has not heard of it; `nil` where there is none.
  ///
  /// - Throws: 50004 with status 503 when the store cannot be read.
  func key(named keyName: String) async throws(ErrorInfo) -> StoredKey?

  /// Keeps keys: all of them, or none when it throws.
  ///
  /// - Parameters:
  ///   - keys: those to keep.
  ///   - replacing: whether a key takes the place of one of the same name.
  /// - Throws: 40000 where it does not and there is one; 50004 with status 503 when nothing can be stored.
  func save(_ keys: [StoredKey], replacing: Bool) async throws(ErrorInfo)

  /// Forgets the keys of an app; nothing happens when it has none.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  func remove(app appId: String) async throws(ErrorInfo)

  /// Forgets one key; nothing happens when there is none of that name.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  func remove(key keyName: String) async throws(ErrorInfo)

  /// Asks about a nonce and uses it, in one step: of equal uses at one moment exactly one is fresh, on
  /// whatever node. A nonce that was ever fresh is never fresh again, however the clock moves.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored; the nonce counts as not asked about.
  func admit(_ use: NonceUse, at now: Int64) async throws(ErrorInfo) -> NonceVerdict

  /// Keeps revocations: all of them, or none when it throws.
  ///
  /// - Throws: 50004 with status 503 when nothing can be stored.
  func revoke(_ revocations: [Revocation], at now: Int64) async throws(ErrorInfo)

  /// Tells a node what others change, until its task is cancelled. The first that is told is
  /// ``StoreChange/contents(_:)``, and from there on nothing is left out. A store that no other node shares
  /// has nothing to tell, and waits; so does this where a store does not implement it.
  ///
  /// - Throws: an error that no waiting cures; a store that loses its connection tells
  ///   ``StoreChange/lost`` and connects again.
  func follow(_ apply: @escaping @Sendable (StoreChange) -> Void) async throws(ErrorInfo)

  /// Lets go of files and connections. Nothing else is called afterwards.
  func close() async
}

extension ServiceStore {
  /// `false`.
  public var isShared: Bool { false }

  /// `true`.
  public var isUsable: Bool { true }

  /// Waits until the task is cancelled.
  public func follow(_ apply: @escaping @Sendable (StoreChange) -> Void) async throws(ErrorInfo) {
    let (never, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
    continuation.finish()
  }

  /// Does nothing.
  public func close() async {}
}
