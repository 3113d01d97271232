public import AblyTokens
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The public keys of a login, kept for a while and fetched again when they age or a token names a new one.
public final class KeySet: Sendable {
  private let source: any KeySetSource
  private let limits: KeySetLimits
  private let inner: Locked<Inner>

  private struct Inner {
    var state: KeySetState
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// Names where the keys are, and what that may cost. Nothing is fetched before a token needs it.
  public init(_ source: any KeySetSource, limits: KeySetLimits = KeySetLimits()) {
    self.source = source
    self.limits = limits
    inner = Locked(Inner(state: KeySetState(limits)))
  }

  /// A set that is known already and never fetched again.
  ///
  /// - Parameter bytes: the JWKS.
  /// - Throws: 40000 for what is no JWKS, has more than 100 keys, or none that can be used.
  public init(json bytes: [UInt8]) async throws(ErrorInfo) {
    let limits = KeySetLimits(freshness: .seconds(Int64(1) << 40), staleness: .seconds(Int64(1) << 40))
    self.limits = limits
    source = NoKeySetSource()
    var state = KeySetState(limits, isFixed: true)
    state.took(try await Self.parse(bytes, limits), at: Date(timeIntervalSince1970: 0))
    inner = Locked(Inner(state: state))
  }

  /// A key at hand; `later` where the set has to be fetched first.
  func promptKey(named name: String?, at now: Date) throws(ErrorInfo) -> Promptly<VerifyingKey> {
    let answer = inner.withLock { inner in
      // Asking would promise to fetch.
      var trial = inner.state
      return trial.answer(name, at: now)
    }
    switch answer {
    case .key(let key): return .now(key)
    case .unknown: throw Self.unknownKey
    case .unavailable: throw Self.unavailable
    case .fetch, .wait: return .later
    }
  }

  /// A key, for which the set is fetched if need be.
  ///
  /// - Throws: 40100 for a key that is none of the login's; 50003 with status 503 when they cannot be had.
  func key(named name: String?, at now: Date) async throws(ErrorInfo) -> VerifyingKey {
    while true {
      switch inner.withLock({ $0.state.answer(name, at: now) }) {
      case .key(let key): return key
      case .unknown: throw Self.unknownKey
      case .unavailable: throw Self.unavailable
      case .wait: await waitForFetch()
      case .fetch: await fetch(at: now)
      }
    }
  }

  // A fetch ends in bounded time, so whoever waits needs no way to give up.
  private func waitForFetch() async {
    await withCheckedContinuation { continuation in
      let isOver = inner.withLock { inner in
        guard inner.state.isFetching else { return true }
        inner.waiting.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func fetch(at now: Date) async {
    // In a task of its own, which the asker waits for and cannot cancel: others wait for this very fetch, and who
    // asks and leaves again and again must not cause one each time.
    let keys = await Task { [source, limits] in
      try? await Self.parse(
        try await source.load(limit: limits.maximumBytes, timeout: limits.timeout), limits)
    }.value
    let waiting = inner.withLock { inner in
      if let keys {
        inner.state.took(keys, at: now)
      } else {
        inner.state.failed(at: now)
      }
      defer { inner.waiting = [] }
      return inner.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// - Throws: 40000 for what is no JWKS, has too many keys, or none that can be used.
  private static func parse(_ bytes: [UInt8], _ limits: KeySetLimits) async throws(ErrorInfo)
    -> [VerifyingKey]
  {
    let json = try JSONValue(parsing: bytes, maximumDepth: 8)
    guard let listed = json["keys"]?.array, listed.count <= limits.maximumKeys else {
      throw ErrorInfo(.badRequest, "this is no JWKS, or one with too many keys")
    }
    var keys: [VerifyingKey] = []
    for entry in listed {
      if let key = await VerifyingKey(entry) { keys.append(key) }
    }
    guard !keys.isEmpty else { throw ErrorInfo(.badRequest, "the JWKS has no key for RS256, ES256 or EdDSA") }
    return keys
  }

  private static let unknownKey = WebTokenChecks.refused("its key is none of the login's")

  private static let unavailable = ErrorInfo(
    .timeout, "the login's keys cannot be fetched", statusCode: 503)
}

/// Stands where there is nothing to fetch.
private struct NoKeySetSource: KeySetSource {
  func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8] {
    throw ErrorInfo(.timeout, "these keys come from nowhere else", statusCode: 503)
  }
}
