import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Figure } from '../measuring/figures.ts'

/** What the server's process does beside serving. */
export type SideWork = 'nothing' | 'enqueue' | 'enqueue and perform'

const requestsPerSecond = 1000
const connections = 50
const roundSeconds = 4
const rounds = 5
const works: readonly SideWork[] = ['nothing', 'enqueue', 'enqueue and perform']
const request = 'GET /api/resource_000/42 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n'

/** The latency of requests that come at a steady rate, while the process that serves them enqueues 10,000 jobs a second and while it
 * doesn't, in turn. It counts from when a request was due, so that a server that stands still isn't spared those that wait. */
export async function latencyBesideJobs(): Promise<Figure[]> {
  const server = fork(join(import.meta.dirname, 'latency_program.ts'), { env: { ...process.env, NODE_ENV: 'production' } })
  const [port] = (await once(server, 'message')) as [number]
  const percentiles = new Map<SideWork, number[]>(works.map((work) => [work, []]))
  try {
    for (let round = -1; round < rounds; round++) {
      for (const work of works) {
        const p99 = await measure(server, port, work)
        if (round >= 0) percentiles.get(work)!.push(p99)
      }
    }
  } finally {
    server.kill()
    await once(server, 'exit')
  }
  const alone = percentiles.get('nothing')!
  const ratio = (work: SideWork) => median(percentiles.get(work)!.map((p99, round) => p99 / alone[round]!))
  return [
    { name: `p99 at ${requestsPerSecond} requests a second`, value: median(alone), unit: 'ms' },
    { name: 'p99 while jobs are enqueued', value: median(percentiles.get('enqueue')!), unit: 'ms' },
    { name: 'to p99 without jobs', value: ratio('enqueue'), unit: 'times', aim: 'at most 1.5' },
    { name: 'p99 while jobs are enqueued and performed', value: median(percentiles.get('enqueue and perform')!), unit: 'ms' },
    { name: 'to p99 without jobs', value: ratio('enqueue and perform'), unit: 'times' },
  ]
}

async function measure(server: ChildProcess, port: number, work: SideWork): Promise<number> {
  server.send(work)
  await once(server, 'message')
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const latencies: number[] = []
  const begin = performance.now()
  await Promise.all(sockets.map((socket, index) => drive(socket, port, begin + (index * 1000) / requestsPerSecond, latencies)))
  for (const socket of sockets) socket.destroy()
  latencies.sort((a, b) => a - b)
  return latencies[Math.floor(latencies.length * 0.99)]!
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

/** One request. On a machine so busy that the server took the connection for idle and closed it, it goes over another. */
async function ask(socket: Socket, port: number): Promise<void> {
  if (await answers(socket)) return
  const another = await open(port)
  if (!(await answers(another))) throw new Error('The server closed a new connection.')
  another.destroy()
}

/** Sends a request. @returns false when the connection is, or is being, closed */
function answers(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve(false)
    const closed = () => resolve(false)
    socket.once('close', closed)
    socket.once('data', () => {
      socket.off('close', closed)
      resolve(true)
    })
    socket.write(request)
  })
}

/** One request after the other, each at its time; one that is late follows the answer before it at once. */
async function drive(socket: Socket, port: number, first: number, latencies: number[]): Promise<void> {
  const interval = (connections * 1000) / requestsPerSecond
  for (let due = first; due < first + roundSeconds * 1000; due += interval) {
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    // A timer of our own that fired late isn't the server's fault.
    const from = wait > 0 ? performance.now() : due
    await ask(socket, port)
    latencies.push(performance.now() - from)
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}
