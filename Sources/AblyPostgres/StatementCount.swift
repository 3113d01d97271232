#if Postgres
  internal import Synchronization

  /// How many statements were sent: what an operation costs in round trips.
  final class StatementCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() { count.add(1, ordering: .relaxed) }
  }
#endif
