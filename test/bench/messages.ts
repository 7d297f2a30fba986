import jwt from 'jsonwebtoken'
import {
  encryptedCookieCodec,
  isValidCsrfToken,
  KeyGenerator,
  maskedCsrfToken,
  MessageEncryptor,
  MessageVerifier,
} from '../../src/messages/index.ts'
import type { Case, Contender, Measurement, Room } from './measuring/room.ts'

const session = { session_id: 'c053703c9080a31781508665ccbfae2f', user_id: 1, _csrf_token: 'fOErqHgqMvdDV877ge24wg6k11URXstAYzSLjMnUHzQ' }
const keys = new KeyGenerator('a secret of thirty letters or so', { iterations: 1000 })
const purpose = 'session'

/** Messages a second in one thread: a small session, with a purpose and an expiry. */
const messages: Room = {
  title: 'Messages',
  notes: ['Both sign with HMAC-SHA256 and check an expiry; Regauge checks a purpose, too. What has no peer here is compared with signing.'],
  async cases() {
    const verifier = new MessageVerifier(keys.generateKey('signing'), { digest: 'SHA256', serializer: 'json' })
    const encryptor = new MessageEncryptor(keys.generateKey('encrypting', 32), { serializer: 'json' })
    const cookies = encryptedCookieCodec(keys)
    const sign = () => verifier.generate(session, { purpose, expiresIn: 3600 })
    const signed = sign()
    const encrypted = encryptor.encryptAndSign(session, { purpose, expiresIn: 3600 })
    const cookie = cookies.write('_shop_session', session)
    const token = jwt.sign(session, 'secret', { expiresIn: 3600 })
    const masked = maskedCsrfToken(session._csrf_token)
    return [
      caseOf('sign', 'jsonwebtoken', {
        jsonwebtoken: () => jwt.sign(session, 'secret', { expiresIn: 3600 }),
        Regauge: sign,
      }),
      caseOf('verify', 'jsonwebtoken', {
        jsonwebtoken: () => jwt.verify(token, 'secret'),
        Regauge: () => verifier.verify(signed, { purpose }),
      }),
      caseOf('encrypted and others', 'sign', {
        sign,
        encrypt: () => encryptor.encryptAndSign(session, { purpose, expiresIn: 3600 }),
        decrypt: () => encryptor.decryptAndVerify(encrypted, { purpose }),
        'write the cookie of a session': () => cookies.write('_shop_session', session),
        'read the cookie of a session': () => cookies.read('_shop_session', cookie),
        'check a CSRF token': () => isValidCsrfToken(session._csrf_token, masked),
      }),
    ]
  },
}

export default messages

function caseOf(name: string, baseline: string, works: Readonly<Record<string, () => unknown>>): Case {
  const contenders = Object.entries(works).map(([contender, work]): Contender => {
    const measure = async (seconds: number) => repeat(work, seconds)
    return { name: contender, start: async () => ({ measure, async stop() {} }) }
  })
  return { name, unit: 'messages', baseline, contenders }
}

function repeat(work: () => unknown, seconds: number): Measurement {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  let operations = 0
  while (performance.now() - start < seconds * 1000) {
    for (let i = 0; i < 100; i++) work()
    operations += 100
  }
  const { user, system } = process.cpuUsage(cpu)
  return { operations, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }
}
