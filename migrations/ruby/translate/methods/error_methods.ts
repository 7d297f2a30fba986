import { argumentsOf, type RubyNode } from '../../nodes.ts'
import { value } from '../expressions/expressions.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, type Expression, hash, number, text, type ValueType } from '../value_types.ts'

/** What is known of each error: its attribute, its key, its text. */
export const validationError: ValueType = { kind: 'error' }

/** Arguments in order, the options last. */
function all({ call, args, frame }: ValueCall): string {
  const codes = args().map(({ code }) => code)
  if (argumentsOf(call).pairs.length > 0) codes.push(value((call.arguments_!.arguments_ as RubyNode[]).at(-1)!, frame).code)
  return codes.join(', ')
}

const called =
  (name: string, type: ValueType): ValueMethod =>
  (given) =>
    given.call.block ? undefined : { code: `${given.receiver.code}${given.dot}${name}(${all(given)})`, type }

const read =
  (name: string, type: ValueType): ValueMethod =>
  ({ receiver, dot, call }) =>
    call.block ? undefined : { code: `${receiver.code}${dot}${name}`, type }

/** A list of the errors, for the methods of lists. */
export function errorList({ code }: Expression): Expression {
  return { code: `[...${code}]`, type: arrayOf(validationError) }
}

/** The methods of `errors` of a record. */
export const errorMethods: ValueMethods = {
  add: (given) => {
    const [, message] = given.args()
    const added = called('add', validationError)(given)
    if (message?.type.kind !== 'array' || !added) return added
    given.frame.notes.add('a list is the message of an error')
    return { ...added, code: added.code.replace(message.code, `${message.code} as Untyped`) }
  },
  'added?': called('added', boolean),
  'of_kind?': called('isOfKind', boolean),
  'include?': called('has', boolean),
  'has_key?': called('has', boolean),
  'key?': called('has', boolean),
  where: called('where', arrayOf(validationError)),
  '[]': called('get', arrayOf(text)),
  delete: called('delete', arrayOf(text)),
  clear: called('clear', { kind: 'null' }),
  full_message: called('fullMessage', text),
  full_messages_for: called('fullMessagesFor', arrayOf(text)),
  messages_for: called('messagesFor', arrayOf(text)),
  generate_message: called('generateMessage', text),
  full_messages: read('fullMessages', arrayOf(text)),
  to_a: read('fullMessages', arrayOf(text)),
  messages: read('messages', hash),
  details: read('details', hash),
  attribute_names: read('attributeNames', arrayOf(text)),
  keys: read('attributeNames', arrayOf(text)),
  size: read('size', number),
  count: read('count', number),
  length: read('size', number),
  'any?': called('isAny', boolean),
  'present?': called('isAny', boolean),
  'empty?': called('isEmpty', boolean),
  'blank?': called('isEmpty', boolean),
  'none?': called('isEmpty', boolean),
  as_json: called('asJson', hash),
  to_hash: called('toHash', hash),
}

/** The methods of one error. */
export const validationErrorMethods: ValueMethods = {
  attribute: read('attribute', text),
  type: read('type', text),
  message: read('message', text),
  full_message: read('fullMessage', text),
  options: read('options', hash),
  details: read('details', hash),
}

/** Something that was thrown: an `Error`, or what an `instanceof` before it says. */
export const exception: ValueType = { kind: 'exception' }

/** The methods of what was rescued. */
export const exceptionMethods: ValueMethods = {
  message: read('message', text),
  to_s: read('message', text),
  full_message: ({ receiver }) => ({ code: `String(${receiver.code})`, type: text }),
  backtrace: ({ receiver }) => ({ code: `(${receiver.code}.stack ?? '').split('\\n').slice(1)`, type: arrayOf(text) }),
  cause: read('cause', { kind: 'unknown' }),
  record: ({ receiver, dot }) => ({
    code: `(${receiver.code} as Untyped)${dot}record`,
    type: { kind: 'unknown' },
  }),
}
