import { connect, type TLSSocket } from 'node:tls'

/** A connection of HTTP/2 whose frames are written by hand, once its preface has been sent; it may be read or not. */
export function rawHttp2(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }, () => {
      socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      socket.write(frame('settings', 0, 0, Buffer.from('00047fffffff', 'hex'))) // the largest window for every stream,
      socket.write(frame('windowUpdate', 0, 0, Buffer.from('7fff0000', 'hex'))) // and for all together
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

const types = { data: 0, headers: 1, reset: 3, settings: 4, windowUpdate: 8 }
const endStream = 1
const endHeaders = 4

/** A frame (RFC 9113, section 4.1). */
export function frame(type: keyof typeof types, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(types[type], 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** `GET https://a/`. */
export function get(stream: number): Buffer {
  return frame('headers', endStream | endHeaders, stream, Buffer.from('828784410161', 'hex'))
}

/** `POST https://a/`, whose body follows. */
export function post(stream: number, contentType: string): Buffer {
  const type = Buffer.concat([Buffer.from([0x0f, 0x10, contentType.length]), Buffer.from(contentType)])
  return frame('headers', endHeaders, stream, Buffer.concat([Buffer.from('838784410161', 'hex'), type]))
}

/** A part of a body. */
export function data(stream: number, text: string): Buffer {
  return frame('data', 0, stream, Buffer.from(text))
}

/** Leaves a stream (CANCEL). */
export function cancel(stream: number): Buffer {
  return frame('reset', 0, stream, Buffer.from('00000008', 'hex'))
}
