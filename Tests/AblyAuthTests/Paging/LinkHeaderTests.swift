internal import Testing

@testable internal import AblyAuth

@Suite("Link header fields")
struct LinkHeaderTests {
  static let links: [([String], [String: String])] = [
    ([], [:]),
    ([#"<./messages?a=1>; rel="next""#], ["next": "./messages?a=1"]),
    ([#"</a>; rel="first", </b>; rel="next""#], ["first": "/a", "next": "/b"]),
    ([#"</a>; rel="first""#, #"</b>; rel="next""#], ["first": "/a", "next": "/b"]),
    (["</a>;rel=next"], ["next": "/a"]),
    ([#"</a>; REL="NEXT""#], ["next": "/a"]),
    ([#"</a>; rel="first current""#], ["first": "/a", "current": "/a"]),
    ([#"</a>; title="x, </evil>; rel=\"next\""; rel="next""#], ["next": "/a"]),
    ([#"</a,b;c>; rel="next""#], ["next": "/a,b;c"]),
    ([#"</a>; rel="next"; rel="first""#], ["next": "/a"]),
    ([#"</a>; rel="next", </b>; rel="next""#], ["next": "/a"]),
    ([#"</a>; foo; rel="next""#], ["next": "/a"]),
    ([#" < /a > ; rel = "next" "#], ["next": " /a "]),
    ([#"</a>"#, #"</b>; rel="""#, "rel=next", "<", "</c", #"</d>; rel="next"#], ["next": "/d"]),
    ([#"garbage </a>; rel="next""#], ["next": "/a"]),
  ]

  @Test("TG4, TG5: relations and their targets (RFC 8288)", arguments: links)
  func parsing(values: [String], targets: [String: String]) {
    let header = LinkHeader(values)
    for relation in ["first", "next", "current", "last"] {
      #expect(header[relation] == targets[relation])
    }
  }

  @Test("a flood of links is not read")
  func flood() {
    let flood = String(repeating: "<a>; rel=x, ", count: 1000) + "<b>; rel=first"
    #expect(LinkHeader([flood + String(repeating: ",<c>; rel=next", count: 1000)])["next"] == nil)
    #expect(LinkHeader([String(repeating: "<", count: 16_000)])["next"] == nil)
  }
}
