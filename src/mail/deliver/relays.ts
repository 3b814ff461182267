import { setTimeout as delay } from 'node:timers/promises'
import type { Mail } from '../compose/message.ts'
import type { RelayShare } from './relayList.ts'
import type { SendResult } from './sendResult.ts'
import type { Mailer } from './transport.ts'

const SECOND = 1000
const HOUR = 60 * 60 * SECOND
/** A relay that is away is left alone for so long, if another one can take its mail. */
const REST = 30 * SECOND

/** One of several relays as it stands. */
export interface Relay extends Omit<RelayShare, 'smtpUrl'> {
  mailer: Mailer
}

interface State extends Relay {
  /** How much of its share it has had: mails divided by weight. */
  had: number
  /** Until then it is left alone; milliseconds since 1970. */
  restsUntil: number
  /** When its next mail may begin, by its rate. */
  nextAt: number
  /** When the mails of the last hour began, the oldest first. Kept only with an hourly limit. */
  begun: number[]
}

/**
 * One mailer for several relays: each gets its share of the mail, by weight, as fast as its limits allow. If a relay is
 * away before it was given any of a mail, another one takes the mail.
 * `now`: the clock in milliseconds, for tests.
 */
export function createRelays(relays: Relay[], now: () => number = Date.now): Mailer {
  const states = relays.map((relay): State => ({ ...relay, had: 0, restsUntil: 0, nextAt: 0, begun: [] }))
  return {
    async send(mail, mayGo) {
      const tried = new Set<State>()
      let answer: SendResult = USED_UP
      for (;;) {
        const relay = choose(states, tried, now())
        if (relay === undefined) return answer
        tried.add(relay)
        answer = await sendBy(relay, mail, mayGo, now)
        if (answer.kind !== 'refused' || answer.blame !== 'server') return answer
        relay.restsUntil = now() + REST
      }
    },
    async verify() {
      for (const { mailer } of states) await mailer.verify()
    },
    async close() {
      await Promise.all(states.map(({ mailer }) => mailer.close()))
    },
  }
}

/** All mail waits, as when a relay is away, until an hour is over. */
const USED_UP: SendResult = {
  kind: 'refused',
  permanent: false,
  hardBounce: false,
  blame: 'server',
  reason: 'every relay of SMTP_URLS has had its mails of this hour; raise per-hour, or add a relay',
}

/** The relay that is furthest behind its share. One that rests is taken only if no other is left. */
function choose(states: State[], tried: Set<State>, at: number): State | undefined {
  const able = states.filter((state) => !tried.has(state) && hasRoom(state, at))
  const awake = able.filter((state) => state.restsUntil <= at)
  return (awake.length > 0 ? awake : able).sort((a, b) => a.had - b.had)[0]
}

function hasRoom(state: State, at: number): boolean {
  if (state.perHour === undefined) return true
  while (state.begun[0] !== undefined && state.begun[0] <= at - HOUR) state.begun.shift()
  return state.begun.length < state.perHour
}

async function sendBy(
  relay: State,
  mail: Mail,
  mayGo: (() => Promise<void>) | undefined,
  now: () => number,
): Promise<SendResult> {
  relay.had += 1 / relay.weight
  if (relay.perHour !== undefined) relay.begun.push(now())
  if (relay.perSecond !== undefined) {
    const at = Math.max(now(), relay.nextAt)
    relay.nextAt = at + SECOND / relay.perSecond
    if (at > now()) await delay(at - now())
  }
  return relay.mailer.send(mail, mayGo)
}
