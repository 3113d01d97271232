internal import Synchronization

private let lastAddress = Atomic<UInt>(0)

/// Makes the optimiser believe that `value` is needed: its address leaves the program's sight, so the value
/// has to be computed, whole and in memory.
@inline(never)
func blackHole<Value>(_ value: Value) {
  withUnsafeBytes(of: value) { bytes in
    lastAddress.store(UInt(bitPattern: bytes.baseAddress), ordering: .relaxed)
  }
}
