public import AblyService

/// Something that every store of the service has to do, as a check to run against one.
///
/// Make a test of yours parameterised by ``checks(durable:shared:)``, and in it run the check with a closure that opens
/// your store. Each check wants a store that begins with nothing; the closure is called again in the same
/// check where the store is opened a second time.
public struct StoreConformance: Sendable {
  /// What the store has to do.
  public let name: String

  private let body: @Sendable (@escaping @Sendable () async throws -> any ServiceStore) async throws -> Void

  init(
    _ name: String,
    _ body: @escaping @Sendable (@escaping @Sendable () async throws -> any ServiceStore) async throws -> Void
  ) {
    self.name = name
    self.body = body
  }

  /// A check that opens the store once.
  init(_ name: String, with body: @escaping @Sendable (any ServiceStore) async throws -> Void) {
    self.init(name) { open in
      let store = try await open()
      try await body(store)
      await store.close()
    }
  }

  /// Runs the check.
  ///
  /// - Parameter open: opens the store: at the first call with nothing in it, at a later one with what the
  ///   store of the first call was given.
  /// - Throws: ``StoreViolation`` when the store does something else; what `open` and the store throw.
  public func run(opening open: @escaping @Sendable () async throws -> any ServiceStore) async throws {
    try await body(open)
  }

  /// The checks for a store.
  ///
  /// - Parameters:
  ///   - durable: whether the store keeps what it was given when it is closed.
  ///   - shared: whether it can be opened by several at the same time.
  public static func checks(durable: Bool, shared: Bool) -> [StoreConformance] {
    keyChecks + nonceChecks + revocationChecks + (durable ? durabilityChecks : [])
      + (shared ? sharingChecks : [])
  }

  static let start: Int64 = 1_700_000_000_000
}

extension StoreConformance: CustomStringConvertible {
  /// The same as ``name``.
  public var description: String { name }
}
