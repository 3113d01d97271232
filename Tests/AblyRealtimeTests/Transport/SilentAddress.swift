internal import NIOCore
internal import NIOPosix
internal import TestSupport

/// Where nobody answers: a listener that accepts nothing, and whose places are taken.
enum SilentAddress {
  static func run<Result: Sendable>(_ body: (SocketAddress) async throws -> Result) async throws -> Result {
    let group = MultiThreadedEventLoopGroup.singleton
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1)
      .serverChannelOption(.autoRead, value: false)
      .bind(host: "127.0.0.1", port: 0).get()
    let address = try SocketAddress.local(port: listener.localAddress?.port ?? 0)
    var guests: [any Channel] = []
    // One more than it says.
    for _ in 0..<2 { guests.append(try await ClientBootstrap(group: group).connect(to: address).get()) }
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(address)) } catch { outcome = .failure(error) }
    for guest in guests { try await guest.close() }
    try await listener.close()
    return try outcome.get()
  }
}

/// Knows these addresses, and gives them for every name.
final class FixedResolver: Resolver, Sendable {
  private let addresses: [SocketAddress]

  init(addresses: [SocketAddress]) { self.addresses = addresses }

  func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    MultiThreadedEventLoopGroup.singleton.any().makeSucceededFuture(addresses)
  }

  func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    MultiThreadedEventLoopGroup.singleton.any().makeSucceededFuture([])
  }

  func cancelQueries() {}
}
