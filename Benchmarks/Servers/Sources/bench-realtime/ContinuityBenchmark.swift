internal import AblyAuth
internal import AblyRealtime
internal import AblyWire
internal import Measuring

/// What changes of the token do to a stream of messages: 20 channels receive one, numbered, with and without
/// changes of the receiver's token in place.
struct ContinuityBenchmark {
  let receiver: RealtimeClient
  let publisher: RealtimeClient

  private static let channels = 20
  private static let rounds = 10
  private static let swapsInRound = 20
  /// On each channel.
  private static let perRound = 400

  func run() async throws {
    let stream = NumberedStream(channels: Self.channels)
    let changes = receiver.connection.events
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<Self.channels {
        let channel = receiver.channels["continuity-\(number)"]
        let messages = channel.subscribe()
        try await channel.attach()
        group.addTask {
          for try await message in messages {
            if case .string(let text) = message.data, let value = Int(text) { stream.note(value, on: number) }
          }
        }
      }
      try await measure(stream)
      group.cancelAll()
    }
    receiver.close()
    var others = 0
    for await change in changes {
      if change.event == .state(.closing) || change.event == .state(.closed) { break }
      if change.event != .update { others += 1 }
    }
    report(stream.order, others)
  }

  private func measure(_ stream: NumberedStream) async throws {
    var (still, changing, shares) = (Figures(), Figures(), Figures())
    var last = 0
    for round in 0..<Self.rounds {
      var rates: [Bool: Double] = [:]
      // In turn the first, so that a machine that grows slower favours neither.
      for swaps in round.isMultiple(of: 2) ? [false, true] : [true, false] {
        rates[swaps] = try await rate(stream, after: last, swaps: swaps)
        last += Self.perRound
      }
      still.add(rates[false] ?? 0)
      changing.add(rates[true] ?? 0)
      shares.add((rates[true] ?? 0) / (rates[false] ?? 1) * 100)
    }
    print(
      "continuity: \(text(changing.median)) messages a second on \(Self.channels) channels while the token changes",
      "\(Self.rounds * Self.swapsInRound) times, \(text(still.median)) without: \(shares.spread()) %")
  }

  /// Messages a second.
  private func rate(_ stream: NumberedStream, after last: Int, swaps: Bool) async throws -> Double {
    let numbers = last + 1...last + Self.perRound
    let (ticks, ended) = stream.expect(upTo: numbers.upperBound, every: Self.perRound / Self.swapsInRound)
    let time = try await seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<Self.channels {
          let channel = publisher.channels["continuity-\(number)"]
          group.addTask {
            for number in numbers { try await channel.publish(name: nil, data: .string("\(number)")) }
          }
        }
        if swaps {
          group.addTask {
            for await _ in ticks.prefix(Self.swapsInRound) { try await receiver.auth.authorize() }
          }
        }
        group.addTask {
          try await withThrowingTaskGroup(of: Void.self) { race in
            race.addTask { for await _ in ended {} }
            // What is lost never comes.
            race.addTask { try await Task.sleep(for: .seconds(30)) }
            try await race.next()
            race.cancelAll()
            stream.giveUp()
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(Self.channels * Self.perRound) / time
  }

  private func report(_ order: NumberedStream.Order, _ others: Int) {
    print(
      "continuity: \(order.lost) lost, \(order.duplicated) duplicated, \(order.reordered) reordered,",
      "\(others) changes of the connection's state")
    precondition(
      [order.lost, order.duplicated, order.reordered, others].allSatisfy { $0 == 0 },
      "the stream was not whole")
  }
}
