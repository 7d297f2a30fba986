import type { Request as ExpressRequest } from 'express'
import { Controller } from 'regauge'

/** What the middleware of a team adds to a request. */
type Raw = ExpressRequest & {
  session: { visits?: number }
  user?: { name: string }
  file?: { originalname: string; size: number; buffer: Buffer }
  cookies: Record<string, string>
  signedCookies: Record<string, string>
}

export class ProbeController extends Controller {
  hello(): void {
    this.render({ json: { hello: this.params.get('name'), ip: this.request.remoteIp } })
  }

  long(): void {
    this.render({ json: { text: 'x'.repeat(10_000) } })
  }

  visits(): void {
    this.raw.session.visits = (this.raw.session.visits ?? 0) + 1
    this.render({ json: { visits: this.raw.session.visits } })
  }

  account(): void {
    if (this.raw.user === undefined) this.head('unauthorized')
    else this.render({ json: { name: this.raw.user.name } })
  }

  jar(): void {
    this.render({ json: { plain: this.raw.cookies, signed: this.raw.signedCookies } })
  }

  uploads(): void {
    const { file } = this.raw
    this.render({ json: { name: file?.originalname, size: file?.size, text: file?.buffer.toString(), title: this.params.get('title') } })
  }

  fail(): void {
    throw new Error('out of luck')
  }

  private get raw(): Raw {
    return this.request.raw as Raw
  }
}
