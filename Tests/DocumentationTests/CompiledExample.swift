internal import Foundation

/// What stands between `// snippet` and `// end` in a file that is compiled, and run, with these tests.
struct CompiledExample: CustomStringConvertible {
  /// The file and the line it begins at.
  let description: String
  let text: String

  /// The modules that its file imports.
  let modules: Set<Substring>

  static let all: [CompiledExample] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Examples")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.sorted().flatMap { name in
      let source = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
      return examples(in: source ?? "", name)
    }
  }()

  private static func examples(in source: String, _ name: String) -> [CompiledExample] {
    let lines = source.components(separatedBy: "\n")
    let modules = Set(
      lines.filter { $0.hasPrefix("internal import ") }.compactMap { $0.split(separator: " ").last })
    var examples: [CompiledExample] = []
    var start: Int?
    for (index, line) in lines.enumerated() {
      switch line.trimmingCharacters(in: .whitespaces) {
      case "// snippet": start = index + 1
      case "// end":
        guard let first = start else { continue }
        let text = unindented(lines[first..<index])
        examples.append(CompiledExample(description: "\(name):\(first + 1)", text: text, modules: modules))
        start = nil
      default: break
      }
    }
    return examples
  }

  private static func unindented(_ lines: ArraySlice<String>) -> String {
    let indent = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(indent)) }.joined(separator: "\n")
  }

  /// Whether this is what a page shows. The page may begin with imports, of modules that are imported here.
  func isShown(as example: String) -> Bool {
    var lines = example.components(separatedBy: "\n")[...]
    while let line = lines.first, line.isEmpty || line.hasPrefix("import ") {
      if let module = line.split(separator: " ").last, !modules.contains(module) { return false }
      lines.removeFirst()
    }
    return lines.joined(separator: "\n") == text
  }
}
