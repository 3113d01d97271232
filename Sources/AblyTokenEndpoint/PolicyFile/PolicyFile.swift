internal import AblyTokens

/// A policy file that was read and makes sense by itself. Secrets, keys and sets of keys are still names here: see
/// ``PolicyLoader``.
public struct PolicyFile: Sendable {
  var callers: [CallerSource] = []
  var form = FormName.request
  var origins: [String] = []
  var limit: RateLimit?
  var keys: [KeySource] = []
  var rules: [PolicyRule] = []

  enum FormName: String, Sendable, CaseIterable {
    case request, jwt, details
  }

  /// The largest file that is read, in bytes.
  public static let maximumBytes = 256 * 1024

  init(callers: [CallerSource]) { self.callers = callers }

  /// Reads a file's text.
  ///
  /// - Throws: everything that is wrong with it at once.
  public init(yaml text: String) throws(PolicyFileError) {
    var problems = ProblemList()
    self = PolicyReader.read(text, &problems)
    try problems.throwIfAny()
  }
}

/// Where a way to know callers takes what it needs from.
struct CallerSource: Sendable {
  enum Kind: Sendable {
    /// Each of them signs logins, so that a new one can overlap the old one.
    case secrets([SecretPlace])
    case keySetFile(String)
    case keySetAddress(String)
    case gateway(header: String, networks: [Network])
  }

  let line: Int?
  var kind: Kind
  var checks = WebTokenChecks()
}

/// Where a secret stands, which is never in the policy file.
enum SecretPlace: Sendable, Hashable {
  case environment(String)
  case file(String)

  var described: String {
    switch self {
    case .environment(let name): "the environment variable \(name)"
    case .file(let path): "the file \(path)"
    }
  }
}

/// An API key's name in the policy, and where the key stands.
struct KeySource: Sendable {
  let line: Int?
  let name: String
  let place: SecretPlace
  var capability: Capability?
  var revocableTokens = false
}
