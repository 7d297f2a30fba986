import type { Request } from '../http/index.ts'

/** Where the secret is kept that a browser's CSRF tokens are made of. */
export interface CsrfTokenStore {
  fetch(request: Request): string | undefined
  store(request: Request, token: string): void
  reset(request: Request): void
}

/** Keeps it in the session, under the name that Rails uses. */
export const sessionTokenStore: CsrfTokenStore = {
  fetch(request) {
    const token = request.session['_csrf_token']
    return typeof token === 'string' ? token : undefined
  },
  store(request, token) {
    request.session['_csrf_token'] = token
  },
  reset(request) {
    if ('_csrf_token' in request.session) delete request.session['_csrf_token']
  },
}

/** Keeps it in an encrypted cookie beside the session's id, for applications whose session isn't there on every page. */
export class CookieTokenStore implements CsrfTokenStore {
  readonly #name: string

  constructor(name = 'csrf_token') {
    this.#name = name
  }

  fetch(request: Request): string | undefined {
    const text = request.cookies.encrypted.get(this.#name)
    const { token, session_id } = contentsOf(text)
    return session_id?.public_id === request.sessionState.idWas ? token : undefined
  }

  store(request: Request, token: string): void {
    const id = request.sessionState.id
    const contents = JSON.stringify({ token, session_id: id === undefined ? null : { public_id: id } })
    request.cookies.encrypted.permanent.set(this.#name, contents, { httpOnly: true, sameSite: 'lax' })
  }

  reset(request: Request): void {
    request.cookies.delete(this.#name)
  }
}

interface Contents {
  readonly token?: string
  readonly session_id?: { readonly public_id?: string } | null
}

function contentsOf(text: unknown): Contents {
  try {
    const contents: unknown = JSON.parse(String(text))
    return isContents(contents) ? contents : {}
  } catch {
    return {}
  }
}

function isContents(value: unknown): value is Contents {
  return typeof value === 'object' && value !== null && typeof (value as Contents).token === 'string'
}
