#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Foundation
#endif

extension Milliseconds {
  /// The whole milliseconds since 1970 that the system's clock shows.
  ///
  /// Without a detour through `Date`, whose seconds in floating point cost as much as writing the number.
  static var now: Int64 {
    #if canImport(Darwin) || canImport(Glibc) || canImport(Musl)
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    #else
      return Int64(Date().timeIntervalSince1970 * 1000)
    #endif
  }
}
