import type { Stub } from './translation.ts'

const texts: Record<Stub, string> = {
  environment: "const environment = process.env.REGAUGE_ENV || process.env.NODE_ENV || 'development'",
  actionName: "type ActionName = 'index' | 'create' | 'new' | 'show' | 'update' | 'destroy' | 'edit'",
  linked: `/** A record, for what is read from it. */
interface Linked {
  readonly [name: string]: Linked
}`,
  helpers: `/** What custom URLs call. */
interface UrlHelpers {
  readonly named: Readonly<Record<string, (...args: unknown[]) => string>>
  routeFor(name: unknown, ...args: unknown[]): unknown
  polymorphicUrl(record: unknown, options?: UrlOptions): string
  polymorphicPath(record: unknown, options?: UrlOptions): string
}`,
  query: `const query = (request: RequestAttributes, name: string) => new URLSearchParams(request.fullpath.replace(/^[^?]*/, '')).get(name) ?? ''`,
  undecided: `// PORT: conditions that only Ruby can answer; each counts as false until it is written by hand.
const undecided = (_ruby: string): boolean => false`,
  denied: `// PORT: constraints that are still Ruby; until each is written by hand, its routes match nothing.
const denied = (): boolean => false`,
  unknownTarget: `// PORT: redirects whose target only Ruby can tell; each fails until it is written by hand.
const unknownTarget = (ruby: string) => (): string => {
  throw new Error(\`\${ruby} is not ported yet\`)
}`,
  notPorted: `// PORT: what Rails mounts here is Ruby; each is answered with 501 until it is replaced.
const notPorted = (name: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(501, { 'content-type': 'text/plain' }).end(\`\${name} is not ported yet\`)
}`,
  passed: `// PORT: what Rails mounts at the root is Ruby; until it is replaced, each passes every request on to the routes after it.
const passed = (_name: string) => (_request: IncomingMessage, _response: ServerResponse, next: () => void) => next()`,
  rack: `const rack = (status: number, headers: Record<string, string>, text: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, headers).end(text)
}`,
}

/** The definitions that an output needs, in a fixed order. */
export function stubText(stubs: ReadonlySet<Stub>): string[] {
  return (Object.keys(texts) as Stub[]).filter((stub) => stubs.has(stub)).map((stub) => texts[stub])
}
