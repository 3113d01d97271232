internal import Foundation

/// How the reader has called this program, to repeat it in advice.
enum Invocation {
  /// What to type for it: the path it was called by, relative to where the reader is, or its bare name where the
  /// shell found it.
  static let name = spelling(
    of: CommandLine.arguments.first ?? "", in: FileManager.default.currentDirectoryPath)

  static func spelling(of path: String, in directory: String) -> String {
    guard path.contains("/") else { return "ably-auth" }
    let below = directory.hasSuffix("/") ? directory : "\(directory)/"
    let shown = path.hasPrefix(below) ? String(path.dropFirst(below.count)) : path
    return shown.contains(where: \.isWhitespace) ? "'\(shown)'" : shown
  }
}
