import { expect } from 'chai'
import { boot, t, translate, withLocale } from 'regauge'
import { applicationWith, removeFolders } from './folder.ts'

const locales = {
  'config/locales/en.yml': `
en:
  errors: { '429': 'Too many', nested: { deep: 'Deep' } }
  greeting: 'Hello %{name}, and %%{name}'
  inbox: { zero: 'Nothing', one: 'One message', other: '%{count} messages' }
`,
  'config/locales/de.yml': `
de:
  errors: { '429': 'Zu viele' }
`,
}

describe('translate', () => {
  let application: Awaited<ReturnType<typeof boot>>
  before(async () => {
    application = await boot({ root: applicationWith(locales) })
  })
  after(async () => {
    await application.stop()
    removeFolders()
  })

  it('finds texts by key and scope, in the language asked for', () => {
    expect([translate('errors.429'), t('429', { scope: 'errors' }), t('deep', { scope: ['errors', 'nested'] })]).to.deep.equal([
      'Too many',
      'Too many',
      'Deep',
    ])
    expect(withLocale('de', () => translate('errors.429'))).to.equal('Zu viele')
    expect([translate('errors.429', { locale: 'de' }), translate('errors.429')]).to.deep.equal(['Zu viele', 'Too many'])
  })

  it('counts, and fills in names', () => {
    expect([0, 1, 2].map((count) => translate('inbox', { count }))).to.deep.equal(['Nothing', 'One message', '2 messages'])
    expect(translate('greeting', { name: '$& Ann' })).to.equal('Hello $& Ann, and %{name}')
    expect(translate('greeting')).to.equal('Hello %{name}, and %{name}')
  })

  it('goes on to other keys and the default, and says what is missing', () => {
    expect(translate(['errors.430', 'errors.429'])).to.equal('Too many')
    expect(translate('gone', { default: 'Gone, %{name}', name: 'Ann' })).to.equal('Gone, Ann')
    expect([translate('gone'), translate('errors'), translate('constructor.name')]).to.deep.equal([
      'Translation missing: en.gone',
      'Translation missing: en.errors',
      'Translation missing: en.constructor.name',
    ])
    expect(translate('inbox', { locale: 'de', count: 1 })).to.equal('Translation missing: de.inbox')
  })
})
