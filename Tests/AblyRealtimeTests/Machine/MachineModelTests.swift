internal import Testing

@testable internal import AblyRealtime

/// Whatever happens, in whatever order.
@Suite struct MachineModelTests {
  @Test(
    "RTN27: no illegal transition, no two sockets, no old token, no call that ends twice or never",
    arguments: UInt64(1)...60)
  func anything(_ seed: UInt64) throws {
    var world = try MachineWorld(seed: seed)
    for _ in 0..<400 { world.step() }
    world.end()
  }

  @Test("RTN27: what happens at random leads to every state")
  func reach() throws {
    var states: Set<ConnectionState> = []
    var channelStates: Set<ChannelState> = []
    for seed in UInt64(1)...60 {
      var world = try MachineWorld(seed: seed)
      for _ in 0..<400 { world.step() }
      states.formUnion(world.visited)
      channelStates.formUnion(world.visitedByChannels)
    }
    #expect(states == Set(ConnectionState.allCases).subtracting([.initialized]))
    #expect(channelStates == Set(ChannelState.allCases))
  }
}
