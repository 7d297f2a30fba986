import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { buildPackage, packageFolder } from '../application/built_package.ts'
import { applicationsFolder } from '../application/folder.ts'
import { type Block, blocksOf, pages, repository } from './blocks.ts'

const main = join(buildPackage(), 'dist/src/cli/main.js')
const known = ['ts', 'ruby', 'sh', 'prisma', 'json', 'yaml', 'http', 'text']

describe('the documentation', () => {
  for (const page of pages) {
    describe(page, () => {
      const blocks = blocksOf(page)

      it('links to files that are there', () => {
        const targets = [...readFileSync(join(repository, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!)
        expect(targets.filter((target) => !existsSync(join(repository, dirname(page), target)))).to.deep.equal([])
      })

      it('links to headings that are there', () => {
        const text = readFileSync(join(repository, page), 'utf8')
        const targets = [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)].map(([, target, heading]) => [target!, heading!] as const)
        const missing = targets.filter(
          ([target, heading]) => !headingsOf(target === '' ? page : join(dirname(page), target)).includes(heading),
        )
        expect(missing).to.deep.equal([])
      })

      it('names the language of every block', () => {
        expect(blocks.filter(({ language }) => !known.includes(language)).map(({ line }) => line)).to.deep.equal([])
      })

      for (const block of blocks.filter(({ language, words }) => language === 'ts' && words[0] === 'from')) {
        it(`quotes ${block.words[1]} in line ${block.line}`, () => {
          const lines = readFileSync(join(repository, block.words[1]!), 'utf8').split('\n')
          expect(block.text.split('\n').filter((line) => line !== '' && !lines.includes(line))).to.deep.equal([])
        })
      }

      for (const block of blocks.filter(({ language, words }) => language === 'ts' && words.length === 0)) {
        it(`runs line ${block.line}`, () => withFolder((folder) => importBlock(folder, block)))
      }

      const script = blocks.filter(({ language, words }) => language === 'sh' || words[0] === 'file')
      if (page.startsWith('guides/') && script.some(({ language }) => language === 'sh')) {
        it('does what its commands say, one after another', function () {
          this.timeout(120_000)
          return withFolder((folder) => runPage(folder, script))
        })
      }
    })
  }
})

/** The headings of a page, as links name them. */
function headingsOf(page: string): string[] {
  const headings = readFileSync(join(repository, page), 'utf8').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

async function withFolder(work: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(applicationsFolder(), 'page-'))
  mkdirSync(join(folder, 'node_modules'))
  for (const [name, target] of [
    ['regauge', packageFolder()],
    ['express', join(repository, 'node_modules/express')],
  ] as const) {
    symlinkSync(target, join(folder, 'node_modules', name))
  }
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function importBlock(folder: string, block: Block): Promise<unknown> {
  const file = join(folder, 'block.ts')
  writeFileSync(file, block.text)
  return import(pathToFileURL(file).href)
}

/** Runs a page as a reader would: writes its files, runs its commands in one shell, with `npx regauge` and `npx tsx` meaning what is here. */
function runPage(folder: string, blocks: readonly Block[]): void {
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  const node = `exec "${process.execPath}"`
  writeFileSync(
    join(bin, 'npx'),
    `#!/bin/sh\ncommand=$1; shift\ncase $command in\n  regauge) ${node} "${main}" "$@" ;;\n  tsx) ${node} --import tsx "$@" ;;\nesac\n`,
  )
  chmodSync(join(bin, 'npx'), 0o755)
  const script = blocks.map((block) => (block.language === 'sh' ? block.text : writingFile(block))).join('\n')
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, SAMPLE: join(repository, 'guides/conduit/rails'), NO_COLOR: '1' }
  const shell = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, encoding: 'utf8', timeout: 110_000 })
  expect(shell.status, `${shell.stdout}\n${shell.stderr}`).to.equal(0)
}

function writingFile({ words, text }: Block): string {
  return `mkdir -p "$(dirname '${words[1]}')"\ncat > '${words[1]}' <<'END_OF_FILE'\n${text}\nEND_OF_FILE`
}
