import { expect } from 'chai'
import { environment } from 'regauge'

describe('the environment', () => {
  it('answers what it is called and asked', () => {
    expect(environment('production')).to.deep.equal({ name: 'production', isDevelopment: false, isTest: false, isProduction: true })
    expect(environment('staging')).to.deep.include({ name: 'staging', isProduction: false })
  })
})
