internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// A kind of connection behind a ``ConnectionGate``: what is not let in is closed at once.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let gate: ConnectionGate

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    let isAdmitted = gate.admits(channel)
    let value = base.setup(channel: channel, logger: logger)
    guard !isAdmitted else { return value }
    // Not by a failed future: that would be an error of the socket that listens.
    return value.always { _ in channel.close(promise: nil) }
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
