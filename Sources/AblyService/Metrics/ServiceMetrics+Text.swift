internal import AblyTokens

extension ServiceMetrics {
  /// The media type of ``text``.
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// The figures in Prometheus' text format.
  package var text: String {
    let counts = counts
    var text = MetricsText()
    text.family("ably_requests_total", .counter, "Requests answered, by route and status.")
    for (answer, count) in counts.answers.sorted(by: { $0.key < $1.key }) where answer.status > 0 {
      text.sample(
        "ably_requests_total", [("route", answer.route), ("status", "\(answer.status)")], count)
    }
    text.family("ably_refusals_total", .counter, "Refusals, by Ably's error code.")
    for (code, count) in counts.refusals.sorted(by: { $0.key < $1.key }) {
      text.sample("ably_refusals_total", [("code", "\(code)")], count)
    }
    text.single("ably_tokens_issued_total", .counter, "Tokens issued.", counts.tokensIssued)
    text.single("ably_revocations_total", .counter, "Targets revoked.", counts.revocations)
    text.single(
      "ably_reauthentications_total", .counter, "Live connections that went on with another token.",
      counts.reauthentications)
    text.single("ably_connections", .gauge, "Realtime connections at this moment.", counts.connections)
    text.single(
      "ably_connections_opened_total", .counter, "Realtime connections made.", counts.connectionsOpened)
    text.single("ably_sockets", .gauge, "Sockets open at this moment.", counts.sockets)
    text.single(
      "ably_sockets_refused_total", .counter, "Sockets closed because there were too many.",
      counts.socketsRefused)
    return text.text
  }
}

extension ServiceMetrics.Answer: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    (left.route, left.status) < (right.route, right.status)
  }
}
