internal import HTTPTypes

/// Pages that stand beside an endpoint, such as those of a tool: an answer to a request, or `nil` for one that is
/// not theirs.
package typealias EndpointPages = @Sendable (EndpointPageRequest) -> EndpointResponse?

/// What a page has to know of a request.
package struct EndpointPageRequest: Sendable {
  /// The method, in capitals.
  package let method: String

  /// The path, without the query.
  package let path: Substring

  /// The address that the connection comes from.
  package let peer: IPAddress?

  /// The values of `Host`, `Origin` and `Sec-Fetch-Site`; repeated ones joined with a comma.
  package let host, origin, fetchSite: String?
}
