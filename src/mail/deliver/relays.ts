import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf } from '../../errors.ts'
import type { Mail } from '../compose/message.ts'
import type { RelayShare } from './relayList.ts'
import { openRelayTurns, type RelayTurns, type TakeTurns } from './relayTurns.ts'
import type { SendResult } from './sendResult.ts'
import type { Mailer } from './transport.ts'

/** A relay that is away is left alone for so long, if another one can take its mail. */
const REST = 30 * 1000

/** One of several relays as it stands. */
export interface Relay extends Omit<RelayShare, 'smtpUrl'> {
  /** The same for all processes that use it. */
  name: string
  mailer: Mailer
}

interface State extends Relay {
  /** How much of its share it has had: mails divided by weight. */
  had: number
  /** Until then it is left alone; milliseconds since 1970. */
  restsUntil: number
  /** Undefined if it takes any number. */
  turns: RelayTurns | undefined
}

/**
 * One mailer for several relays: each gets its share of the mail, by weight, as fast as its limits allow. If a relay is
 * away before it was given any of a mail, another one takes the mail.
 * `takeTurns`: what limits all processes together. `now`: the clock in milliseconds, for tests.
 */
export function createRelays(relays: Relay[], takeTurns: TakeTurns, now: () => number = Date.now): Mailer {
  const states = relays.map((relay): State => {
    const isLimited = relay.perSecond !== undefined || relay.perHour !== undefined
    const turns = isLimited ? openRelayTurns(relay.name, relay, takeTurns, now) : undefined
    return { ...relay, had: 0, restsUntil: 0, turns }
  })
  return {
    async send(mail, mayGo) {
      const tried = new Set<State>()
      let answer: SendResult = USED_UP
      let relay = choose(states, tried, now())
      while (relay !== undefined) {
        tried.add(relay)
        const result = await sendInTurn(relay, mail, mayGo)
        if (result !== undefined) {
          answer = result
          if (answer.kind !== 'refused' || answer.blame !== 'server') break
          relay.restsUntil = now() + REST
        }
        relay = choose(states, tried, now())
      }
      return answer
    },
    /** Any relay may get any mail. */
    async takesUtf8() {
      return (await Promise.all(states.map(({ mailer }) => mailer.takesUtf8()))).every(Boolean)
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
  const able = states.filter((state) => !tried.has(state))
  const awake = able.filter((state) => state.restsUntil <= at)
  return (awake.length > 0 ? awake : able).sort((a, b) => a.had - b.had)[0]
}

/** Waits for the mail's turn at a relay and sends it. Undefined if the relay has had its mails of the hour. */
async function sendInTurn(
  relay: State,
  mail: Mail,
  mayGo?: () => Promise<void>,
): Promise<SendResult | undefined> {
  try {
    const waitMs = relay.turns === undefined ? 0 : await relay.turns.take()
    if (waitMs === undefined) return undefined
    if (waitMs > 0) await delay(waitMs)
  } catch (error) {
    return { kind: 'withheld', reason: `expected a turn at ${relay.name}, got ${reasonOf(error)}` }
  }
  relay.had += 1 / relay.weight
  return relay.mailer.send(mail, mayGo)
}
