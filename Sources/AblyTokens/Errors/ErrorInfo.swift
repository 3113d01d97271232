/// Everything that goes wrong, in one shape (TI1).
///
/// Ably's service, this package's own checks and a failed token source all end here, so that one `catch`
/// sees a ``code`` to decide on, a ``message`` that says what happened, and a ``remedy``: the first thing
/// to do about it. No message holds a key secret or a token.
public struct ErrorInfo: Error, Sendable, Hashable {
  /// Ably's error code, such as 40142 (TI1).
  public var code: Code

  /// The HTTP status that goes with it (TI1). Zero where nothing was ever answered.
  public var statusCode: Int

  /// What happened.
  public var message: String

  /// The first thing to do, where there is one.
  public var remedy: String?

  /// A page that explains the error (TI4); computed from the code when the service sent none (TI5).
  public var href: String

  /// The id of the request that failed, when requests carry one (RSC7c).
  public var requestId: String?

  /// Structured facts about the error (TI6). Empty when the service sent none.
  public var detail: [String: String]

  // An array because a struct cannot hold itself; never more than one element.
  private var causes: [ErrorInfo]

  /// The error that led to this one (TI1).
  public var cause: ErrorInfo? {
    get { causes.first }
    set { causes = newValue.map { [$0] } ?? [] }
  }

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - code: Ably's code.
  ///   - message: what happened, without secrets.
  ///   - statusCode: the HTTP status; the code's usual one when `nil`.
  ///   - remedy: the first thing to do; the code's own advice when `nil`.
  ///   - href: a page about it; Ably's page for the code when `nil`.
  ///   - cause: the error underneath.
  ///   - requestId: the id of the request that failed.
  ///   - detail: structured facts.
  public init(
    _ code: Code, _ message: String, statusCode: Int? = nil, remedy: String? = nil, href: String? = nil,
    cause: ErrorInfo? = nil, requestId: String? = nil, detail: [String: String] = [:]
  ) {
    self.code = code
    self.statusCode = statusCode ?? code.usualStatusCode
    self.message = message
    self.remedy = remedy ?? code.remedy
    self.href = href ?? "https://help.ably.io/error/\(code.rawValue)"
    self.causes = cause.map { [$0] } ?? []
    self.requestId = requestId
    self.detail = detail
  }
}

extension ErrorInfo {
  /// Whether a new token may cure it: status 401 and a code from 40140 to 40149 (RSC10, RSA4b).
  public var isTokenError: Bool { statusCode == 401 && code.isTokenError }
}

extension ErrorInfo: CustomStringConvertible {
  /// One line for a log: code, status, message, page, then the cause (TI5).
  public var description: String {
    var line = "[\(code.rawValue)] \(message) (HTTP \(statusCode))"
    if let requestId { line += " request \(requestId)" }
    if !message.contains(href) { line += " See \(href)" }
    if let cause { line += "; caused by \(cause)" }
    return line
  }
}
