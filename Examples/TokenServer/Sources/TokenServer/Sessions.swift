import AblyTokenEndpoint
import AblyTokens
import HTTPTypes
import Synchronization

/// Who is logged in. A real app keeps hashes of passwords, and sessions in its database.
public final class Sessions: Sendable {
  static let cookie = "session"

  private let passwords = ["bob": "builder", "ann": "archer", "mo": "moderator", "mallory": "malice"]
  private let names = Mutex<[String: String]>([:])

  /// Nobody is.
  public init() {}

  /// The id of a new session; `nil` for a wrong name or password.
  func begin(_ name: String, _ password: String) -> String? {
    guard passwords[name] == password else { return nil }
    var generator = SystemRandomNumberGenerator()
    let id = (0..<2).map { _ in String(generator.next(), radix: 36) }.joined()
    names.withLock { $0[id] = name }
    return id
  }

  /// The callers that these sessions are of.
  var callers: ClosureCallers {
    ClosureCallers { [self] request in
      guard let id = Self.id(in: request.headerFields[.cookie] ?? "") else { return nil }
      guard let name = names.withLock({ $0[id] }) else {
        throw ErrorInfo(.unauthorized, "this session has ended", statusCode: 401)
      }
      return Caller(subject: name, way: "session")
    }
  }

  /// The session's id among all cookies of the page.
  static func id(in cookies: String) -> String? {
    for cookie in cookies.split(separator: ";") {
      let parts = cookie.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      if parts.first == Self.cookie[...], parts.count == 2 { return String(parts[1]) }
    }
    return nil
  }
}
