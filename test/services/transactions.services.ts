import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { afterCommit } from '../../src/context/index.ts'
import {
  connectedTo,
  type Database,
  RecordNotUnique,
  Rollback,
  TransactionIsolation,
  useDatabases,
  whilePreventingWrites,
  WriteRefused,
} from '../../src/model/index.ts'
import { rejection } from '../model/rejection.ts'
import { onMysql, onPostgres, type TestDatabase } from '../model/test_database.ts'
import { Account, accountSchema, log, meeting, parcelSchema, Parcel } from '../model/transaction_models.ts'
import { kindOf } from './paired_entries.ts'

/** What a server's SQL says otherwise. */
interface Server {
  readonly name: string
  readonly isPostgres: boolean
  open(models: string): Promise<TestDatabase | undefined>
  readonly nameType: string
  readonly connectionId: string
  kill(id: unknown): string
}

const servers: readonly Server[] = [
  {
    name: 'PostgreSQL',
    isPostgres: true,
    open: onPostgres,
    nameType: '',
    connectionId: 'select pg_backend_pid()',
    kill: (id) => `select pg_terminate_backend(${Number(id)})`,
  },
  {
    name: 'MariaDB',
    isPostgres: false,
    open: onMysql,
    nameType: '@db.VarChar(100)',
    connectionId: 'select connection_id()',
    kill: (id) => `kill ${Number(id)}`,
  },
]

