import type { Config } from '../../config.ts'
import { reasonOf } from '../../errors.ts'
import { domainOf, parseSender } from '../../mail/address.ts'
import { loadDkimKeys } from '../../mail/deliver/dkim.ts'
import { askRelayFeatures } from '../../mail/deliver/relayFeatures.ts'
import { parseRelays } from '../../mail/deliver/relayList.ts'
import { isNearby, parseSmtpUrl } from '../../mail/deliver/smtpUrl.ts'
import { createLookup } from '../../mail/records/lookup.ts'
import { checkMailRecords, type MailCheck } from '../../mail/records/mailChecks.ts'
import { lookAtRedis } from '../../workers/redisSettings.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print } from '../terminal/print.ts'

/**
 * Looks at everything outside that decides whether mail arrives: the DNS records that receivers look up, the relay, and
 * what Redis does when memory or power runs out. Prints a line for each, and the records to publish.
 */
export async function runDoctorMail(config: Config, options: { dns?: string }): Promise<ExitCode> {
  const checks = [...(await mailChecks(config, options.dns)), ...(await redisChecks(config.redisUrl))]
  for (const { word, name, words } of checks) print(`${word.padEnd(4)}  ${name}: ${words}`)
  const missing = checks.flatMap(({ publish }) => publish ?? [])
  if (missing.length > 0) print(`\nPublish in the DNS:\n${missing.join('\n')}`)
  return checks.some(({ word }) => word === 'FAIL') ? 1 : 0
}

async function mailChecks(config: Config, dns: string | undefined): Promise<MailCheck[]> {
  if (config.smtpUrl === undefined) {
    return [{ word: 'LOOK', name: 'mail', words: 'goes to the inbox page, because SMTP_URL is not set' }]
  }
  const fromDomain = domainOf(parseSender(config.mailFrom).address)
  const relays = parseRelays(config.smtpUrl).map(({ smtpUrl }) => parseSmtpUrl(smtpUrl))
  const settings = {
    fromDomain,
    envelopeDomain: config.bounceAddress === undefined ? fromDomain : domainOf(config.bounceAddress),
    readsBounces: config.bounceAddress !== undefined,
    dkimKeys: config.dkimKeys === undefined ? [] : await loadDkimKeys(config.dkimKeys, fromDomain),
    relayHosts: relays.map(({ host }) => host),
  }
  const records = checkMailRecords(settings, createLookup(dns)).catch((error): MailCheck[] => [
    { word: 'FAIL', name: 'DNS', words: reasonOf(error) },
  ])
  const answers = relays.map((relay) => relayCheck(relay, config.smtpEhlo ?? fromDomain))
  return [...(await Promise.all(answers)), ...(await records), ...linkChecks(config)]
}

async function relayCheck(relay: ReturnType<typeof parseSmtpUrl>, ehloName: string): Promise<MailCheck> {
  const name = `relay ${relay.host}:${relay.port}`
  try {
    const features = await askRelayFeatures(relay, ehloName)
    const tls = relay.secure || features.has('STARTTLS')
    const offers = ['STARTTLS', 'SMTPUTF8', 'DSN'].filter((word) => features.has(word)).join(', ')
    const words = `answers${relay.secure ? ' over TLS' : ''}, offers ${offers || 'no extension that counts'}`
    if (tls || isNearby(relay.host)) return { word: 'ok', name, words }
    return {
      word: 'FAIL',
      name,
      words: `${words}; without STARTTLS mail and password go in the clear: use another port or relay`,
    }
  } catch (error) {
    return { word: 'FAIL', name, words: `${reasonOf(error)}; check SMTP_URL` }
  }
}

function linkChecks({ publicUrl, bouncePort, bounceAddress }: Config): MailCheck[] {
  const checks: MailCheck[] = []
  if (!publicUrl.startsWith('https:')) {
    const words = `${publicUrl} is not https, so mail programs offer no one-click unsubscribe, which large providers want`
    checks.push({ word: 'FAIL', name: 'PUBLIC_URL', words })
  }
  if (bounceAddress === undefined) {
    checks.push({
      word: 'LOOK',
      name: 'bounces',
      words: 'BOUNCE_ADDRESS is not set, so bounces and complaints are not read',
    })
  } else if (bouncePort === undefined) {
    checks.push({
      word: 'LOOK',
      name: 'bounces',
      words: 'BOUNCE_PORT is not set for this process; one process must receive them',
    })
  }
  return checks
}

async function redisChecks(redisUrl: string | undefined): Promise<MailCheck[]> {
  if (redisUrl === undefined) return []
  try {
    const { policy, persists } = await lookAtRedis(redisUrl)
    const evicts: MailCheck =
      policy === 'noeviction'
        ? { word: 'ok', name: 'Redis memory', words: 'maxmemory-policy is noeviction' }
        : {
            word: 'FAIL',
            name: 'Redis memory',
            words: `expected maxmemory-policy noeviction, got ${policy}: jobs may vanish; set it`,
          }
    const keeps: MailCheck = persists
      ? { word: 'ok', name: 'Redis persistence', words: 'the queue survives a restart' }
      : {
          word: 'LOOK',
          name: 'Redis persistence',
          words: 'the queue is lost in a restart; the sweep fills it again from the database',
        }
    return [evicts, keeps]
  } catch (error) {
    return [{ word: 'FAIL', name: 'Redis', words: reasonOf(error) }]
  }
}
