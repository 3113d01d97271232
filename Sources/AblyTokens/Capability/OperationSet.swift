extension Capability {
  /// The operations of one rule as a bit mask: deciding about a named operation is one AND.
  ///
  /// `*` sets every bit, its own included, and swallows whatever stands beside it.
  struct OperationSet: Sendable, Hashable {
    private var mask: UInt32
    // Sorted, each once, so that a list of thousands is searched in a few steps; empty under `*`.
    private var unnamed: [Operation]

    init(_ operations: some Sequence<Operation> = []) {
      mask = 0
      unnamed = []
      for operation in operations {
        if operation.bit == 0 { unnamed.append(operation) } else { mask |= operation.bit }
      }
      settle()
    }

    private init(mask: UInt32, unnamed: [Operation]) {
      self.mask = mask
      self.unnamed = unnamed
    }

    var isEmpty: Bool { mask == 0 && unnamed.isEmpty }
    var isEverything: Bool { mask == .max }

    /// Whether there are some, and all have a name here.
    var isNamed: Bool { mask != 0 && unnamed.isEmpty }

    func contains(_ operation: Operation) -> Bool {
      operation.bit != 0 ? mask & operation.bit != 0 : isEverything || lists(operation)
    }

    private func lists(_ operation: Operation) -> Bool {
      var low = 0
      var high = unnamed.count
      while low < high {
        let middle = (low + high) / 2
        if unnamed[middle] < operation { low = middle + 1 } else { high = middle }
      }
      return low < unnamed.count && unnamed[low] == operation
    }

    private mutating func settle() {
      if mask & Operation.all.bit != 0 {
        mask = .max
        unnamed = []
      } else if unnamed.count > 1 {
        unnamed.sort()
        unnamed = unnamed.indices.compactMap { index in
          index > 0 && unnamed[index] == unnamed[index - 1] ? nil : unnamed[index]
        }
      }
    }

    mutating func formUnion(_ other: OperationSet) {
      mask |= other.mask
      if mask == .max {
        unnamed = []
      } else if !other.unnamed.isEmpty {
        unnamed += other.unnamed
        settle()
      }
    }

    func union(_ other: OperationSet) -> OperationSet {
      var union = self
      union.formUnion(other)
      return union
    }

    func intersection(_ other: OperationSet) -> OperationSet {
      if isEverything { return other }
      if other.isEverything { return self }
      return OperationSet(mask: mask & other.mask, unnamed: unnamed.filter(other.lists))
    }

    func isSubset(of other: OperationSet) -> Bool {
      if other.isEverything { return true }
      return mask & ~other.mask == 0 && unnamed.allSatisfy(other.lists)
    }

    /// `*` alone, or the listed operations in the order of their bytes.
    var sorted: [Operation] {
      if isEverything { return [.all] }
      if mask == 0 { return unnamed }
      let named = Self.namedInOrder.filter { mask & $0.bit != 0 }
      return unnamed.isEmpty ? named : (named + unnamed).sorted()
    }

    private static let namedInOrder = Operation.named.sorted()
  }
}
