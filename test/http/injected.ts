import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Writable } from 'node:stream'

/** What a pipeline sent in answer to an injected request. */
export interface InjectedAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
  /** A header's value; an array for cookies. */
  header(name: string): string | string[] | undefined
}

/** A request as Rack would hand it over: also such ones as `node:http`'s parser would refuse (a space in the path, an unknown method). */
export interface InjectedRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
  readonly remoteAddress?: string
  /** Whether the connection is one of TLS. */
  readonly encrypted?: boolean
  /** Where an Express application would have mounted us. */
  readonly baseUrl?: string
}

/** Hands a request to a pipeline without a network. */
export function inject(handle: (req: IncomingMessage, res: ServerResponse) => void, request: InjectedRequest): Promise<InjectedAnswer> {
  const req = messageFor(request)
  const res = new ServerResponse(req)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(Buffer.from(chunk))
        done()
      },
    })
    res.assignSocket(socket as Socket)
    res.once('finish', () => {
      const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n')
      resolve({ status: res.statusCode, head, body: rest.join('\r\n\r\n'), header: (name) => headerIn(head, name) })
      res.emit('close')
    })
    handle(req, res)
  })
}

function headerIn(head: string, name: string): string | string[] | undefined {
  const lines = head.split('\r\n').slice(1)
  const found = lines.filter((line) => line.toLowerCase().startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
  return name === 'set-cookie' && found.length > 0 ? found : found[0]
}

function messageFor({ method, path, headers = {}, body, remoteAddress, encrypted, baseUrl }: InjectedRequest): IncomingMessage {
  const socket = new Socket()
  if (encrypted) Object.defineProperty(socket, 'encrypted', { value: true })
  if (remoteAddress !== undefined) Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  const req = new IncomingMessage(socket)
  if (baseUrl !== undefined) Object.defineProperty(req, 'baseUrl', { value: baseUrl })
  req.method = method
  req.url = Buffer.from(path, 'utf8').toString('latin1')
  req.httpVersion = '1.1'
  req.httpVersionMajor = req.httpVersionMinor = 1
  for (const [name, value] of Object.entries({ host: 'www.example.com', ...headers })) req.headers[name.toLowerCase()] = value
  if (body !== undefined) {
    req.headers['content-length'] ??= String(body.length)
    const length = Number(req.headers['content-length'])
    if (length > 0) req.push(body.subarray(0, length))
  }
  req.push(null)
  req.complete = true
  return req
}
