/** What happens to the children when their owner is destroyed. */
export type Dependent = 'destroy' | 'destroyAsync' | 'deleteAll' | 'delete' | 'nullify' | 'restrictWithError' | 'restrictWithException'

/** When the callbacks of a collection run. */
export type CollectionEvent = 'beforeAdd' | 'afterAdd' | 'beforeRemove' | 'afterRemove'

/** A function of the owner and the record, the name of a method of the owner that gets the record, or an object with a method of the event's name. */
export type CollectionCallback =
  | string
  | ((owner: never, record: never) => unknown)
  | { readonly [E in CollectionEvent]?: (owner: never, record: never) => unknown }

/** Options of `belongsTo`, `hasOne` and `hasMany`. */
export interface AssociationOptions {
  readonly className?: string
  /** The column of the foreign key, or its columns where the key has several: `['shop_id', 'order_id']`. */
  readonly foreignKey?: string | readonly string[]
  /** Another name of `foreignKey` for a list, as Rails has it. */
  readonly queryConstraints?: readonly string[]
  /** What the foreign key refers to: as many columns as it has, in the same order. */
  readonly primaryKey?: string | readonly string[]
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
  /** Of `hasAndBelongsToMany`: the table between, `posts_tags` by default. */
  readonly joinTable?: string
  /** Of `hasAndBelongsToMany`: the key in the table between that leads to the other side. */
  readonly associationForeignKey?: string
  /** Declared with `hasAndBelongsToMany`. */
  readonly isManyToMany?: boolean
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
  /** Makes it an error to load the records without `includes` or `preload`. */
  readonly strictLoading?: boolean
  /** Methods of the collection, whose `this` it is: `{ recent() { return this.order({ id: 'desc' }) } }`. */
  readonly extending?: Readonly<Record<string, (this: never, ...args: never[]) => unknown>>
  /** Run when a record is added to a collection: built, created, pushed or assigned. `abort()` in it leaves the record out. */
  readonly beforeAdd?: CollectionCallback | readonly CollectionCallback[]
  readonly afterAdd?: CollectionCallback | readonly CollectionCallback[]
  /** Run when records are removed from a collection with `delete`, `destroy`, `replace` or `destroyAll`; `abort()` in it keeps them all. */
  readonly beforeRemove?: CollectionCallback | readonly CollectionCallback[]
  readonly afterRemove?: CollectionCallback | readonly CollectionCallback[]
  /** Narrows or orders the associated records: `(comments) => comments.where({ approved: true })`. One that takes the owner too can't be joined. */
  readonly scope?: (relation: never, owner: never) => unknown
}

/** How `acceptsNestedAttributesFor` takes the attributes of associated records. */
export interface NestedOptions {
  /** Records whose attributes have `_destroy` are destroyed. */
  readonly allowDestroy?: boolean
  /** Whether the attributes of a record are left out: a function, a method's name, or `'allBlank'`. */
  readonly rejectIf?: string | ((attributes: Readonly<Record<string, unknown>>) => unknown)
  /** How many records may be given: a number, a function, or a method's name. */
  readonly limit?: number | string | (() => number)
  /** Of an association to one: attributes without a key change the record that is there. */
  readonly updateOnly?: boolean
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
