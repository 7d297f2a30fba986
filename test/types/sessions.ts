import { Controller, type cookiesOf, type SessionData, type sessionOf } from 'regauge'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const isTrue = <T extends true>(): T | undefined => undefined

declare module 'regauge' {
  interface SessionData {
    typed_user_id?: number
  }
}

export class SessionTypes extends Controller {
  types() {
    isTrue<Equal<typeof this.session.typed_user_id, number | undefined>>()
    isTrue<Equal<(typeof this.session)['anything'], unknown>>()
    isTrue<Equal<ReturnType<typeof this.cookies.get>, string | undefined>>()
    isTrue<Equal<ReturnType<typeof this.cookies.encrypted.get>, unknown>>()
    isTrue<Equal<Awaited<ReturnType<typeof sessionOf>>, SessionData>>()
    isTrue<Equal<ReturnType<typeof cookiesOf>, typeof this.cookies>>()
    this.session.typed_user_id = 1
    // @ts-expect-error a number was declared
    this.session.typed_user_id = 'one'
    this.session['cart'] = [1]
    this.cookies.set('a', 1, { httpOnly: true, sameSite: 'lax' })
    // @ts-expect-error the option is httpOnly
    this.cookies.set('a', 1, { httponly: true })
    // @ts-expect-error no such value
    this.cookies.set('a', 1, { sameSite: 'loose' })
    // @ts-expect-error an object must be signed or encrypted
    this.cookies.set('a', { id: 1 })
    this.cookies.permanent.signed.set('a', { id: 1 })
  }
}
