import { answerQuestions } from '../measuring/own_process.ts'
import type { Running } from '../measuring/room.ts'
import { type SystemName, systems } from './contenders.ts'
import { diskLimit } from './disk.ts'
import { backendEnqueue } from './regauge.ts'
import { enqueueing, processing } from './system.ts'

// A process of its own for each contender: `process.ts WORK NAME SIZE`.
const [work = '', name = '', size = ''] = process.argv.slice(2)

const works: Readonly<Record<string, (size: number) => Promise<Running | string>>> = {
  disk: diskLimit,
  backend: backendEnqueue,
  enqueue: (inFlight) => enqueueing(systems[name as SystemName], inFlight),
  process: (perSecond) => processing(systems[name as SystemName], 50, perSecond),
}

answerQuestions(await works[work]!(Number(size)))
