public import AblyTokens
internal import HTTPTypes

/// How to obtain a token (AO1).
///
/// Given to a call, it replaces the options of the client as a whole, even when it is empty (RSA8e, RSA9h,
/// RSA10j): nothing of the two is merged. Of several ways to obtain a token, ``authCallback`` goes before
/// ``authURL``, and that before ``key``.
///
/// Printing it shows neither keys nor tokens nor what goes to the ``authURL``.
public struct AuthOptions: Sendable {
  /// The key that signs (AO2a).
  public var key: APIKey?

  /// A token and what is known about it (AO2i). It is used as it is, and the other ways when it ends
  /// (RSA10e).
  public var tokenDetails: TokenDetails?

  /// What obtains a token when one is needed (AO2b). See ``AuthCallback``.
  public var authCallback: AuthCallback?

  /// The web address that gives a token when one is needed (AO2c): `https://example.com/auth`, with a query
  /// if you like. It is asked with ``authMethod``, ``authHeaders`` and ``authParams``, and never sees
  /// credentials of Ably.
  public var authURL: String?

  /// How ``authURL`` is asked (AO2d); GET unless you say otherwise.
  public var authMethod = AuthMethod.get

  /// Header fields for ``authURL``, such as the session's `Authorization` (AO2e). They go to its own host
  /// alone, not along with a redirect to another.
  public var authHeaders: [String: String] = [:]

  /// What to send to ``authURL`` besides the token parameters, which go before these where they have the
  /// same name (AO2f, RSA8c2).
  public var authParams: [String: String] = [:]

  /// Whether to stamp requests with the service's time instead of this machine's (AO2g). It is asked for
  /// once.
  public var queryTime = false

  /// Whether tokens are used: `true` also when there is a key alone, from which the client then obtains its
  /// token; `false` not even when there is a token (AO2j, RSA4). Unset, a token and the ways to obtain one
  /// but the key decide. It counts when a client is made; `authorize` always means tokens (RSA10a).
  public var useTokenAuth: Bool?

  /// Options without any way to obtain a token.
  public init() {}

  /// Options with a key.
  public init(key: APIKey, queryTime: Bool = false) {
    self.key = key
    self.queryTime = queryTime
  }

  /// Options with a key in text.
  ///
  /// - Throws: 40101 for text that is not a key.
  public init(key: String, queryTime: Bool = false) throws(ErrorInfo) {
    do throws(ErrorInfo) {
      self.init(key: try APIKey(key), queryTime: queryTime)
    } catch {
      throw ErrorInfo(
        .invalidCredentials, "the key to sign with is malformed", remedy: error.remedy, cause: error)
    }
  }

  /// Options with a callback.
  public init(authCallback: @escaping AuthCallback) {
    self.authCallback = authCallback
  }

  /// Options with a web address that gives tokens.
  public init(
    authURL: String, method: AuthMethod = .get, headers: [String: String] = [:],
    params: [String: String] = [:]
  ) {
    self.authURL = authURL
    authMethod = method
    authHeaders = headers
    authParams = params
  }

  /// The token alone (AO2h). Nothing else is known about it then (RSA16b).
  public var token: String? {
    get { tokenDetails?.token }
    set { tokenDetails = newValue.map { TokenDetails(token: $0) } }
  }
}

extension AuthOptions {
  /// Whether a token can be obtained, again and again.
  var canObtainTokens: Bool { authCallback != nil || authURL != nil || key != nil }

  /// The token that was given, unless it is empty.
  var givenToken: TokenDetails? {
    tokenDetails.flatMap { $0.token.isEmpty ? nil : $0 }
  }

  /// Refuses what can never work.
  ///
  /// - Throws: 40003 for an ``authURL`` that is no web address, and for header fields that HTTP cannot carry.
  func check() throws(ErrorInfo) {
    if let authURL { _ = try AuthURL(authURL) }
    _ = try HTTPFields(own: authHeaders)
  }
}

extension AuthOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Which ways to obtain a token there are.
  public var description: String {
    var parts: [String] = []
    if let key { parts.append("key: \(key)") }
    if let tokenDetails { parts.append("tokenDetails: \(tokenDetails)") }
    if authCallback != nil { parts.append("authCallback") }
    if authURL != nil { parts.append("authURL: <redacted>") }
    if queryTime { parts.append("queryTime") }
    if let useTokenAuth { parts.append("useTokenAuth: \(useTokenAuth)") }
    return "AuthOptions(\(parts.joined(separator: ", ")))"
  }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows what ``description`` shows.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
