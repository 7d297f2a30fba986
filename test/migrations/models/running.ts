import { type Application, boot } from 'regauge'
import { portModels, portSchema } from '../../../migrations/index.ts'
import { databaseTasks } from '../../../src/application/index.ts'
import { applicationWith, removeFolders as removeApplications } from '../../application/folder.ts'
import { folderOf, removeFolders, schemaRb } from '../rails_app.ts'

// biome-ignore lint/suspicious/noExplicitAny: the classes of an application that the compiler doesn't see
type RunningModels = Record<string, any>

/** A stage for ported models: each test runs an application with a database of its own on it, which is stopped and removed after the test.
 *
 * @returns ports the models of a Rails application that has some tables, and gives the classes that run
 */
export function portedStage(): (tables: string, ruby: Readonly<Record<string, string>>) => Promise<RunningModels> {
  let application: Application | undefined
  afterEach(async () => {
    await application?.stop()
    application = undefined
    removeFolders()
    removeApplications()
  })
  return async (tables, ruby) => {
    const folder = folderOf({ 'db/schema.rb': schemaRb(tables), ...ruby })
    const written = [...portSchema(folder).files, ...(await portModels(folder)).files]
    const root = applicationWith(Object.fromEntries(written.map(({ path, text }) => [path, text])))
    await (await databaseTasks(root, 'test')).push({})
    application = await boot({ root, env: 'test', serves: false })
    return Object.fromEntries(application.classes().map((each) => [each.name, each]))
  }
}
