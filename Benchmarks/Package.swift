// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses the libraries builds it. Without traits the package above
// gives AblyTokens and swift-crypto, which is all that is measured here.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "..", traits: []),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
  ],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings)
  ]
)
