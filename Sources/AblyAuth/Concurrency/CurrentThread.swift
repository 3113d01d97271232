#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

enum CurrentThread {
  /// A number that hardly two threads have in common, in its lowest bits either. No identity: it comes again.
  static var number: Int {
    #if canImport(Glibc)
      spread(UInt64(pthread_self()))
    #elseif canImport(Darwin) || canImport(Musl)
      spread(UInt64(UInt(bitPattern: pthread_self())))
    #else
      0
    #endif
  }

  // Where a thread's memory begins is a multiple of much: Fibonacci hashing brings the difference down.
  private static func spread(_ place: UInt64) -> Int {
    Int(truncatingIfNeeded: (place &* 0x9E37_79B9_7F4A_7C15) &>> 40)
  }
}
