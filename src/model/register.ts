/** What an application tells the compiler about itself. The generated `db/generated/register.ts` adds `types`, the type map of the generated
 * Prisma client, and `models`, the classes by the model's name; `config/route_helpers.d.ts` adds `helpers`, the URL helpers.
 *
 * @example
 * declare module 'regauge' { interface Register { types: Prisma.TypeMap; models: { Article: Article } } }
 */
export interface Register {
  associations: Associations
  attributes: AttributeTypes
}

/** The associations that the schema doesn't know, by model: those through others, and polymorphic ones. A model's file says its own once;
 * records, `joins`, `includes` and `where` know them then.
 *
 * @example
 * declare module 'regauge' {
 *   interface Associations { Article: { tags: 'Tag'[] }; Comment: { commentable: 'Article' | 'Photo' | null } }
 * }
 */
export interface Associations {}

/** The types of attributes that aren't those of their columns, by model: the members of an enum that is kept as an integer, what a serializer makes.
 *
 * @example
 * declare module 'regauge' { interface AttributeTypes { Article: { status: 'draft' | 'published' } } }
 */
export interface AttributeTypes {}

/** The rules of `validates` that an application registered with `registerValidator`.
 *
 * @example
 * declare module 'regauge' { interface CustomRules { email?: true | { domain: string } } }
 */
export interface CustomRules {}
