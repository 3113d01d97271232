extension String {
  /// Whether both are the same bytes: `==` also takes two canonically equivalent spellings of é for one.
  package func isSpelt(as other: String) -> Bool {
    withStoredUTF8 { left in
      other.withStoredUTF8 { right in
        guard left.count == right.count else { return false }
        let (left, right) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        var place = 0
        while place &+ ByteWord.count <= left.count {
          guard ByteWord(left, at: place).bits == ByteWord(right, at: place).bits else { return false }
          place &+= ByteWord.count
        }
        return left[place...].elementsEqual(right[place...])
      }
    }
  }
}