for (const server of servers) {
  describe(`transactions on ${server.name}`, () => {
    let main: TestDatabase
    let shipping: TestDatabase
    let replica: Database
    before(async function () {
      const opened = await server.open(accountSchema.replace('NAME', server.nameType))
      if (opened === undefined) return this.skip()
      main = opened
      shipping = (await server.open(parcelSchema.replace('NAME', server.nameType)))!
      // A replica that never lags: another pool of connections to the same rows.
      replica = await openDatabase({ root: '.', url: main.url, metadata: main.metadata })
      useDatabases(
        { primary: main, replica: { database: replica, metadata: main.metadata }, shipping },
        { classes: [Account, Parcel], roles: { writing: 'primary', reading: 'replica' } },
      )
    })
    after(async () => {
      await replica?.close()
      await main?.close()
      await shipping?.close()
    })
    beforeEach(async () => {
      await Account.deleteAll()
      await Parcel.deleteAll()
      log.length = 0
    })
    const names = () => Account.order('name').pluck('name')
    const quietly = (): never => {
      throw new Rollback()
    }

    describe('inside of others', () => {
      it('are savepoints with requiresNew, which are kept or undone for themselves', async () => {
        await Account.transaction(async () => {
          await Account.createOrThrow({ name: 'outer' })
          for (const [name, end] of [
            ['undone', quietly],
            ['kept', () => {}],
          ] as const)
            await Account.transaction(
              async () => {
                await Account.createOrThrow({ name })
                await Account.transaction(() => Account.createOrThrow({ name: `joined ${name}` }))
                end()
              },
              { requiresNew: true },
            )
          expect(log).to.deep.equal(['rollback undone', 'rollback joined undone'])
        })
        expect(await names()).to.deep.equal(['joined kept', 'kept', 'outer'])
        expect(log.slice(2)).to.deep.equal(['commit outer', 'commit kept', 'commit joined kept'])
      })

      it('recover from a statement that was refused, by a savepoint', async () => {
        await Account.transaction(async () => {
          await Account.createOrThrow({ name: 'a' })
          const twice = Account.transaction(() => Account.createOrThrow({ name: 'a' }), { requiresNew: true })
          await rejection(twice, RecordNotUnique)
          await Account.createOrThrow({ name: 'b' })
          expect((await Account.createOrFindBy({ name: 'a' })).isPersisted()).to.equal(true)
          await Account.createOrThrow({ name: 'c' })
        })
        expect(await names()).to.deep.equal(['a', 'b', 'c'])
      })

      it('don’t recover without one where the server ends what was refused', async () => {
        const work = Account.transaction(async () => {
          await Account.createOrThrow({ name: 'a' })
          await rejection(Account.createOrThrow({ name: 'a' }), RecordNotUnique)
          await Account.createOrThrow({ name: 'b' })
        })
        if (server.isPostgres) {
          const error = await rejection(work, Error)
          expect(error.message).to.include('current transaction is aborted')
          expect([await names(), log]).to.deep.equal([[], ['rollback a']])
        } else {
          await work
          expect(await names()).to.deep.equal(['a', 'b'])
        }
      })

      it('have the isolation of the transaction around, and are refused another', async () => {
        await Account.transaction(
          async () => {
            await rejection(
              Account.transaction(() => {}, { isolation: 'serializable' }),
              TransactionIsolation,
            )
            const nested = { isolation: 'read committed', requiresNew: true } as const
            await rejection(
              Account.transaction(() => {}, nested),
              TransactionIsolation,
            )
            await Account.createOrThrow({ name: 'a' })
          },
          { isolation: 'repeatable read' },
        )
        expect(await names()).to.deep.equal(['a'])
      })
    })

    it('see what others commit, or don’t, as their isolation says', async () => {
      for (const [isolation, seen] of [
        ['read committed', 1],
        ['repeatable read', 0],
        ['serializable', 0],
      ] as const) {
        await Account.deleteAll()
        const arrive = meeting()
        let written = (): void => {}
        const isWritten = new Promise<void>((resolve) => {
          written = resolve
        })
        const reading = Account.transaction(
          async () => {
            await Account.connection.selectValue('select 1')
            // MariaDB's serializable transactions lock what they read, so that the other one would wait for this one.
            if (isolation !== 'serializable' || server.isPostgres) expect(await Account.count()).to.equal(0)
            await arrive()
            await isWritten
            return isolation === 'serializable' && !server.isPostgres ? 0 : Account.count()
          },
          { isolation },
        )
        await arrive()
        await Account.connectedTo({ role: 'writing' }, () => Account.createOrThrow({ name: isolation }))
        written()
        expect(await reading, isolation).to.equal(seen)
      }
    })

    describe('that the server gives up for the sake of others', () => {
      const addTo = (id: number, arrive: () => Promise<void>, retries: number) =>
        Account.transaction(
          async () => {
            const account = await Account.find(id)
            await arrive()
            await account.updateOrThrow({ balance: account.balance + 1 })
          },
          { isolation: 'serializable', retries },
        )
      const crosswise = (first: Account, second: Account, arrive: () => Promise<void>, retries: number) =>
        Account.transaction(
          async () => {
            await Account.where({ id: first.id }).updateCounters({ balance: 1 })
            await arrive()
            await Account.where({ id: second.id }).updateCounters({ balance: 1 })
          },
          { retries },
        )

      it('are tried again when they can’t be put in an order', async () => {
        const { id } = await Account.createOrThrow({ name: 'a' })
        const arrive = meeting()
        await Promise.all([addTo(id, arrive, 5), addTo(id, arrive, 5)])
        expect((await Account.find(id)).balance).to.equal(2)
      })

      it('are tried again after a deadlock', async () => {
        const [a, b] = await Account.createOrThrow([{ name: 'a' }, { name: 'b' }])
        const arrive = meeting()
        await Promise.all([crosswise(a!, b!, arrive, 5), crosswise(b!, a!, arrive, 5)])
        expect(await Account.order('id').pluck('balance')).to.deep.equal([2, 2])
      })

      it('fail without retries, one of the two, and say why', async () => {
        const [a, b] = await Account.createOrThrow([{ name: 'a' }, { name: 'b' }])
        const arrive = meeting()
        const works = [crosswise(a!, b!, arrive, 0), crosswise(b!, a!, arrive, 0)]
        const kinds = await Promise.all(works.map(kindOf))
        expect(kinds.filter((kind) => kind !== undefined)).to.deep.equal(['conflict'])
        expect(await Account.order('id').pluck('balance')).to.deep.equal([1, 1])
      })
    })

    describe('on two databases', () => {
      it('are committed and rolled back each for itself, with the callbacks of their records', async () => {
        await Account.transaction(async () => {
          await Account.createOrThrow({ name: 'account' })
          await Parcel.transaction(async () => {
            await Parcel.createOrThrow({ name: 'parcel' })
            quietly()
          })
          log.push('inside')
        })
        expect([await names(), await Parcel.count()]).to.deep.equal([['account'], 0])
        expect(log).to.deep.equal(['rollback parcel', 'inside', 'commit account'])
      })

      it('leave what the inner one committed when the outer one is rolled back', async () => {
        await Account.transaction(async () => {
          await Account.createOrThrow({ name: 'account' })
          await Parcel.transaction(() => Parcel.createOrThrow({ name: 'parcel' }))
          quietly()
        })
        expect([await names(), await Parcel.pluck('name')]).to.deep.equal([[], ['parcel']])
        expect(log).to.deep.equal(['commit parcel', 'rollback account'])
      })

      it('hold up what waits for a commit, jobs too, until both have committed, and drop it when one hasn’t', async () => {
        const both = (name: string, end: () => void) =>
          Account.transaction(async () => {
            await Account.createOrThrow({ name })
            await Parcel.transaction(async () => {
              await Parcel.createOrThrow({ name })
              await afterCommit(() => void log.push(`job ${name}`))
            })
            end()
          })
        await both('a', () => log.push('inside'))
        await both('b', quietly)
        expect(log).to.deep.equal(['commit a', 'inside', 'commit a', 'job a', 'commit b', 'rollback b'])
      })
    })

    describe('and replicas', () => {
      it('read from the replica within connectedTo, outside of the open transaction', async () => {
        await Account.transaction(async () => {
          await Account.createOrThrow({ name: 'a' })
          expect(await connectedTo({ role: 'reading' }, () => Account.count())).to.equal(0)
          expect(await Account.count()).to.equal(1)
        })
        expect(await connectedTo({ role: 'reading' }, () => Account.count())).to.equal(1)
      })

      it('write nothing there, nor where writes are prevented', async () => {
        const write = () => Account.createOrThrow({ name: 'a' })
        await connectedTo({ role: 'reading' }, () => rejection(write(), WriteRefused))
        await whilePreventingWrites(async () => {
          await rejection(write(), WriteRefused)
          await rejection(Account.transaction(write), WriteRefused)
          expect(await Account.lock()).to.deep.equal([])
        })
        await write()
        expect(await names()).to.deep.equal(['a'])
      })
    })

    it('whose connection is lost before the commit are rolled back, and say so to those who wait', async () => {
      const kind = await kindOf(
        Account.transaction(async (transaction) => {
          transaction.afterCommit(() => void log.push('committed'))
          transaction.afterRollback(() => void log.push('undone'))
          await afterCommit(() => void log.push('job'))
          await Account.createOrThrow({ name: 'lost' })
          const id = await Account.connection.selectValue(server.connectionId)
          await replica.query(server.kill(id), [])
        }),
      )
      expect([kind, log, await Account.count()]).to.deep.equal(['unreachable', ['rollback lost', 'undone'], 0])
      await Account.transaction(() => Account.createOrThrow({ name: 'after' }))
      expect(await names()).to.deep.equal(['after'])
    })
  })
}
