internal import Foundation

/// A page of the documentation: a Markdown file, or the documentation comments of a Swift file.
struct DocumentationPage: CustomStringConvertible {
  struct Fence {
    /// What stands behind the three backticks.
    let language: String
    let text: String
  }

  /// Where it is, from the root of the package.
  let path: String
  let text: String

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The README, what is in `docs`, the DocC catalogs, and the Swift files whose comments hold code.
  static let all: [DocumentationPage] = {
    let folders = ["docs", "Sources"].map { root.appending(path: $0) }
    let files = folders.flatMap { folder in
      (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") }
        .map { "\(folder.lastPathComponent)/\($0)" }
    }
    return (["README.md"] + files.sorted()).compactMap { path in try? DocumentationPage(path: path) }
      .filter { !$0.examples.isEmpty }
  }()

  init(path: String) throws {
    self.path = path
    let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    self.text = path.hasSuffix(".swift") ? Self.comments(of: text) : text
  }

  var description: String { path }

  /// The fenced blocks, in order.
  var fences: [Fence] {
    var fences: [Fence] = []
    var open: (language: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        continue
      }
      if let done = open {
        fences.append(Fence(language: done.language, text: done.lines.joined(separator: "\n")))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), [])
      }
    }
    return fences
  }

  /// The blocks of Swift.
  var examples: [String] { fences.filter { $0.language == "swift" }.map(\.text) }

  private static func comments(of source: String) -> String {
    source.components(separatedBy: "\n").compactMap { line in
      let text = line.drop { $0 == " " }
      return text.hasPrefix("///") ? String(text.dropFirst(text.hasPrefix("/// ") ? 4 : 3)) : nil
    }.joined(separator: "\n")
  }
}
