import type { IncomingMessage, ServerResponse } from 'node:http'

type Handle = (req: IncomingMessage, res: ServerResponse) => void

/** Answers requests whose head `node:http` lets through although it can be read in two ways, as it answers malformed ones itself: without
 * asking anybody, and with the end of the connection.
 *
 * 431 for more headers than the limit: those beyond it would be left out, and what a proxy adds comes last, the client's address for
 * one. 400 for more than one Host, or one that is no host: a proxy might have taken another one than we do.
 * @param most how many headers a request may have; `node:http` is to hand out one more
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function refusingHeads(most: number, handle: Handle): Handle {
  return (req, res) => {
    const status = req.httpVersionMajor === 2 ? undefined : refusal(req, most)
    if (status === undefined) handle(req, res)
    else res.writeHead(status, { connection: 'close', 'content-length': 0 }).end()
  }
}

function refusal({ rawHeaders }: IncomingMessage, most: number): number | undefined {
  if (rawHeaders.length > most * 2) return 431
  let host: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== undefined) return 400
    host = rawHeaders[i + 1]!
    if (host !== knownHost && !isHost(host)) return 400
  }
  return undefined
}

// Nearly all requests ask for one host.
let knownHost = ''

function isHost(host: string): boolean {
  if (!authority.test(host)) return false
  knownHost = host
  return true
}

/** The characters of a host with its port (RFC 3986, section 3.2), without a user. */
const authority = /^[\w\-.~!$&'()*+,;=:%[\]]*$/
