internal import Logging

extension Logger {
  /// The same for a group of services, which would write down each of them with all its members where more is wanted.
  var ofServices: Logger {
    var logger = self
    logger.logLevel = max(logLevel, .notice)
    return logger
  }
}
