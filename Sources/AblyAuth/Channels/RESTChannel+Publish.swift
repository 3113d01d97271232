public import AblyTokens
public import AblyWire
internal import HTTPTypes

extension RESTChannel {
  /// Publishes one message of a name and data, either of which may be absent (RSL1b, RSL1e).
  ///
  /// - Throws: as ``publish(_:params:)-([Message],_)``.
  @discardableResult
  public func publish(name: String?, data: MessageData?) async throws(ErrorInfo) -> PublishResult {
    try await publish([Message(name: name, data: data)])
  }

  /// Publishes one message (RSL1b).
  ///
  /// - Throws: as ``publish(_:params:)-([Message],_)``.
  @discardableResult
  public func publish(
    _ message: Message, params: [String: String] = [:]
  ) async throws(ErrorInfo) -> PublishResult {
    try await publish([message], params: params)
  }

  /// Publishes messages in one request, all or none (RSL1c).
  ///
  /// A message's client id is left as it is (RSL1m): a client that has an identity need not set it, one whose
  /// credentials allow any identity may.
  ///
  /// - Parameters:
  ///   - messages: at least one.
  ///   - params: what to add to the query of the request (RSL1l).
  /// - Throws: 40009 when they are larger than ``ClientOptions/maxMessageSize`` (RSL1i), 40013 for data that
  ///   no message can carry (RSL4a), 40030 without a message, 40010 for a channel without a name; the
  ///   service's refusal, such as 40160; 50003 when it does not answer in time, 80000 when it cannot be
  ///   reached.
  @discardableResult
  public func publish(
    _ messages: [Message], params: [String: String] = [:]
  ) async throws(ErrorInfo) -> PublishResult {
    let query = params.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    let answer = try await client.send(
      RESTCall(
        method: .post, target: try target(["messages"], query), body: try body(of: identified(messages)),
        bodyFormat: client.sender.format))
    return PublishResult(serials: (answer.body["serials"]?.array ?? []).map(\.string))
  }

  private func body(of messages: [Message]) throws(ErrorInfo) -> [UInt8] {
    guard !messages.isEmpty else { throw .nothingToPublish }
    let size = messages.reduce(0) { $0 + $1.size }
    guard size <= client.maxMessageSize else { throw .tooLarge(size, limit: client.maxMessageSize) }
    var elements: [JSONValue] = []
    for message in messages { elements.append(try message.json()) }
    return client.sender.format.encode(.array(elements))
  }

  /// Messages without ids get some, so that a publish that is sent again is published once (RSL1k1). Ids of
  /// the caller's stay as they are (RSL1k2, RSL1k3).
  private func identified(_ messages: [Message]) -> [Message] {
    guard client.makesMessageIds, messages.allSatisfy({ $0.id?.isEmpty != false }) else { return messages }
    let base = RandomText.next()
    return messages.enumerated().map { index, message in
      var message = message
      message.id = "\(base):\(index)"
      return message
    }
  }
}
