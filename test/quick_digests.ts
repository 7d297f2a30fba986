/** Lets the tests of a suite digest passwords at the least cost, as applications do where `NODE_ENV` is test. */
export function quickDigests(): void {
  let outside: string | undefined
  before(() => {
    outside = process.env['NODE_ENV']
    process.env['NODE_ENV'] = 'test'
  })
  after(() => {
    if (outside === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = outside
  })
}
