import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoadFailed } from '../../src/application/errors.ts'
import { readTranslations } from '../../src/application/locales.ts'
import { rejection } from '../model/rejection.ts'

describe('locale files', () => {
  let root: string
  const write = async (name: string, text: string): Promise<void> => {
    const file = join(root, 'config', 'locales', name)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, text)
  }
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'regauge-locales-'))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  it('are put together, also from folders, the later ones last', async () => {
    await write('en.yml', 'en:\n  errors:\n    messages:\n      blank: is needed\n      taken: is gone\n')
    await write('models/en.yml', 'en:\n  errors:\n    messages:\n      taken: is there\n')
    await write('notes.txt', 'no locale file')
    const translations = await readTranslations(root, { defaultLocale: 'nb' })
    expect(JSON.parse(JSON.stringify(translations))).to.deep.equal({
      texts: { en: { errors: { messages: { blank: 'is needed', taken: 'is there' } } } },
      defaultLocale: 'nb',
    })
  })

  it('may be missing, and change no prototype', async () => {
    expect(await readTranslations(root, { defaultLocale: 'en' })).to.equal(undefined)
    await write('en.yml', '__proto__:\n  polluted: yes\n')
    await readTranslations(root, { defaultLocale: 'en' })
    expect(Reflect.get({}, 'polluted')).to.equal(undefined)
  })

  it('that are no YAML are named', async () => {
    await write('en.yml', 'en: [\n')
    const error = await rejection(readTranslations(root, { defaultLocale: 'en' }), LoadFailed)
    expect(error.message).to.include('en.yml')
  })
})
