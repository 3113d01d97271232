internal import AblyTokens

/// What a service said it had done, and must have done whatever became of it.
actor Acknowledged {
  private(set) var exchanges: [TokenRequest] = []
  /// Tokens that were revoked.
  private(set) var revoked: [String] = []
  /// Keys of apps that were made.
  private(set) var keys: [String] = []
  /// Keys of apps that were deleted.
  private(set) var deleted: [String] = []

  var count: Int { exchanges.count + revoked.count + keys.count + deleted.count }

  func exchanged(_ request: TokenRequest) { exchanges.append(request) }
  func revoked(_ token: String) { revoked.append(token) }
  func made(_ key: String) { keys.append(key) }
  /// Nobody knows what a service did that was killed before it could answer.
  func asksToDelete(_ key: String) { keys.removeAll { $0 == key } }
  func deleted(_ key: String) { deleted.append(key) }
}
