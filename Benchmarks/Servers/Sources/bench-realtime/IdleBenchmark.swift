internal import AblyAuth
internal import AblyRealtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What an idle client takes of memory, and the service's side of it, since both are in this process.
struct IdleBenchmark {
  let options: ClientOptions

  private static let clients = 200

  func run() async throws {
    // One first, so that what is made once is not counted.
    try await hold(1) { _ in }
    try await hold(Self.clients) { before in
      guard let before, let after = Self.residentKiB() else { return print("memory: not known here") }
      print("memory: \((after - before) / Self.clients) KiB a connected client, the service's side included")
    }
  }

  private func hold(_ count: Int, _ body: (Int?) -> Void) async throws {
    let before = Self.residentKiB()
    var clients: [RealtimeClient] = []
    for _ in 0..<count { clients.append(try RealtimeClient(options: options)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in clients { group.addTask { try await client.run() } }
      for client in clients { try await client.connection.whenState(.connected) }
      body(before)
      group.cancelAll()
    }
  }

  private static func residentKiB() -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return nil }
    return Int(line.filter(\.isNumber))
  }
}
