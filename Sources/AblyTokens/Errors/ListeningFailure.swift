#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Foundation
#endif

/// Why a server cannot listen.
package enum ListeningFailure {
  /// The address is none of this machine, or the name leads nowhere.
  case host(String)
  case taken
  case forbidden
  case other(String)

  /// Tells which it is.
  ///
  /// - Parameters:
  ///   - code: what `errno` was; `nil` where the system was not asked to listen.
  ///   - isUnknownHost: whether no address is known for the name.
  ///   - text: what else there is to say.
  package init(errno code: Int32?, isUnknownHost: Bool, text: String) {
    self =
      switch code {
      case EADDRINUSE: .taken
      case EADDRNOTAVAIL: .host("this machine has no such address")
      case EACCES: .forbidden
      case let code?: .other(String(cString: strerror(code)))
      case nil where isUnknownHost: .host("no address is known for this name")
      case nil: .other(text)
      }
  }

  /// 40003 for an address that cannot be listened on by anybody here, else 40000.
  package func error(_ host: String, _ port: Int) -> ErrorInfo {
    let place = "cannot listen on \(host), port \(port)"
    return switch self {
    case .host(let why):
      ErrorInfo(
        .invalidParameterValue, "\(place): \(why)",
        remedy: "Listen on 127.0.0.1, or on an address that `ip address` shows.")
    case .taken:
      ErrorInfo(
        .badRequest, "\(place): another process uses the port",
        remedy: "Stop what uses the port, or take another one; 0 takes a free one.")
    case .forbidden:
      ErrorInfo(
        .badRequest, "\(place): this user may not use the port",
        remedy: "Take a port from 1024 on; 0 takes a free one.")
    case .other(let why):
      ErrorInfo(
        .badRequest, "\(place): \(why)", remedy: "Check the address and the port; 0 takes a free one.")
    }
  }
}
