import { didYouMean } from '../naming/index.ts'
import type { ParsedComment, Tag } from './comment_tags.ts'
import { type CommentTypes, splitType } from './comment_types.ts'
import type { Reference, RequestBody, ResponseObject, Schema } from './document.ts'
import { statusText } from './statuses.ts'

/** What a comment says about an operation, or about all operations of a class. */
export interface Documentation {
  readonly summary?: string
  readonly description?: string
  readonly isDeprecated: boolean
  readonly isPrivate: boolean
  readonly tags: readonly string[]
  readonly operationId?: string
  readonly request?: RequestBody | Reference
  readonly responses: ReadonlyMap<string, ResponseObject | Reference>
  readonly parameters: readonly (DocumentedParameter | Reference)[]
  readonly auth: readonly Tag[]
  readonly authScopes: readonly Tag[]
  readonly title?: string
  readonly version?: string
}

/** A parameter of a comment; where it goes (path, query, form) is decided when the route is known. */
export interface DocumentedParameter {
  readonly name: string
  readonly required: boolean
  /** Absent where the comment names no type. */
  readonly schema?: Schema
  readonly description?: string
}

const knownTags = [
  'summary',
  'description',
  'deprecated',
  'private',
  'tag',
  'tags',
  'operationId',
  'request',
  'response',
  'param',
  'auth',
  'auth_scope',
  'title',
  'version',
]
/** Tags of JSDoc that say nothing about an API. */
const foreignTags =
  'abstract author borrows class default enum example extends file function generator ignore implements inheritDoc inheritdoc link method module name override protected public readonly remarks returns return see since template this throws todo type typedef virtual'.split(
    ' ',
  )

/** Understands the tags of a comment; each mistake becomes a warning and is left out. */
export function understandComment(
  comment: ParsedComment,
  types: CommentTypes,
  warn: (line: number, message: string) => void,
): Documentation {
  const one = (name: string): string | undefined => {
    const [first, second] = comment.tags.filter((tag) => tag.name === name)
    if (second) warn(second.line, `@${name} is given twice; the first one counts`)
    return first?.text || undefined
  }
  for (const { name, line } of comment.tags) {
    if (knownTags.includes(name) || foreignTags.includes(name)) continue
    const suggestion = didYouMean(name, knownTags)
    warn(line, `@${name} is no tag${suggestion === undefined ? '' : `; did you mean @${suggestion}?`}`)
  }
  const all = (...names: string[]) => comment.tags.filter((tag) => names.includes(tag.name))
  const [summary, description] = [
    one('summary') ?? (comment.summary || undefined),
    one('description') ?? (comment.description || undefined),
  ]
  const request = readRequest(all('request'), types, warn)
  const [operationId, title, version] = [one('operationId'), one('title'), one('version')]
  return {
    ...(summary ? { summary } : {}),
    ...(description ? { description } : {}),
    ...(request ? { request } : {}),
    ...(operationId ? { operationId } : {}),
    ...(title ? { title } : {}),
    ...(version ? { version } : {}),
    isDeprecated: all('deprecated').length > 0,
    isPrivate: all('private').length > 0,
    tags: all('tag', 'tags')
      .flatMap(({ text }) => text.split(',').map((tag) => tag.trim()))
      .filter(Boolean),
    responses: readResponses(all('response'), types, warn),
    parameters: readParameters(all('param'), types, warn),
    auth: all('auth'),
    authScopes: all('auth_scope'),
  }
}

