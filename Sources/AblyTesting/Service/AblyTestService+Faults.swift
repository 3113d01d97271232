public import AblyService

extension AblyTestService {
  /// Lets things go wrong from now on: answers and frames that are refused, delayed, dropped, replaced or added. Rules
  /// are tried in order, after those that there are.
  public func add(faults rules: FaultRule...) { core.add(faults: rules) }

  /// Takes all rules away.
  public func removeFaults() { core.removeFaults() }

  /// Asks those who are connected for another token (RTN22).
  ///
  /// - Parameter clientId: whose connections are meant; all where none is given.
  public func reauthenticate(clientId: String? = nil) { core.reauthenticate(clientId: clientId) }

  /// Lets something happen now to those who are connected.
  ///
  /// - Parameters:
  ///   - action: what happens.
  ///   - clientId: whose connections are meant; all where none is given.
  public func carryOut(_ action: FaultRule.Action, clientId: String? = nil) {
    core.carryOut(action, clientId: clientId)
  }
}
