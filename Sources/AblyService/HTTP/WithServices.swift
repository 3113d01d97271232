package import ServiceLifecycle

/// Runs services for as long as `body` runs, which gets the first thing that one of them announces. Then they are shut
/// down gracefully.
///
/// - Parameters:
///   - announcements: what they announce once they are up.
///   - announcement: is finished when they are over, so that nobody waits for them in vain.
package func withServices<Announced: Sendable, Result: Sendable>(
  _ services: ServiceGroup, _ announcements: AsyncStream<Announced>,
  _ announcement: AsyncStream<Announced>.Continuation, _ body: (Announced) async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { announcement.finish() }
      try await services.run()
    }
    do {
      guard let announced = await announcements.first(where: { _ in true }) else {
        try await tasks.waitForAll()
        throw CancellationError()
      }
      let result = try await body(announced)
      await services.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return result
    } catch {
      await services.triggerGracefulShutdown()
      try? await tasks.waitForAll()
      throw error
    }
  }
}
