// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "TokensOnly",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "../../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "TokensOnly", dependencies: [.product(name: "AblyTokens", package: "ably-auth-swift")])
  ]
)
