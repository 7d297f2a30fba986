const wellFormed = [
  'GET /articles/1?page=2&filter[name]=ann HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n',
  'POST /articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"title":"Hello"}',
  'POST /articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\na[b]=1&c=%41',
  'POST /articles HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n',
  'PUT /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 85\r\n\r\n--x\r\nContent-Disposition: form-data; name="a"; filename="a.txt"\r\n\r\ncontent of it\r\n--x--\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n',
]
const pieces = [
  '\r\n',
  '\n',
  '\0',
  ' ',
  '%',
  '%zz',
  '[',
  ']',
  ':',
  ';',
  ',',
  '{',
  '"',
  '\\',
  'Content-Length: -1\r\n',
  '\xff\xfe',
  '../',
  'HTTP/9.9',
  '0x10',
]

/** A request that something is wrong with, or might be: cut, doubled, with bytes changed and pieces put in. */
export function malformedRequest(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  let text = pick(wellFormed)
  const changes = 1 + Math.floor(random() * 4)
  for (let i = 0; i < changes; i++) {
    const at = Math.floor(random() * text.length)
    const kind = random()
    if (kind < 0.3) text = text.slice(0, at) + pick(pieces) + text.slice(at)
    else if (kind < 0.6) text = text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1)
    else if (kind < 0.75) text = text.slice(0, at)
    else if (kind < 0.9) text = text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 20))
    else text = text.slice(0, at) + text.slice(Math.floor(random() * at))
  }
  return Buffer.from(text, 'latin1')
}
