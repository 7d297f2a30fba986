import type { CallbackArguments } from '../callbacks/declaring.ts'
import { ConnectedRecord } from '../connections/connected_record.ts'
import type { CallbackMacro } from './macro_statics.ts'
import type { Delegated } from './query_statics.ts'

/** The ancestor of all records. What its members do is in the classes it descends from, one capability each.
 * None of these has private methods (`#name()`): each class with some marks every one of its instances, which costs time and memory. */
export class ModelRecord extends ConnectedRecord {}

/** The callback macros as static methods. */
export type CallbackMacros = {
  readonly [Name in CallbackMacro]: (...args: CallbackArguments) => void
}

/** A class of records, as the room itself sees it. Applications see `Statics`. */
export type ModelClass = typeof ModelRecord & Delegated & CallbackMacros
