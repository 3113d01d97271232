extension Hasher {
  /// Takes in a text by its bytes: two spellings of a character are different.
  mutating func combine(bytesOf text: String) {
    var text = text
    text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
