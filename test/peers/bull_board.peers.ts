import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { type TestApplication, testApplication } from '../../src/testing/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'

/** What we use of Playwright: its types are there only when it was installed for these tests. */
interface Locator {
  first(): Locator
  click(): Promise<void>
  waitFor(): Promise<void>
}
interface Answer {
  status(): number
  url(): string
  request(): { method(): string }
}
interface Page {
  on(event: 'pageerror', listener: (error: Error) => void): void
  goto(url: string): Promise<Answer | null>
  getByText(text: string, options?: object): Locator
  getByRole(role: string, options: object): Locator
  waitForResponse(condition: (response: Answer) => boolean): Promise<Answer>
  evaluate(script: string): Promise<unknown>
  context(): Context
}
interface Context {
  newPage(): Promise<Page>
  close(): Promise<void>
}
interface Browser {
  newContext(options?: object): Promise<Context>
  close(): Promise<void>
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}

/** Debian's: `apt-get install chromium`. */
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))

describe('the dashboard of jobs in a browser', function () {
  this.timeout(120_000)
  let application: TestApplication
  let browser: Browser
  let page: Page

  before(async function () {
    if (chromium === undefined) {
      process.stderr.write('There is no Chromium (apt-get install chromium): the tests in a browser are left out.\n')
      this.skip()
    }
    const name: string = 'playwright-core'
    const playwright = (await import(name)) as Playwright
    browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox'] })
    application = await testApplication({
      root: applicationWith({
        'app/jobs/charge.ts':
          "import { Job } from 'regauge'\nexport class Charge extends Job {\n  perform(amount: number) { if (amount > 100) throw new RangeError('too much') }\n}\n",
      }),
      configure: ({ jobs }) => {
        jobs.dashboard.path = '/jobs'
        jobs.dashboard.authenticate = { name: 'ops', password: 'sesame' }
      },
    })
    const queue = application.application.jobs!
    await queue.add([{ queue: 'payments', name: 'Charge', data: { job_id: 'charge-1', arguments: [500] } }])
    while ((await queue.counts()).failed === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await queue.pause!('later')
    await queue.add([{ queue: 'later', name: 'Charge', data: { job_id: 'charge-2', arguments: [5] } }])
  })
  after(async () => {
    await browser?.close()
    await application?.stop()
    removeFolders()
  })
  beforeEach(async () => {
    const context = await browser.newContext({ httpCredentials: { username: 'ops', password: 'sesame' } })
    page = await context.newPage()
  })
  afterEach(() => page.context().close())

  it('is closed to those who have no password', async () => {
    const context = await browser.newContext()
    const response = await (await context.newPage()).goto(`${application.url}/jobs`).catch((error: Error) => error)
    expect(response instanceof Error ? response.message : response?.status()).to.satisfy(
      (answer: unknown) => answer === 401 || /ERR_INVALID_AUTH_CREDENTIALS/.test(String(answer)),
    )
    await context.close()
  })

  it('lists the queues, and shows why a job failed', async () => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${application.url}/jobs`)
    await page.getByText('payments').first().waitFor()
    await page.getByText('later').first().waitFor()
    await page.goto(`${application.url}/jobs/queue/payments?status=failed`)
    await page.getByText('Charge').first().waitFor()
    await page.getByText('RangeError: too much').first().waitFor()
    expect(errors).to.deep.equal([])
  })

  it('retries failed jobs', async () => {
    const queue = application.application.jobs!
    const [before] = await queue.list('failed')
    await page.goto(`${application.url}/jobs/queue/payments?status=failed`)
    await page.getByText('Charge').first().waitFor()
    const retried = page.waitForResponse((response) => /\/retry\/failed$/.test(response.url()) && response.request().method() === 'PUT')
    await page.getByRole('button', { name: 'Retry all' }).first().click()
    await page.getByRole('button', { name: 'Confirm' }).first().click()
    expect((await retried).status()).to.equal(200)
    for (;;) {
      const [after] = await queue.list('failed')
      if (after !== undefined && after.finishedAt! > before!.finishedAt!) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })

  it('takes changes from its own page, and none from a page elsewhere that its user looks at', async () => {
    const queue = application.application.jobs!
    const put = (url: string) =>
      `fetch('${url}/jobs/api/queues/payments/pause', { method: 'POST', mode: 'no-cors' }).catch(() => {}).then(() => 1)`
    const other = createServer((_, response) => response.setHeader('content-type', 'text/html').end('elsewhere')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    await page.goto(`${application.url}/jobs`)
    await page.goto(`http://localhost:${(other.address() as AddressInfo).port}/`)
    await page.evaluate(put(application.url))
    expect(await queue.paused!()).to.deep.equal(['later'])
    await page.goto(`${application.url}/jobs`)
    const status = await page.evaluate(`fetch('/jobs/api/queues/later/resume', { method: 'PUT' }).then(({ status }) => status)`)
    expect(status).to.equal(200)
    expect(await queue.paused!()).to.deep.equal([])
    other.close()
  })
})
