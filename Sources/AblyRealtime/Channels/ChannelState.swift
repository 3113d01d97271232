/// Where a channel stands (RTL2).
public enum ChannelState: String, Sendable, Hashable, CaseIterable {
  /// Nothing was done yet, or another connection begins (RTN11d). Becomes `attaching`, or `failed` where the service
  /// refuses it.
  case initialized
  /// The service was, or is about to be, asked to attach it. Becomes `attached`, `suspended`, `detached` or
  /// `failed`.
  case attaching
  /// The service confirmed it: messages flow. Becomes `attaching`, `detaching`, `detached`, `suspended` or
  /// `failed`.
  case attached
  /// The service was asked to detach it. Becomes `detached`, `attached` when it does not answer, or `failed`.
  case detaching
  /// It was detached. Becomes `attaching` when it is asked to, `detaching` when an attachment comes too late (RTL5k),
  /// `failed`, or `initialized`.
  case detached
  /// It could not be attached, or the connection was lost for too long. Attempts go on by themselves.
  /// Becomes `attaching`, `detached`, `failed` or `initialized`.
  case suspended
  /// The service refused it. Becomes `attaching` when it is asked to, or `initialized`.
  case failed
}
