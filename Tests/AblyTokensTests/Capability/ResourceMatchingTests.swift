internal import Testing

@testable internal import AblyTokens

@Suite("Which names a resource matches")
struct ResourceMatchingTests {
  private static let matching: [(Capability.Resource, String)] = [
    ("chat", "chat"), ("*", "chat"), ("*", "chat:lobby"), ("*", "a:b:c:d"),
    ("namespace:*", "namespace:channel"),
    ("namespace:*", "namespace:channel:other"), ("foo:*:baz", "foo:bar:baz"), ("foo:*", "foo:bar:bam:baz"),
    ("*:*", "a:b"), ("*:*", "a:b:c"), ("*:b", "a:b"), ("*:*:c", "a:b:c"), ("a:*:*", "a:b:c:d"),
    // A star beside other characters is a character, in a resource and in a name.
    ("foo*", "foo*"), ("*foo", "*foo"), ("f*o:bar", "f*o:bar"), ("**", "**"), ("**", "**"), ("*", "*"),
    ("a:*", "a:*"), ("a:*", "a:**"),
    // Empty segments are segments.
    ("a:*", "a:"), ("*:a", ":a"), ("a:*:b", "a::b"), ("a::b", "a::b"), ("a:", "a:"),
    // Qualifiers.
    ("[queue]*", "[queue]app-q"), ("[queue]app-q", "[queue]app-q"), ("[meta]*", "[meta]log"),
    ("[meta]stats:*", "[meta]stats:minute"), ("[*]*", "chat"), ("[*]*", "a:b:c"), ("[*]*", "[queue]q"),
    ("[*]*", "[meta]stats:minute"), ("[*]chat", "chat"), ("[*]chat", "[meta]chat"),
    ("[*]a:*:c", "[queue]a:b:c"),
    ("[filter]chat", "[filter=bmFtZQ==]chat"), ("[*]chat", "[filter=bmFtZQ==]chat"), ("[new]x", "[new]x"),
    ("[*]*", "[new]x"),
    // Channel params say how a channel is attached, not which it is.
    ("chat", "[?rewind=1]chat"), ("*", "[?rewind=1]a:b"), ("[meta]log", "[meta?rewind=1]log"),
    ("[?]chat", "chat"), ("[?rewind=1]chat:*", "chat:lobby"), ("[meta?x=y]*", "[meta]log"), ("[*?]*", "chat"),
    ("chat]", "chat]"), ("a[b]", "a[b]"), ("日本:*", "日本:東京"),
  ]

  @Test("a resource matches a name", arguments: matching)
  func matches(resource: Capability.Resource, name: String) {
    #expect(resource.matches(name))
    #expect(CapabilityReference.resource(resource.text, matches: name))
  }

  private static let refused: [(Capability.Resource, String)] = [
    ("chat", "chat:lobby"), ("chat", "cha"), ("chat", "chatty"), ("chat", "Chat"), ("chat:*", "chat"),
    ("foo:*", "foo"), ("foo:*:baz", "foo:bar:bam:baz"), ("foo:*:baz", "foo:baz"), ("foo:*:baz", "foo:bar"),
    ("foo:*:baz", "foo:bar:baz:"), ("*:b", "b"), ("*:b", "a:b:b"), ("*:*", "a"), ("foo*", "foobar"),
    ("foo*", "foo:bar"), ("*foo", "afoo"), ("a:b*:c", "a:bb:c"), ("**", "ab"), ("a:", "a"), ("a", "a:"),
    ("*", "[queue]q"), ("*", "[meta]log"), ("*", "[filter=x]chat"), ("*", "[new]x"), ("[queue]*", "q"),
    ("[queue]*", "[meta]q"), ("[queue]*", "[queues]q"), ("[queues]*", "[queue]q"), ("[meta]*", "log"),
    ("[meta]stats", "[meta]stats:minute"), ("[*]chat", "[meta]chatty"), ("[*]chat", "chat:a"),
    ("[filter]chat", "chat"), ("chat", "[filter=x]chat"), ("[Queue]*", "[queue]q"),
  ]

