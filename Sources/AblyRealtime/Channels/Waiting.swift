/// Who waits for what of a channel.
struct Waiting: Sendable {
  /// What is to be done when the present attachment or detachment is over (RTL4h, RTL5i).
  enum Later: Sendable {
    case attach(Ticket?)
    case detach(Ticket)
    case release(Ticket)
    case members(waitForSync: Bool, Ticket)
  }

  var attached: [Ticket] = []
  var configured: [Ticket] = []
  var detached: [Ticket] = []
  var released: [Ticket] = []
  var members: [(ticket: Ticket, waitForSync: Bool)] = []
  var later: [Later] = []

  var attachesLater: Bool {
    later.contains { if case .attach = $0 { true } else { false } }
  }
}
