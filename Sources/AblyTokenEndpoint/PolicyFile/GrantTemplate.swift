internal import AblyTokens

/// What a rule grants, with claims still to be put in.
struct GrantTemplate: Sendable {
  struct Resource: Sendable {
    let template: Template
    let operations: Set<Capability.Operation>
    let line: Int?
  }

  var clientId: Template?
  var resources: [Resource] = []
  var ttl: Duration = .seconds(3600)
  var revocationKey: Template?
  var channelClaims: [(channel: Template, value: Template)] = []
  var publishRates: [(channel: Template, rate: Int)] = []
  var key: String?

  /// The capability, where it is the same for everybody.
  var constantCapability: Capability?

  mutating func prepare() {
    guard resources.allSatisfy({ $0.template.constant != nil }) else { return }
    constantCapability = try? capability([:])
  }

  /// The grant for a caller.
  ///
  /// - Throws: 40300 for a claim that cannot be put in.
  func grant(_ claims: [String: JSONValue]) throws(ErrorInfo) -> TokenGrant {
    let capability: Capability
    if let constantCapability {
      capability = constantCapability
    } else {
      capability = try self.capability(claims)
    }
    var grant = TokenGrant(
      clientId: try rendered(clientId, claims), capability: capability, ttl: ttl,
      revocationKey: try rendered(revocationKey, claims), key: key)
    for (channel, value) in channelClaims {
      grant.channelClaims[try channel.render(claims)] = try value.render(claims)
    }
    for (channel, rate) in publishRates { grant.publishRates[try channel.render(claims)] = rate }
    return grant
  }

  private func rendered(
    _ template: Template?, _ claims: [String: JSONValue]
  ) throws(ErrorInfo) -> String? {
    guard let template else { return nil }
    return try template.render(claims)
  }

  private func capability(_ claims: [String: JSONValue]) throws(ErrorInfo) -> Capability {
    var rules: [Capability.Resource: Set<Capability.Operation>] = [:]
    for resource in resources {
      let rendered = Capability.Resource(try resource.template.render(claims))
      rules[rendered, default: []].formUnion(resource.operations)
    }
    return Capability(rules)
  }

  /// The claims that its templates need.
  var claimNames: [String] {
    var templates = resources.map(\.template)
    templates += [clientId, revocationKey].compactMap(\.self)
    templates += channelClaims.flatMap { [$0.channel, $0.value] }
    templates += publishRates.map(\.channel)
    return templates.flatMap(\.claimNames)
  }

  /// The capability for a caller whose claims are like no others': it lies within another exactly if that of
  /// every caller does, since no value can hold what a wildcard or a separator is made of.
  var exemplaryCapability: Capability {
    let claims = Dictionary(
      claimNames.map { ($0, JSONValue.string("\u{1F511}\($0.count)")) },
      uniquingKeysWith: { first, _ in first })
    return (try? capability(claims)) ?? [:]
  }
}
