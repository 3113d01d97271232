public import ServiceLifecycle

/// ``ServiceCore/followStore()`` as a service that a `ServiceGroup` runs and stops. Give it to the group before
/// the server, so that it is stopped after it.
public struct StoreFollower: Service {
  private let core: ServiceCore

  /// Prepares it; ``run()`` follows.
  public init(_ core: ServiceCore) {
    self.core = core
  }

  /// Follows until it is shut down or cancelled.
  public func run() async throws {
    try await cancelWhenGracefulShutdown { [core] in try await core.followStore() }
  }
}
