internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension AuditRecord {
  /// The names and values of the record, in the order in which they are written.
  var fields: [(name: String, value: JSONValue)] {
    var fields: [(String, JSONValue)] = []
    switch outcome {
    case .granted(let grant):
      fields.append(("decision", "granted"))
      fields += person
      fields.append(("form", .string(grant.form.name)))
      fields.append(("key", .string(grant.keyName)))
      if let clientId = grant.clientId { fields.append(("clientId", .string(PeerText.line(clientId)))) }
      fields.append(("capability", .string(Self.text(of: grant.capability))))
      fields.append(("ttl", .number(JSONNumber(Milliseconds.of(grant.ttl) ?? 0))))
    case .refused(let error):
      fields.append(("decision", "refused"))
      fields += person
      fields.append(("status", .number(JSONNumber(error.statusCode))))
      fields.append(("code", .number(JSONNumber(error.code.rawValue))))
      fields.append(("reason", .string(PeerText.line(error.message))))
    }
    return fields
  }

  /// A client can ask for much, and a record is not to grow with it.
  private static func text(of capability: Capability) -> String {
    let text = capability.canonicalText
    guard text.utf8.count > 1024 else { return text }
    return "\(text.prefix(1000))… (\(capability.ruleCount) resources)"
  }

  private var person: [(String, JSONValue)] {
    [("caller", caller), ("way", way), ("peer", peer?.description), ("rule", rule)].compactMap { name, text in
      text.map { (name, .string($0)) }
    }
  }

  /// The record as one line of JSON with a line feed, its time in milliseconds first.
  package func appendLine(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"{"event":"decision","time":"#.utf8)
    bytes.append(contentsOf: String(Int64(time.timeIntervalSince1970 * 1000)).utf8)
    for (name, value) in fields {
      bytes.append(UInt8(ascii: ","))
      JSONText.appendString(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      switch value {
      case .string(let text): JSONText.appendString(text, to: &bytes)
      default: bytes.append(contentsOf: value.utf8)
      }
    }
    bytes.append(contentsOf: "}\n".utf8)
  }
}
