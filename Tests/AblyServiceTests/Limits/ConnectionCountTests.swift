internal import AblyTokens
internal import NIOCore
internal import Testing

@testable internal import AblyService

@Suite struct ConnectionCountTests {
  private func network(_ address: String) throws -> PeerNetwork {
    PeerNetwork(try SocketAddress(ipAddress: address, port: 1))
  }

  private func limits(total: Int = 100, perAddress: Int = 2) -> ServerLimits {
    var limits = ServerLimits()
    limits.connections = total
    limits.connectionsPerAddress = perAddress
    return limits
  }

  @Test("each address has its number, and gets one back for one that goes")
  func perAddress() throws {
    var count = ConnectionCount(limits())
    let (one, other) = (try network("10.0.0.1"), try network("10.0.0.2"))
    var admitted = (0..<4).map { _ in count.admit(one) }
    #expect(admitted == [true, true, false, false])
    admitted = [count.admit(other)]
    count.leave(one)
    admitted += (0..<2).map { _ in count.admit(one) }
    #expect(admitted == [true, true, false])
    #expect(count.total == 3)
  }

  @Test("all together have a number, whatever their addresses")
  func total() throws {
    var count = ConnectionCount(limits(total: 3))
    var admitted: [Bool] = []
    for address in ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9", "127.0.0.1"] {
      admitted.append(count.admit(try network(address)))
    }
    #expect(admitted == [true, true, true, false, false])
    count.leave(try network("10.0.0.1"))
    let next = count.admit(try network("10.0.0.9"))
    #expect(next)
  }

  @Test("this machine is counted only where that is asked for", arguments: ["127.0.0.1", "::1"])
  func loopback(address: String) throws {
    var limits = limits()
    var free = ConnectionCount(limits)
    let peer = try network(address)
    #expect((0..<10).count { _ in free.admit(peer) } == 10)
    limits.countsLoopback = true
    var counted = ConnectionCount(limits)
    #expect((0..<10).count { _ in counted.admit(peer) } == 2)
  }

  @Test(
    "which addresses are one peer",
    arguments: [
      ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
      ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false),
      ("::ffff:10.0.0.1", "10.0.0.1", true), ("::ffff:10.0.0.1", "::ffff:10.0.0.2", false),
    ])
  func networks(left: String, right: String, isOne: Bool) throws {
    #expect(try (network(left) == network(right)) == isOne)
  }

  @Test(
    "a limit that lets nobody in is 40003",
    arguments: [
      { $0.headerBytes = 0 }, { $0.headerCount = -1 }, { $0.bodyBytes = 0 }, { $0.depth = 0 },
      { $0.depth = 257 }, { $0.connections = 0 }, { $0.connectionsPerAddress = 0 },
      { $0.bodyBytes = .max }, { $0.firstRequestTimeout = .zero }, { $0.requestTimeout = .seconds(-1) },
    ] as [@Sendable (inout ServerLimits) -> Void])
  func unfit(change: @Sendable (inout ServerLimits) -> Void) throws {
    try checkRefusal { change(&$0.limits) }
    try checkRefusal { $0.idleTimeout = .seconds(-1) }
  }

  private func checkRefusal(_ change: (inout ServerConfiguration) -> Void) throws {
    var configuration = ServerConfiguration()
    change(&configuration)
    let core = try Desk().core
    let error = #expect(throws: ErrorInfo.self) {
      try AblyServer(core: core, configuration: configuration, logger: .silent)
    }
    #expect(error?.code == .invalidParameterValue)
  }
}
