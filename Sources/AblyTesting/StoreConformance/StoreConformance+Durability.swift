internal import AblyService
internal import AblyTokens

extension StoreConformance {
  static let durabilityChecks = [
    StoreConformance("what was given before the store was closed is there when it is opened again") { open in
      let key = StoredKey(try ServiceKey(APIKey("a.b:c"), revocableTokens: true), origin: .made)
      let use = NonceUse(keyName: "a.b", timestamp: start, nonce: "n")
      let revocation = Revocation(
        keyName: "a.b", target: try RevocationTarget("clientId:bob"), issuedBefore: start, appliesAt: start)
      let first = try await open()
      try await first.save([key], replacing: false)
      try await expect(first, use, .fresh)
      try await first.revoke([revocation], at: start)
      await first.close()

      let second = try await open()
      try await expect(second, toHold: [key])
      try await expect(second, use, .seen)
      try await expect(second, toHold: [revocation], at: start)
      await second.close()
    },
    StoreConformance("nonces that were forgotten stay so when the store is opened again") { open in
      let early = NonceUse(keyName: "a.k", timestamp: start, nonce: "n")
      let later = start + 40 * 3_600_000
      let first = try await open()
      try await expect(first, early, .fresh)
      try await expect(first, NonceUse(keyName: "a.k", timestamp: later, nonce: "n"), .fresh, at: later)
      await first.close()

      let second = try await open()
      let verdict = try await second.admit(early, at: start)
      try StoreViolation.unless(verdict != .fresh, "a use that was fresh is not fresh again")
      await second.close()
    },
  ]
}
