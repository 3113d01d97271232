internal import Testing

@testable internal import AblyRealtime

/// Whatever happens, in whatever order.
@Suite struct MachineModelTests {
  private static let seeds = UInt64(1)...60

  private static func run(_ seed: UInt64) throws -> MachineWorld {
    var world = try MachineWorld(seed: seed)
    for _ in 0..<400 { world.step() }
    return world
  }

  @Test(
    "RTN27: no illegal transition, no two sockets, no old token, no call that ends twice or never, nothing kept twice",
    arguments: seeds)
  func anything(_ seed: UInt64) throws {
    var world = try Self.run(seed)
    world.end()
  }

  @Test("RTN27: what happens at random leads to every state, and to every limit")
  func reach() throws {
    var reached = MachineWorld.Reached()
    for seed in Self.seeds { reached.formUnion(try Self.run(seed).reached) }
    #expect(reached.states == Set(ConnectionState.allCases).subtracting([.initialized]))
    #expect(reached.channelStates == Set(ChannelState.allCases))
    #expect(reached.events == Set(MachineWorld.Reached.Event.allCases))
  }
}
