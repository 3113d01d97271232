// Credentials that are missing or not accepted, and sources of tokens that fail.
extension ErrorInfo.Code {
  /// Nobody is known to be asking. A token endpoint answers so to a caller who does not prove who they are.
  public static let unauthorized: Self = 40100

  /// The secret is not the key's, or the MAC of a TokenRequest does not match its text.
  public static let invalidCredentials: Self = 40101

  /// The credentials are valid, but for another clientId or another app than this client or connection
  /// (RSA15).
  public static let incompatibleCredentials: Self = 40102

  /// An API key was about to travel without TLS, where anybody on the way could read it (RSC18).
  public static let basicAuthOverInsecureTransport: Self = 40103

  /// The timestamp of a TokenRequest is too far from the service's time.
  public static let timestampOutsideWindow: Self = 40104

  /// A TokenRequest with this nonce was already exchanged.
  public static let nonceReplayed: Self = 40105

  /// The options hold nothing to authenticate with, or the request carried no credentials (RSA14, RSC1b).
  public static let noAuthenticationMethod: Self = 40106

  /// The authCallback or authUrl failed, took too long, or gave something that is not a token (RSA4e).
  public static let tokenRequestCallbackFailed: Self = 40170

  /// The token is no longer good and the client has no way to get another (RSA4a2).
  public static let noMeansToRenew: Self = 40171

  /// The operation is open to tokens only, and the client used its key.
  public static let operationRequiresTokenAuth: Self = 40172

  /// The request carried no credentials.
  public static let authenticationRequired: Self = 40320

  /// A realtime client tried to get a token and failed; the cause says how (RSA4c1, RSA4d).
  public static let tokenRequestFailed: Self = 80019
}

extension ErrorInfo.Code {
  static let authenticationEntries: [Entry] = [
    Entry(
      .unauthorized, "not authorized",
      """
      Check that credentials are sent, and to the right host. From a token endpoint it is the caller's own \
      login that is missing, expired, or meant for another issuer or audience: log in again.
      """),
    Entry(
      .invalidCredentials, "credentials not accepted",
      """
      The secret does not belong to the key name, or the TokenRequest was changed after it was signed. \
      `ably-auth inspect` with `--key` shows both signed texts.
      """),
    Entry(
      .incompatibleCredentials, "credentials of another client",
      """
      Use one clientId, in ClientOptions and in every token of a connection, and tokens of one app. To \
      become somebody else, close the client and make a new one.
      """),
    Entry(
      .basicAuthOverInsecureTransport, "API key over an unencrypted connection",
      """
      Leave `tls` on, or authenticate with tokens (`useTokenAuth`). Only towards a service on this very \
      machine can this be allowed, by an option of its own.
      """),
    Entry(
      .timestampOutsideWindow, "TokenRequest too old or from the future",
      """
      Check the clock of the machine that signs (`ably-auth time` shows its offset), or set queryTime. \
      Never cache a TokenRequest: it grows too old.
      """),
    Entry(
      .nonceReplayed, "TokenRequest used before",
      """
      A TokenRequest works once: make a new one for every exchange. If you do, look for an HTTP cache in \
      front of the auth endpoint, which should answer `Cache-Control: no-store`.
      """),
    Entry(
      .noAuthenticationMethod, "no means to authenticate",
      """
      Give the client one of key, token, tokenDetails, authUrl or authCallback. The `ably-auth` tool also \
      takes ABLY_API_KEY or ABLY_TOKEN from the environment.
      """),
    Entry(
      .tokenRequestCallbackFailed, "token source failed",
      """
      Read the cause, then call the authUrl or authCallback by itself: it has to give a token, TokenDetails \
      or a TokenRequest in time, over HTTP as application/json, text/plain or application/jwt.
      """),
    Entry(
      .noMeansToRenew, "no means to renew the token",
      """
      Give the client an authCallback, an authUrl or a key beside the token; a token alone lasts until it \
      expires or is revoked.
      """),
    Entry(
      .operationRequiresTokenAuth, "operation needs a token",
      "Set useTokenAuth, so that the client gets a token with its key and works with that."),
    Entry(
      .authenticationRequired, "no credentials sent",
      """
      Send an Authorization header, `Bearer` with a token or `Basic` with the key. If your code does, look \
      for a redirect or a proxy that drops it.
      """),
    Entry(
      .tokenRequestFailed, "no token could be obtained", status: 401,
      """
      Read the cause: it is what the authUrl, the authCallback or the exchange of the TokenRequest \
      answered. A 403 from your endpoint ends the connection for good, so let it mean only that the user is \
      refused.
      """),
  ]
}
