export { type Permitted, ParameterMethods, Parameters, PermittedParameters, type ReadValue } from './parameters.ts'
export type { ExpectResult, ParameterScalar, PermitFilter, PermitHash, PermitResult } from './types.ts'
export { isPermitted, type JsonParameters, permittedMarker } from './values.ts'
