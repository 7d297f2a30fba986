import { modelOf } from '../../../src/model/index.ts'

/** The tables that are attacked, with names, options and values from outside. */
export const attackedModels = `
model Writer {
  id    Int    @id @default(autoincrement())
  name  String
  texts Text[]
}
model Text {
  id           Int       @id @default(autoincrement())
  title        String    @unique
  status       Int       @default(0)
  views        Int       @default(0)
  published_at DateTime?
  writer_id    Int?
  updated_at   DateTime  @updatedAt
  writer       Writer?   @relation(fields: [writer_id], references: [id])
}
`

const Model = modelOf<{}>()
export class Writer extends Model('Writer') {}
export class Text extends Model('Text') {
  static {
    this.enum('status', ['draft', 'published'])
  }
}
