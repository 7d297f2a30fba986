import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect } from 'chai'
import { applicationWith, removeFolders, repository } from '../application/folder.ts'
import { endCommands, startRegauge } from './command.ts'
import { regaugeHere } from './in_process.ts'

const configuration = (...lines: string[]) => ({
  'config/application.ts': `import { configure } from 'regauge'\nexport default configure((config) => {\n  ${lines.join('\n  ')}\n})\n`,
})

function commonName(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

describe('what `regauge server` listens on', () => {
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('is the address in BINDING, as for rails server', async () => {
    const command = startRegauge(['server', '--root', applicationWith({}), '--port', '0'], { env: { BINDING: '127.0.0.1' } })
    const [, url] = await command.prints(/application +(http:\/\/127\.0\.0\.1:\d+)\//)
    expect((await fetch(`${url}/nothing`)).status).to.equal(404)
  })

  it('is HTTPS with a certificate, which SIGHUP reads again', async () => {
    const root = applicationWith(configuration("config.http.tls = { key: config.root + '/key.pem', cert: config.root + '/cert.pem' }"))
    const put = (name: string) => {
      for (const kind of ['key', 'cert']) {
        copyFileSync(join(repository, `test/http/certificates/${name}.${kind}.pem`), join(root, `${kind}.pem`))
      }
    }
    put('first')
    const command = startRegauge(['server', '--root', root, '--port', '0', '--host', '127.0.0.1'])
    const [, url] = await command.prints(/application +(https:\/\/127\.0\.0\.1:\d+)\//)
    expect(await commonName(url!)).to.equal('first.test')
    put('second')
    command.process.kill('SIGHUP')
    await command.prints(/the certificate has been read again/)
    expect(await commonName(url!)).to.equal('second.test')
    command.process.kill('SIGTERM')
    expect((await command.ended).status).to.equal(0)
  })

  it('is refused when the settings make no sense', async () => {
    for (const [line, reason] of [
      ['config.http.http2 = true', "config.http.http2 can't be true; expected config.http.tls to be set too"],
      ["config.http.workers = 'many'", "config.http.workers can't be many; expected a whole number from 0 to 1024, or 'auto'"],
      ['config.http.socketMode = 0o1777', "config.http.socketMode can't be 1023; expected a whole number from 0 to 511"],
      ['config.http.maxConnections = 0', "config.http.maxConnections can't be 0"],
    ] as const) {
      const { status, stderr } = await regaugeHere(['server', '--root', applicationWith(configuration(line))])
      expect([status, stderr.includes(reason)], stderr).to.deep.equal([1, true])
    }
  })

  it('says what the number of workers may be', async () => {
    const { status, stderr } = await regaugeHere(['server', '--workers', 'two'])
    expect(status).to.equal(2)
    expect(stderr).to.include("The number of workers is a whole number, or 'auto'.")
  })
})
