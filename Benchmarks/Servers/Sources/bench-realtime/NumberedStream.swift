internal import Synchronization

/// Looks whether the numbers of some channels come each once, and in order.
final class NumberedStream: Sendable {
  struct Order: Sendable {
    var lost = 0
    var duplicated = 0
    var reordered = 0
  }

  fileprivate struct Channel {
    var highest = 0
    var missing: Set<Int> = []
  }

  fileprivate struct State {
    var channels: [Channel]
    var order = Order()
    var last = 0
    var step = 1
    var unfinished = 0
    var ticks: AsyncStream<Void>.Continuation?
    var ended: AsyncStream<Void>.Continuation?
  }

  private let state: Mutex<State>

  init(channels: Int) {
    state = Mutex(State(channels: Array(repeating: Channel(), count: channels)))
  }

  /// What was wrong, now that no more comes.
  var order: Order {
    state.withLock { state in
      var order = state.order
      for channel in state.channels { order.lost += channel.missing.count + state.last - channel.highest }
      return order
    }
  }

  /// Numbers up to this one come next on each channel.
  ///
  /// - Returns: a tick for each `step` numbers of the first channel, and what ends when all have come.
  func expect(upTo last: Int, every step: Int) -> (ticks: AsyncStream<Void>, ended: AsyncStream<Void>) {
    let (ticks, tick) = AsyncStream.makeStream(of: Void.self)
    let (ended, end) = AsyncStream.makeStream(of: Void.self)
    state.withLock { state in
      state.last = last
      state.step = step
      state.unfinished = state.channels.count
      state.ticks = tick
      state.ended = end
    }
    return (ticks, ended)
  }

  func note(_ number: Int, on index: Int) {
    state.withLock { state in
      state.count(number, on: index)
      if index == 0, number.isMultiple(of: state.step) { state.ticks?.yield() }
      guard number == state.last else { return }
      state.unfinished -= 1
      guard state.unfinished == 0 else { return }
      state.ticks?.finish()
      state.ended?.finish()
    }
  }
}

extension NumberedStream {
  /// What has not come by now does not come any more.
  func giveUp() {
    state.withLock { state in
      state.ticks?.finish()
      state.ended?.finish()
    }
  }
}

extension NumberedStream.State {
  fileprivate mutating func count(_ number: Int, on index: Int) {
    let highest = channels[index].highest
    if number > highest {
      channels[index].missing.formUnion(highest + 1..<number)
      channels[index].highest = number
    } else if channels[index].missing.remove(number) != nil {
      order.reordered += 1
    } else {
      order.duplicated += 1
    }
  }
}
