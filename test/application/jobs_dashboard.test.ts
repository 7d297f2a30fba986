import { expect } from 'chai'
import type { Configuration } from 'regauge'
import { type TestApplication, testApplication } from 'regauge/testing'
import { createLogger, useLogger } from '../../src/logging/index.ts'
import { applicationWith, removeFolders } from './folder.ts'

describe('the dashboard of jobs', () => {
  let application: TestApplication | undefined
  afterEach(async () => {
    await application?.stop()
    application = undefined
    removeFolders()
  })

  async function withDashboard(
    settings: Partial<Configuration['jobs']['dashboard']>,
    env = 'test',
    configure: (config: Configuration) => void = () => {},
  ) {
    application = await testApplication({
      root: applicationWith({}),
      env,
      configure: (config: Configuration) => {
        config.secretKeyBase = 'a'.repeat(128)
        config.log.level = 'silent'
        config.jobs.run = false
        Object.assign(config.jobs.dashboard, { path: '/ops/jobs', ...settings })
        configure(config)
      },
    })
    await application.application.jobs!.add([
      { queue: 'mailers', name: 'SendReminder', data: { arguments: [42] } },
      { queue: 'reports', name: 'Yearly', data: { arguments: [] }, runAt: Date.now() + 3_600_000 },
    ])
    const { application: running } = application
    type Options = Parameters<TestApplication['put']>[1]
    const started = application
    return {
      get: (path: string, options?: Options) => started.get(path, options),
      put: (path: string, options?: Options) => started.put(path, options),
      running,
    }
  }
  const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } })

  it('shows the queues and their jobs', async () => {
    const { get } = await withDashboard({})
    const page = await get('/ops/jobs')
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8'])
    expect(page.headers.get('content-security-policy')).to.equal("frame-ancestors 'self'")
    expect([page.headers.get('cache-control'), page.headers.get('x-powered-by')]).to.deep.equal(['no-store', null])
    const { queues } = (await (await get('/ops/jobs/api/queues?activeQueue=mailers&status=waiting&page=1&jobsPerPage=10')).json()) as {
      queues: { name: string; counts: Record<string, number>; jobs: { name: string; data: unknown }[] }[]
    }
    expect(queues.map(({ name }) => name)).to.deep.equal(['default', 'mailers', 'reports'])
    expect(queues[1]!.counts).to.include({ waiting: 1, delayed: 0 })
    expect(queues[2]!.counts).to.include({ waiting: 0, delayed: 1 })
    expect(queues[1]!.jobs.map(({ name, data }) => [name, data])).to.deep.equal([['SendReminder', { arguments: [42] }]])
  })

  it('masks what the log would mask of arguments', async () => {
    const { get, running } = await withDashboard({}, 'test', (config) => config.log.filterParameters.push('badge'))
    const given = { password: 'p', badge: 'b', kept: 'k' }
    const [id] = await running.jobs!.add([{ queue: 'private', name: 'Greet', data: { arguments: [given] } }])
    const masked = { password: '[FILTERED]', badge: '[FILTERED]', kept: 'k' }
    const list = await (await get('/ops/jobs/api/queues?activeQueue=private&status=waiting&page=1&jobsPerPage=10')).text()
    expect(list).to.include(JSON.stringify(masked)).and.not.include(JSON.stringify(given))
    const { job } = (await (await get(`/ops/jobs/api/queues/private/${id}`)).json()) as { job: { data: unknown } }
    expect(job.data).to.deep.equal({ arguments: [masked] })
  })

  it('shows how far a job is, and its log', async () => {
    const { get, running } = await withDashboard({})
    const [id] = await running.jobs!.add([
      { queue: 'imports', name: 'Import', data: { arguments: [], progress: 40, logs: ['began', 'half of it'] } },
    ])
    const { job } = (await (await get(`/ops/jobs/api/queues/imports/${id}`)).json()) as { job: { progress: unknown } }
    expect(job.progress).to.equal(40)
    expect(await (await get(`/ops/jobs/api/queues/imports/${id}/logs`)).json()).to.deep.equal(['began', 'half of it'])
  })

  it('shows how many jobs of a queue completed and failed', async () => {
    const { get, running } = await withDashboard({})
    let done = () => {}
    const ran = new Promise<void>((resolve) => (done = resolve))
    const worker = await running.jobs!.process(
      async () => {
        done()
        return { kind: 'completed' }
      },
      { queues: ['mailers'], concurrency: 1 },
    )
    await ran
    await worker.stop()
    const metrics = (await (await get('/ops/jobs/api/queues/mailers/metrics')).json()) as Record<string, Record<string, unknown>>
    expect(metrics['completed']).to.deep.include({ count: 60 })
    expect(metrics['completed']!['meta']).to.deep.include({ count: 1 })
    expect(metrics['completed']!['data']).to.have.lengthOf(60)
    expect(metrics['failed']!['meta']).to.deep.include({ count: 0 })
  })

  it('pauses queues and removes jobs', async () => {
    const { put, running } = await withDashboard({})
    expect((await put('/ops/jobs/api/queues/mailers/pause')).status).to.equal(200)
    expect(await running.jobs!.paused!()).to.deep.equal(['mailers'])
    const [job] = await running.jobs!.list('waiting')
    expect((await put(`/ops/jobs/api/queues/mailers/${job!.id}/clean`)).status).to.equal(204)
    expect(await running.jobs!.counts()).to.include({ waiting: 0 })
  })

  it('changes nothing when it is for reading only', async () => {
    const { put, running } = await withDashboard({ readOnly: true })
    expect((await put('/ops/jobs/api/queues/mailers/pause')).status).to.equal(405)
    expect(await running.jobs!.paused!()).to.deep.equal([])
  })

  it('lets nobody in in production, unless it is said who', async () => {
    const { get } = await withDashboard({}, 'production')
    expect((await get('/ops/jobs')).status).to.equal(403)
    expect((await get('/ops/jobs/api/queues')).status).to.equal(403)
  })

  for (const [authenticate, lack] of [
    [undefined, 'is not set'],
    [{ name: 'ops', password: '' }, 'has no password'],
    [{ name: '', password: 'x' }, 'has no name'],
  ] as const) {
    it(`says once in the log that nobody is let in, since authenticate ${lack}`, async () => {
      const { get, running } = await withDashboard({ authenticate }, 'production')
      const lines: string[] = []
      useLogger(createLogger({ level: 'warn', format: 'json', stream: { write: (line: string) => lines.push(line) } }), running)
      for (let times = 0; times < 3; times++) await get('/ops/jobs', basic('ops:x'))
      const [line, ...more] = lines.map((text): Record<string, unknown> => JSON.parse(text))
      expect(more).to.deep.equal([])
      expect(line).to.include({ level: 'warn', path: '/ops/jobs' })
      expect(line!['message']).to.include(`config.jobs.dashboard.authenticate ${lack}`)
    })
  }

  it('says the same to whoever is refused, and to operators where to look', async () => {
    const { get } = await withDashboard({}, 'production')
    const unset = await (await get('/ops/jobs')).text()
    await application?.stop()
    const refusing = await withDashboard({ authenticate: () => false }, 'production')
    expect(await (await refusing.get('/ops/jobs')).text()).to.equal(unset)
    expect(unset).to.include('log').and.include('config.jobs.dashboard').and.not.include('authenticate')
  })

  it('asks for a name and a password', async () => {
    const { get } = await withDashboard({ authenticate: { name: 'ops', password: 'sesame' } }, 'production')
    const stranger = await get('/ops/jobs')
    expect([stranger.status, stranger.headers.get('www-authenticate')]).to.deep.equal([401, 'Basic realm="Jobs", charset="UTF-8"'])
    expect((await get('/ops/jobs', basic('ops:wrong'))).status).to.equal(401)
    expect((await get('/ops/jobs', basic('ops:sesame'))).status).to.equal(200)
  })

  it('lets nobody in whose password is not set', async () => {
    const unset = [
      { name: 'ops', password: '' },
      { name: 'ops', password: undefined as unknown as string },
      { name: '', password: 'x' },
    ]
    for (const authenticate of unset) {
      const { get } = await withDashboard({ authenticate }, 'production')
      for (const text of ['ops:', 'ops:undefined', ':', ':x']) expect((await get('/ops/jobs', basic(text))).status).to.equal(401)
      await application?.stop()
    }
  })

  it('asks a function of the application', async () => {
    const authenticate = async (request: { headers: Record<string, unknown> }) => request.headers['x-role'] === 'admin'
    const { get } = await withDashboard({ authenticate }, 'production')
    expect((await get('/ops/jobs')).status).to.equal(403)
    expect((await get('/ops/jobs', { headers: { 'x-role': 'admin' } })).status).to.equal(200)
  })

  it('takes no changes from pages of others', async () => {
    const { put, running } = await withDashboard({})
    const path = '/ops/jobs/api/queues/mailers/pause'
    expect((await put(path, { headers: { origin: 'https://elsewhere.example' } })).status).to.equal(403)
    expect((await put(path, { headers: { 'sec-fetch-site': 'cross-site' } })).status).to.equal(403)
    expect(await running.jobs!.paused!()).to.deep.equal([])
  })
})
