#if Postgres
  internal import AblyService
  internal import AblyTokens

  /// A change as it stands in the table: names and times, never a secret.
  enum NotedChange {
    case saved([String])
    case removed(String)
    case removedKey(String)
    case revoked([Revocation])

    var kind: String {
      switch self {
      case .saved: "saved"
      case .removed: "removed"
      case .removedKey: "removed key"
      case .revoked: "revoked"
      }
    }

    var payload: JSONValue {
      switch self {
      case .saved(let names): .array(names.map(JSONValue.string))
      case .removed(let appId): .string(appId)
      case .removedKey(let keyName): .string(keyName)
      case .revoked(let revocations): .array(revocations.map(\.json))
      }
    }

    /// `nil` for what a newer version noted.
    init?(kind: String, payload: String) {
      guard let json = try? JSONValue(parsing: payload) else { return nil }
      switch kind {
      case "saved": self = .saved((json.array ?? []).compactMap(\.string))
      case "removed":
        guard let appId = json.string else { return nil }
        self = .removed(appId)
      case "removed key":
        guard let keyName = json.string else { return nil }
        self = .removedKey(keyName)
      case "revoked": self = .revoked((json.array ?? []).compactMap { Revocation(json: $0) })
      default: return nil
      }
    }
  }

  extension Revocation {
    fileprivate var json: JSONValue {
      [
        "key": .string(keyName), "target": .string(target.text),
        "issuedBefore": .number(JSONNumber(issuedBefore)), "appliesAt": .number(JSONNumber(appliesAt)),
      ]
    }

    fileprivate init?(json: JSONValue) {
      guard let keyName = json["key"]?.string,
        let target = json["target"]?.string.flatMap({ try? RevocationTarget($0) }),
        let issuedBefore = json["issuedBefore"]?.number?.int64,
        let appliesAt = json["appliesAt"]?.number?.int64
      else { return nil }
      self.init(keyName: keyName, target: target, issuedBefore: issuedBefore, appliesAt: appliesAt)
    }
  }
#endif
