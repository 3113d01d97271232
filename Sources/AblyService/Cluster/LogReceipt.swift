/// What became of a ``LogEntry``.
package struct LogReceipt: Sendable, Hashable {
  /// A message among those of a log.
  package struct Place: Sendable, Hashable {
    let position: LogPosition
    /// Its place within its publish.
    let index: Int
  }

  /// Where it stands; `nil` for what takes no place.
  let position: LogPosition?

  /// Whether the connection it is about has gone on at another node.
  let hasMoved: Bool

  /// Those of its messages that were published before, by their place in this publish.
  private let earlier: [Int: Place]

  static let nothing = LogReceipt(nil, note: nil)

  /// - Parameter note: `moved`, or of messages that were published before: `index:sequence:time:index before`, with
  ///   commas between.
  package init(_ position: LogPosition?, note: String?) {
    self.position = position
    hasMoved = note == Self.moved
    earlier = Self.places(note)
  }

  package static let moved = "moved"

  /// Where the messages of a publish stand.
  func places(count: Int) -> [Place?] {
    (0..<count).map { index in
      earlier[index] ?? position.map { Place(position: $0, index: index) }
    }
  }

  /// What a note says of messages that were published before.
  static func places(_ note: String?) -> [Int: Place] {
    var places: [Int: Place] = [:]
    for item in note?.split(separator: ",") ?? [] {
      let numbers = item.split(separator: ":").compactMap { Int64($0) }
      guard numbers.count == 4 else { continue }
      places[Int(numbers[0])] = Place(
        position: LogPosition(sequence: numbers[1], time: numbers[2]), index: Int(numbers[3]))
    }
    return places
  }
}
