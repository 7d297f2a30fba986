export { Application, type ColumnTypes, type Tables, typeScriptName, variableName } from './classes/application.ts'
export type { AssociationInfo, ClassInfo, MethodInfo } from './classes/class_info.ts'
export { connectionCall } from './queries/connections.ts'
export { expression, hashCode, value } from './expressions/expressions.ts'
export { Frame, localName } from './frame.ts'
export { arrow, declareParameters, type FunctionCode } from './calls/functions.ts'
export { macroExpansion, type MacroExpansion } from './classes/gem_macros.ts'
export { Imports, untypedFile } from './imports.ts'
export { isOfPassword, member, methodName, nameIn, recordMembers, setterName, writesProperty } from './classes/members.ts'
export {
  constantsIn,
  definedName,
  delegatedNames,
  enumMembers,
  formModules,
  isCurrent,
  isUrlHelpers,
  optionNode,
  readClasses,
  tableAsked,
} from './classes/read_classes.ts'
export { noteSerialized } from './classes/own_macros.ts'
export { associated } from './queries/query_arguments.ts'
export { associationAbove, takesBlock } from './calls/super_calls.ts'
export type { StructFields } from './classes/struct_fields.ts'
export { blockLines, functionBody } from './statements/statements.ts'
export { keyOfMethod, keyOfScope } from './classes/method_keys.ts'
export { Untranslated } from './untranslated.ts'
export { type ValueClass, isMadeBelow, valueClass } from './classes/value_classes.ts'
export * from './value_types.ts'
