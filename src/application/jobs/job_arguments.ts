import { addJobSerializers, type ClassLocator, type JobSerializer, useClassLocator } from '../../jobs/index.ts'
import { Range } from '../../model/index.ts'
import { hasSchema, prisma } from '../adapters.ts'
import type { Application } from '../application.ts'

/** Ruby's `a..b`. */
const ranges: JobSerializer<Range<unknown>> = {
  name: 'ActiveJob::Serializers::RangeSerializer',
  matches: (value) => value instanceof Range,
  serialize: ({ begin, end, excludesEnd }, nested) => ({
    begin: nested(begin, 'begin'),
    end: nested(end, 'end'),
    exclude_end: excludesEnd,
  }),
  deserialize: (fields, nested) => new Range(nested(fields['begin']), nested(fields['end']), fields['exclude_end'] === true),
}

/** Lets jobs carry what the rooms beside theirs know: ranges, the decimals of the database, and the application's classes. */
export async function openJobArguments({ config, loaded }: Application): Promise<void> {
  addJobSerializers(ranges)
  if (hasSchema(config.root)) addJobSerializers(decimals((await prisma()).decimalClass))
  useClassLocator(classesOf(loaded.classes))
}

/** BigDecimal: as the class that models have them in. */
function decimals(decimalClass: () => new (value: string) => { toString(): string }): JobSerializer<{ toFixed(): string }> {
  return {
    name: 'ActiveJob::Serializers::BigDecimalSerializer',
    matches: (value) => 'toFixed' in value && value instanceof decimalClass(),
    serialize: (value) => {
      const text = value.toFixed()
      return { value: /^-?\d+$/.test(text) ? `${text}.0` : text }
    },
    deserialize: ({ value }) => new (decimalClass())(String(value)),
  }
}

function classesOf(classes: readonly Function[]): ClassLocator {
  const byName = new Map(classes.map((value) => [value.name, value]))
  return {
    nameOf: (value) => (byName.get(value.name) === value ? value.name : undefined),
    named: (name) => byName.get(name.replace(/^.*::/, '')),
  }
}
