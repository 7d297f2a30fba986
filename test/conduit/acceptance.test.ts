import { expect } from 'chai'
import { type TestApplication, testApplication } from 'regauge/testing'
import { differences } from './differences.ts'
import { type Answer, answers, mask, maskHeaders, Scenario, steps } from './scenario.ts'
import { quickDigests } from '../quick_digests.ts'

describe('Conduit, ported', () => {
  let application: TestApplication
  let scenario: Scenario

  before(async () => {
    application = await testApplication({ root: new URL('../../guides/conduit/api', import.meta.url).pathname, env: 'production' })
    scenario = new Scenario(application.url)
  })
  after(() => application.stop())
  quickDigests()

  steps.forEach((step, index) => {
    it(step.name, async () => {
      const answer = answers[index]!
      const difference = differences[step.name]
      const expected = { ...answer, ...difference }
      expect(answer.name).to.equal(step.name)
      const { status, headers, text } = await scenario.send(step)
      expect(status, text).to.equal(expected.status)
      if (difference !== undefined && difference.body === undefined) return
      expect(maskHeaders(headers, Object.keys(expected.headers))).to.deep.equal(expected.headers)
      if (isEmptyPage(expected) && step.head !== undefined) return expect(text).to.equal('')
      if (isEmptyPage(expected) && text !== '') return expectErrorAsJson(text, status)
      if (expected.content_type) expect(headers.get('content-type')?.toLowerCase()).to.equal(expected.content_type.toLowerCase())
      expect(isJson(text) ? mask(JSON.parse(text)) : text).to.deep.equal(expected.body)
      if (typeof expected.body === 'object' && difference === undefined) expect(/\\u00(3c|3e|26)/.test(text)).to.equal(expected.escaped)
    })
  })
})

function isEmptyPage(answer: Answer): boolean {
  return answer.content_type?.startsWith('text/html') === true && answer.body === ''
}

function isJson(text: string): boolean {
  return text !== '' && !text.startsWith('<?xml')
}

/** Rails answers errors that come before the router with an empty HTML page; ours are JSON. */
function expectErrorAsJson(text: string, status: number): void {
  const body = JSON.parse(text) as Record<string, unknown>
  expect(body['status']).to.equal(status)
  expect(body).to.have.property('error')
  expect(text).not.to.match(/\bat .*:\d+:\d+/)
}
