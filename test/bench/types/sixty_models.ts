/** How many models the application has. */
export const count = 60

const places = Array.from({ length: count }, (_, place) => place)
const next = (place: number): number => (place + 1) % count

/** A schema of models that belong to the next one in two ways: 13 columns and 4 associations each. */
export function schema(): string {
  const models = places.map((place) => {
    const before = (place + count - 1) % count
    return `model Thing${place} {
  id           Int       @id @default(autoincrement())
  owner_id     Int
  friend_id    Int?
  name         String
  title        String?
  state        State     @default(open)
  views        Int       @default(0)
  score        Float?
  price        Decimal?
  is_public    Boolean   @default(false)
  published_at DateTime?
  created_at   DateTime
  updated_at   DateTime
  owner   Thing${next(place)}  @relation("owned${place}", fields: [owner_id], references: [id])
  friend  Thing${next(place)}? @relation("befriended${place}", fields: [friend_id], references: [id])
  owned   Thing${before}[] @relation("owned${before}")
  friends Thing${before}[] @relation("befriended${before}")
  @@map("things_${place}")
}`
  })
  return `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
enum State {
  open
  closed
}
${models.join('\n')}
`
}

/** The files of both programs. */
export function compiledFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'plain/client.ts': "import type { PrismaClient } from '../db/generated/client/client.ts'\nexport declare const prisma: PrismaClient\n",
  }
  for (const place of places) {
    files[`plain/thing${place}.ts`] = plainCalls(place)
    files[`app/models/thing${place}.ts`] = model(place)
    files[`app/services/thing${place}.ts`] = queries(place)
  }
  return files
}

/** The same questions as those of `queries`, in the words of Prisma's client, and the functions that stand for the scopes. */
function plainCalls(place: number): string {
  const client = `prisma.thing${place}`
  return `import { prisma } from './client.ts'
export const popular = (views = 10) => ({ views: { gte: views } })
export const recent = () => ({ orderBy: { created_at: 'desc' }, take: 3 }) as const
export async function calls() {
  const one = await ${client}.findUniqueOrThrow({ where: { id: 1 }, include: { owner: true } })
  const many = await ${client}.findMany({ where: { state: 'open', views: { gt: 3 } }, orderBy: { views: 'desc' }, take: 3 })
  const latest = await ${client}.findMany({ where: { ...popular(), is_public: true }, ...recent() })
  const joined = await ${client}.findMany({ where: { owner: { name: 'a' } }, select: { title: true, views: true } })
  const made = await ${client}.create({ data: { name: 'a', owner_id: 1, created_at: new Date(), updated_at: new Date() } })
  const changed = await ${client}.update({ where: { id: made.id }, data: { title: 'b' } })
  const grouped = await ${client}.groupBy({ by: ['state'], _count: true })
  const found = await ${client}.findFirst({ where: { name: 'a', published_at: null } })
  return [one.owner.name, many[0]?.title, latest.length, joined[0]?.views, made.id, changed.views, grouped[0]?.state, found?.score]
}
`
}

function model(place: number): string {
  return `import { Model } from 'regauge'
export class Thing${place} extends Model('Thing${place}') {
  static {
    this.belongsTo('owner', { className: 'Thing${next(place)}' })
    this.hasMany('owned', { dependent: 'destroy' })
    this.validates('name', { presence: true })
  }
  static popular(views = 10) {
    return this.where({ views: { gte: views } })
  }
  static recent() {
    return this.order({ created_at: 'desc' }).limit(3)
  }
}
`
}

function queries(place: number): string {
  const name = `Thing${place}`
  return `import { ${name} } from '../models/thing${place}.ts'
export async function queries() {
  const one = await ${name}.includes('owner').find(1)
  const many = await ${name}.where({ state: 'open', views: { gt: 3 } }).order({ views: 'desc' }).limit(3)
  const popular = await ${name}.popular().recent().where({ is_public: true })
  const joined = await ${name}.joins('owner').where({ owner: { name: 'a' } }).pluck('title', 'views')
  const made = await ${name}.createOrThrow({ name: 'a', owner_id: 1 })
  const changed = await made.update({ title: 'b' })
  const grouped = await ${name}.group('state').count()
  const found = await ${name}.findBy({ name: 'a', published_at: null })
  return [one.owner.name, many[0]?.title, popular.length, joined[0]?.[1], made.id, changed, grouped.get('open'), found?.score]
}
`
}
