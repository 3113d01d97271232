internal import HTTPTypes
internal import NIOCore

extension ByteBuffer {
  /// Writes a whole answer, as HTTP/1.1.
  mutating func write(_ response: EndpointResponse, date: [UInt8], closes: Bool, withBody: Bool) {
    if response.status == .ok {
      writeStaticString("HTTP/1.1 200 OK\r\n")
    } else {
      writeString("HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n")
    }
    for field in response.headerFields {
      writeString(field.name.rawName)
      writeStaticString(": ")
      writeString(field.value)
      writeStaticString("\r\n")
    }
    writeStaticString("Date: ")
    writeBytes(date)
    if closes { writeStaticString("\r\nConnection: close") }
    if response.status != .noContent {
      writeStaticString("\r\nContent-Length: ")
      writeString(String(response.body.count))
    }
    writeStaticString("\r\n\r\n")
    if withBody { writeBytes(response.body) }
  }
}
