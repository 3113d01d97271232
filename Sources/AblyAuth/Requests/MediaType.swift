/// The media types of requests and answers (RSC8).
enum MediaType {
  static let json = "application/json"

  /// Whether an answer of this `Content-Type` can be read. One that names none is taken for what was asked.
  static func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return true }
    return essence(contentType) == json
  }

  /// The type without its parameters, such as a charset.
  static func essence(_ contentType: String) -> String {
    contentType.prefix { $0 != ";" }.trimmingSpaces.lowercased()
  }
}

extension Substring {
  /// Without the spaces and tabs at both ends that HTTP allows around values.
  var trimmingSpaces: Substring {
    var text = self
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
