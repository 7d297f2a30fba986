import type { Declarations } from '../declarations.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { TransactionAction } from '../transactions/record_states.ts'
import { associationCallbacks } from '../associations/callbacks.ts'
import { CallbackChain, type CallbackEntry } from './chain.ts'
import type { CallbackDeclaration, CallbackEvent } from './declaration.ts'
import { guardOf, list } from './guard.ts'
import { callbacksInForce, skipsOf } from './in_force.ts'

/** The callbacks of a class, compiled: one chain an event. */
export class ModelCallbacks {
  readonly declarations: readonly CallbackDeclaration[]
  readonly save: CallbackChain
  readonly create: CallbackChain
  readonly update: CallbackChain
  readonly destroy: CallbackChain
  readonly touch: CallbackChain
  /** Whether saving a record without associated records in memory is one statement. */
  readonly isSavePlain: boolean
  /** Whether making a record of a row runs callbacks. */
  readonly hasLoadCallbacks: boolean
  /** As they were declared. */
  readonly #held: readonly CallbackDeclaration[]
  readonly #initialize: CallbackChain
  readonly #find: CallbackChain
  readonly #validation = new Map<string, CallbackChain>()
  readonly #commits: readonly CallbackDeclaration[]
  readonly #beforeCommits: readonly CallbackDeclaration[]
  readonly #rollbacks: readonly CallbackDeclaration[]

  constructor(info: ModelInfo, declarations: readonly Declarations[]) {
    const declared = [...associationCallbacks(info), ...declarations.flatMap((each) => each.callbacks)]
    const held = callbacksInForce(declared, skipsOf(info.model))
    this.#held = held
    // What runs afterwards does so as it was declared, as in Rails: prepending changes nothing there.
    const isFirst = ({ prepend, position }: CallbackDeclaration): boolean => prepend && position !== 'after'
    const all = [...held.filter(isFirst).reverse(), ...held.filter((callback) => !isFirst(callback))]
    this.declarations = all
    this.#beforeCommits = all.filter((callback) => callback.event === 'commit' && callback.position === 'before')
    this.isSavePlain =
      !this.hasBeforeCommit &&
      !all.some(({ event, isAutosave }) => isAutosave !== true && (event === 'save' || event === 'create' || event === 'update'))
    this.save = this.#chain('save')
    this.create = this.#chain('create')
    this.update = this.#chain('update')
    this.destroy = this.#chain('destroy')
    this.touch = this.#chain('touch')
    this.#initialize = this.#chain('initialize')
    this.#find = this.#chain('find')
    this.hasLoadCallbacks = this.#initialize.hasAfter || this.#find.hasAfter
    this.#commits = all.filter((callback) => callback.event === 'commit' && callback.position === 'after')
    this.#rollbacks = all.filter((callback) => callback.event === 'rollback')
  }

  /** Whether anything runs before the commit, for which writing needs a transaction. */
  get hasBeforeCommit(): boolean {
    return this.#beforeCommits.length > 0
  }

  /** Whether anything waits for the commit or the rollback. */
  get isTransactional(): boolean {
    return this.#commits.length + this.#rollbacks.length > 0
  }

  /** The validation callbacks of a context. */
  validation(context: readonly string[]): CallbackChain {
    const name = context.join()
    let chain = this.#validation.get(name)
    if (chain === undefined) {
      chain = this.#chain('validation', context)
      if (this.#validation.size < 100) this.#validation.set(name, chain)
    }
    return chain
  }

  /** After a row became a record. */
  afterLoad(record: ModelRecord): ModelRecord {
    this.#find.afterNow(record)
    this.#initialize.afterNow(record)
    return record
  }

  /** After `new`. */
  afterInitialize(record: ModelRecord): void {
    this.#initialize.afterNow(record)
  }

  async beforeCommit(record: ModelRecord, actions: ReadonlySet<TransactionAction>): Promise<void> {
    if (this.hasBeforeCommit && actions.size > 0) await new CallbackChain(matching(this.#beforeCommits, actions)).before(record)
  }

  async committed(record: ModelRecord, actions: ReadonlySet<TransactionAction>): Promise<void> {
    if (this.#commits.length > 0 && actions.size > 0) await new CallbackChain(matching(this.#commits, actions)).after(record)
  }

  async rolledBack(record: ModelRecord, actions: ReadonlySet<TransactionAction>): Promise<void> {
    if (this.#rollbacks.length > 0 && actions.size > 0) await new CallbackChain(matching(this.#rollbacks, actions)).after(record)
  }

  #chain(event: CallbackEvent, context?: readonly string[]): CallbackChain {
    const entries = this.#held.filter((callback) => {
      if (callback.event !== event) return false
      return context === undefined || callback.options.on === undefined || list(callback.options.on).some((each) => context.includes(each))
    })
    return new CallbackChain(entries.map(compile))
  }
}

function matching(declarations: readonly CallbackDeclaration[], actions: ReadonlySet<TransactionAction>): CallbackEntry[] {
  return declarations
    .filter(({ options }) => options.on === undefined || list(options.on).some((action) => actions.has(action as TransactionAction)))
    .map(compile)
}

function compile(declaration: CallbackDeclaration): CallbackEntry {
  const { position, body, options, prepend } = declaration
  return { position, body, guard: guardOf(options), isPrepended: prepend }
}
