import { type Documentation, understandComment } from './comment_documentation.ts'
import { parseComment, type Tag } from './comment_tags.ts'
import { CommentTypes } from './comment_types.ts'
import { methodOfAction } from '../naming/index.ts'
import { type CommentBlock, type ControllerClass, findMethod, methodNames } from './controller_class.ts'
import type { Components, Method, OpenApiDocument, PathItem } from './document.ts'
import type { DocumentInput, RouteInfo, Warning } from './inputs.ts'
import { mergeDocument } from './merge_document.ts'
import { ModelSchemas } from './model_schemas.ts'
import { buildOperation, tagOf } from './operation.ts'
import { documentedPaths } from './paths.ts'
import { readControllers } from './read_controllers.ts'
import { type AuthDeclaration, readAuth, securityOf } from './security.ts'

/** Builds the OpenAPI 3.1 document of an application from its routes, controllers' sources and models.
 *
 * Never throws for what the application's files say: each mistake in them is a warning with file and line, and is left out.
 * @example
 * const { document, warnings } = buildDocument({ title: 'Shop', version: '1.0.0', routes, controllers: [{ name: 'orders', file }], models })
 */
export function buildDocument(input: DocumentInput): { document: OpenApiDocument; warnings: Warning[] } {
  const warnings: Warning[] = []
  const builder = new DocumentBuilder(input, warnings)
  const document = builder.build()
  if (input.readBlocks === undefined) return { document, warnings: distinct(warnings) }
  const blocks = input.readBlocks(input.controllers.map(({ file }) => file))
  return { document: mergeDocument(document, blocks.document), warnings: distinct([...warnings, ...blocks.warnings]) }
}

