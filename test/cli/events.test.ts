import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge } from './command.ts'

const orderPlaced = `import { Event } from 'regauge'
export class OrderPlaced extends Event<{ id: number }> {}
`
const audit = (options: string) => `import { Subscriber } from 'regauge'
import { OrderPlaced } from '../../events/order_placed.ts'
export class Audit extends Subscriber {
  static { this.subscribeTo(OrderPlaced, ${options}) }
  call(_event: OrderPlaced) {}
}
`

describe('regauge events', function () {
  this.timeout(60_000)
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('lists classes, too, that subscribe to nothing but what their parents do', async () => {
    const root = applicationWith({
      'app/events/order_placed.ts': orderPlaced,
      'app/subscribers/admin/audit.ts': audit('{ everyProcess: true }'),
      'app/subscribers/mail.ts': "import { Audit } from './admin/audit.ts'\nexport class Mail extends Audit {}\n",
    })
    const { stdout, stderr } = await regauge(['events', '--root', root])
    expect(stderr).to.equal('')
    expect(stdout.split('\n').sort()).to.deep.equal(['', 'OrderPlaced  Audit  in every process', 'OrderPlaced  Mail  in every process'])
  })

  it('refuses two deferred subscribers of one name, since a stored event could not tell them apart', async () => {
    const root = applicationWith({
      'app/events/order_placed.ts': orderPlaced,
      'app/subscribers/admin/audit.ts': audit('{ deferred: true }'),
      'app/subscribers/shop/audit.ts': audit('{ deferred: true }'),
    })
    const { status, stderr } = await regauge(['events', '--root', root])
    expect(status).to.equal(1)
    expect(stderr).to.include('Two classes of subscribers are called Audit.').and.include('rename one of them')
  })

  it('refuses two events of one name where they travel by it, and no others', async () => {
    const files = (options: string) => ({
      'app/events/order_placed.ts': orderPlaced,
      'app/events/admin/order_placed.ts':
        "import { OrderPlaced as Parent } from '../order_placed.ts'\nexport class OrderPlaced extends Parent {}\n",
      'app/subscribers/admin/audit.ts': audit(options),
    })
    const [travelling, staying] = await Promise.all(
      ['{ deferred: true }', '{}'].map((options) => regauge(['events', '--root', applicationWith(files(options))])),
    )
    expect(travelling!.stderr).to.include('Two classes of events are called OrderPlaced.')
    expect(staying!.stdout).to.equal('OrderPlaced  Audit\n')
  })
})
