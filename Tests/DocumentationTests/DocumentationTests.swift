internal import Testing

@Suite("Documentation")
struct DocumentationTests {
  @Test("there are pages and examples to compare")
  func found() {
    let paths = DocumentationPage.all.map(\.path)
    #expect(paths.contains("README.md"))
    #expect(paths.contains { $0.hasSuffix(".swift") })
    #expect(paths.contains { $0.contains(".docc/") })
    #expect(!CompiledExample.all.isEmpty)
  }

  @Test("each block of Swift is one that is compiled, letter for letter", arguments: DocumentationPage.all)
  func compiled(_ page: DocumentationPage) {
    for example in page.examples {
      #expect(
        CompiledExample.all.contains { $0.isShown(as: example) },
        "no snippet in Tests/DocumentationTests/Examples is:\n\(example)")
    }
  }

  @Test("each compiled example is shown somewhere", arguments: CompiledExample.all)
  func shown(_ example: CompiledExample) {
    let isShown = DocumentationPage.all.contains { $0.examples.contains(where: example.isShown) }
    #expect(isShown, "no page shows it")
  }
}
