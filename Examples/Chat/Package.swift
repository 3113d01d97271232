// swift-tools-version: 6.2
import PackageDescription

// A chat in the terminal: its server gives tokens and moderates, its client stays connected.
let package = Package(
  name: "Chat",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "chat", targets: ["ChatDemo"])],
  dependencies: [
    // Yours would say: .package(url: …, from: …, traits: ["Client", "Endpoint"])
    .package(name: "ably-auth-swift", path: "../..", traits: ["Client", "Endpoint", "Server"]),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
  ],
  targets: [
    .target(
      name: "Chat",
      dependencies: [
        .product(name: "AblyAuth", package: "ably-auth-swift"),
        .product(name: "AblyRealtime", package: "ably-auth-swift"),
        .product(name: "AblyTokenEndpoint", package: "ably-auth-swift"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ]),
    // Its module has a name that differs from the library's in more than case: some disks know no difference.
    .executableTarget(name: "ChatDemo", dependencies: ["Chat"], path: "Sources/chat-demo"),
    .testTarget(
      name: "ChatTests",
      dependencies: ["Chat", .product(name: "AblyService", package: "ably-auth-swift")]),
  ]
)
