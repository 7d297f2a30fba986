import { expect } from 'chai'
import { AbstractModelUsed, FormModel, RecordInvalid } from '../../src/index.ts'
import { rejection } from './rejection.ts'

class ContactForm extends FormModel('ContactForm') {
  declare email: string | null
  declare age: number | null
  static {
    this.attribute('email', 'string')
    this.attribute('age', 'integer', { default: 18 })
    this.validates('email', { presence: true })
    this.validates('age', { numericality: { greaterThan: 17 } })
    this.beforeValidation('tidy')
  }

  get name() {
    return this.email?.split('@', 1)[0]
  }

  set name(value: string | undefined) {
    this.email = `${value}@example.com`
  }

  tidy(): void {
    this.email = this.email?.trim() ?? null
  }
}

describe('models without a table', () => {
  it('casts what attributes are given, and begins with their defaults', () => {
    const form = new ContactForm({ age: '21' })
    expect([form.age, new ContactForm().age]).to.deep.equal([21, 18])
  })

  it('assigns what has a setter, and refuses what has none', () => {
    expect(new ContactForm({ name: 'ann' }).email).to.equal('ann@example.com')
    expect(() => new ContactForm({ admin: true })).to.throw("unknown attribute 'admin' for ContactForm.")
  })

  it('validates, within the callbacks of validation', async () => {
    const form = new ContactForm({ email: ' ', age: 3 })
    expect(await form.isValid()).to.equal(false)
    expect(form.errors.fullMessages).to.deep.equal(["Email can't be blank", 'Age must be greater than 17'])
    form.assign({ email: ' ann@example.com ', age: 20 })
    expect(await form.isValid()).to.equal(true)
    expect(form.email).to.equal('ann@example.com')
  })

  it('throws what is wrong', async () => {
    expect((await rejection(new ContactForm().validateOrThrow(), RecordInvalid)).message).to.equal(
      "Validation failed: Email can't be blank",
    )
  })

  it('has no table to be saved in', async () => {
    const save = (new ContactForm({ email: 'a' }) as unknown as { save(): Promise<boolean> }).save()
    expect((await rejection(save, AbstractModelUsed)).message).to.equal('ContactForm is abstract: it has no table.')
  })
})
