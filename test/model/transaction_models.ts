import { modelOf } from '../../src/model/index.ts'

/** The table of the main database, on which transactions are tried. */
export const accountSchema = `
model Account {
  id      Int    @id @default(autoincrement())
  name    String @unique NAME
  balance Int    @default(0)
}
`
/** That of another database. */
export const parcelSchema = `
model Parcel {
  id   Int    @id @default(autoincrement())
  name String @unique NAME
}
`

/** What ran after commits and rollbacks, in its order. */
export const log: string[] = []

interface Accounts {
  types: { model: { Account: { payload: { name: 'Account'; objects: {}; scalars: { id: number; name: string; balance: number } } } } }
  models: { Account: Account }
}
interface Parcels {
  types: { model: { Parcel: { payload: { name: 'Parcel'; objects: {}; scalars: { id: number; name: string } } } } }
  models: { Parcel: Parcel }
}

export class Account extends modelOf<Accounts>()('Account') {
  static {
    this.afterCommit((account) => void log.push(`commit ${account.name}`))
    this.afterRollback((account) => void log.push(`rollback ${account.name}`))
  }
}

export class Parcel extends modelOf<Parcels>()('Parcel') {
  static {
    this.connectsTo({ database: { writing: 'shipping', reading: 'shipping' } })
    this.afterCommit((parcel) => void log.push(`commit ${parcel.name}`))
    this.afterRollback((parcel) => void log.push(`rollback ${parcel.name}`))
  }
}

/** Where each of two works waits for the other, so that both are there before either goes on; later ones don't wait. */
export function meeting(): () => Promise<void> {
  let arrived = 0
  let open = (): void => {}
  const both = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    arrived += 1
    if (arrived >= 2) open()
    return both
  }
}
