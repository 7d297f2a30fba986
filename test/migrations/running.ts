import { type Application, boot } from 'regauge'
import { portModels, portSchema } from '../../migrations/index.ts'
import { databaseTasks } from '../../src/application/index.ts'
import { applicationWith } from '../application/folder.ts'
import { folderOf } from './rails_app.ts'

/** A ported application that runs on a database of its own. */
export interface RunningPort {
  readonly application: Application
  /** The ported files, by their paths. */
  readonly files: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: the classes of an application that the compiler doesn't see
  readonly models: Record<string, any>
}

/** Ports the schema and the models of a Rails application, makes its tables, and boots it.
 *
 * @param others files of the application that no porter writes
 */
export async function runPorted(
  ruby: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Promise<RunningPort> {
  const folder = folderOf({ ...ruby })
  const written = [...portSchema(folder).files, ...(await portModels(folder)).files]
  const files = Object.fromEntries(written.map(({ path, text }) => [path, text]))
  const root = applicationWith({ ...files, ...others })
  await (await databaseTasks(root, 'test')).push({})
  const application = await boot({ root, env: 'test', serves: false })
  return { application, files, models: Object.fromEntries(application.classes().map((each) => [each.name, each])) }
}
