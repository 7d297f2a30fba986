/** Macros that the model layer has. */
export const modelMacros: ReadonlySet<string> = new Set(
  `acceptsNestedAttributesFor afterCommit afterCreate afterCreateCommit afterDestroy afterDestroyCommit afterFind afterInitialize afterRollback afterSave
  afterSaveCommit afterTouch afterUpdate afterUpdateCommit afterValidation aliasAttribute aroundCreate aroundDestroy aroundSave aroundUpdate attrReadonly attribute
  beforeCommit connectsTo beforeCreate beforeDestroy beforeSave beforeUpdate beforeValidation belongsTo defaultScope delegatedType encrypts enum generatesTokenFor
  hasAndBelongsToMany hasMany hasOne hasSecurePassword hasSecureToken normalizes queryConstraints scope serialize store storeAccessor validate validates validatesAssociated
  validatesEach validatesWith`.split(/\s+/),
)

/** Settings of a class that the model layer reads: `static inheritanceColumn = 'kind'`. */
const settings: ReadonlySet<string> = new Set(['includeRootInJson', 'inheritanceColumn', 'lockingColumn', 'recordTimestamps'])

/** Whether the model layer has a setting of this name. */
export function hasSetting(name: string): boolean {
  return settings.has(name)
}

/** Whether the model layer has a macro of this name. */
export function runtimeHas(name: string): boolean {
  return modelMacros.has(name)
}
