/** What an application tells the compiler about its models; the generated `db/generated/register.ts` adds to it:
 * `types`, the type map of the generated Prisma client, and `models`, the classes by the model's name.
 *
 * @example
 * declare module 'regauge' { interface Register { types: Prisma.TypeMap; models: { Article: Article } } }
 */
export interface Register {}
