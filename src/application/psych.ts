import type { ScalarTag } from 'yaml'

/** What plain texts of a YAML file stand for in Ruby, for the `customTags` of a `failsafe` schema: YAML 1.1 as Psych takes it (its `ScalarScanner`).
 * `y` and `n` are texts, and so are days and times. A symbol is its name.
 * @example parseDocument('[yes, 1_000, 010, 1:30:00]', { schema: 'failsafe', customTags: psychTags }).toJS() // [true, 1000, 8, 5400]
 */
export const psychTags: ScalarTag[] = [
  tag('null', /^(?:~|null|)$/i, () => null),
  tag('bool', /^(?:yes|true|on|no|false|off)$/i, (text) => /^(?:yes|true|on)$/i.test(text)),
  tag('int', /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}$/, inSeconds),
  tag('float', /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}\.[0-9_]*$/, inSeconds),
  tag('float', /^[-+]?\.inf$/i, (text) => (text.startsWith('-') ? -Infinity : Infinity)),
  tag('float', /^\.nan$/i, () => Number.NaN),
  tag('float', /^[-+]?(?:[0-9][0-9_,]*\.[0-9]*|\.[0-9]+)(?:e[-+][0-9]+)?$/i, (text) => Number(bare(text))),
  tag('int', /^[-+]?(?:0b[_,]*[01][01_,]*|0[_,]*[0-7][0-7_,]*|0|[1-9](?:[,_]?[0-9])*|0x[_,]*[0-9a-f][0-9a-f_,]*)$/i, integer),
  tag('sym', /^:[^:]/, (text) => text.slice(1).replace(/^(["'])(.*)\1$/, '$2')),
]

function tag(name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve }
}

function bare(text: string): string {
  return text.replace(/[,_]/g, '')
}

/** Hours, minutes and seconds; those of two parts are hours and minutes to Psych, where YAML 1.1 has minutes and seconds. */
function inSeconds(text: string): number {
  const [hours = '', minutes = '', seconds = ''] = bare(text).split(':')
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** Octal where it begins with 0. What a number can't hold exactly is a bigint. */
function integer(text: string): number | bigint {
  const [, sign, digits = ''] = /^([-+]?)(.*)$/.exec(bare(text))!
  const value = BigInt(digits.replace(/^0(?=[0-7])/, '0o')) * (sign === '-' ? -1n : 1n)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
