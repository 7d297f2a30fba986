export { Application, type ColumnTypes, type Tables, typeScriptName, variableName } from './application.ts'
export type { AssociationInfo, ClassInfo, MethodInfo } from './class_info.ts'
export { connectionCall } from './connections.ts'
export { expression, hashCode, value } from './expressions.ts'
export { Frame, localName } from './frame.ts'
export { arrow, declareParameters, type FunctionCode } from './functions.ts'
export { macroExpansion, type MacroExpansion } from './gem_macros.ts'
export { Imports, untypedFile } from './imports.ts'
export { isOfPassword, member, methodName, nameIn, recordMembers, setterName, writesProperty } from './members.ts'
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
} from './read_classes.ts'
export { noteSerialized } from './own_macros.ts'
export { associated } from './query_arguments.ts'
export { associationAbove, takesBlock } from './super_calls.ts'
export type { StructFields } from './struct_fields.ts'
export { blockLines, functionBody } from './statements.ts'
export { keyOfMethod, keyOfScope } from './method_keys.ts'
export { Untranslated } from './untranslated.ts'
export { type ValueClass, isMadeBelow, valueClass } from './value_classes.ts'
export * from './value_types.ts'
