import { Untranslated, connectionCall } from '../../ruby/translate/index.ts'
import type { Macro } from './macro.ts'

/** `connects_to database: { writing: :animals }`, and `establish_connection :animals`. */
export const connection: Macro = (call, context, findings) => {
  const frame = context.ofClass()
  findings.frames.push(frame)
  const found = connectionCall(call, frame)
  if (!found) throw new Untranslated(call, 'databases of something that is no class')
  return [found.code]
}
