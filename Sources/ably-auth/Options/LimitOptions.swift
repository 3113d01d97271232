internal import AblyService
internal import ArgumentParser

/// What the local service takes from its peers before it gives up on them.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most that the header of a request may take.", valueName: "bytes"))
  var maxHeaderBytes = ServerLimits().headerBytes

  @Option(help: ArgumentHelp("The largest body of a request.", valueName: "bytes"))
  var maxBodyBytes = ServerLimits().bodyBytes

  @Option(help: ArgumentHelp("The largest frame of a realtime client.", valueName: "bytes"))
  var maxFrameBytes = RealtimeLimits().frameBytes

  @Option(
    help: ArgumentHelp(
      "How deep arrays and objects of a body or frame may lie in each other.", valueName: "n"))
  var maxDepth = ServerLimits().depth

  @Option(help: ArgumentHelp("The most connections at a time.", valueName: "n"))
  var maxConnections = ServerLimits().connections

  @Option(
    help: ArgumentHelp(
      "The most connections of one address; given, it is for this machine too (default: 1000 of any other).",
      valueName: "n"))
  var maxConnectionsPerAddress: Int?

  @Option(help: ArgumentHelp("The most channels of a realtime client.", valueName: "n"))
  var maxChannels = RealtimeLimits().channels

  @Option(
    help: ArgumentHelp(
      "How often a realtime client may show a token within 10 s; given, it is for this machine too (default: 30 "
        + "for any other).", valueName: "n"))
  var maxReauthentications: Int?

  @Option(
    help: ArgumentHelp(
      "How long a connection may take to its first request (default: 10s).", valueName: "time"))
  var firstRequestTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp("How long a request or frame may take to its end (default: 30s).", valueName: "time"))
  var requestTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp("How long a client may take to read an answer (default: 60s).", valueName: "time"))
  var responseTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "How long a peer may take nothing of what is sent to it (default: 30s).", valueName: "time"))
  var writeTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "How long a realtime client may give no sign of life (default: 60s).", valueName: "time"))
  var silenceTimeout: DurationArgument?

  @Option(
    help: ArgumentHelp("How long a connection may stand still (default: 30s).", valueName: "time"))
  var idleTimeout: DurationArgument?

  /// These limits, for a server that listens.
  func apply(to configuration: inout ServerConfiguration) {
    configuration.limits.headerBytes = maxHeaderBytes
    configuration.limits.bodyBytes = maxBodyBytes
    configuration.limits.depth = maxDepth
    configuration.limits.connections = maxConnections
    if let maxConnectionsPerAddress {
      configuration.limits.connectionsPerAddress = maxConnectionsPerAddress
      configuration.limits.countsLoopback = true
    }
    if let time = firstRequestTimeout?.duration { configuration.limits.firstRequestTimeout = time }
    if let time = requestTimeout?.duration { configuration.limits.requestTimeout = time }
    if let time = responseTimeout?.duration { configuration.limits.responseTimeout = time }
    if let time = writeTimeout?.duration { configuration.limits.writeTimeout = time }
    if let time = silenceTimeout?.duration { configuration.limits.silenceTimeout = time }
    if let time = idleTimeout?.duration { configuration.idleTimeout = time }
  }

  /// What realtime clients may send.
  var realtimeLimits: RealtimeLimits {
    var limits = RealtimeLimits()
    limits.frameBytes = maxFrameBytes
    limits.depth = maxDepth
    limits.channels = maxChannels
    if let maxReauthentications {
      limits.reauthentications = maxReauthentications
      limits.countsLoopback = true
    }
    return limits
  }
}