  @Test("a resource does not match a name", arguments: refused)
  func doesNotMatch(resource: Capability.Resource, name: String) {
    #expect(!resource.matches(name))
    #expect(!CapabilityReference.resource(resource.text, matches: name))
  }

  @Test(
    "a name that cannot be read is matched by nothing",
    arguments: [
      "", "[", "[queue", "[queue]", "[?]", "[]chat", "[=x]chat", "[?][meta]log", "[queue][meta]log",
    ])
  func flawedNames(name: String) {
    for resource: Capability.Resource in [
      "*", "[*]*", "[queue]*", "[meta]*", "[?]*", Capability.Resource(name),
    ] {
      #expect(!resource.matches(name), "\(resource)")
    }
  }

  @Test(
    "a resource that cannot be read matches nothing",
    arguments: [
      "", "[", "[*", "[*]", "[]*", "[?", "[?][*]*", "[=x]*", "[*=x]*", "[filter=x]chat", "[queue]",
      "[queue][queue]q",
    ] as [Capability.Resource])
  func flawedResources(resource: Capability.Resource) {
    #expect(!resource.isWellFormed)
    #expect(resource.segments == [] && resource.qualifier == nil)
    for name in ["chat", "[queue]q", "[filter=x]chat", "[*]x", resource.text] {
      #expect(!resource.matches(name), "\(name)")
    }
    #expect(!resource.contains("chat"))
    #expect(Capability.Resource("chat").contains(resource))
    #expect(resource.intersection("[*]*") == nil)
  }

  @Test("names that String takes for equal are different names")
  func bytes() {
    let pairs = [
      ("caf\u{E9}", "cafe\u{301}"), ("\u{212A}", "K"), ("a\u{37E}", "a;"), ("\u{1E69}", "s\u{323}\u{307}"),
    ]
    for (left, right) in pairs {
      #expect(left == right, "the pair is canonically equivalent")
      #expect(!Capability.Resource(left).matches(right))
      #expect(!Capability.Resource("x:\(left):*").matches("x:\(right):y"))
      #expect(!Capability.Resource("[\(left)]x").matches("[\(right)]x"))
      #expect(Capability.Resource(left) != Capability.Resource(right))
      #expect(Capability.Resource(left).intersection(Capability.Resource(right)) == nil)
      #expect(!Capability.Resource(left).contains(Capability.Resource(right)))
      #expect(Capability.Resource(left).matches(left))
    }
  }

  @Test("a star or colon followed by a combining mark is still a star or a colon")
  func combiningMarks() {
    // As a Character "*\u{301}" is not "*"; as bytes the segment is longer than the wildcard.
    #expect(!Capability.Resource("a:*\u{301}").matches("a:b"))
    #expect(Capability.Resource("a:*").matches("a:\u{301}b"))
    #expect(!Capability.Resource("*:b").matches("a:\u{301}b"))
    #expect(Capability.Resource("[queue]*").matches("[queue]\u{301}x"))
  }

  @Test("its parts are those between the colons")
  func parts() {
    #expect(Capability.Resource("a:*:c").segments == ["a", "*", "c"])
    #expect(Capability.Resource("a:*:c").qualifier == nil)
    #expect(Capability.Resource("[queue]a:").segments == ["a", ""])
    #expect(Capability.Resource("[queue]a:").qualifier == "queue")
    #expect(Capability.Resource("[*]*").qualifier == "*")
    #expect(Capability.Resource("[meta?x=1]log").qualifier == "meta")
    #expect(Capability.Resource("[?x=1]log").qualifier == nil)
    #expect(Capability.Resource("[?x=1]log").segments == ["log"])
    #expect("\(Capability.Resource("[?x=1]log"))" == "[?x=1]log")
  }
}
