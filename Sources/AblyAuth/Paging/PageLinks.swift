internal import AblyTokens
internal import HTTPTypes

/// Where the pages around an answer are (TG4, TG5).
struct PageLinks: Sendable {
  /// A page: known, or the reason why nobody should go there.
  typealias Page = Result<RequestTarget, ErrorInfo>

  /// The first page: the one that answered, where it does not say otherwise.
  let first: Page

  /// The next page; `nil` after the last.
  let next: Page?

  /// - Parameters:
  ///   - fields: the header fields of the answer.
  ///   - target: what was asked for.
  ///   - origin: the host, which links must not leave.
  init(_ fields: HTTPFields, of target: RequestTarget, at origin: Origin) {
    let links = LinkHeader(fields.values("Link"))
    func page(_ relation: String) -> Page? {
      links[relation].map { reference in
        do throws(ErrorInfo) {
          return .success(try target.resolving(reference, at: origin))
        } catch {
          return .failure(error)
        }
      }
    }
    first = page("first") ?? .success(target)
    next = page("next")
  }
}
