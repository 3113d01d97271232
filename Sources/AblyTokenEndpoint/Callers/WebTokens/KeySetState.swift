#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Which keys are known, and whether it is time to fetch them.
///
/// A token that names an unknown key causes a fetch, since keys rotate; but between two fetches lies a pause, and
/// of many requests at once one fetches.
struct KeySetState: Sendable {
  enum Answer: Sendable {
    case key(VerifyingKey)
    /// The keys are known, and this is none of them.
    case unknown
    /// The keys are not known, and it is not time to ask again.
    case unavailable
    /// The asker fetches, and says what came of it.
    case fetch
    /// Somebody else is fetching: wait, and ask again.
    case wait
  }

  private let limits: KeySetLimits
  private var keys: [VerifyingKey] = []
  private var byName: [String: VerifyingKey] = [:]
  private var fetched: Date?
  private var attempted: Date?
  private var lastFailed = false
  private(set) var isFetching = false

  private let isFixed: Bool

  /// - Parameter isFixed: whether what it took once is all there will ever be.
  init(_ limits: KeySetLimits, isFixed: Bool = false) {
    self.limits = limits
    self.isFixed = isFixed
  }

  /// What to do about a key, at `now`. After ``Answer/fetch`` must come ``took(_:at:)`` or ``failed(at:)``.
  mutating func answer(_ name: String?, at now: Date) -> Answer {
    if isFixed { return find(name).map(Answer.key) ?? .unknown }
    let found = usable(at: now) ? find(name) : nil
    if let found, isFresh(at: now) { return .key(found) }
    if isFetching {
      // An old key is good enough while a newer set is on its way.
      return found.map(Answer.key) ?? .wait
    }
    if mayFetch(at: now) {
      isFetching = true
      return .fetch
    }
    if let found { return .key(found) }
    return usable(at: now) && !lastFailed ? .unknown : .unavailable
  }

  mutating func took(_ keys: [VerifyingKey], at now: Date) {
    self.keys = keys
    byName = Dictionary(
      keys.compactMap { key in key.name.map { ($0, key) } }, uniquingKeysWith: { first, _ in first })
    fetched = now
    attempted = now
    lastFailed = false
    isFetching = false
  }

  mutating func failed(at now: Date) {
    attempted = now
    lastFailed = true
    isFetching = false
  }

  // A token without a name is taken for the only key's, where there is but one.
  private func find(_ name: String?) -> VerifyingKey? {
    guard let name else { return keys.count == 1 ? keys.first : nil }
    return byName[name]
  }

  private func isFresh(at now: Date) -> Bool { isWithin(limits.freshness, of: fetched, at: now) }
  private func usable(at now: Date) -> Bool { isWithin(limits.staleness, of: fetched, at: now) }
  private func mayFetch(at now: Date) -> Bool { !isWithin(limits.pause, of: attempted, at: now) }

  private func isWithin(_ span: Duration, of date: Date?, at now: Date) -> Bool {
    guard let date else { return false }
    // Also when the clock was set back: then nothing is known about how long it was.
    return abs(now.timeIntervalSince(date)) < Double(span.components.seconds) + Double(
      span.components.attoseconds) / 1e18
  }
}
