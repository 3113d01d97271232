internal import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Makes a setup of a policy file and of the secrets, keys and sets of keys that it names.
public final class PolicyLoader: Sendable {
  let path: String
  private let environment: @Sendable (String) -> String?
  private let defaultKey: KeyRing.Entry?
  private let obtaining: (any TokenObtaining)?
  private let standIn: StandIn?
  // A login's keys that were fetched stay when the rules change.
  private let keySets = Locked<[String: KeySet]>([:])

  /// Names a file.
  ///
  /// - Parameters:
  ///   - path: the policy. Other files that it names relatively lie beside it.
  ///   - key: the API key that signs where a rule names none; without it the first of the policy's own.
  ///   - obtaining: obtains tokens, for `token: details`.
  ///   - environment: gives the variables that the policy names.
  public init(
    path: String, key: KeyRing.Entry? = nil, obtaining: (any TokenObtaining)? = nil,
    environment: @escaping @Sendable (String) -> String? = { ProcessInfo.processInfo.environment[$0] }
  ) {
    self.path = path
    self.environment = environment
    self.obtaining = obtaining
    defaultKey = key
    standIn = nil
  }

  /// Gives a secret or a key for one that is not here, and is told which.
  package typealias StandIn = @Sendable (_ what: String) -> String

  /// Names a file that is to be looked at only, wherever its secrets are.
  package init(
    checking path: String, key: KeyRing.Entry?, obtaining: any TokenObtaining,
    environment: @escaping @Sendable (String) -> String?, standIn: @escaping StandIn
  ) {
    self.path = path
    self.environment = environment
    self.obtaining = obtaining
    self.standIn = standIn
    defaultKey = key
  }

  /// Reads everything anew.
  ///
  /// - Throws: everything that is wrong with the file, and with what it names.
  public func load() async throws(PolicyFileError) -> LoadedPolicy { try await attempt().outcome.get() }

  func attempt() async -> Attempt {
    var reading = Reading()
    do throws(PolicyFileError) {
      let loaded = try await load(&reading)
      return Attempt(outcome: .success(loaded), contents: reading.contents)
    } catch {
      return Attempt(outcome: .failure(error), contents: reading.contents)
    }
  }

  private func load(_ reading: inout Reading) async throws(PolicyFileError) -> LoadedPolicy {
    guard let text = reading.text(path, limit: PolicyFile.maximumBytes) else {
      let isThere = reading.contents[path].flatMap(\.self) != nil
      throw PolicyFileError([
        PolicyProblem(
          line: nil,
          isThere
            ? "the policy \(path) is no text" : "the policy \(path) is not there, or cannot be read")
      ])
    }
    let file = try PolicyFile(yaml: text)
    var problems = ProblemList()
    let keys = ring(file, &reading, &problems)
    var callers: [any CallerVerifier] = []
    for source in file.callers {
      if let way = await way(source, &reading, &problems) { callers.append(way) }
    }
    if let keys { check(file, against: keys, &problems) }
    let form = self.form(file, &problems)
    try problems.throwIfAny()
    reading.warnings += Self.claimsWithoutJWT(file)
    guard let keys, let form,
      let setup = try? EndpointSetup(
        callers: callers, policy: RulePolicy(rules: file.rules), keys: keys, form: form,
        origins: file.origins, limit: file.limit)
    else { throw PolicyFileError([PolicyProblem(line: nil, "the policy cannot be used")]) }
    return LoadedPolicy(setup: setup, file: file, warnings: reading.warnings, contents: reading.contents)
  }

  /// What rules say of tokens that only a JWT can carry.
  private static func claimsWithoutJWT(_ file: PolicyFile) -> [PolicyProblem] {
    guard file.form != .jwt else { return [] }
    return file.rules.flatMap { rule -> [PolicyProblem] in
      guard case .grant(let grant) = rule.effect else { return [] }
      let claims = [
        ("revocationKey", grant.revocationKey != nil), ("channelClaims", !grant.channelClaims.isEmpty),
        ("publishRates", !grant.publishRates.isEmpty),
      ]
      return claims.filter(\.1).map { name, _ in
        PolicyProblem(
          line: rule.line,
          "the \(name) of rule \(rule.number) has no effect: only \"token: jwt\" can carry it")
      }
    }
  }

  private func secret(
    _ place: SecretPlace, _ line: Int?, _ reading: inout Reading, _ problems: inout ProblemList
  ) -> String? {
    let text =
      switch place {
      case .environment(let name): environment(name)
      case .file(let path): reading.text(beside(path), limit: 64 * 1024)?.trimmed
      }
    if let text, !text.isEmpty { return text }
    if let standIn { return standIn("\(place.described) is not set here") }
    problems.add(line: line, "\(place.described) is not there, or empty")
    return nil
  }

  private func beside(_ other: String) -> String {
    if other.hasPrefix("/") { return other }
    guard let slash = path.lastIndex(of: "/") else { return other }
    return path[...slash] + other
  }

