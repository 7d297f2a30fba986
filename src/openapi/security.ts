import { parse } from 'yaml'
import { didYouMean } from '../naming/index.ts'
import type { Tag } from './comment_tags.ts'
import type { CommentTypes } from './comment_types.ts'
import { type ControllerClass, isFilterActive } from './controller_class.ts'

/** What an `@auth` tag declares: a filter that authenticates, and the scheme it checks. */
export interface AuthDeclaration {
  readonly filter: string
  readonly scheme: string
  /** Undefined where the scheme is a shared component. */
  readonly definition: Record<string, unknown> | undefined
}

const bearer = { type: 'http', scheme: 'bearer' }

/** Reads `@auth FILTER [SCHEME | #/components/securitySchemes/NAME]` of a class; indented YAML below it defines the scheme. */
export function readAuth(
  tag: Tag,
  lineage: readonly ControllerClass[],
  types: CommentTypes,
  warn: (line: number, message: string) => void,
): AuthDeclaration | undefined {
  const first =
    tag.continuation.length === 0
      ? tag.text
      : tag.text
          .slice(
            0,
            tag.text.length -
              tag.continuation
                .map((line) => line.trim())
                .filter(Boolean)
                .join(' ').length,
          )
          .trim()
  const [filter = '', given = '', ...more] = first.split(/\s+/)
  const filters = [...new Set(lineage.flatMap((owner) => owner.filters).flatMap(({ names }) => names))]
  if (more.length > 0) warn(tag.line, `@auth ${first}: only the filter and the name of a scheme are expected`)
  if (!filters.includes(filter)) {
    const suggestion = didYouMean(filter, filters)
    warn(
      tag.line,
      `@auth names the before action '${filter}', which is not declared${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    )
    return undefined
  }
  if (given.startsWith('#/components/securitySchemes/')) {
    if (types.hasComponent(given)) return { filter, scheme: given.split('/').at(-1) as string, definition: undefined }
    warn(tag.line, `${given} is no shared component`)
    return undefined
  }
  return { filter, scheme: (given || filter).replace(/[^A-Za-z0-9\-._]/g, ''), definition: definitionOf(tag, warn) }
}

/** The alternatives by which an action lets clients in. */
export function securityOf(
  declarations: readonly AuthDeclaration[],
  lineage: readonly ControllerClass[],
  action: string,
): Record<string, string[]>[] {
  return declarations.filter(({ filter }) => isFilterActive(lineage, filter, action)).map(({ scheme }) => ({ [scheme]: [] }))
}

function definitionOf(tag: Tag, warn: (line: number, message: string) => void): Record<string, unknown> {
  const text = tag.continuation.join('\n')
  if (text.trim() === '') return bearer
  try {
    const definition: unknown = parse(text)
    if (typeof definition === 'object' && definition !== null && !Array.isArray(definition))
      return 'type' in definition ? { ...definition } : { ...bearer, ...definition }
    warn(tag.line, '@auth is followed by something that is no YAML mapping')
  } catch (error) {
    warn(tag.line, `@auth is followed by broken YAML: ${(error as Error).message.split('\n')[0]}`)
  }
  return bearer
}
