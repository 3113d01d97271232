/// What the hub of a node that shares its store goes by.
struct NodeTerms: Sendable {
  /// This node.
  let node: String
  let serials: LogSerials
  let seal: ConnectionSeal

  /// Up to where the log is applied here.
  var position: LogPosition

  /// Connections that the log may have forgotten, since this node was taken for dead.
  var unnoted: Unnoted?

  struct Unnoted: Sendable {
    /// What the log held when the node was back, counted as in ``LogPosition``: what it says until then of their going on
    /// elsewhere is to be heard first.
    let sequence: Int64
    var connections: [String]
  }

  private var lastTicket: UInt64 = 0

  init(node: String, _ beginning: LogBeginning) {
    self.node = node
    serials = LogSerials(log: beginning.log)
    seal = ConnectionSeal(secret: beginning.secret)
    position = beginning.position
  }

  mutating func nextTicket() -> UInt64 {
    lastTicket += 1
    return lastTicket
  }
}
