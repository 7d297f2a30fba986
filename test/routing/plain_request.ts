import type { RequestAttributes } from '../../src/routing/index.ts'

/** What routes ask of a request: a GET of `/` at `example.com`, but for what is given. */
export function plainRequest({ path = '/', ...given }: Partial<RequestAttributes> = {}): RequestAttributes {
  return {
    method: 'GET',
    path,
    fullpath: path,
    scriptName: '',
    host: 'example.com',
    port: 80,
    protocol: 'http',
    subdomains: [],
    remoteIp: '127.0.0.1',
    header: () => undefined,
    ...given,
  }
}
