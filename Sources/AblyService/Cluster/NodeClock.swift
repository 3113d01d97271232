internal import Synchronization

/// By how much a node's own clock is to be corrected so that all nodes of a cluster have one: the log's.
///
/// It is corrected only by what is certainly wrong. A moment of the log's lay within a call, so a clock that shows it
/// between the beginning and the end of the call may well be right.
final class NodeClock: Sendable {
  private let milliseconds = Atomic<Int64>(0)

  /// In milliseconds.
  var correction: Int64 { milliseconds.load(ordering: .relaxed) }

  /// Learns that it was `moment` by the log's clock at some time during `call`, both in milliseconds since 1970, the
  /// call by the clock as it is corrected.
  ///
  /// - Returns: whether that showed it to be wrong.
  @discardableResult
  func heed(_ moment: Int64, during call: ClosedRange<Int64>) -> Bool {
    // Both clocks cut off what is below a millisecond.
    guard moment < call.lowerBound - 1 || moment > call.upperBound + 1 else { return false }
    let nearest = moment < call.lowerBound ? call.lowerBound : call.upperBound
    milliseconds.add(moment - nearest, ordering: .relaxed)
    return true
  }
}