  private func way(
    _ source: CallerSource, _ reading: inout Reading, _ problems: inout ProblemList
  ) async -> (any CallerVerifier)? {
    do throws(ErrorInfo) {
      switch source.kind {
      case .secrets(let places):
        warnIfOpen(source, &reading)
        let secrets = places.compactMap { secret($0, source.line, &reading, &problems) }
        guard secrets.count == places.count else { return nil }
        if secrets.contains(where: { $0.utf8.count < SecretCallers.recommendedSecretBytes }) {
          reading.warnings.append(
            PolicyProblem(
              line: source.line,
              "the login's secret is shorter than \(SecretCallers.recommendedSecretBytes) bytes, and may be guessed"
            ))
        }
        return try SecretCallers(secrets: secrets, checks: source.checks)
      case .keySetFile(let path):
        warnIfOpen(source, &reading)
        guard let bytes = reading.bytes(beside(path), limit: KeySetLimits().maximumBytes) else {
          if let standIn {
            _ = standIn("the JWKS \(path) is not set here")
          } else {
            problems.add(line: source.line, "the JWKS \(path) cannot be read")
          }
          return nil
        }
        return KeySetCallers(keys: try await KeySet(json: bytes), checks: source.checks)
      case .keySetAddress(let url):
        warnIfOpen(source, &reading)
        return KeySetCallers(keys: try keySet(at: url), checks: source.checks)
      case .gateway(let header, let networks):
        return try GatewayCallers(header: header, from: networks)
      }
    } catch {
      problems.add(line: source.line, error.message)
      return nil
    }
  }

  /// A secret, and the keys of a login even more so, may sign for others than this endpoint.
  private func warnIfOpen(_ source: CallerSource, _ reading: inout Reading) {
    let missing: String
    switch (source.checks.issuer, source.checks.audience) {
    case (nil, nil): missing = "no audience and no issuer"
    case (nil, _): missing = "no issuer"
    case (_, nil): missing = "no audience"
    default: return
    }
    reading.warnings.append(
      PolicyProblem(
        line: source.line,
        "jwt states \(missing): a JWT that was issued for something else with the same secret or key is believed too"
      ))
  }

  private func keySet(at url: String) throws(ErrorInfo) -> KeySet {
    let new = KeySet(try KeySetAddress(url: url))
    return keySets.withLock { known in
      let keySet = known[url] ?? new
      known[url] = keySet
      return keySet
    }
  }

  private func ring(
    _ file: PolicyFile, _ reading: inout Reading, _ problems: inout ProblemList
  ) -> KeyRing? {
    var entries = [defaultKey].compactMap(\.self)
    for source in file.keys {
      guard let text = secret(source.place, source.line, &reading, &problems) else { continue }
      do throws(ErrorInfo) {
        entries.append(
          KeyRing.Entry(
            name: source.name, key: try APIKey(text), capability: source.capability,
            revocableTokens: source.revocableTokens))
      } catch {
        problems.add(line: source.line, "the key \"\(source.name)\": \(error.message)")
      }
    }
    if entries.isEmpty, file.keys.isEmpty, let standIn,
      let key = try? APIKey(standIn("the API key is not set here"))
    {
      entries = [KeyRing.Entry(key: key)]
    } else if entries.isEmpty, file.keys.isEmpty {
      problems.add(line: nil, "there is no API key to sign with: give one, or keys in the policy")
    }
    do throws(ErrorInfo) { return entries.isEmpty ? nil : try KeyRing(entries) } catch {
      problems.add(line: file.keys.first?.line, error.message)
      return nil
    }
  }

  private func form(_ file: PolicyFile, _ problems: inout ProblemList) -> TokenForm? {
    switch file.form {
    case .request: return .request
    case .jwt: return .jwt
    case .details:
      if let obtaining { return .details(obtaining) }
      problems.add(line: nil, "token: details needs something that obtains tokens from Ably")
      return nil
    }
  }

  /// What a key could never give.
  private func check(_ file: PolicyFile, against keys: KeyRing, _ problems: inout ProblemList) {
    for rule in file.rules {
      guard case .grant(let grant) = rule.effect, let key = keys[grant.key] else { continue }
      if key.revocableTokens, grant.ttl > AblyJWT.maximumRevocableLifetime {
        problems.add(
          line: rule.line,
          "rule \(rule.number) grants \(DurationText.of(grant.ttl)), and the key \"\(key.name)\", whose tokens can be revoked, one hour at most"
        )
      }
      guard let most = key.capability else { continue }
      for resource in grant.resources {
        var part = grant
        part.resources = [resource]
        guard !part.exemplaryCapability.isSubset(of: most) else { continue }
        problems.add(
          line: resource.line,
          "rule \(rule.number) grants more on \"\(resource.template.source)\" than the key \"\(key.name)\" may do: \(most.canonicalText)"
        )
      }
    }
  }
}

extension String {
  /// Without the white space at its ends, such as the line feed that ends a file.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
