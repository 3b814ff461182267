import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { renderSVG } from 'uqr'
import { deleteOtherAdminSessions } from '../../../db/adminSessions.ts'
import { insertAudit } from '../../../db/audit.ts'
import {
  confirmSecondFactor,
  deleteSecondFactor,
  findSecondFactor,
  insertSecondFactor,
  type SecondFactorRow,
  takeRecoveryCode,
  takeStep,
} from '../../../db/secondFactors.ts'
import { showError, showTooMany } from '../../site/errorPages.ts'
import { field } from '../../site/form.ts'
import { readSession } from '../../site/session.ts'
import { type Site, show } from '../../site/site.ts'
import { makeRecoveryCodes, makeSecret, otpauthAddress, recoveryHash, seal, stepOf, unseal } from './totp.ts'

/** Only the admin's login has a second factor: a viewer changes nothing. */
const ROLE = 'admin'

/** The second factor that a login as admin needs now; undefined if none was set up. */
export async function activeSecondFactor(site: Site): Promise<SecondFactorRow | undefined> {
  const found = await findSecondFactor(site.db, ROLE)
  return found?.confirmed_at ? found : undefined
}

/** Whether a typed code is right and was not used before: one of the app, or a recovery code. */
export async function takesCode(site: Site, factor: SecondFactorRow, typed: string): Promise<boolean> {
  const { secret } = site.secrets
  const hash = recoveryHash(typed, secret)
  if (hash !== undefined) {
    const taken = await takeRecoveryCode(site.db, ROLE, hash)
    if (taken) await note(site, 'used a recovery code')
    return taken
  }
  const known = unseal(factor.sealed_secret, secret)
  const step = known === undefined ? undefined : stepOf(known, typed, site.now())
  return step !== undefined && (await takeStep(site.db, ROLE, step))
}

/** Sets a second factor up, by a first code, and takes it away, by another. The secret is shown once. */
export function addSecondFactor(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  scope.post('/admin/second-factor/begin', write, async (request, reply) => {
    const secret = makeSecret()
    const sealed = seal(secret, site.secrets.secret)
    if (!(await insertSecondFactor(site.db, ROLE, sealed, site.now())))
      return showError(site, request, reply, 400)
    return showSetup(site, reply, secret)
  })
  scope.post('/admin/second-factor/confirm', write, (request, reply) => confirm(site, request, reply))
  scope.post('/admin/second-factor/remove', write, (request, reply) => remove(site, request, reply))
}

function showSetup(site: Site, reply: FastifyReply, secret: string, wrong = false): FastifyReply {
  const address = otpauthAddress(secret, new URL(site.config.publicUrl).host)
  const data = {
    csrf: reply.generateCsrf(),
    secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
    address,
    // In the page itself: the policy lets no picture come from an address with the data in it.
    picture: renderSVG(address, { border: 2 }).replace('<svg', '<svg width="220" height="220"'),
    wrong,
  }
  return show(site, reply, 'admin/secondFactor', data, wrong ? 422 : 200)
}

async function confirm(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const factor = await findSecondFactor(site.db, ROLE)
  const secret = factor && unseal(factor.sealed_secret, site.secrets.secret)
  if (!factor || factor.confirmed_at || secret === undefined) return showError(site, request, reply, 400)
  const step = stepOf(secret, field(request, 'code'), site.now())
  if (step === undefined) return showSetup(site, reply, secret, true)
  const codes = makeRecoveryCodes()
  const recoveryHashes = codes.map((code) => recoveryHash(code, site.secrets.secret)!)
  if (!(await confirmSecondFactor(site.db, factor, { step, recoveryHashes, now: site.now() })))
    return showError(site, request, reply, 400)
  // Whoever came in by the password alone has to come in again.
  const own = await readSession(site, request)
  await deleteOtherAdminSessions(site.db, own?.id)
  await note(site, 'set up a second factor')
  return show(site, reply, 'admin/recoveryCodes', { codes })
}

async function remove(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const factor = await activeSecondFactor(site)
  if (!factor) return showError(site, request, reply, 400)
  const at = site.now()
  const until = site.guesses.take(request.ip, at)
  if (until !== undefined) return showTooMany(site, request, reply, until)
  if (!(await takesCode(site, factor, field(request, 'code'))))
    return reply.redirect('/admin/sessions?wrong=code', 303)
  site.guesses.giveBack(request.ip, at)
  await deleteSecondFactor(site.db, ROLE)
  await note(site, 'removed the second factor')
  return reply.redirect('/admin/sessions', 303)
}

function note(site: Site, action: string): Promise<void> {
  return insertAudit(site.db, { at: site.now(), actor: 'admin', action })
}
