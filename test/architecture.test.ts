import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect } from 'chai'
import { parseSync } from 'oxc-parser'

const root = resolve(import.meta.dirname, '..')
const groundFloor = ['errors', 'context', 'naming', 'values', 'messages', 'logging', 'notifications']

/** Which rooms of src a room may import, beside the ground floor. guides/reference/architecture.md has the same table. */
const mayImport: Record<string, readonly string[]> = {
  errors: [],
  context: [],
  naming: [],
  values: [],
  messages: [],
  logging: [],
  notifications: [],
  routing: [],
  http: [],
  controller: ['http'],
  model: [],
  jobs: [],
  events: ['jobs', 'pubsub'],
  daemons: ['jobs'],
  pubsub: [],
  cache: [],
  cable: ['pubsub'],
  openapi: [],
  application: ['routing', 'http', 'controller', 'model', 'jobs', 'events', 'daemons', 'pubsub', 'cable', 'openapi', 'cache'],
  testing: ['application', 'routing', 'http', 'controller', 'model', 'jobs', 'events', 'daemons', 'pubsub', 'cable', 'openapi', 'cache'],
  cli: ['application'],
}
const doors: Record<string, string> = {
  'src/application/adapters.ts': 'adapters/',
  'src/cli/commands/port.ts': 'migrations/',
  'src/cli/commands/db_pull.ts': 'migrations/',
  'src/cli/commands/generate.ts': 'migrations/',
}

interface Import {
  readonly file: string
  readonly target: string
}

describe('the architecture', () => {
  const imports = [...sources('src'), ...sources('adapters'), ...sources('migrations')].flatMap(importsOf)

  it('has only the rooms that are listed', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.map((room) => room.name).filter((name) => !(name in mayImport))).to.deep.equal([])
  })

  it('lets a room of src import only the rooms it may', () => {
    const broken = imports.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)]
      if (!from || !to || from === to) return false
      return !groundFloor.includes(to) && !mayImport[from]?.includes(to)
    })
    expect(broken.map(show)).to.deep.equal([])
  })

  it('keeps the ground floor free of the rooms above', () => {
    const broken = imports.filter(
      ({ file, target }) => groundFloor.includes(roomOf(file) ?? '') && !groundFloor.includes(roomOf(target) ?? 'errors'),
    )
    expect(broken.map(show)).to.deep.equal([])
  })

  it('imports adapters and migrations into src through their doors only', () => {
    const broken = imports.filter(
      ({ file, target }) => file.startsWith('src/') && /^(adapters|migrations)\//.test(target) && !target.startsWith(doors[file] ?? '\0'),
    )
    expect(broken.map(show)).to.deep.equal([])
  })

  it('keeps adapters apart from each other and from migrations', () => {
    const adapterOf = (path: string) => /^adapters\/([^/]+)\//.exec(path)?.[1]
    const broken = imports.filter(
      ({ file, target }) =>
        adapterOf(file) && ((adapterOf(target) && adapterOf(target) !== adapterOf(file)) || target.startsWith('migrations/')),
    )
    expect(broken.map(show)).to.deep.equal([])
  })

  it('lets migrations import naming, routing and errors of src and nothing else of ours', () => {
    const broken = imports.filter(
      ({ file, target }) =>
        file.startsWith('migrations/') && /^(src|adapters)\//.test(target) && !/^src\/(naming|routing|errors)\//.test(target),
    )
    expect(broken.map(show)).to.deep.equal([])
  })

  it('has no file over 400 lines', () => {
    const long = [...sources('src'), ...sources('adapters'), ...sources('migrations'), ...sources('test')]
      .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 400)
    expect(long).to.deep.equal([])
  })

  it('has no room without a name of its own', () => {
    const nameless = [...sources('src'), ...sources('adapters'), ...sources('migrations')].filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc|shared|core)(\/|\.ts$)/.test(file),
    )
    expect(nameless).to.deep.equal([])
  })

  it('only re-exports in an index.ts of src', () => {
    const busy = sources('src').filter((file) => file.endsWith('/index.ts') && !onlyReexports(file))
    expect(busy).to.deep.equal([])
  })
})

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/node_modules|\/peers\/|\/generated\b/.test(entry.parentPath))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  const text = readFileSync(join(root, file), 'utf8')
  const specifiers = [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap((found) => found.entries.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest.value] : []))),
    ...module.dynamicImports.map((found) => text.slice(found.moduleRequest.start + 1, found.moduleRequest.end - 1)),
  ]
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ file, target: relative(root, resolve(root, dirname(file), specifier)) }))
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

function onlyReexports(file: string): boolean {
  const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  return program.body.every(
    (node) => node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source !== null),
  )
}

function show({ file, target }: Import): string {
  return `${file} imports ${target}`
}
