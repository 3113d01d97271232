/// The console: a page that looks into tokens. Its files are built into the tool.
enum Console {
  /// Where it stands.
  static let path = "/console"

  /// Something that is sent as it is.
  struct File: Sendable {
    let mediaType: String
    let bytes: [UInt8]
  }

  /// What a path gives; `nil` for a path that is not the console's.
  static func file(at path: Substring) -> File? {
    switch path {
    case "/console", "/console/":
      File(mediaType: "text/html; charset=utf-8", bytes: PackageResources.console_html)
    case "/console/console.css":
      File(mediaType: "text/css; charset=utf-8", bytes: PackageResources.console_css)
    case "/console/icon.svg": File(mediaType: "image/svg+xml", bytes: PackageResources.icon_svg)
    case "/console/capability.js": script(PackageResources.capability_js)
    case "/console/reading.js": script(PackageResources.reading_js)
    case "/console/elements.js": script(PackageResources.elements_js)
    case "/console/report.js": script(PackageResources.report_js)
    case "/console/service.js": script(PackageResources.service_js)
    case "/console/endpoint.js": script(PackageResources.endpoint_js)
    case "/console/console.js": script(PackageResources.console_js)
    default: nil
    }
  }

  /// The path of what the page asks about the process that serves it.
  static let sitePath = "/console/site.json"

  private static func script(_ bytes: [UInt8]) -> File {
    File(mediaType: "text/javascript; charset=utf-8", bytes: bytes)
  }

  /// Header fields that go with each of them. The page may load and ask nothing but what stands beside it, no other
  /// page may frame it, and text never becomes markup or a script.
  static let headers = [
    (
      name: "Content-Security-Policy",
      value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    (name: "Cache-Control", value: "no-store"),
    (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
    (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
    (name: "Referrer-Policy", value: "no-referrer"),
    (name: "X-Content-Type-Options", value: "nosniff"),
    (name: "X-Frame-Options", value: "DENY"),
  ]
}
