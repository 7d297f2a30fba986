import { configuredValue, gemSettings } from './configuration.ts'
import { ConstantFinder, type FoundConstant } from './constant_finder.ts'
import { DataFiles } from './data_files.ts'
import { type ApplicationScope, emptyScope, evaluate, evaluateMethodBody, NotConstant, type Scope, tryEvaluate } from './evaluate.ts'
import { dataCall } from './data_calls.ts'
import { argumentsOf, type CallNode, constantPath, is, type NodeOf, type RubyNode } from './nodes.ts'
import type { RubySource } from './source.ts'
import type { RubyValue } from './values.ts'

/** A method of a module or class that was found in the application. */
export interface FoundMethod {
  readonly source: RubySource
  readonly node: NodeOf<'DefNode'>
}

/** How the Ruby files of the application are reached. */
export interface ApplicationReader {
  read(file: string): RubySource | undefined
  findMethod(owner: string, name: string): FoundMethod | undefined
  gemVersion(name: string): string | undefined
}

/** How deep methods of the application may call each other while they are evaluated. */
const deepestCalls = 12

const notOurs = new Set([
  'Rails',
  'ENV',
  'Regexp',
  'CGI',
  'File',
  'Dir',
  'Time',
  'Date',
  'DateTime',
  'Random',
  'SecureRandom',
  'Process',
  'Kernel',
])

/** What the code of an application can tell without being run: its constants, its files of data, and methods of modules that only put such values together. */
export class KnownApplication implements ApplicationScope {
  readonly data: DataFiles
  readonly #constants: ConstantFinder
  readonly #application: ApplicationReader
  #depth = 0

  /** @param environment what `Rails.env` is; `production` unless given */
  constructor(root: string, application: ApplicationReader, environment?: string) {
    this.data = new DataFiles(root)
    this.#constants = new ConstantFinder(root, this, environment)
    this.#application = application
  }

  constant(path: string, scope: Scope = emptyScope()): RubyValue | undefined {
    return this.findConstant(path)?.value ?? gemSettings(path, scope, this.#application, this.data)
  }

  /** The same, with the file that defines it. */
  findConstant(path: string): FoundConstant | undefined {
    return this.#constants.find(path)
  }

  /** What is assigned to a constant, as it stands, when one file does so. */
  findDefinition(path: string): { source: RubySource; node: RubyNode } | undefined {
    return this.#constants.findDefinition(path)
  }

  call(call: CallNode, scope: Scope): RubyValue | undefined {
    return dataCall(call, scope, this.data) ?? configuredValue(call, scope, this.#application) ?? this.#method(call, scope)
  }

  /** `Module.method(…)`, or `method(…)` within another method of the module. */
  #method(call: CallNode, scope: Scope): RubyValue | undefined {
    const receiver = call.receiver as RubyNode | null
    const owner = receiver === null || is(receiver, 'SelfNode') ? scope.owner : constantPath(receiver)
    if (owner === undefined || notOurs.has(owner) || call.block || this.#depth >= deepestCalls) return undefined
    const found = this.#application.findMethod(owner, call.name)
    const locals = found && boundParameters(found.node, call, scope)
    if (!found || !locals) return undefined
    this.#depth++
    try {
      return evaluateMethodBody(found.node.body as RubyNode | null, {
        ...constantScope(scope),
        locals,
        constants: new Map(),
        file: found.source.file,
        owner,
      })
    } catch (error) {
      if (error instanceof NotConstant) return undefined
      throw error
    } finally {
      this.#depth--
    }
  }
}

/** The scope in which nothing counts as constant that depends on where the port runs, such as `ENV`, or on constants that aren't found. */
export function constantScope(scope: Scope = emptyScope()): Scope {
  return {
    ...scope,
    isStrict: true,
    note: (node, reason) => {
      throw new NotConstant(node, reason)
    },
  }
}

function boundParameters({ parameters }: NodeOf<'DefNode'>, call: CallNode, scope: Scope): Map<string, RubyValue> | undefined {
  const { positional, pairs } = argumentsOf(call)
  const required = (parameters?.requireds ?? []) as { name?: string }[]
  const optional = (parameters?.optionals ?? []) as NodeOf<'OptionalParameterNode'>[]
  const others = parameters ? [...parameters.posts, ...parameters.keywords, parameters.rest, parameters.keywordRest, parameters.block] : []
  if (others.some(Boolean) || pairs.length > 0) return undefined
  if (positional.length < required.length || positional.length > required.length + optional.length) return undefined
  const locals = new Map<string, RubyValue>()
  for (const [index, parameter] of [...required, ...optional].entries()) {
    const given = positional[index]
    const value = given ? tryEvaluate(given, scope) : evaluate(optional[index - required.length]!.value as RubyNode, scope)
    if (parameter.name === undefined || value === undefined) return undefined
    locals.set(parameter.name, value)
  }
  return locals
}
