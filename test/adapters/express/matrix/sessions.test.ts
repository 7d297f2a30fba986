import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import cookieParser from 'cookie-parser'
import express from 'express'
import session from 'express-session'
import passportModule, { Strategy as CustomStrategy } from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import type { Middleware } from '../../../../src/http/index.ts'
import { inEveryHost } from '../hosts.ts'

interface User {
  readonly name: string
}

const sessions = () => session({ secret: 'test', resave: false, saveUninitialized: false })

type Authenticator = InstanceType<typeof passportModule.Authenticator>

function authenticator(): Authenticator {
  const passport = new passportModule.Authenticator()
  passport.serializeUser((user, done) => done(null, (user as User).name))
  passport.deserializeUser((name: string, done) => done(null, { name }))
  passport.use(new LocalStrategy((username, password, done) => done(null, password === 'right' ? { name: username } : false)))
  return passport
}

/** The strategy only where somebody logs in, as a route of Express has it. */
const atLogin =
  (passport: Authenticator): Middleware =>
  (req, res, next) =>
    req.method === 'POST' ? passport.authenticate('local')(req, res, next) : next()

class HeaderStrategy extends CustomStrategy {
  override authenticate(req: express.Request): void {
    const name = req.get('x-user')
    if (name === undefined) this.pass()
    else this.success({ name })
  }
}

describe('middleware that knows who is there', () => {
  inEveryHost((host) => {
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''

    it('express-session keeps what an action writes', async () => {
      const url = await host.serve([sessions()])
      const first = await fetch(`${url}/visits`)
      expect(await first.json()).to.deep.equal({ visits: 1 })
      expect(await (await fetch(`${url}/visits`, { headers: { cookie: cookieOf(first) } })).json()).to.deep.equal({ visits: 2 })
    })

    it('cookie-parser reads plain and signed cookies', async () => {
      const url = await host.serve([cookieParser('secret')])
      const signature = createHmac('sha256', 'secret').update('2').digest('base64').replace(/=+$/, '')
      const cookie = `a=1; b=${encodeURIComponent(`s:2.${signature}`)}; c=${encodeURIComponent('s:3.forged')}`
      const { plain, signed } = (await (await fetch(`${url}/cookies`, { headers: { cookie } })).json()) as Record<string, object>
      expect(plain).to.deep.equal({ a: '1' })
      expect(signed).to.deep.equal({ b: '2', c: false })
    })

    it('passport logs in with a local strategy, and remembers it in the session', async () => {
      const passport = authenticator()
      const url = await host.serve([sessions(), express.json(), passport.session(), atLogin(passport)])
      const login = (password: string) =>
        fetch(`${url}/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: 'ann', password }),
        })
      expect((await login('wrong')).status).to.equal(401)
      const answer = await login('right')
      expect([answer.status, await answer.json()]).to.deep.equal([200, { name: 'ann' }])
      const remembered = await fetch(`${url}/account`, { headers: { cookie: cookieOf(answer) } })
      expect(await remembered.json()).to.deep.equal({ name: 'ann' })
      expect((await fetch(`${url}/account`)).status).to.equal(401)
    })

    it("passport asks a strategy of the team's own at every request", async () => {
      const passport = new passportModule.Authenticator()
      passport.use('header', new HeaderStrategy())
      const url = await host.serve([passport.authenticate('header', { session: false })])
      expect(await (await fetch(`${url}/account`, { headers: { 'x-user': 'bob' } })).json()).to.deep.equal({ name: 'bob' })
      expect((await fetch(`${url}/account`)).status).to.equal(401)
    })
  })
})
