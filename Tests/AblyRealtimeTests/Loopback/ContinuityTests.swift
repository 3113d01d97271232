internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import TestSupport
internal import Testing

@Suite("Over sockets: continuity", .endsAtLast)
struct ContinuityTests {
  static let swaps = 200
  static let channels = (0..<20).map { "stream:\($0)" }

  @Test(
    "RTC8a1: 200 swaps of the token while 20 channels receive a stream: nothing lost, doubled or out of order"
  )
  func swaps() async throws {
    try await LoopbackDesk.open { desk in
      try await desk.connected(desk.options()) { publisher in
        try await desk.connected(desk.options { $0.useTokenAuth = true }) { client in
          let events = client.connection.events
          let id = client.connection.id
          let streams = Self.channels.map { ($0, client.channels[$0].subscribe()) }
          for name in Self.channels { try await client.channels[name].attach() }
          let counts = try await withThrowingTaskGroup(of: Int?.self) { group in
            let stop = Flag()
            for (name, stream) in streams {
              group.addTask { try await Self.follow(stream, name) }
            }
            group.addTask {
              var sent = 0
              while !stop.isSet {
                for name in Self.channels {
                  try await publisher.channels[name].publish(name: "n", data: "\(sent)")
                }
                sent += 1
              }
              for name in Self.channels {
                try await publisher.channels[name].publish(name: "end", data: "\(sent)")
              }
              return nil
            }
            for _ in 0..<Self.swaps {
              try await client.auth.authorize()
              // The service takes so many tokens in a while; its clock is the test's.
              desk.clock.advance(by: .milliseconds(400))
            }
            stop.set()
            return try await group.reduce(into: [Int]()) { if let count = $1 { $0.append(count) } }
          }
          #expect(counts.count == Self.channels.count)
          #expect(counts.allSatisfy { $0 > 0 && $0 == counts[0] })
          #expect(client.connection.id == id)
          var updates = 0
          for await change in events.prefix(Self.swaps) {
            #expect(change.event == .update)
            updates += 1
          }
          #expect(updates == Self.swaps)
          #expect(Self.channels.allSatisfy { client.channels[$0].state == .attached })
        }
      }
    }
  }

  /// Reads a stream to its end, each message of which has to be the next.
  private static func follow(_ stream: ChannelSequence<Message>, _ name: String) async throws -> Int {
    var count = 0
    for try await message in stream {
      if message.name == "end" {
        #expect(message.data == .string("\(count)"), "on \(name)")
        return count
      }
      guard message.data == .string("\(count)") else {
        Issue.record("on \(name) came \(String(describing: message.data)) instead of \(count)")
        return -1
      }
      count += 1
    }
    return -1
  }

  @Test("RTN5: 50 clients at once: each connects, and has what each of them published")
  func many() async throws {
    try await LoopbackDesk.open { desk in
      let count = 50
      let (ready, everybody) = (Meeting(count), Meeting(count))
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<count {
          group.addTask {
            try await desk.connected(desk.options { $0.clientId = "client-\(number)" }) { client in
              let messages = client.channels["hall"].subscribe()
              try await client.channels["hall"].attach()
              await ready.arrive()
              try await client.channels["hall"].publish(name: "hello", data: "\(number)")
              var seen: Set<String?> = []
              for try await message in messages.prefix(count) { seen.insert(message.clientId) }
              await everybody.arrive()
              return seen.count
            }
          }
        }
        for try await seen in group { #expect(seen == count) }
      }
    }
  }
}
