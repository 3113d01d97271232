public import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension ServiceCore {
  /// A service in memory whose clients may show new tokens as often as they like. For the benchmarks of this
  /// package.
  ///
  /// - Throws: 40000 when two keys have one name.
  @_spi(Benchmarks) public convenience init(renewedFreely keys: [ServiceKey]) throws(ErrorInfo) {
    var settings = RealtimeSettings()
    settings.maximumReauths = .max
    try self.init(keys: keys, clock: { Date() }, random: Randomness.system, realtime: settings)
  }
}
