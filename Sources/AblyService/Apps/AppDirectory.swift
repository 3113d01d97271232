internal import AblyTokens

/// The apps and keys that this service knows.
struct AppDirectory: Sendable {
  private var keysByApp: [String: [String: IssuingKey]] = [:]

  /// Those that its keys opened of late.
  let openedTokens = TokenMemory()

  /// When the apps that requests asked for were last used.
  private var uses: [String: LastUse] = [:]

  /// How often its keys have changed.
  private(set) var changes: UInt64 = 0

  init() {}

  /// - Throws: 40000 when two keys have one name: which secret is right would depend on their order.
  init(_ keys: [ServiceKey]) throws(ErrorInfo) {
    for key in keys { try add(key) }
  }

  /// How many apps there are.
  var count: Int { keysByApp.count }

  /// - Throws: 40000 for the name of a key that there is.
  mutating func add(
    _ key: ServiceKey, origin: StoredKey.Origin = .given, at now: Int64 = 0
  ) throws(ErrorInfo) {
    guard find(key.key.keyName) == nil else {
      throw ErrorInfo(.badRequest, "the key \(key.key.keyName) is given twice")
    }
    put(StoredKey(key, origin: origin), at: now)
  }

  /// Adds a key, or puts it in the place of the one of its name.
  mutating func put(_ stored: StoredKey, at now: Int64) {
    let key = stored.key
    let appId = key.key.appId
    changes += 1
    let former = keysByApp[appId, default: [:]].updateValue(
      IssuingKey(key, origin: stored.origin), forKey: key.key.keyName)
    if let former { openedTokens.forget(former) }
    if stored.origin == .requested, uses[appId] == nil { uses[appId] = LastUse(now) }
  }

  /// Knows these keys and no others from now on.
  mutating func replace(with keys: [StoredKey], at now: Int64) {
    var fresh = AppDirectory()
    for key in keys { fresh.put(key, at: now) }
    fresh.changes += changes + 1
    fresh.uses.merge(uses.filter { fresh.uses[$0.key] != nil }) { $1 }
    self = fresh
  }

  /// Its keys, and with them its tokens, are unknown from now on.
  mutating func remove(app appId: String) {
    changes += 1
    keysByApp.removeValue(forKey: appId)?.values.forEach(openedTokens.forget)
    uses[appId] = nil
  }

  /// The same for one key. An app without a key is none.
  mutating func remove(key keyName: String) {
    changes += 1
    let appId = Self.appId(of: keyName)
    if let former = keysByApp[appId]?.removeValue(forKey: keyName) { openedTokens.forget(former) }
    if keysByApp[appId]?.isEmpty == true { remove(app: appId) }
  }

  func has(app appId: String) -> Bool { keysByApp[appId] != nil }

  /// Whether a key may delete its app: one that may do everything may. Of an app that a request asked for any key
  /// may where none may do everything, so that somebody can.
  func mayDelete(with key: IssuingKey) -> Bool {
    if key.mayDoEverything { return true }
    return key.origin == .requested
      && keysByApp[key.appId]?.values.contains(where: \.mayDoEverything) == false
  }

  /// Somebody has come with credentials of the app.
  func noteUse(of appId: String, at now: Int64) { uses[appId]?.note(now) }

  /// The app that nobody has used for the longest time, and not since `start`, among those that requests asked
  /// for.
  func idlest(since start: Int64) -> String? {
    uses.min { $0.value.time < $1.value.time }.flatMap { $0.value.time <= start ? $0.key : nil }
  }

  /// The key that somebody names as their own.
  ///
  /// - Throws: 40400, with status 404 for an app that is not here and 401 for a key that its app does not
  ///   have.
  func key(named keyName: String) throws(ErrorInfo) -> IssuingKey {
    guard let app = keysByApp[Self.appId(of: keyName)] else {
      throw ErrorInfo(
        .notFound, "this service knows no such app", statusCode: 404,
        remedy: "Compare the part of the key before its '.' with the keys the service was started with.")
    }
    guard let key = app[keyName] else {
      throw ErrorInfo(
        .notFound, "the app has no such key", statusCode: 401,
        remedy: "Compare the part of the key before its ':' with the keys the service was started with.")
    }
    return key
  }

  /// The key that a token names; `nil` when it is not known here.
  func find(_ keyName: String) -> IssuingKey? {
    keysByApp[Self.appId(of: keyName)]?[keyName]
  }

  private static func appId(of keyName: String) -> String {
    String(keyName.prefix(upTo: keyName.utf8.firstIndex(of: UInt8(ascii: ".")) ?? keyName.endIndex))
  }
}
