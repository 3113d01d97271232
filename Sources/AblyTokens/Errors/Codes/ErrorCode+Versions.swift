// What the service, or the client that asked, does not have or has no longer.
extension ErrorInfo.Code {
  /// The operation needs an optional plugin of an Ably client that is not installed.
  public static let missingPlugin: Self = 40019

  /// The feature exists only on a newer version of the platform than the one that answered.
  public static let newerPlatformRequired: Self = 40021

  /// The request was for API Streamer, which no longer exists.
  public static let apiStreamerRetired: Self = 40022

  /// The version of the client does not support the operation.
  public static let newerClientRequired: Self = 40023

  /// A method or feature was removed or replaced by a newer one.
  public static let apiRetired: Self = 40025
}

extension ErrorInfo.Code {
  static let versionEntries: [Entry] = [
    Entry(
      .missingPlugin, "plugin missing",
      """
      Install the plugin that the message names in the client that reports this. This package has no \
      plugins: the error was made by another client.
      """),
    Entry(
      .newerPlatformRequired, "feature not on this platform version",
      "Do without the feature on this cluster, or ask Ably when the cluster will have it."),
    Entry(
      .apiStreamerRetired, "API Streamer has ended",
      """
      Read the messages over a realtime connection or another integration; waiting does not bring API \
      Streamer back.
      """),
    Entry(
      .newerClientRequired, "client too old for the operation",
      "Update the client library in the program that made the call, then call again."),
    Entry(
      .apiRetired, "API no longer supported",
      "Replace the call by the newer one that the message, or the page it links to, names."),
  ]
}
