import AblyTokenEndpoint
import AblyTokens
import HTTPTypes
import Synchronization

/// Who there is and who is signed in. A real app keeps hashes of passwords, and all of this in its database.
final class People: Sendable {
  struct Person {
    let password: String
    let rooms: [String]
    var isModerator = false
  }

  private struct State {
    var sessions: [String: String] = [:]
    var removed: Set<String> = []
  }

  private let people = [
    "ann": Person(password: "archer", rooms: ["lobby"]),
    "bob": Person(password: "builder", rooms: ["lobby", "builders"]),
    "mo": Person(password: "moderator", rooms: [], isModerator: true),
  ]
  private let state = Mutex(State())

  subscript(name: String) -> Person? { people[name] }

  /// A session for whoever knows the password.
  func signIn(_ name: String, _ password: String) -> String? {
    guard let person = people[name], person.password == password else { return nil }
    var generator = SystemRandomNumberGenerator()
    let session = (0..<2).map { _ in String(generator.next(), radix: 36) }.joined()
    state.withLock { $0.sessions[session] = name }
    return session
  }

  func remove(_ name: String) { state.withLock { _ = $0.removed.insert(name) } }

  func isRemoved(_ name: String) -> Bool { state.withLock { $0.removed.contains(name) } }

  /// Whose session a request shows.
  func name(in fields: HTTPFields) -> String? {
    guard let value = fields[.authorization], value.hasPrefix("Bearer ") else { return nil }
    return state.withLock { $0.sessions[String(value.dropFirst("Bearer ".count))] }
  }

  /// The same for the token endpoint.
  var callers: ClosureCallers {
    ClosureCallers { [self] request in
      guard request.headerFields[.authorization] != nil else { return nil }
      guard let name = name(in: request.headerFields) else {
        throw ErrorInfo(.unauthorized, "this session has ended", statusCode: 401)
      }
      return Caller(subject: name, way: "session")
    }
  }
}
