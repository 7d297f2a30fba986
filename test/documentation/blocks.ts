import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')

/** A fenced block of a page. */
export interface Block {
  readonly page: string
  readonly line: number
  readonly language: string
  /** What follows the language: `from path/of/a/file`, `file path/to/write`. */
  readonly words: readonly string[]
  readonly text: string
}

/** The README and every guide. */
export const pages: readonly string[] = ['README.md', ...markdownBelow('guides')]

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let open: { line: number; info: string; text: string[] } | undefined
  for (const [index, line] of readFileSync(join(repository, page), 'utf8').split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line)
    if (!fence) open?.text.push(line)
    else if (!open) open = { line: index + 1, info: fence[1]!, text: [] }
    else {
      const [language = '', ...words] = open.info.split(' ')
      blocks.push({ page, line: open.line, language, words, text: open.text.join('\n') })
      open = undefined
    }
  }
  return blocks
}

function markdownBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)))
    .sort()
}
