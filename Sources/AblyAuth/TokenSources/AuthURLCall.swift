internal import AblyTokens
internal import HTTPTypes

/// One question to an ``AuthOptions/authURL``.
package struct AuthURLCall: Sendable {
  let method: AuthMethod
  let url: AuthURL
  let fields: HTTPFields

  /// A form, for POST; else empty.
  let body: [UInt8]

  /// Puts the question together (RSA8c1): the token parameters go before `authParams` (RSA8c2), and in the
  /// query of a GET both go before what stands there already (RSA8c1c).
  ///
  /// - Throws: 40003 as ``AuthOptions`` says, and for a ttl or timestamp that milliseconds cannot hold.
  init(_ address: String, params: TokenParams, options: AuthOptions) throws(ErrorInfo) {
    let url = try AuthURL(address)
    let merged = options.authParams.merging(try params.queryFields()) { $1 }
    let fields = merged.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    method = options.authMethod
    var headers = try HTTPFields(own: options.authHeaders)
    switch options.authMethod {
    case .get:
      self.url = url.adding(fields)
      body = []
    case .post:
      self.url = url
      headers[.contentType] = "application/x-www-form-urlencoded"
      body = Array(PercentEncoding.form(fields).utf8)
    }
    if headers[.accept] == nil { headers[.accept] = "application/json, text/plain, application/jwt" }
    self.fields = headers
  }

  private init(method: AuthMethod, url: AuthURL, fields: HTTPFields, body: [UInt8]) {
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
  }

  /// The question that a redirect leads to: 307 and 308 repeat it, the others get what is there. To another
  /// host go no header fields of the caller's, and no body.
  ///
  /// - Throws: ``AuthAnswer/Unusable`` when it cannot be followed.
  func redirected(status: Int, to location: String?) throws(AuthAnswer.Unusable) -> AuthURLCall {
    let url = try self.url.redirected(to: location)
    let isRepeated = status == 307 || status == 308
    let isElsewhere = url.origin != self.url.origin
    guard !isElsewhere || !isRepeated || method == .get else {
      throw AuthAnswer.Unusable("it is a redirect of a POST to another host")
    }
    var fields = self.fields
    if isElsewhere {
      fields = [:]
      fields[.accept] = self.fields[.accept]
    }
    if !isRepeated { fields[.contentType] = nil }
    return AuthURLCall(
      method: isRepeated ? method : .get, url: url, fields: fields, body: isRepeated ? body : [])
  }
}

extension AuthURL {
  /// The address with fields in its query, in place of those of the same names.
  fileprivate func adding(_ fields: [(name: String, value: String)]) -> AuthURL {
    guard !fields.isEmpty else { return self }
    let names = Set(fields.map(\.name))
    let kept = (target.query ?? "").split(separator: "&").filter { field in
      let name = field.prefix { $0 != "=" }
      return PercentEncoding.decodeForm(name).map { !names.contains($0) } ?? true
    }
    var url = self
    url.target.query = (kept.map(String.init) + [PercentEncoding.form(fields)]).joined(separator: "&")
    return url
  }
}

extension TokenParams {
  /// The parameters that are given, as an auth server reads them (RSA8c1): times in milliseconds.
  fileprivate func queryFields() throws(ErrorInfo) -> [String: String] {
    var fields: [String: String] = [:]
    if let ttl { fields["ttl"] = String(try Milliseconds.of(ttl, "ttl")) }
    fields["capability"] = capabilityText
    fields["clientId"] = clientId
    if let timestamp { fields["timestamp"] = String(try Milliseconds.of(timestamp, "timestamp")) }
    fields["nonce"] = nonce
    return fields
  }
}