/** One mistake may be met once for each route of an action. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.file}:${warning.line} ${warning.message}`, warning])).values()]
}

class DocumentBuilder {
  readonly #input: DocumentInput
  readonly #warnings: Warning[]
  readonly #models: ModelSchemas
  readonly #types: CommentTypes
  readonly #classes
  readonly #understood = new Map<CommentBlock, Documentation>()
  readonly #auth = new Map<object, AuthDeclaration[]>()
  readonly #securitySchemes: Record<string, Record<string, unknown>> = {}

  constructor(input: DocumentInput, warnings: Warning[]) {
    this.#input = input
    this.#warnings = warnings
    this.#models = new ModelSchemas(input.models)
    this.#types = new CommentTypes(this.#models, input.components ?? {})
    this.#classes = readControllers(input.controllers, warnings, input.readFile)
  }

  build(): OpenApiDocument {
    const { title, version, description, servers } = this.#input
    const paths = this.#paths()
    const operations = Object.values(paths).flatMap((item) => Object.values(item))
    const tags = [...new Set(operations.flatMap((operation) => operation.tags ?? []))].sort()
    const components = this.#components()
    const [said] = [...this.#understood.values()].filter((part) => part.title !== undefined || part.version !== undefined)
    return {
      openapi: '3.1.0',
      info: { title: said?.title ?? title, version: said?.version ?? version, ...(description ? { description } : {}) },
      ...(servers ? { servers: servers.map((server) => ({ ...server })) } : {}),
      tags: tags.map((name) => ({ name })),
      paths,
      ...(Object.keys(components).length > 0 ? { components } : {}),
    }
  }

  #paths(): Record<string, PathItem> {
    const paths = new Map<string, PathItem>()
    const operationIds = new Set<string>()
    for (const route of this.#input.routes) {
      if ((route.kind ?? 'action') !== 'action' || route.controller === undefined || route.action === undefined) continue
      for (const { path, parameters } of documentedPaths(route.path)) {
        for (const method of methodsOf(route)) {
          const item = paths.get(path) ?? {}
          if (item[method] !== undefined) continue // the first route that fits answers
          const operation = this.#operation(route, method, parameters)
          if (operation === undefined) continue
          operation.operationId = unused(operationIds, operation.operationId ?? '', method)
          paths.set(path, Object.assign(item, { [method]: operation }))
        }
      }
    }
    return Object.fromEntries(paths)
  }

  #operation(route: RouteInfo, method: Method, pathParameters: readonly string[]) {
    const { controller = '', action: named = '' } = route
    const lineage = this.#classes.lineage(controller)
    const action = methodOfAction(named, methodNames(lineage)) ?? named
    const found = findMethod(lineage, action)
    const own = this.#understand(found?.method.comment, found?.owner.file ?? '')
    const documentation = [own, ...lineage.map((owner) => this.#understand(owner.comment, owner.file))]
    if (documentation.some((part) => part?.isPrivate)) return undefined
    const declarations = lineage.flatMap((owner) => this.#authOf(owner, this.#understand(owner.comment, owner.file), owner.file, lineage))
    const ownDeclarations = found ? this.#authOf(found.method, own, found.owner.file, lineage) : []
    const security =
      ownDeclarations.length > 0 ? ownDeclarations.map(({ scheme }) => ({ [scheme]: [] })) : securityOf(declarations, lineage, action)
    for (const scope of own?.authScopes ?? []) this.#limitScope(scope, security, found?.owner.file ?? '')
    for (const { scheme, definition } of [...declarations, ...ownDeclarations]) {
      if (definition && security.some((alternative) => Object.hasOwn(alternative, scheme))) this.#securitySchemes[scheme] = definition
    }
    const present = [own ?? silent, ...documentation.slice(1).filter((part) => part !== undefined)]
    return buildOperation({
      route,
      action,
      method,
      pathParameters,
      lineage,
      documentation: present,
      models: this.#models,
      security,
      tag: this.#input.tagOf ?? tagOf,
    })
  }

  #understand(comment: CommentBlock | undefined, file: string): Documentation | undefined {
    if (comment === undefined) return undefined
    let documentation = this.#understood.get(comment)
    if (documentation === undefined) {
      documentation = understandComment(parseComment(comment), this.#types, (line, message) => this.#warnings.push({ file, line, message }))
      this.#understood.set(comment, documentation)
    }
    return documentation
  }

  /** What the `@auth` tags of a class or method declare, read once. */
  #authOf(owner: object, comment: Documentation | undefined, file: string, lineage: readonly ControllerClass[]): AuthDeclaration[] {
    let declarations = this.#auth.get(owner)
    if (declarations === undefined) {
      const warn = (line: number, message: string) => this.#warnings.push({ file, line, message })
      declarations = (comment?.auth ?? []).flatMap((tag) => readAuth(tag, lineage, this.#types, warn) ?? [])
      this.#auth.set(owner, declarations)
    }
    return declarations
  }

  /** `@auth_scope [SCHEME] scope, scope` */
  #limitScope({ text, line }: Tag, security: Record<string, string[]>[], file: string): void {
    const names = security.flatMap((alternative) => Object.keys(alternative))
    const [, given, list = ''] = /^(?:(\S+)\s+)?\[?([^\]]*)\]?$/.exec(text) ?? []
    const isNamed = given !== undefined && names.includes(given)
    const isUnknown = given !== undefined && !isNamed && text.includes('[')
    const scheme = isNamed ? given : names.length === 1 && !isUnknown ? names[0] : undefined
    const scopes = (isNamed || given === undefined ? list : text)
      .replace(/[[\]]/g, '')
      .split(/[\s,]+/)
      .filter(Boolean)
    const alternative = scheme === undefined ? undefined : security.find((candidate) => Object.hasOwn(candidate, scheme))
    if (scheme !== undefined && alternative) alternative[scheme]?.push(...scopes)
    else
      this.#warnings.push({
        file,
        line,
        message: `@auth_scope ${text}: ${names.length === 0 ? 'no scheme is active here' : `name one of ${names.join(', ')}`}`,
      })
  }

  /** The shared components, and of models and security schemes those that something refers to. */
  #components(): Components {
    const components: Components = { ...this.#input.components }
    const schemas = [...this.#types.usedModels].sort().map((name) => [name, this.#models.schemaOf(name)])
    if (schemas.length > 0) components.schemas = { ...Object.fromEntries(schemas), ...components.schemas }
    if (Object.keys(this.#securitySchemes).length > 0) {
      components.securitySchemes = { ...this.#securitySchemes, ...components.securitySchemes }
    }
    return components
  }
}

const silent: Documentation = {
  isDeprecated: false,
  isPrivate: false,
  tags: [],
  responses: new Map(),
  parameters: [],
  auth: [],
  authScopes: [],
}

function methodsOf({ verb }: RouteInfo): Method[] {
  const known: Method[] = ['get', 'post', 'put', 'patch', 'delete']
  const verbs = verb.toLowerCase().split('|')
  return verb === '' ? known : known.filter((method) => verbs.includes(method))
}

function unused(taken: Set<string>, id: string, method: string): string {
  let candidate = id
  for (let count = 1; taken.has(candidate); count++)
    candidate = `${id}${method[0]?.toUpperCase()}${method.slice(1)}${count === 1 ? '' : count}`
  taken.add(candidate)
  return candidate
}
