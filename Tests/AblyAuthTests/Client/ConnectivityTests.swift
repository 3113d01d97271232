internal import AblyAuth
internal import Testing

@Suite("The check of the network")
struct ConnectivityTests {
  static let addresses = [
    ("https://up.example.com", "https up.example.com /"),
    ("HTTP://Up.example.com:80/a/b?c=d#e", "http up.example.com /a/b?c=d"),
    ("https://up.example.com?a=1", "https up.example.com /?a=1"),
  ]

  @Test("REC3b, RTN17j: what is asked is what the address says", arguments: addresses)
  func address(address: String, asked: String) async throws {
    let transport = StubTransport(.text("yes"))
    let client = try RESTClient.stubbed(transport) { $0.connectivityCheckURL = address }
    #expect(await client.hasNetwork(asking: address))
    let sent = transport.sent[0]
    #expect("\(sent.scheme ?? "") \(sent.authority ?? "") \(sent.target)" == asked)
    #expect(sent["Authorization"] == nil)
  }
}
