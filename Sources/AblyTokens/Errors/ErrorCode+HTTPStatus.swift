extension ErrorInfo.Code {
  /// The code for an HTTP answer that names none.
  ///
  /// 429 and 413 have one code that means just that; another status has the general code of its hundred
  /// (401 is 40100, 404 is 40400) where there is one, else of its class: 40000 for the client's errors and
  /// 50000 for everything else. A specific code would claim more than the status says.
  package init(httpStatus: Int) {
    switch httpStatus {
    case 413: self = .maxMessageSizeExceeded
    case 429: self = .rateLimited
    case 400...499:
      let general = Self(rawValue: httpStatus * 100)
      self = general.title == nil ? .badRequest : general
    default: self = .internalError
    }
  }
}
