import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { SchemaMetadata } from '../../../src/model/index.ts'

/** A schema with a field of each type, for SQLite or, with arrays added, for PostgreSQL. */
export function sampleSchema(provider: 'sqlite' | 'postgresql' = 'sqlite'): string {
  return `datasource db {
  provider = "${provider}"
}

enum Status {
  draft
  published @map("live")
}

/// Somebody who writes.
model User {
  id    Int    @id @default(autoincrement())
  email String @unique
  name  String
  posts Post[]

  @@map("users")
}

model Post {
  id         Int       @id @default(autoincrement())
  title      String    @default("untitled")
  body_text  String?   @map("body")
  price      Decimal?
  visits     BigInt    @default(0)
  data       Json?
  raw        Bytes?
  is_open    Boolean   @default(false)
  score      Float     @default(1.5)
  status     Status    @default(draft)
${provider === 'postgresql' ? '  tags       String[]\n  seen_on    DateTime? @db.Date\n' : ''}  created_at DateTime  @default(now())
  updated_at DateTime  @updatedAt
  user_id    Int
  user       User      @relation(fields: [user_id], references: [id], onDelete: Cascade)

  @@unique([user_id, title])
  @@index([status])
  @@map("posts")
}
`
}

/** The metadata of a schema without models, for tests that write their own SQL. */
export const NO_MODELS: SchemaMetadata = { provider: 'sqlite', models: [], enums: [] }

/** An application's folder in the system's temporary directory. */
export class TemporaryApplication {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'regauge-prisma-'))

  constructor(schema = sampleSchema()) {
    this.write('package.json', '{ "type": "module" }')
    this.schema = schema
    // The generated client imports @prisma/client, which an application has among its dependencies.
    symlinkSync(path.resolve('node_modules'), path.join(this.root, 'node_modules'))
  }

  set schema(text: string) {
    this.write('db/schema.prisma', text)
  }

  path(name: string): string {
    return path.join(this.root, name)
  }

  write(name: string, text: string | Uint8Array): void {
    mkdirSync(path.dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** What a promise was rejected with; fails when it was not. */
export async function rejectionOf(
  work: Promise<unknown> | (() => unknown),
): Promise<Error & { code?: string; hint?: string; details?: Record<string, unknown> }> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error as Error
  }
  throw new Error('expected an error')
}
