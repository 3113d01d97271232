#if Postgres
  internal import TestSupport

  /// What a balancer leads to: a node leaves it before it is told to end, once the requests it was led to are answered.
  final class Rotation: Sendable {
    private struct State {
      var nodes: [Node]
      var requests: [Int: Int] = [:]
      var turn = 0
    }

    private let state: Shared<State>

    init(_ nodes: [Node]) { state = Shared(State(nodes: nodes)) }

    var nodes: [Node] { state.value.nodes }

    var newest: Node { nodes[nodes.count - 1] }

    func add(_ node: Node) { state.change { $0.nodes.append(node) } }

    /// A request, to one after the other.
    func lead<Answer>(_ request: (Node) async throws -> Answer) async throws -> Answer {
      let led = state.change { state in
        state.turn += 1
        state.requests[state.nodes[state.turn % state.nodes.count].port, default: 0] += 1
      }
      let node = led.nodes[led.turn % led.nodes.count]
      defer { state.change { $0.requests[node.port, default: 0] -= 1 } }
      return try await request(node)
    }

    /// Leads nobody there any more.
    func takeOldest() async throws -> Node {
      let oldest = nodes[0]
      state.change { $0.nodes.removeFirst() }
      try await until(state.value.requests[oldest.port, default: 0] == 0)
      return oldest
    }
  }
#endif
