import { build } from 'esbuild'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUNDLE } from './generator_module.ts'

/* Run by `npm run build`: puts Prisma's client generator into the published package as one file, see `generator_module.ts`. */

const here = path.dirname(fileURLToPath(import.meta.url))
const folder = process.argv[2] ?? path.resolve(here, '../../../dist/adapters/prisma/generate')

await build({
  entryPoints: [createRequire(import.meta.url).resolve('@prisma/client-generator-ts')],
  outfile: path.join(folder, BUNDLE),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['@prisma/get-dmmf'],
  plugins: [
    {
      name: 'internals',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^@prisma\/internals$/ }, () => ({ path: 'internals', namespace: 'regauge' }))
        onLoad({ filter: /.*/, namespace: 'regauge' }, () => ({
          contents: 'module.exports = require("./internals.ts").internals',
          resolveDir: here,
        }))
      },
    },
  ],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'eof',
  banner: {
    js: '/* Bundled from @prisma/client-generator-ts and other @prisma packages (Apache-2.0, https://github.com/prisma/prisma) and their dependencies (MIT). */',
  },
})
