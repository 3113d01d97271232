#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// Times on the wire are whole milliseconds; in Swift they are `Date` and `Duration`. Both directions are
/// exact, and a value that does not fit is an error, never a trap.
package enum Milliseconds {
  /// Milliseconds since 1970, to the nearest: a `Date` made from milliseconds gives the same ones back.
  package static func of(_ date: Date, _ name: String) throws(ErrorInfo) -> Int64 {
    let exact = date.timeIntervalSince1970 * 1000
    guard exact.magnitude < 0x1p63 else {
      throw ErrorInfo(.invalidParameterValue, "\(name) is not a time that milliseconds can hold")
    }
    // The conversion drops the fraction: that and a half rounds at less than the price of rounding.
    return Int64(exact.magnitude < 0x1p52 ? exact + (exact < 0 ? -0.5 : 0.5) : exact)
  }

  /// The milliseconds of a duration, a part of one dropped; `nil` when it is too long.
  package static func of(_ duration: Duration) -> Int64? {
    let (seconds, attoseconds) = duration.components
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, overflow2) = milliseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return overflow || overflow2 ? nil : sum
  }

  /// The milliseconds of a duration, a part of one dropped.
  ///
  /// - Throws: 40003 when it is too long.
  package static func of(_ duration: Duration, _ name: String) throws(ErrorInfo) -> Int64 {
    guard let milliseconds = of(duration) else {
      throw ErrorInfo(.invalidParameterValue, "\(name) is longer than milliseconds can hold")
    }
    return milliseconds
  }

  /// The date of milliseconds since 1970.
  package static func date(_ milliseconds: Int64) -> Date {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// The milliseconds of a number of seconds since 1970, to the nearest, as RFC 7519 has times: a fraction is allowed.
  ///
  /// - Returns: `nil` for anything else, for a time before 1970 and for one past the year 9999, so that the
  ///   difference of two times cannot overflow.
  package static func ofSeconds(_ value: JSONValue?) -> Int64? {
    guard let seconds = value?.number?.double, (0..<253_402_300_800).contains(seconds) else { return nil }
    return Int64((seconds * 1000).rounded())
  }

  /// Reads a whole number, or a string that holds one (some servers quote their numbers).
  ///
  /// - Throws: 40003 for anything else.
  package static func of(_ value: JSONValue, _ name: String) throws(ErrorInfo) -> Int64 {
    let number: Int64? =
      switch value {
      case .number(let number): number.int64
      case .string(let text): Int64(text)
      default: nil
      }
    guard let number else {
      throw ErrorInfo(.invalidParameterValue, "\(name) is not a whole number of milliseconds")
    }
    return number
  }
}
