internal import AblyTokens
internal import TestSupport

/// Capabilities and resources over a small alphabet; a failure names its seed.
struct CapabilityGenerator: RandomNumberGenerator {
  private var numbers: SeededGenerator

  init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  private mutating func pick<Element>(_ elements: [Element], else fallback: Element) -> Element {
    elements.randomElement(using: &self) ?? fallback
  }

  /// A resource of at most three segments over a small alphabet, so that resources often meet.
  mutating func resource() -> Capability.Resource {
    let qualifier = pick(["", "", "", "[queue]", "[*]", "[?]", "[queue?p]"], else: "")
    let segments = (0..<Int.random(in: 1...3, using: &self)).map { _ in pick(["a", "b", "*"], else: "a") }
    return Capability.Resource(qualifier + segments.joined(separator: ":"))
  }

  mutating func operations() -> Set<Capability.Operation> {
    if Int.random(in: 0..<6, using: &self) == 0 { return [.all] }
    return Set([.publish, .subscribe, "warp"].filter { _ in Bool.random(using: &self) })
  }

  mutating func capability() -> Capability {
    var rules: [Capability.Resource: Set<Capability.Operation>] = [:]
    for _ in 0..<Int.random(in: 0...5, using: &self) { rules[resource()] = operations() }
    return Capability(rules)
  }
}
