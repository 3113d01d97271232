// Accounts that may be used only in a certain way or place.
extension ErrorInfo.Code {
  /// The account is set to refuse connections with TLS.
  public static let tlsNotPermitted: Self = 40310

  /// The app refuses connections without TLS.
  public static let tlsRequired: Self = 40311

  /// The account may be used only in certain clusters or regions, and the request reached another.
  public static let accountNotPermittedHere: Self = 40330

  /// The account lives on a cluster of its own, and the request reached another.
  public static let accountNotPermittedInCluster: Self = 40331

  /// The account may be used in certain regions only, and the request reached another.
  public static let accountNotPermittedInRegion: Self = 40332
}

extension ErrorInfo.Code {
  static let placementEntries: [Entry] = [
    Entry(
      .tlsNotPermitted, "account does not permit TLS",
      """
      Have TLS permitted for the account. Do not turn TLS off instead: every token would travel in the \
      clear.
      """),
    Entry(
      .tlsRequired, "app requires TLS",
      "Turn `tls` on again in the client's options; it is on unless something turned it off."),
    Entry(
      .accountNotPermittedHere, "account not permitted in this cluster or region",
      """
      Set `endpoint` to the name that Ably gave for the account, in every client; the message says which \
      constraint was broken.
      """),
    Entry(
      .accountNotPermittedInCluster, "account not permitted in this cluster",
      "Set `endpoint` to the account's own cluster: without it a client goes to Ably's public one."),
    Entry(
      .accountNotPermittedInRegion, "account not permitted in this region",
      """
      Set `endpoint` to the name for the account's region, and take hosts of other regions out of the \
      fallback hosts.
      """),
  ]
}
