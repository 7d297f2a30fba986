import type { CallNode } from '../../ruby/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Findings } from './options.ts'

/** Ports one macro: answers the lines of the static block. Members and fields it puts into the context.
 *
 * @throws Untranslated with the reason when it can't
 */
export type Macro = (call: CallNode, context: ClassContext, findings: Findings) => string[]
