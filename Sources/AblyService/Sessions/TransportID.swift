/// A socket, or what stands for one, among those of this process. One connection may have several, one after
/// the other.
struct TransportID: Sendable, Hashable {
  let value: UInt64
}
