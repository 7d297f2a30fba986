import type { Answer } from './scenario.ts'

const refusedPassword = { status: 422, body: { errors: { password: ["can't be blank"] } }, headers: {} }
const badRequest = { status: 400, body: { status: 400, error: 'Bad Request' } }

/** Where we answer otherwise than Rails on purpose, by the name of the step. Without `body`, only the status is ours. */
export const differences: Readonly<Record<string, Partial<Answer>>> = {
  // has_secure_password calls `empty?` on the number, which ends in 500; a number is no password here either, and the answer says so.
  'takes a number for a string': refusedPassword,
  'takes true for a password': refusedPassword,
  'takes a number as a password at login': { status: 401, body: { errors: { credentials: ['invalid'] } } },
  // Ruby's bcrypt takes strings that end at a zero byte. Here it counts as any other.
  'takes a null byte in a password': { status: 201 },
  // Node.js knows the methods there are, and refuses others before the application sees them.
  'refuses a method nobody knows': { status: 400, body: '', headers: {}, content_type: null },
  // A hash in `where` ends in 500, as a list as limit and numbers of more than 64 bits do.
  'takes a hash for an author': badRequest,
  'takes a hash for a tag': badRequest,
  'takes a list as limit': { status: 200 },
  'takes a huge limit': { status: 200 },
  'takes a huge offset': { status: 200, body: { articles: [], articlesCount: 6 } },
  // Rails looks at the encoding of values only.
  'refuses invalid UTF-8 in the name of a parameter': { ...badRequest, headers: {} },
  // JSON.parse reads numbers as doubles, which tell neither 2.0 from 2 nor all whole numbers beyond 2^53 apart.
  'takes a large number for a name': { status: 201 },
  'takes a whole fraction for a name': { status: 201 },
  // The route says JSON; Rails forgets what routes say when the body can't be read.
  'tells malformed JSON to who accepts XML': { ...badRequest, content_type: 'application/json; charset=UTF-8' },
}
