import { expect } from 'chai'
import { type ErrorReport, reporter } from '../../src/errors/reporter.ts'
import { subscribed } from '../../src/notifications/index.ts'
import { type TestApplication, testApplication } from '../../src/testing/index.ts'
import { applicationWith, removeFolders } from './folder.ts'

const files = {
  'config/application.ts': `import { configure } from 'regauge'
export default configure((config) => {
  config.rescueResponses['NotAllowed'] = 'forbidden'
})
`,
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ get }) => {
  get('refused', { to: 'doors#refused' })
  get('broken', { to: 'doors#broken' })
})
`,
  'app/controllers/doors_controller.ts': `import { reporter } from 'regauge'
import { ApplicationController } from './application_controller.ts'
class NotAllowed extends Error {}
class NotYet extends NotAllowed {}
export class DoorsController extends ApplicationController {
  refused() { throw new NotYet('come back later') }
  broken() {
    reporter.setContext({ account: 7 })
    throw new Error('the hinge is gone')
  }
}
`,
}

describe('errors of an application', () => {
  let application: TestApplication
  const reports: [unknown, ErrorReport][] = []
  const subscriber = { report: (error: unknown, report: ErrorReport) => void reports.push([error, report]) }

  before(async () => {
    application = await testApplication({ root: applicationWith(files) })
    reporter.subscribe(subscriber)
  })
  afterEach(() => void reports.splice(0))
  after(async () => {
    reporter.unsubscribe(subscriber)
    await application.stop()
    removeFolders()
  })

  it('end a request with the status that the configuration says, for subclasses too, and are no fault then', async () => {
    const answer = await application.get('/refused')
    expect(answer.status).to.equal(403)
    expect(await answer.json()).to.include({ status: 403, error: 'Forbidden' })
    expect(reports).to.deep.equal([])
  })

  it('are reported when they are ours, and show the line of the controller', async () => {
    const answer = await application.get('/broken')
    expect(answer.status).to.equal(500)
    const { source } = (await answer.json()) as { source: { file: string; line: number; lines: Record<string, string> } }
    expect(source.file).to.equal('app/controllers/doors_controller.ts')
    expect(source.lines[String(source.line)]).to.include("throw new Error('the hinge is gone')")
    const [[error, report]] = reports as [[Error, ErrorReport]]
    expect(error.message).to.equal('the hinge is gone')
    expect(report).to.deep.include({ handled: false, severity: 'error', source: 'application' })
    expect(report.context).to.include({ account: 7, controller: 'doors', action: 'broken' })
  })

  it('are reported with what the action said of itself, also where somebody listens to what actions do', async () => {
    await subscribed(
      'process_action.action_controller',
      () => {},
      () => application.get('/broken'),
    )
    expect(reports[0]![1].context).to.include({ account: 7, action: 'broken' })
  })

  for (const env of ['production', 'staging']) {
    it(`show nothing of themselves in ${env}`, async () => {
      const root = applicationWith({ ...files, [`config/environments/${env}.ts`]: 'export default () => {}\n' })
      const served = await testApplication({ root, env })
      const answer = await served.get('/broken')
      expect([answer.status, await answer.json()]).to.deep.equal([500, { status: 500, error: 'Internal Server Error' }])
      await served.stop()
    })
  }
})
