import { bareSqlite } from './contenders/bare_sqlite.ts'
import { plainPg, preparedPg } from './contenders/bare_postgres.ts'
import { betterSqlite } from './contenders/better_sqlite.ts'
import { kysely } from './contenders/kysely.ts'
import { prisma } from './contenders/prisma.ts'
import { regauge } from './contenders/regauge.ts'
import { dream } from './contenders/dream.ts'
import { drizzle } from './contenders/drizzle.ts'
import { knex } from './contenders/knex.ts'
import { lucid } from './contenders/lucid.ts'
import { mikroOrm } from './contenders/mikro_orm.ts'
import { objection } from './contenders/objection.ts'
import { sequelize } from './contenders/sequelize.ts'
import { typeorm } from './contenders/typeorm.ts'
import type { Dialect } from './dataset.ts'
import type { Prepare } from './operations.ts'

/** Everybody, by name. */
export const contenders: Readonly<Record<string, Prepare>> = {
  'bare driver, prepared': bareSqlite,
  'better-sqlite3, prepared': betterSqlite,
  'pg, prepared': preparedPg,
  pg: plainPg,
  Regauge: regauge,
  Kysely: kysely,
  Drizzle: drizzle,
  Knex: knex,
  Objection: objection,
  Lucid: lucid,
  Dream: dream,
  TypeORM: typeorm,
  Sequelize: sequelize,
  MikroORM: mikroOrm,
  "Prisma's client": prisma,
}

/** Whom the others are measured by. */
export const BASELINES: Readonly<Record<Dialect, string>> = { sqlite: 'bare driver, prepared', postgres: 'pg, prepared' }

const ELSEWHERE: Readonly<Record<Dialect, readonly string[]>> = {
  sqlite: ['pg, prepared', 'pg', 'Dream'],
  postgres: ['bare driver, prepared', 'better-sqlite3, prepared'],
}

/** Who runs on a database. */
export function contendersOn(dialect: Dialect): string[] {
  return Object.keys(contenders).filter((name) => !ELSEWHERE[dialect].includes(name))
}
