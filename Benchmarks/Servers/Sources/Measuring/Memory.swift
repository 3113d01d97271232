#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a process has in memory, in KiB; `nil` where `/proc` does not say.
package func residentKiB(of process: String = "self") -> Int? {
  guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
  else { return nil }
  return Int(line.filter(\.isNumber))
}
