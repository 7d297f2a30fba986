import { draw } from '../../src/routing/index.ts'
import { plainRequest } from './plain_request.ts'

// A process of its own, which prints what became of each request: a process that hangs can be ended, a test that hangs can't.
const routes = draw(({ get, constraints }) => {
  get('/nested/:id', { to: 'pages#nested', id: /(a+)+/ })
  get('/doubled/:id', { to: 'pages#doubled', id: /(?:a|aa)+b/ })
  get('/several/:id', { to: 'pages#several', id: /\w*\w*\w*\w*\w*\w*x/ })
  get('/again/:id', { to: 'pages#again', id: /(a|aa)+\1!/ })
  get('/ahead/:id', { to: 'pages#ahead', id: /(?=(?:a+)+b)\w+/ })
  get('/globs/*a/*b/*c/x', { to: 'pages#globs' })
  get('/middle/*a/x/*b/y/*c/z', { to: 'pages#middle', format: false })
  get('/words/:a-:b-:c-:d-:e/x', { to: 'pages#words' })
  get('/options(/:a(/:b(/:c(/:d(/:e(/:f))))))/end', { to: 'pages#options', as: null })
  constraints({ subdomain: /^(a|a)*$/ }, () => get('/subdomain', { to: 'pages#subdomain' }))
  constraints({ userAgent: /(x+x+)+y/ }, () => get('/agent', { to: 'pages#agent' }))
  constraints({ ip: /(\d+)+x/ }, () => get('/ip', { to: 'pages#ip' }))
})

const long = 15_000
const request = plainRequest({ subdomains: [`${'a'.repeat(long)}!`], remoteIp: '1'.repeat(long), header: () => 'x'.repeat(long) })
const paths = [
  `/nested/${'a'.repeat(long)}!`,
  `/nested/${'a'.repeat(long)}`,
  `/doubled/${'a'.repeat(long)}`,
  `/doubled/${'a'.repeat(long)}b`,
  `/several/${'a'.repeat(long)}`,
  `/several/${'a'.repeat(long)}x`,
  `/again/${'a'.repeat(long)}`,
  '/again/aaa!',
  `/ahead/${'a'.repeat(long)}`,
  '/ahead/aab',
  `/globs/${'a/'.repeat(long / 2)}y`,
  `/globs/${'a/'.repeat(long / 2)}x`,
  `/globs/${'//'.repeat(long / 2)}x`,
  `/middle/${'x/y/'.repeat(long / 4)}`,
  `/middle/${'x/y/'.repeat(long / 4)}z`,
  `/words/${'a-'.repeat(long / 2)}`,
  `/words/${'a-'.repeat(long / 2)}a/x`,
  `/options${'/a'.repeat(long / 2)}`,
  '/options/1/2/end',
  '/'.repeat(long),
  `/${'%41'.repeat(long / 3)}`,
  '/subdomain',
  '/agent',
  '/ip',
]
for (const path of paths) console.log(`${path.slice(0, 12)} ${String(routes.recognize('GET', path, request)?.params['action'] ?? 'none')}`)
