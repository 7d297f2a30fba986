import { expect } from 'chai'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { create, drop, push, readDatabase } from '../../adapters/prisma/index.ts'
import { pullSchema } from '../../migrations/index.ts'

/** What `db/structure.sql` of an application may have beside tables and code. */
const structure = `
CREATE SEQUENCE tickets START WITH 7 INCREMENT BY 3;
CREATE UNLOGGED TABLE limits (id bigserial PRIMARY KEY, hits integer, spent integer) WITH (fillfactor = 50);
ALTER SEQUENCE limits_id_seq START WITH 1000 RESTART;
ALTER TABLE limits ALTER COLUMN hits SET STATISTICS 900;
CREATE INDEX limits_on_hits ON limits (hits) WITH (fillfactor = 60);
CREATE STATISTICS limits_together (dependencies) ON hits, spent FROM limits;
CREATE FUNCTION matched_by(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $2 ~ $1 $$;
CREATE OPERATOR ~<< (FUNCTION = matched_by, LEFTARG = text, RIGHTARG = text);
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 9);
CREATE POLICY everybody ON limits USING (true);
`

const facts = [
  `SELECT nextval('tickets') AS ticket, nextval('tickets') AS next, nextval('limits_id_seq') AS row`,
  `SELECT relname, relpersistence, reloptions::text FROM pg_class WHERE relname IN ('limits', 'limits_on_hits') ORDER BY relname`,
  `SELECT attname, attstattarget FROM pg_attribute WHERE attstattarget > 0 AND attrelid = 'limits'::regclass`,
  `SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext`,
  `SELECT '^a' ~<< 'abc' AS matches, 'x' ~<< 'abc' AS does_not`,
]

describe('what a PostgreSQL database has beside tables and code', () => {
  const root = mkdtempSync(join(tmpdir(), 'regauge-rest-'))
  const target = (name: string) => {
    const url = new URL(process.env['TEST_POSTGRES_URL']!)
    url.pathname = `/regauge_rest_${process.pid}_${name}`
    return { root, url: url.href }
  }
  const on = async <T>(name: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: target(name).url })
    await client.connect()
    return work(client).finally(() => client.end())
  }
  const factsOf = (name: string) =>
    on(name, async (client) => {
      const answers: unknown[] = []
      for (const fact of facts) answers.push((await client.query(fact)).rows)
      return answers
    })

  before(async function () {
    if (process.env['TEST_POSTGRES_URL'] === undefined) return this.skip()
    await create(target('rails'))
    await on('rails', (client) => client.query(structure))
  })
  after(async () => {
    if (process.env['TEST_POSTGRES_URL'] === undefined) return
    for (const name of ['rails', 'ours']) await drop(target(name))
    rmSync(root, { recursive: true, force: true })
  })

  it('is pulled as SQL that may run again, and what is not is told', async function () {
    this.timeout(120_000)
    const { files, rows } = await readDatabase(target('rails'), ({ query }) => pullSchema({ provider: 'postgresql', query }))
    expect(rows.filter(({ status }) => status === 'left').map(({ construct }) => construct)).to.deep.equal([
      'domain short_text',
      'policy everybody on limits',
    ])
    mkdirSync(join(root, 'db'))
    for (const { path, text } of files) writeFileSync(join(root, path), text)
    await push(target('ours'))
    await push({ ...target('ours'), force: true })
    const expected = await factsOf('rails')
    expect(await factsOf('ours')).to.deep.equal(expected)
    await push({ ...target('ours'), force: true })
    expect((await factsOf('ours'))[0]).to.deep.equal([{ ticket: '13', next: '16', row: '1001' }])
  })
})
