internal import AblyTokenEndpoint
internal import AblyTokens

/// The policy that `serve` serves by.
struct PolicyInForce {
  let loader: PolicyLoader
  let path: String
  /// What to say once the endpoint listens, for somebody who wants to try it.
  let introduction: (@Sendable (_ url: String) -> Introduction)?
  /// The pages to try it with, for an endpoint at a path, with TLS or without.
  var pages: (@Sendable (_ path: String, _ isSecure: Bool) -> EndpointPages)?

  struct Introduction {
    let text: String
    let members: [String: JSONValue]
  }

  /// - Throws: wrong usage, after everything that is wrong with it was said.
  func load() async throws(WrongUsage) -> LoadedPolicy {
    do throws(PolicyFileError) {
      let loaded = try await loader.load()
      for warning in loaded.warnings { Terminal.say(Self.place(warning, in: path, kind: "warning")) }
      return loaded
    } catch {
      for problem in error.problems { Terminal.say(Self.place(problem, in: path, kind: "error")) }
      throw WrongUsage(
        error: ErrorInfo(
          .invalidParameterValue, "the policy cannot be served: \(error.problems.count) problem(s)",
          remedy: "Correct what stands above. `ably-auth serve --check` explains what a policy means."))
    }
  }

  /// Where a problem is, as editors and build tools read it.
  static func place(_ problem: PolicyProblem, in path: String, kind: String) -> String {
    "\(path):\(problem.line.map { "\($0):" } ?? "") \(kind): \(problem.message)"
  }
}
