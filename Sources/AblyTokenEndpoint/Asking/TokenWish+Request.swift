internal import AblyTokens
internal import HTTPTypes

extension TokenWish {
  private static let known = ["clientId", "capability", "ttl"]
  private static let maximumParameters = 100
  private static let maximumResources = 100

  /// Reads what a client's `authUrl` sends: a query, and with POST a form or JSON.
  ///
  /// A parameter that decides something and stands there twice is refused, even with one value: two readers could
  /// take one each. Of another one the first counts. Empty counts as absent, as official clients have it.
  init(of request: EndpointRequest) throws(Refusal) {
    self.init()
    var reader = ParameterReader()
    try reader.read(form: request.query, of: "query")
    if request.method == .post { try reader.read(bodyOf: request) }
    guard !reader.isEmpty else { return }
    clientId = reader.text("clientId")
    if let text = reader.text("ttl") { ttl = try Self.ttl(text) }
    if let text = reader.text("capability") {
      capability = try Self.capability(text)
    }
    parameters = reader.others
    if let clientId, clientId.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      throw .malformed("the clientId holds a control character")
    }
  }

  private static func capability(_ text: String) throws(Refusal) -> Capability {
    let capability: Capability
    do { capability = try Capability(strict: text) } catch { throw .malformed(error.message) }
    guard capability.ruleCount <= maximumResources else {
      throw .malformed("the capability that is asked for names more than \(maximumResources) resources")
    }
    return capability
  }

  private static func ttl(_ text: String) throws(Refusal) -> Duration {
    guard let milliseconds = Int64(text), milliseconds > 0 else {
      throw .malformed("the ttl is not a positive whole number of milliseconds")
    }
    return .milliseconds(milliseconds)
  }

  /// Collects parameters from the places where they may stand.
  private struct ParameterReader {
    private var values: [String: String] = [:]
    private var count = 0

    var isEmpty: Bool { values.isEmpty }

    func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    var others: [String: String] { values.filter { !TokenWish.known.contains($0.key) } }

    mutating func read(form: Substring, of place: String) throws(Refusal) {
      for pair in form.split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = PercentEncoding.decodeForm(parts[0]),
          let value = parts.count > 1 ? PercentEncoding.decodeForm(parts[1]) : ""
        else { throw .malformed("the \(place) is not percent-encoded UTF-8") }
        try add(name, value)
      }
    }

    mutating func read(bodyOf request: EndpointRequest) throws(Refusal) {
      guard request.body.count <= EndpointRequest.maximumBodyBytes else { throw .tooLarge }
      guard !request.body.isEmpty else { return }
      let type = request.headerFields[.contentType] ?? "application/x-www-form-urlencoded"
      switch type.prefix(while: { $0 != ";" && $0 != " " }).lowercased() {
      case "application/x-www-form-urlencoded":
        guard let text = String(validating: request.body, as: UTF8.self) else {
          throw .malformed("the body is not UTF-8")
        }
        try read(form: text[...], of: "body")
      case "application/json": try read(json: request.body)
      default: throw .malformed("the body is neither a form nor JSON, by its Content-Type")
      }
    }

    private mutating func read(json: [UInt8]) throws(Refusal) {
      let value: JSONValue
      do { value = try JSONValue(parsing: json, maximumDepth: 8) } catch { throw .malformed(error.message) }
      guard let members = value.object else { throw .malformed("the body is not a JSON object") }
      for (name, value) in members {
        switch value {
        case .null: continue
        case .string(let text): try add(name, text)
        case .number(let number): try add(name, number.int64.map { String($0) } ?? number.literal)
        case .object where name == "capability": try add(name, value.text)
        default:
          if TokenWish.known.contains(name) { throw .malformed("the \(name) has a wrong type") }
        }
      }
    }

    private mutating func add(_ name: String, _ value: String) throws(Refusal) {
      count += 1
      guard count <= TokenWish.maximumParameters else { throw .malformed("there are too many parameters") }
      guard values[name] == nil else {
        if TokenWish.known.contains(name) { throw .malformed("the \(name) is given more than once") }
        return
      }
      values[name] = value
    }
  }
}
