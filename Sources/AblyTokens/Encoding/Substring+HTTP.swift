extension Substring {
  /// Without the spaces and tabs at both ends that HTTP allows around values.
  package var trimmingSpaces: Substring {
    var text = self
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
