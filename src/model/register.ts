/** What an application tells the compiler about itself. The generated `db/generated/register.ts` adds `types`, the type map of the generated
 * Prisma client, and `models`, the classes by the model's name; `config/route_helpers.d.ts` adds `helpers`, the URL helpers.
 *
 * @example
 * declare module 'regauge' { interface Register { types: Prisma.TypeMap; models: { Article: Article } } }
 */
export interface Register {}
