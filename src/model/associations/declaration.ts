/** What happens to the children when their owner is destroyed. */
export type Dependent = 'destroy' | 'deleteAll' | 'delete' | 'nullify' | 'restrictWithError' | 'restrictWithException'

/** Options of `belongsTo`, `hasOne` and `hasMany`. */
export interface AssociationOptions {
  readonly className?: string
  readonly foreignKey?: string
  /** The key that the foreign key refers to. */
  readonly primaryKey?: string
  readonly inverseOf?: string | false
  readonly through?: string
  readonly source?: string
  /** The class that a polymorphic source leads to. */
  readonly sourceType?: string
  /** A belongsTo to records of several models: their class's name is kept in a column beside the key. */
  readonly polymorphic?: boolean
  /** The polymorphic belongsTo on the other side: `hasMany('comments', { as: 'commentable' })`. */
  readonly as?: string
  /** The column of the class's name, where it isn't `…_type`. */
  readonly foreignType?: string
  readonly dependent?: Dependent
  readonly optional?: boolean
  readonly required?: boolean
  /** True, or the column of the owner that counts the children. */
  readonly counterCache?: boolean | string
  /** True, or one more column to write the time to. */
  readonly touch?: boolean | string
  readonly autosave?: boolean
  readonly validate?: boolean
  readonly indexErrors?: boolean
  /** Narrows or orders the associated records: `(comments) => comments.where({ approved: true })`. */
  readonly scope?: (relation: never) => unknown
}

export type AssociationKind = 'belongsTo' | 'hasOne' | 'hasMany'

/** What a macro declared. */
export interface AssociationDeclaration {
  readonly kind: AssociationKind
  readonly name: string
  /** Grows with each declaration: association callbacks and others run as they were declared. */
  readonly sequence: number
  readonly options: AssociationOptions
}
