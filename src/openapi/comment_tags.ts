import type { CommentBlock } from './controller_class.ts'

/** One `@tag` of a comment, with the lines that continue it. */
export interface Tag {
  readonly name: string
  /** What follows the name on its line, and lines that continue it, joined with spaces. */
  readonly text: string
  /** The lines that continue it, as written. */
  readonly continuation: readonly string[]
  readonly line: number
}

/** A comment taken apart: its first sentence, what follows it, its tags. */
export interface ParsedComment {
  readonly summary: string
  readonly description: string
  readonly tags: readonly Tag[]
}

/** Splits a comment at its tags. The first line is the summary; further text before the first tag is the description.
 * `@internal` and `@openapi` blocks are left out: the one is for colleagues, the other is read elsewhere. */
export function parseComment(block: CommentBlock): ParsedComment {
  const tags: { name: string; first: string; continuation: string[]; line: number }[] = []
  const text: string[] = []
  block.lines.forEach((line, index) => {
    const tag = /^\s*@([A-Za-z][\w-]*)(.*)$/.exec(line)
    const current = tags.at(-1)
    if (tag) tags.push({ name: tag[1] as string, first: (tag[2] as string).trim(), continuation: [], line: block.line + index })
    else if (current) current.continuation.push(line)
    else text.push(line.trim())
  })
  const { summary, description } = splitSummary(text)
  return {
    summary,
    description,
    tags: tags
      .filter(({ name }) => !['internal', 'openapi', 'swagger'].includes(name))
      .map(({ name, first, continuation, line }) => ({
        name,
        text: [first, ...continuation.map((more) => more.trim())].filter((part) => part !== '').join(' '),
        continuation,
        line,
      })),
  }
}

function splitSummary(lines: readonly string[]): { summary: string; description: string } {
  const written = lines.join('\n').trim()
  const [first = '', ...rest] = written.split('\n')
  return { summary: first, description: rest.join('\n').trim() }
}
