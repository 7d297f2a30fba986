/** The files that every application has, whether it is new or ported: all but routes, schema and an example. */
export function skeletonFiles(name: string, versions: { readonly regauge: string }): Record<string, string> {
  return {
    'package.json': `${JSON.stringify(manifest(name, versions.regauge), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(compilerOptions, null, 2)}\n`,
    '.gitignore': 'node_modules/\ndb/generated/\nstorage/\ntmp/\n/config/*.key\n/config/credentials/*.key\n',
    'config/application.ts': configuration(name),
    'app/controllers/application_controller.ts': applicationController,
    'app/jobs/application_job.ts': applicationJob,
    'app/channels/application_cable/connection.ts': connection,
    'app/channels/application_cable/channel.ts': channel,
  }
}

/** The files of a new application, by path.
 *
 * @param name the application's name: letters, digits, - and _
 * @param versions what its package.json asks for
 */
export function applicationFiles(name: string, versions: { readonly regauge: string }): Record<string, string> {
  return {
    ...skeletonFiles(name, versions),
    'README.md': readme(name),
    'config/application.ts': configuration(name, '  config.controller.raiseOnMissingCallbackActions = true\n'),
    'config/routes.ts': routes,
    'db/schema.prisma': schema,
    'app/controllers/health_controller.ts': healthController,
    'test/health.test.ts': healthTest,
  }
}

const manifest = (name: string, regauge: string) => ({
  name: name.toLowerCase(),
  private: true,
  type: 'module',
  scripts: {
    start: 'regauge db:push && exec regauge server',
    test: 'node --import tsx --test test/*.test.ts',
    check: 'regauge db:generate && regauge routes --types && tsc --noEmit',
  },
  dependencies: { regauge },
  devDependencies: { '@types/node': '^22.0.0', tsx: '^4.20.0', typescript: '^7.0.0' },
})

const compilerOptions = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['app', 'config', 'db', 'test'],
}

const readme = (name: string) => `# ${name}

\`\`\`sh
npm install
npm start        # http://localhost:3000, documentation at /docs, WebSockets at /cable
npm test
\`\`\`

\`npx regauge routes\` lists the routes, \`npx regauge --help\` the commands.
`

const configuration = (name: string, more = '') => `import { configure } from 'regauge'

export default configure((config) => {
  config.name = '${name}'
${more}})
`

const routes = `import { draw } from 'regauge'

export default draw(({ get }) => {
  get('up', { to: 'health#show' })
})
`

const schema = `datasource db {
  provider = "sqlite"
}

generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
`

const applicationController = `import { Controller } from 'regauge'

export class ApplicationController extends Controller {}
`

const healthController = `import { ApplicationController } from './application_controller.ts'

export class HealthController extends ApplicationController {
  /** Tells that the application is up. */
  show() {
    this.render({ json: { status: 'up' } })
  }
}
`

const applicationJob = `import { Job } from 'regauge'

export abstract class ApplicationJob extends Job {}
`

const connection = `import { Connection as BaseConnection } from 'regauge'

export class Connection extends BaseConnection {}
`

const channel = `import { Channel as BaseChannel } from 'regauge'

export abstract class Channel extends BaseChannel {}
`

const healthTest = `import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type TestApplication, testApplication } from 'regauge/testing'

let application: TestApplication
before(async () => {
  application = await testApplication({ root: join(import.meta.dirname, '..') })
})
after(() => application.stop())

it('is up', async () => {
  const response = await application.get('/up')
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { status: 'up' })
})
`
