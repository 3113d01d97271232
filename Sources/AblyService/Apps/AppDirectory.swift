internal import AblyTokens

/// The apps and keys that this service knows.
struct AppDirectory: Sendable {
  private var keysByApp: [String: [String: IssuingKey]] = [:]

  /// Those that its keys opened of late.
  let openedTokens = TokenMemory()

  init() {}

  /// - Throws: 40000 when two keys have one name: which secret is right would depend on their order.
  init(_ keys: [ServiceKey]) throws(ErrorInfo) {
    for key in keys { try add(key) }
  }

  /// How many apps there are.
  var count: Int { keysByApp.count }

  /// - Throws: 40000 for the name of a key that there is.
  mutating func add(_ key: ServiceKey) throws(ErrorInfo) {
    guard find(key.key.keyName) == nil else {
      throw ErrorInfo(.badRequest, "the key \(key.key.keyName) is given twice")
    }
    keysByApp[key.key.appId, default: [:]][key.key.keyName] = IssuingKey(key)
  }

  /// Adds a key, or puts it in the place of the one of its name.
  mutating func put(_ key: ServiceKey) {
    keysByApp[key.key.appId, default: [:]][key.key.keyName] = IssuingKey(key)
  }

  /// Its keys, and with them its tokens, are unknown from now on.
  mutating func remove(app appId: String) { keysByApp[appId] = nil }

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
    String(keyName.prefix { $0 != "." })
  }
}
