// Things that do not exist, do not fit, or have ended, and push notifications.
extension ErrorInfo.Code {
  /// The device id of a push operation is missing or malformed.
  public static let invalidDeviceId: Self = 40015

  /// Location notifications need the app's APNs credentials to be a signing key.
  public static let apnsTokenAuthRequiredForLocation: Self = 40180

  /// The device registered no token for location notifications.
  public static let noLocationToken: Self = 40181

  /// Starting a live activity by push needs the app's APNs credentials to be a signing key.
  public static let apnsTokenAuthRequiredForPushToStart: Self = 40182

  /// The app, key, channel or path does not exist here. A key in a shape that no key has counts as not
  /// found.
  public static let notFound: Self = 40400

  /// The path exists, but not with this HTTP method.
  public static let methodNotAllowed: Self = 40500

  /// The request does not fit the present state of what it wants to change.
  public static let conflict: Self = 40900

  /// The device's registration for push notifications is no longer valid.
  public static let pushRegistrationExpired: Self = 41001
}

extension ErrorInfo.Code {
  static let resourceEntries: [Entry] = [
    Entry(
      .invalidDeviceId, "invalid device id",
      "Send the device id that the device's registration returned."),
    Entry(
      .apnsTokenAuthRequiredForLocation, "location push needs APNs token authentication",
      "Replace the APNs certificate in the app's push settings by an APNs signing key."),
    Entry(
      .noLocationToken, "device has no location token",
      "Let the device obtain a location push token and save its registration with it."),
    Entry(
      .apnsTokenAuthRequiredForPushToStart, "push-to-start needs APNs token authentication",
      """
      Give the app's push settings an APNs signing key before starting live activities by push; a \
      certificate cannot do it.
      """),
    Entry(
      .notFound, "not found",
      """
      Check the app id and the key id letter by letter (case counts), and that the endpoint is theirs: a \
      local service knows only the keys it was started with.
      """),
    Entry(
      .methodNotAllowed, "method not allowed",
      """
      Use the path's own method: `requestToken` and `revokeTokens` are POST, `time` is GET. A redirect may \
      have turned a POST into a GET.
      """),
    Entry(
      .conflict, "conflict",
      "Read the present state first, decide whether the change still makes sense, and send it again."),
    Entry(
      .pushRegistrationExpired, "push registration expired",
      "Let the device register for push again, and remove the old registration."),
  ]
}
