internal import Testing

@testable internal import AblyService

@Suite("The clock of a node")
struct NodeClockTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let moment: Int64
    let call: ClosedRange<Int64>
    let correction: Int64
    var testDescription: String { name }
  }

  @Test(
    "is corrected by what is certainly wrong with it",
    arguments: [
      Case(name: "within the call", moment: 1005, call: 1000...1010, correction: 0),
      Case(name: "at its ends, cut off to milliseconds", moment: 999, call: 1000...1010, correction: 0),
      Case(name: "a minute ahead", moment: 1000, call: 61_000...61_004, correction: -60_000),
      Case(name: "a minute behind", moment: 61_000, call: 1000...1004, correction: 59_996),
    ])
  func corrects(_ one: Case) {
    let clock = NodeClock()
    let changed = clock.heed(one.moment, during: one.call)
    #expect(clock.correction == one.correction)
    #expect(changed == (one.correction != 0))
    let call = one.call.lowerBound + clock.correction...one.call.upperBound + clock.correction
    #expect(!clock.heed(one.moment, during: call), "it is right then")
  }
}
