public import AblyTokens

/// Obtains a token for a client (AO2b, RSA8d), typically by asking your own server.
///
/// It is called whenever a token is needed, and once however many requests wait for it. It may answer with
/// whatever form your server gives; see ``AuthAnswer``.
///
/// An `ErrorInfo` that it throws reaches whoever needed the token as it is. Any other error becomes 40170,
/// and so does a callback that takes longer than ``ClientOptions/realtimeRequestTimeout``: it is cancelled,
/// and what it gives afterwards is dropped (RSA4e).
///
/// - Parameter params: what the token is to be for, with the client's own id; as they were given where they were given
///   to ``Auth/requestToken(_:options:)``.
public typealias AuthCallback = @Sendable (_ params: TokenParams) async throws -> AuthAnswer
