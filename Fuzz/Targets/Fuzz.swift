internal import Foundation

/// What is fuzzed, by the name of its folder of seeds.
enum FuzzTarget: String, CaseIterable {
  case json, capability, jwt, token, frame, live, query
  case tokenRequest = "token-request"
  case messagePack = "messagepack"

  /// The one that the environment names.
  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      fatalError("FUZZ_TARGET is one of \(allCases.map(\.rawValue))")
    }
    return target
  }()

  /// Reads bytes. Whatever they are, it returns; what must hold of what was read is checked.
  func read(_ bytes: [UInt8]) {
    switch self {
    case .json: Documents.readJSON(bytes)
    case .messagePack: Documents.readMessagePack(bytes)
    case .frame: Documents.readFrame(bytes)
    case .live: Live.readFrames(bytes)
    case .query: Live.readQuery(bytes)
    case .capability: Texts.readCapability(bytes)
    case .tokenRequest: Texts.readTokenRequest(bytes)
    case .jwt: Tokens.readJWT(bytes)
    case .token: Tokens.readToken(bytes)
    }
  }
}

/// Ends the run where something does not hold that must.
func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { fatalError(what()) }
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
