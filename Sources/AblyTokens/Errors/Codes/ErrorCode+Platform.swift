// Trouble inside the service or on the way to it. Most of it passes.
extension ErrorInfo.Code {
  /// Something unexpected happened inside the service, or a failure that no other code describes.
  public static let internalError: Self = 50000

  /// Something unexpected happened to a channel inside the service.
  public static let internalChannelError: Self = 50001

  /// Something unexpected happened to a connection inside the service.
  public static let internalConnectionError: Self = 50002

  /// No answer came in time from the service, or from something that it or a token endpoint depends on.
  public static let timeout: Self = 50003

  /// The server could not take the request just then.
  public static let serverBusy: Self = 50004

  /// The service takes no requests for a while.
  public static let serviceLocked: Self = 50005

  /// A newer connection took over this one's state. Only old protocol versions report it.
  public static let connectionSuperseded: Self = 50006

  /// The proxy at the edge of the service failed.
  public static let edgeProxyError: Self = 50010

  /// The router found no server that would take the request.
  public static let routingRefused: Self = 50205

  /// The edge proxy did not understand what the service behind it answered.
  public static let invalidPlatformResponse: Self = 50210

  /// The router could not handle the request, for a reason it does not name.
  public static let routingFailed: Self = 50305

  /// The region that was reached is out of service for now.
  public static let regionDisabled: Self = 50306

  /// The platform behind the edge proxy is not available.
  public static let platformUnavailable: Self = 50310

  /// Traffic is being led around a disturbance.
  public static let trafficRedirected: Self = 50320

  /// The request arrived at a cluster that is not meant for it, as happens while DNS changes.
  public static let wrongCluster: Self = 50330

  /// The server behind the router did not answer in time.
  public static let routingTimedOut: Self = 50405

  /// The platform behind the edge proxy did not answer in time.
  public static let edgeProxyTimedOut: Self = 50410
}

extension ErrorInfo.Code {
  static let platformEntries: [Entry] = [
    Entry(
      .internalError, "internal error",
      "Retry after a pause. If it stays, report the time and the request id to whoever runs the service."),
    Entry(
      .internalChannelError, "internal error on a channel",
      """
      Repeat the channel operation after a pause; if it stays, report the app id, the channel and the time.
      """),
    Entry(
      .internalConnectionError, "internal error on a connection",
      "Let the client connect again; if it stays, report the connection id and the time."),
    Entry(
      .timeout, "no answer in time",
      """
      Retry after a pause, and check the network path to the host. A request that changes something may \
      have been carried out, so make it safe to repeat.
      """),
    Entry(
      .serverBusy, "server busy",
      "Retry after a second or two; another host may answer sooner, and the client tries those by itself."),
    Entry(
      .serviceLocked, "service not accepting requests",
      "Wait and retry every minute or so; look at the service's status page for how long."),
    Entry(
      .connectionSuperseded, "connection taken over",
      "Update the client that reports this, since only an old protocol version has this error."),
    Entry(
      .edgeProxyError, "error in the edge proxy",
      "Retry; the client also tries the fallback hosts. If it stays, report the request id."),
    Entry(
      .routingRefused, "routing could not reach the server",
      "Retry after a pause; a server that is being restarted comes back within minutes."),
    Entry(
      .invalidPlatformResponse, "unreadable answer inside the service",
      "Retry once. If the same request fails each time, report it with its path and request id."),
    Entry(
      .routingFailed, "routing failed",
      "Retry after a pause, and keep the request ids: a long run of these is worth a report."),
    Entry(
      .regionDisabled, "region out of service",
      """
      Retry: the region's name soon leads elsewhere. Leave the endpoint as it is, above all for an account \
      that may use certain regions only.
      """),
    Entry(
      .platformUnavailable, "platform unavailable",
      "Let the client go on with its fallback hosts, and look at the status page if all of them answer so."),
    Entry(
      .trafficRedirected, "traffic redirected",
      "Nothing on your side: repeat the request until the detour is over."),
    Entry(
      .wrongCluster, "reached the wrong cluster",
      """
      Retry; if it stays longer than the time to live of the DNS record, look for a cached or hard-wired \
      address.
      """),
    Entry(
      .routingTimedOut, "routing timed out",
      """
      Retry with the same message ids: the request may have been carried out, and equal ids keep it from \
      happening twice.
      """),
    Entry(
      .edgeProxyTimedOut, "edge proxy timed out",
      """
      Retry after a pause, first checking whether the change was made if the request was to change \
      something.
      """),
  ]
}
