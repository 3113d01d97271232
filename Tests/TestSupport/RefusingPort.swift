internal import NIOCore
internal import NIOPosix

/// Gives a loopback port at which nothing listens as long as `body` runs.
///
/// It is that of a connection's own end. A port that was given back is free for whatever runs beside the test,
/// which then answers in nobody's place.
package func withRefusingPort<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
  let group = MultiThreadedEventLoopGroup.singleton
  let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
  let peer = try await ClientBootstrap(group: group)
    .connect(to: .local(port: listener.localAddress?.port ?? 0)).get()
  let outcome: Swift.Result<Result, any Error>
  do {
    outcome = .success(try await body(peer.localAddress?.port ?? 0))
  } catch {
    outcome = .failure(error)
  }
  try await peer.close()
  try await listener.close()
  return try outcome.get()
}
