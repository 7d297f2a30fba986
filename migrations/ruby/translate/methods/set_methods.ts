import { argumentsOf } from '../../nodes.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, type Expression, number, unknown, type ValueType } from '../value_types.ts'

/** A set of what a list holds. */
export function setOf(element: ValueType = unknown): ValueType {
  return { kind: 'set', element }
}

/** The items of a set as a list; anything else as it is. */
export function listed(given: Expression): Expression {
  return given.type.kind === 'set' ? { ...given, code: `[...${given.code}]`, type: arrayOf(given.type.element) } : given
}

/** Whether a set has an item. */
export function isMember(set: Expression, item: Expression, dot = '.'): string {
  return `${set.code}${dot}has(${item.code})`
}

const has: ValueMethod = ({ receiver, args, dot }) => {
  const [item] = args()
  return item && { code: isMember(receiver, item, dot), type: boolean }
}

const added: ValueMethod = ({ receiver, args, dot }) => {
  const [item] = args()
  return item && { code: `${receiver.code}${dot}add(${item.code})`, type: receiver.type }
}

const size: ValueMethod = ({ receiver, dot, call }) =>
  call.block || call.arguments_ ? undefined : { code: `${receiver.code}${dot}size`, type: number }

/** A set that is made of the items of two. */
const combined =
  (write: (own: string, others: string) => string): ValueMethod =>
  ({ receiver, args }) => {
    const [other] = args()
    return other && { code: `new Set(${write(receiver.code, listed(other).code)})`, type: receiver.type }
  }

const union = combined((own, others) => `[...${own}, ...${others}]`)
const difference = combined((own, others) => `((others: Untyped[]) => [...${own}].filter((item) => !others.includes(item)))(${others})`)
const intersection = combined((own, others) => `((others: Untyped[]) => [...${own}].filter((item) => others.includes(item)))(${others})`)

/** Adds the items of others, one after the other. */
function merged({ receiver, args, call }: ValueCall): Expression | undefined {
  if (argumentsOf(call).pairs.length > 0 || !/^[\w.$]+$/.test(receiver.code)) return undefined
  const added = args().map((each) => `...${listed(each).code}`)
  return {
    code: `((set, items: Untyped[]) => { for (const item of items) set.add(item); return set })(${receiver.code}, [${added.join(', ')}])`,
    type: receiver.type,
  }
}

/** Ruby's methods of sets; what is not here is asked of the list of the items. */
export const setMethods: ValueMethods = {
  'include?': has,
  'member?': has,
  'contain?': has,
  '===': has,
  'exclude?': (given) => {
    const found = has(given)
    return found && { ...found, code: `!${found.code}` }
  },
  add: added,
  '<<': added,
  'add?': ({ receiver, args }) => {
    const [item] = args()
    return (
      item && {
        code: `((set, item) => (set.has(item) ? null : set.add(item)))(${receiver.code}, ${item.code})`,
        type: { ...receiver.type, isNullable: true },
      }
    )
  },
  delete: ({ receiver, args, call, dot }) =>
    call.block ? undefined : { code: `${receiver.code}${dot}delete(${args()[0]?.code ?? ''})`, type: boolean },
  clear: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}clear()`, type: unknown }),
  merge: merged,
  size,
  length: size,
  count: size,
  'empty?': ({ receiver, dot }) => ({ code: `${receiver.code}${dot}size === 0`, type: boolean }),
  'any?': ({ receiver, call, dot }) => (call.block ? undefined : { code: `${receiver.code}${dot}size > 0`, type: boolean }),
  to_a: (given) => listed(given.receiver),
  to_set: ({ receiver }) => receiver,
  dup: ({ receiver }) => ({ code: `new Set(${receiver.code})`, type: receiver.type }),
  '|': union,
  '+': union,
  union,
  '-': difference,
  difference,
  '&': intersection,
  intersection,
}
