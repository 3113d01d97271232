internal import Foundation

/// The bounds that a benchmark is measured by, where `--check` asks for it.
package struct Bounds {
  private let isChecked = CommandLine.arguments.contains("--check")
  private var misses: [String] = []

  package init() {}

  /// A bound is missed when the median of the rounds is more than a twentieth below it: machines are noisy.
  package mutating func atLeast(_ bound: Double, _ figures: Figures, _ name: String) {
    if figures.median < bound * 0.95 {
      misses.append("\(name): \(text(figures.median, 1)), not \(text(bound))")
    }
  }

  /// Likewise, for what is to be little.
  package mutating func atMost(_ bound: Double, _ figures: Figures, _ name: String) {
    if figures.median > bound * 1.05 {
      misses.append("\(name): \(text(figures.median, 1)), not \(text(bound))")
    }
  }

  /// Ends the process with 1 and one line where a bound was missed.
  package func check() {
    guard isChecked, !misses.isEmpty else { return }
    print("missed: \(misses.joined(separator: "; "))")
    exit(1)
  }
}
