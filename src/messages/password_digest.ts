/** bcrypt reads no more than this many bytes of a password; Rails refuses longer ones in validation. */
export const maxPasswordBytes = 72

const defaultCost = 12
const minimumCost = 4

/** Digests a password as Rails' `has_secure_password` does: bcrypt with the `$2a$` prefix, so that both applications read it.
 *
 * Runs in libuv's thread pool: about 200 ms of one core at the default cost, and the process goes on serving.
 * @param options.cost doublings of the work; default 12, and 4 under `NODE_ENV=test` as Rails' minimum cost there
 * @example await digestPassword('correct horse') // '$2a$12$…'
 */
export async function digestPassword(password: string, options: { cost?: number } = {}): Promise<string> {
  const { hash } = await bcrypt()
  const digest = await hash(password, options.cost ?? (process.env['NODE_ENV'] === 'test' ? minimumCost : defaultCost))
  // The same algorithm: the reference implementation renamed 2a to 2b, Ruby's gem kept the old name.
  return digest.replace(/^\$2b\$/, '$2a$')
}

/** Whether a password is the one that was digested. A digest that is none answers false, after the time a real one takes.
 * @example await passwordMatches('correct horse', user.password_digest)
 */
export async function passwordMatches(password: string, digest: string | null | undefined): Promise<boolean> {
  if (typeof digest === 'string' && canMatch(password, digest)) {
    const { compare } = await bcrypt()
    return compare(password, digest.replace(/^\$2[xy]\$/, '$2a$'))
  }
  await digestPassword('')
  return false
}

// 2x differs from 2a in letters beyond ASCII only: there it stands for a bug of old versions, which isn't repeated here.
function canMatch(password: string, digest: string): boolean {
  if (!/^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/.test(digest)) return false
  return !digest.startsWith('$2x$') || Buffer.byteLength(password) === password.length
}

/** Loaded for the first password: most processes that know models see none. */
const bcrypt = () => import('bcrypt')
