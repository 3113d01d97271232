internal import AblyTokens

/// Enough names and operations to tell any two capabilities of ``CapabilityGenerator`` apart.
///
/// Names have up to four segments where resources have three, and a segment, a qualifier and an operation
/// that no resource or rule mentions stand for all the others.
enum CapabilityUniverse {
  static let names: [String] = {
    var rests = ["a", "b", "c"]
    for _ in 2...4 {
      rests += rests.flatMap { rest in ["a", "b", "c"].map { "\(rest):\($0)" } }
    }
    return ["", "[queue]", "[new]"].flatMap { qualifier in Set(rests).sorted().map { qualifier + $0 } }
  }()

  static let operations: [Capability.Operation] = [.publish, .subscribe, "warp", "unheard", .all]

  static let questions: [(operation: Capability.Operation, name: String)] = operations.flatMap { operation in
    names.map { (operation, $0) }
  }

  /// The answer to each question.
  static func answers(of capability: Capability) -> [Bool] {
    questions.map { capability.allows($0.operation, on: $0.name) }
  }

  /// Which names the resource matches.
  static func names(of resource: Capability.Resource) -> [Bool] {
    names.map { resource.matches($0) }
  }
}
