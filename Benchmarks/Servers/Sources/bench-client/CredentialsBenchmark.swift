@_spi(Benchmarks) internal import AblyAuth
internal import CAllocationCount
internal import Measuring

/// What it costs to take credentials while a token is valid, by 1, 8 and 64 tasks at once.
struct CredentialsBenchmark {
  let client: RESTClient

  private static let taskCounts = [1, 8, 64]
  private static let perRound = 64_000
  private static let rounds = 40

  func run() async throws {
    var costs: [Int: Figures] = [:]
    for _ in 0..<Self.rounds {
      // In turn, so that a machine that grows slower favours none.
      for tasks in Self.taskCounts {
        let time = try await seconds { try await take(Self.perRound / tasks, tasks) }
        costs[tasks, default: Figures()].add(time * 1e9 / Double(Self.perRound))
      }
    }
    let alone = costs[1]?.median ?? 1
    for tasks in Self.taskCounts {
      let cost = costs[tasks]?.median ?? 0
      print(
        "credentials, \(tasks) tasks: \(text(cost)) ns each,",
        "\(text(cost / alone, 2)) × one task")
    }
    let before = allocation_count()
    try await take(Self.perRound, 1)
    let allocations = Double(allocation_count() - before) / Double(Self.perRound)
    print("credentials: \(text(allocations, 3)) allocations each")
  }

  private func take(_ count: Int, _ tasks: Int) async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<tasks {
        group.addTask {
          var bytes = 0
          for _ in 0..<count { bytes &+= try await client.attachCredentials() }
          return bytes
        }
      }
      for try await bytes in group where bytes == 0 { fatalError("there were no credentials") }
    }
  }
}