/** `[status] [type] [description]` */
function readResponses(tags: readonly Tag[], types: CommentTypes, warn: Warn): Map<string, ResponseObject | Reference> {
  const responses = new Map<string, ResponseObject | Reference>()
  for (const { text, line } of tags) {
    const [, status = '200', rest = ''] = /^([1-5](?:\d\d|XX))?\s*(.*)$/s.exec(text) ?? []
    if (responses.has(status)) {
      warn(line, `the response ${status} is given twice; the first one counts`)
      continue
    }
    if (rest.startsWith('#/components/responses/')) {
      if (types.hasComponent(rest)) responses.set(status, { $ref: rest })
      else warn(line, `${rest} is no shared component`)
      continue
    }
    const [word, more] = splitType(rest)
    if (word === '' || (more !== '' && !types.isTypeLike(word))) {
      responses.set(status, { description: rest || statusText(status) })
      continue
    }
    const type = types.read(word)
    if ('error' in type) warn(line, `@response ${text}: ${type.error}`)
    const content = 'error' in type ? {} : { content: { 'application/json': { schema: type.schema } } }
    responses.set(status, { description: more.replace(/^-\s*/, '') || statusText(status), ...content })
  }
  return responses
}

function readRequest(tags: readonly Tag[], types: CommentTypes, warn: Warn): RequestBody | Reference | undefined {
  const [tag, second] = tags
  if (second) warn(second.line, '@request is given twice; the first one counts')
  if (tag === undefined) return undefined
  if (tag.text.startsWith('#/components/requestBodies/')) {
    if (types.hasComponent(tag.text)) return { $ref: tag.text }
    warn(tag.line, `${tag.text} is no shared component`)
    return undefined
  }
  const [word, description] = splitType(tag.text)
  const type = types.read(word)
  if ('error' in type) {
    warn(tag.line, `@request ${tag.text}: ${type.error}`)
    return undefined
  }
  const mediaType = hasFile(type.schema) ? 'multipart/form-data' : 'application/json'
  return { ...(description ? { description } : {}), required: true, content: { [mediaType]: { schema: type.schema } } }
}

/** `name[?] [{type}] [description]`, and JSDoc's `{type} name - description`, `{type} [name]`. */
function readParameters(tags: readonly Tag[], types: CommentTypes, warn: Warn): (DocumentedParameter | Reference)[] {
  const parameters = new Map<string, DocumentedParameter | Reference>()
  for (const { text, line } of tags) {
    if (text.startsWith('#/components/parameters/')) {
      if (types.hasComponent(text)) parameters.set(text, { $ref: text })
      else warn(line, `${text} is no shared component`)
      continue
    }
    const parameter = readParameter(text, types)
    if ('error' in parameter) warn(line, `@param ${text}: ${parameter.error}`)
    else if (parameters.has(parameter.name)) warn(line, `the parameter ${parameter.name} is given twice; the first one counts`)
    else parameters.set(parameter.name, parameter)
  }
  return [...parameters.values()]
}

function readParameter(text: string, types: CommentTypes): DocumentedParameter | { error: string } {
  const isTypeFirst = text.startsWith('{')
  const [head, tail] = splitType(text)
  const [name, afterName] = isTypeFirst ? splitType(tail) : [head, tail]
  const hasType = isTypeFirst || /^[{[]/.test(afterName)
  const [braced, afterType] = isTypeFirst ? [head, afterName] : hasType ? splitType(afterName) : ['', afterName]
  const [, optionalName, plainName, mark] = /^(?:\[([\w.[\]-]+)(?:=.*)?\]|([\w.[\]-]+?)(\?)?)$/.exec(name) ?? []
  const parameter = optionalName ?? plainName
  if (parameter === undefined) return { error: 'no name was found' }
  const type = hasType ? types.read(braced.slice(1, -1).trim()) : undefined
  if (type && 'error' in type) return type
  const description = afterType.replace(/^-\s*/, '')
  return {
    name: parameter,
    required: optionalName === undefined && mark === undefined,
    ...type,
    ...(description ? { description } : {}),
  }
}

/** Whether a schema holds an uploaded file somewhere. */
export function hasFile(schema: Schema): boolean {
  const parts = [schema.items, ...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]
  return schema.contentEncoding === 'binary' || parts.some((part) => part !== undefined && hasFile(part))
}

type Warn = (line: number, message: string) => void
