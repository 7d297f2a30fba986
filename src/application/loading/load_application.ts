import { relative } from 'node:path'
import { Channel, type ChannelClass, Connection, type ConnectionClass } from '../../cable/index.ts'
import { Controller, type ControllerClass } from '../../controller/index.ts'
import { Daemon, type DaemonClass } from '../../daemons/index.ts'
import { Event, type EventClass, registerSubscribers, requireDistinctNames, Subscriber, type SubscriberClass } from '../../events/index.ts'
import { Job } from '../../jobs/index.ts'
import { isModelClass } from '../../model/index.ts'
import { camelize } from '../../naming/index.ts'
import { WrongParent } from '../errors.ts'
import { type Class, classOf, descendsFrom, type LoadedFile, loadFolders, subclassesIn } from './loader.ts'

/** The classes found below `app`, by kind. */
export interface LoadedApplication {
  /** By the name routes use: `api/orders` for `app/controllers/api/orders_controller.ts`. */
  readonly controllers: ReadonlyMap<string, ControllerClass>
  /** The files of the controllers by the same names, for the documentation. */
  readonly controllerFiles: ReadonlyMap<string, string>
  readonly models: readonly Function[]
  readonly jobs: readonly (typeof Job)[]
  readonly events: readonly EventClass[]
  readonly subscribers: readonly SubscriberClass[]
  readonly daemons: readonly DaemonClass[]
  /** By the name clients use: `ChatChannel`, `Admin::ChatChannel`. */
  readonly channels: ReadonlyMap<string, ChannelClass>
  readonly connection: ConnectionClass | undefined
  readonly classes: Function[]
}

/** The folders of `app` that are loaded at boot. Others are loaded by those who import them. Sidekiq's jobs are in `workers` or `sidekiq`. */
const folders = ['models', 'jobs', 'workers', 'sidekiq', 'events', 'subscribers', 'daemons', 'channels', 'controllers'] as const

/** Imports the controllers alone, by the name routes use.
 * @throws LoadFailed, MissingExport naming the file
 */
export async function loadControllers(root: string): Promise<ReadonlyMap<string, ControllerClass>> {
  const [files] = await loadFolders(root, ['app/controllers'])
  return controllersIn(root, files!)
}

/** Imports the models alone.
 * @throws LoadFailed naming the file
 */
export async function loadModels(root: string): Promise<readonly Function[]> {
  const [files] = await loadFolders(root, ['app/models'])
  return modelsIn(files!)
}

/** Imports everything below `app` and sorts the classes.
 * @throws LoadFailed, MissingExport naming the file; DuplicateEventName
 */
export async function loadApplication(root: string): Promise<LoadedApplication> {
  const loaded = await loadFolders(
    root,
    folders.map((folder) => `app/${folder}`),
  )
  const filesIn = (folder: (typeof folders)[number]) => loaded[folders.indexOf(folder)]!
  const [models, channels, controllers] = [filesIn('models'), filesIn('channels'), filesIn('controllers')]
  const [events, subscribers] = [filesIn('events'), filesIn('subscribers')]
  const jobs = [...filesIn('jobs'), ...filesIn('workers'), ...filesIn('sidekiq')]
  const controllerFiles = controllers.filter(isController)
  const channelFiles = channels.filter(({ name }) => name.endsWith('_channel'))
  const connectionFile = channels.find(({ name }) => name === 'application_cable/connection')
  const eventClasses = subclassesIn(events, Event as unknown as Class) as unknown as EventClass[]
  const subscriberClasses = subclassesIn([...subscribers, ...events], Subscriber as unknown as Class) as unknown as SubscriberClass[]
  registerSubscribers(subscriberClasses)
  requireDistinctNames(subscriberClasses, eventClasses)
  return {
    controllers: controllersIn(root, controllers),
    controllerFiles: new Map(controllerFiles.map((file) => [nameIn(file, '_controller'), file.file])),
    models: modelsIn(models),
    jobs: subclassesIn([...jobs, ...models], Job as unknown as Class) as unknown as (typeof Job)[],
    events: eventClasses,
    subscribers: subscriberClasses,
    daemons: subclassesIn(filesIn('daemons'), Daemon as unknown as Class) as unknown as DaemonClass[],
    channels: new Map(
      channelFiles.map((file) => [camelize(file.name), classBelow(root, file, Channel as unknown as Class) as unknown as ChannelClass]),
    ),
    connection: connectionFile && (classBelow(root, connectionFile, Connection as unknown as Class) as unknown as ConnectionClass),
    classes: [
      ...new Set(
        loaded
          .flat()
          .flatMap(({ exports }) => Object.values(exports))
          .filter((value) => typeof value === 'function'),
      ),
    ],
  }
}

function modelsIn(files: readonly LoadedFile[]): readonly Function[] {
  return [...new Set(files.flatMap(({ exports }) => Object.values(exports)))].filter(isModelClass)
}

function isController({ name }: LoadedFile): boolean {
  return name.endsWith('_controller')
}

function controllersIn(root: string, files: readonly LoadedFile[]): ReadonlyMap<string, ControllerClass> {
  return new Map(
    files
      .filter(isController)
      .map((file) => [nameIn(file, '_controller'), classBelow(root, file, Controller as unknown as Class) as unknown as ControllerClass]),
  )
}

function nameIn(file: LoadedFile, suffix: string): string {
  return file.name.slice(0, -suffix.length)
}

function classBelow(root: string, file: LoadedFile, parent: Class): Class {
  const found = classOf(root, file)
  if (descendsFrom(found, parent)) return found
  throw new WrongParent({ file: relative(root, file.file), name: found.name, parent: parent.name })
}
