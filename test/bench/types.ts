import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { buildPackage } from '../application/built_package.ts'
import { folderOf } from '../application/folder.ts'
import { compiledFiles, count, schema } from './types/sixty_models.ts'
import type { Figure } from './measuring/figures.ts'
import type { Room } from './measuring/room.ts'

const repository = resolve(import.meta.dirname, '../..')
const compiler = join(repository, 'node_modules/typescript/bin/tsc')
const programs = ['client alone', 'plain Prisma calls', 'models'] as const
type Program = (typeof programs)[number]

/** What the compiler takes for an application of sixty models, each with scopes and queries, and for as many models asked with Prisma's own calls. */
const types: Room = {
  title: 'What types cost the compiler',
  notes: [
    `${count} models of 13 columns and 4 associations. Models: a class with 2 scopes and 8 queries a model; plain: the same 8 with Prisma's client, and functions for the scopes.`,
  ],
  cases: async () => [],
  figures: [{ name: 'TypeScript, median of 5', measure: async () => figures() }],
}

export default types

function figures(): Figure[] {
  const folder = application()
  const taken = new Map<Program, ReturnType<typeof compiled>[]>(programs.map((program) => [program, []]))
  // One after the other, so that what else the machine does falls on all of them.
  for (let round = 0; round < 5; round++) for (const program of programs) taken.get(program)!.push(compiled(folder, program))
  return programs.flatMap((program) => {
    const runs = taken.get(program)!
    return [
      {
        name: `${program}: check`,
        value: median(runs.map(({ check }) => check)),
        unit: 's',
        ...(program === 'models' && { aim: 'no more than plain calls' }),
      },
      { name: `${program}: check, one checker`, value: median(runs.map(({ alone }) => alone)), unit: 's' },
      { name: `${program}: whole`, value: median(runs.map(({ whole }) => whole)), unit: 's' },
      { name: `${program}: instantiations`, value: runs[0]!.instantiations, unit: '' },
      { name: `${program}: memory`, value: median(runs.map(({ memory }) => memory)), unit: 'MB' },
    ]
  })
}

function application(): string {
  const main = join(buildPackage(), 'dist/src/cli/main.js')
  const settings = { extends: join(repository, 'tsconfig.json') }
  const options = {
    noEmit: true,
    rootDir: repository,
    paths: { regauge: ['./declarations/src/index.d.ts'] },
    customConditions: [],
    declaration: false,
    sourceMap: false,
    inlineSources: false,
    noUnusedLocals: false,
  }
  const config = (include: string[]) => JSON.stringify({ ...settings, compilerOptions: options, include })
  const folder = folderOf({
    'db/schema.prisma': schema(),
    ...compiledFiles(),
    'client alone.json': config(['plain/client.ts']),
    'plain Prisma calls.json': config(['plain']),
    'models.json': config(['app', 'db/generated/register.ts']),
  })
  // What a published package has: the declarations alone.
  const declarations = [
    '--declaration',
    '--emitDeclarationOnly',
    '--sourceMap',
    'false',
    '--inlineSources',
    'false',
    '--outDir',
    join(folder, 'declarations'),
  ]
  execFileSync(process.execPath, [compiler, '-p', repository, ...declarations], { stdio: 'inherit' })
  execFileSync(process.execPath, [main, 'db:generate', '--root', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  return folder
}

/** The compiler has several checkers, each of which looks again into what they share; one alone tells what there is to do. */
function compiled(folder: string, program: Program): Diagnostics & { readonly alone: number } {
  return { ...compile(folder, program), alone: compile(folder, program, ['--singleThreaded']).check }
}

interface Diagnostics {
  readonly check: number
  readonly whole: number
  readonly instantiations: number
  readonly memory: number
}

/** @throws Error with what the compiler said when the program doesn't compile */
function compile(folder: string, program: Program, flags: readonly string[] = []): Diagnostics {
  const args = [compiler, '-p', join(folder, `${program}.json`), '--extendedDiagnostics', ...flags]
  let said: string
  try {
    said = execFileSync(process.execPath, args, { encoding: 'utf8' })
  } catch (error) {
    throw new Error(`${program} doesn't compile: ${(error as { stdout?: string }).stdout?.slice(0, 2000)}`, { cause: error })
  }
  const figure = (name: string): number => Number.parseFloat(new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(said)?.[1] ?? 'NaN')
  return {
    check: figure('Check time'),
    whole: figure('Total time'),
    instantiations: figure('Instantiations'),
    memory: figure('Memory used') / 1024,
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
