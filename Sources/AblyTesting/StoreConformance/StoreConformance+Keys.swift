internal import AblyService
internal import AblyTokens

extension StoreConformance {
  static let keyChecks = [
    StoreConformance("a new store holds nothing") { store in
      let contents = try await store.contents(at: start)
      try StoreViolation.unless(
        contents.keys.isEmpty && contents.revocations.isEmpty, "no key, no revocation")
      try StoreViolation.unless(try await store.key(named: "a.b") == nil, "no key of any name")
    },
    StoreConformance("a key is kept with all that belongs to it") { store in
      let keys = try [
        StoredKey(ServiceKey(APIKey("a.b:c:d=\"'é")), origin: .made),
        StoredKey(
          ServiceKey(APIKey("a.c:x"), capabilityText: #"{"é'": ["publish"] }"#, revocableTokens: true),
          origin: .requested),
        StoredKey(ServiceKey(APIKey("b.b:c")), origin: .given),
      ]
      try await store.save(keys, replacing: false)
      try await expect(store, toHold: keys)
      for key in keys {
        let found = try await store.key(named: key.key.key.keyName)
        try StoreViolation.unless(found.map { isEqual($0, key) } ?? false, "the key is found by its name")
      }
    },
    StoreConformance("a name that is taken is refused, and with it all that came together") { store in
      let first = StoredKey(try ServiceKey(APIKey("a.b:first")), origin: .given)
      try await store.save([first], replacing: false)
      let more = try ["a.z:z", "a.b:second"].map { StoredKey(try ServiceKey(APIKey($0)), origin: .given) }
      try await expectRefusal(40000) { () throws(ErrorInfo) in try await store.save(more, replacing: false) }
      try await expect(store, toHold: [first])
      let twins = try ["c.c:1", "c.c:2"].map { StoredKey(try ServiceKey(APIKey($0)), origin: .given) }
      try await expectRefusal(40000) { () throws(ErrorInfo) in try await store.save(twins, replacing: false) }
      try await expect(store, toHold: [first])
    },
    StoreConformance("of two who take a name at one moment one is refused") { store in
      let taken = await withTaskGroup(of: Bool.self) { tasks in
        for number in 0..<16 {
          tasks.addTask {
            guard let key = try? ServiceKey(APIKey("a.b:\(number)")) else { return false }
            return (try? await store.save([StoredKey(key, origin: .given)], replacing: false)) != nil
          }
        }
        return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      try StoreViolation.unless(taken == 1, "one of 16 gets the name, not \(taken)")
    },
    StoreConformance("a key takes the place of the one of its name where that is wanted") { store in
      let neighbour = StoredKey(try ServiceKey(APIKey("a.c:1")), origin: .made)
      let old = StoredKey(try ServiceKey(APIKey("a.b:1"), revocableTokens: true), origin: .made)
      try await store.save([neighbour, old], replacing: false)
      let new = StoredKey(
        try ServiceKey(APIKey("a.b:2"), capabilityText: #"{"x":["publish"]}"#), origin: .given)
      try await store.save([new], replacing: true)
      try await expect(store, toHold: [neighbour, new])
    },
    StoreConformance("an app is removed with all its keys and no others") { store in
      let keys = try ["a.b:1", "a.c:1", "aa.b:1", "b.a:1"].map {
        StoredKey(try ServiceKey(APIKey($0)), origin: .requested)
      }
      try await store.save(keys, replacing: false)
      try await store.remove(app: "a")
      try await store.remove(app: "nobody")
      try await expect(store, toHold: Array(keys[2...]))
      try await store.save([keys[0]], replacing: false)
      try await expect(store, toHold: [keys[0]] + keys[2...])
    },
    StoreConformance("one key is removed and no other") { store in
      let keys = try ["a.b:1", "a.bb:1", "a.c:1", "b.b:1"].map {
        StoredKey(try ServiceKey(APIKey($0)), origin: .given)
      }
      try await store.save(keys, replacing: false)
      for name in ["a.b", "a", "a.%", "nobody.here"] { try await store.remove(key: name) }
      try await expect(store, toHold: Array(keys[1...]))
      try StoreViolation.unless(try await store.key(named: "a.b") == nil, "no key of that name")
      try await store.save([keys[0]], replacing: false)
      try await expect(store, toHold: keys)
    },
  ]

  static func isEqual(_ left: StoredKey, _ right: StoredKey) -> Bool {
    left.key.key == right.key.key && left.origin == right.origin
      && left.key.capabilityText.utf8.elementsEqual(right.key.capabilityText.utf8)
      && left.key.revocableTokens == right.key.revocableTokens
  }

  static func expect(_ store: any ServiceStore, toHold keys: [StoredKey]) async throws {
    let held = try await store.contents(at: start).keys
    try StoreViolation.unless(
      held.count == keys.count && keys.allSatisfy { key in held.contains { isEqual($0, key) } },
      "the keys \(keys.map(\.key.key)), not \(held.map(\.key.key))")
  }

  static func expectRefusal(_ code: ErrorInfo.Code, _ body: () async throws(ErrorInfo) -> Void) async throws {
    do throws(ErrorInfo) {
      try await body()
    } catch {
      return try StoreViolation.unless(error.code == code, "a refusal with \(code), not \(error.code)")
    }
    try StoreViolation.unless(false, "a refusal with \(code)")
  }
}
