/// How much goes into one page.
enum PageSize {
  /// A page ends before what it shows takes more in memory, in bytes, roughly: many may be on their way to clients who are
  /// slow to read them.
  static let maximumWeight = 4 << 20

  /// How many of what is asked for goes into a page, by what each takes: one at least, where there is one.
  static func count(of weights: some Sequence<Int>) -> Int {
    var (count, total) = (0, 0)
    for weight in weights {
      total += weight
      guard count == 0 || total <= maximumWeight else { break }
      count += 1
    }
    return count
  }
}
