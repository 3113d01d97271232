internal import AblyTokens
internal import HTTPTypes

/// Where the pages around an answer are (TG4, TG5). They are looked up when somebody asks: most never do.
struct PageLinks: Sendable {
  /// A page: known, or the reason why nobody should go there.
  typealias Page = Result<RequestTarget, ErrorInfo>

  private let values: [String]
  private let target: RequestTarget
  private let origin: Origin

  /// - Parameters:
  ///   - fields: the header fields of the answer.
  ///   - target: what was asked for.
  ///   - origin: the host, which links must not leave.
  init(_ fields: HTTPFields, of target: RequestTarget, at origin: Origin) {
    values = fields.values("Link")
    self.target = target
    self.origin = origin
  }

  /// The first page: the one that answered, where it does not say otherwise.
  var first: Page { page("first") ?? .success(target) }

  /// The next page; `nil` after the last.
  var next: Page? { page("next") }

  private func page(_ relation: String) -> Page? {
    LinkHeader(values)[relation].map { reference in
      do throws(ErrorInfo) {
        return .success(try target.resolving(reference, at: origin))
      } catch {
        return .failure(error)
      }
    }
  }
}
