extension PolicyLoader {
  /// What came of reading everything anew, and what it was read from: also where it was refused.
  struct Attempt: Sendable {
    let outcome: Result<LoadedPolicy, PolicyFileError>
    let contents: [String: [UInt8]?]
  }

  /// The files that a load has read, and what stood in them.
  struct Reading {
    var contents: [String: [UInt8]?] = [:]
    var warnings: [PolicyProblem] = []

    mutating func bytes(_ path: String, limit: Int) -> [UInt8]? {
      // By one limit, so that whoever looks for changes sees the same.
      let bytes = try? BoundedFile.read(path, limit: PolicyFile.maximumBytes)
      contents[path] = .some(bytes)
      return bytes.flatMap { $0.count <= limit ? $0 : nil }
    }

    mutating func text(_ path: String, limit: Int) -> String? {
      bytes(path, limit: limit).flatMap { String(validating: $0, as: UTF8.self) }
    }
  }
}
