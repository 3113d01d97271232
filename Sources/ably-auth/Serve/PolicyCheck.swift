internal import AblyTokenEndpoint
internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Explains a policy, without serving it and without the secrets that it names.
struct PolicyCheck {
  let path: String
  let claims: [String]
  let key: KeyRing.Entry?
  let json: Bool

  func run() async throws {
    let samples = try claims.map { text throws(WrongUsage) -> JSONValue in
      let example = #"{"sub":"ann"}"#
      let value = try JSONValue(text, of: "--claims", such: example)
      guard value.object != nil else {
        throw WrongUsage(
          error: ErrorInfo(
            .badRequest, "--claims is not a JSON object",
            remedy: "Give the claims of a login, such as --claims '\(example)'."))
      }
      return value
    }
    let file = try await checkedFile()
    let explanation = PolicyExplanation(file)
    for rule in explanation.rules {
      if json { printJSON(rule) } else { printText(rule) }
    }
    for sample in samples {
      let outcome = explanation.outcome(for: sample)
      if json {
        Terminal.print(.object(["claims": sample, "outcome": .string(outcome)]))
      } else {
        Terminal.print("claims \(sample.text)\n  \(outcome)")
      }
    }
  }

  /// Loads it with made-up secrets where the real ones are not at hand.
  private func checkedFile() async throws -> PolicyFile {
    let standIn = "check.only:\(RandomText.next())\(RandomText.next())\(RandomText.next())"
    let loader = PolicyLoader(
      checking: path, key: key, obtaining: NothingObtained(), environment: { Environment[$0] }
    ) { what in
      Terminal.say("note: \(what)")
      return standIn
    }
    do throws(PolicyFileError) {
      let loaded = try await loader.load()
      for warning in loaded.warnings { Terminal.say(PolicyInForce.place(warning, in: path, kind: "warning")) }
      return loaded.file
    } catch {
      for problem in error.problems { report(problem) }
      throw ExitCode(1)
    }
  }

  private func report(_ problem: PolicyProblem) {
    Terminal.say(PolicyInForce.place(problem, in: path, kind: "error"))
    guard json else { return }
    var members: [String: JSONValue] = ["problem": .string(problem.message)]
    members["line"] = problem.line.map { .number(JSONNumber($0)) }
    Terminal.print(.object(members))
  }

  private func printText(_ rule: PolicyExplanation.Rule) {
    let place = rule.line.map { " (line \($0))" } ?? ""
    Terminal.print("rule \(rule.number)\(place): \(rule.lines.joined(separator: "\n  "))")
    Terminal.print("  tried on \(rule.sample.text)\n    \(rule.outcome)")
  }

  private func printJSON(_ rule: PolicyExplanation.Rule) {
    var members: [String: JSONValue] = [
      "rule": .number(JSONNumber(rule.number)), "explanation": .array(rule.lines.map { .string($0) }),
      "sample": rule.sample, "outcome": .string(rule.outcome),
    ]
    members["line"] = rule.line.map { .number(JSONNumber($0)) }
    Terminal.print(.object(members))
  }

  private struct NothingObtained: TokenObtaining {
    func obtain(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails {
      throw ErrorInfo(.timeout, "nothing is obtained while a policy is checked")
    }
  }
}
