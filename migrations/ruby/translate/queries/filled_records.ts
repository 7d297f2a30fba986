import type { CallNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import { blockFunction, type FunctionCode } from '../calls/functions.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, recordOf } from '../value_types.ts'

/** What is done with a new record that a block fills in, by the name of the method. */
const saves: Readonly<Record<string, string>> = {
  new: '',
  build: '',
  create: 'save',
  'create!': 'saveOrThrow',
  find_or_initialize_by: '',
  find_or_create_by: 'save',
  'find_or_create_by!': 'saveOrThrow',
}

/** Whether a call makes a record and gives it to a block. */
export function fillsIn(call: CallNode): boolean {
  return Boolean(call.block) && Object.hasOwn(saves, call.name)
}

/** A new record that a block fills in before it is saved, as in Rails. What is there already is found without it. */
export function filledRecord(call: CallNode, receiver: Expression, args: readonly string[], frame: Frame): Expression {
  const type = recordOf(receiver.type.model)
  const block = blockFunction(call, frame, [type])
  if (!block) throw new Untranslated(call, 'a block that fills in a new record')
  const given = args.join(', ')
  const made = receiver.type.kind === 'class' ? `new ${receiver.code}(${given})` : `${receiver.code}.build(${given})`
  const filled = filling(block, saves[call.name]!, made)
  if (!call.name.startsWith('find_')) return filled.isAsync ? { code: filled.code, type, pending: true } : { code: filled.code, type }
  frame.isAsync = true
  return { code: `((await ${receiver.code}.findBy(${given})) ?? (${filled.isAsync ? 'await ' : ''}${filled.code}))`, type }
}

function filling(block: FunctionCode, save: string, made: string): { code: string; isAsync: boolean } {
  const isAsync = block.isAsync || save !== ''
  const lines = [
    `${block.isAsync ? 'await ' : ''}(${block.code})(record)`,
    ...(save === '' ? [] : [`await record.${save}()`]),
    'return record',
  ]
  return { code: `(${isAsync ? 'async ' : ''}(record) => {\n;${lines.join('\n')}\n})(${made})`, isAsync }
}
