import { createRequire } from 'node:module'

type DecimalClass = new (value: string | number) => { toString(): string }
let loaded: DecimalClass | undefined

/** The class that Prisma's generated types call `Prisma.Decimal`. Loaded at first use, without the client around it. */
export function decimalClass(): DecimalClass {
  if (loaded === undefined) {
    const client = createRequire(createRequire(import.meta.url).resolve('@prisma/client'))
    loaded = (client('@prisma/client-runtime-utils') as { Decimal: DecimalClass }).Decimal
  }
  return loaded
}
