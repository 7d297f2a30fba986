/** The texts of `actioncable-v1-json`, key by key in the order Rails writes them. */
export const frames = {
  welcome: () => '{"type":"welcome"}',
  ping: (seconds: number) => `{"type":"ping","message":${seconds}}`,
  confirm: (identifier: string) => `{"identifier":${JSON.stringify(identifier)},"type":"confirm_subscription"}`,
  reject: (identifier: string) => `{"identifier":${JSON.stringify(identifier)},"type":"reject_subscription"}`,
  message: (identifier: string, json: string) => `{"identifier":${JSON.stringify(identifier)},"message":${json}}`,
  disconnect: (reason: string, reconnect: boolean) => `{"type":"disconnect","reason":${JSON.stringify(reason)},"reconnect":${reconnect}}`,
}

/** The bytes of one unmasked WebSocket text frame (RFC 6455, section 5.2), so that one buffer can be written to many sockets. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const offset = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(offset + length)
  frame[0] = 0x81
  if (offset === 2) frame[1] = length
  else if (offset === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, offset)
  return frame
}
