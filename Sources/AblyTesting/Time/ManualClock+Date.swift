internal import AblyAuth

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension ManualClock {
  /// The time of day that it shows.
  public var now: Date { hostClock.now() }
}
