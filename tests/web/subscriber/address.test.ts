import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isSuppressed } from '../../../src/db/mail/suppressions.ts'
import { findSubscriber, findSubscriberByEmail } from '../../../src/db/subscribers/subscribers.ts'
import { listTimeline } from '../../../src/db/subscribers/subscriberViews.ts'
import { addressHash } from '../../../src/mail/addressHash.ts'
import { requestAddressChange } from '../../../src/subscribers/addressChange.ts'
import { enlist, openTestSite, type TestSite, tokenIn, visit } from '../../support/web.ts'

let site: TestSite
let people = 0
beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
beforeEach(() => {
  site.mail.mails.length = 0
})

/** A subscriber who asks for another address; and the links of the two mails. */
async function asked() {
  people += 1
  const [old, wanted] = [`old${people}@example.org`, `new${people}@example.net`]
  const person = await enlist(site, old)
  const visitor = visit(site.server, `198.51.100.${people}`)
  const home = `/preferences/${person.manage}`
  const answer = await visitor.post(`${home}/address`, { email: wanted })
  expect([answer.statusCode, answer.body]).toEqual([
    200,
    expect.stringContaining('Two mails are on their way'),
  ])
  await site.runJobs()
  const { id } = (await findSubscriberByEmail(site.tools.db, old))!
  return { ...person, id, old, wanted, visitor, home, oldLink: linkTo(old), newLink: linkTo(wanted) }
}

const mailTo = (address: string) => site.mail.mails.filter(({ rcptTo }) => rcptTo.includes(address))
const linkTo = (address: string) => `/address/${tokenIn(mailTo(address).at(-1)?.parsed.text, 'address')}`
const addressOf = async (id: number) => (await findSubscriber(site.tools.db, id))!.email
const whatHappened = async (id: number) => (await listTimeline(site.tools.db, id, 50)).map(({ what }) => what)

describe('a new address', () => {
  test.each([
    ['the old mailbox first', false],
    ['the new mailbox first', true],
  ])('counts once both mailboxes have confirmed: %s', async (_name, newFirst) => {
    const { id, old, wanted, home, visitor, oldLink, newLink } = await asked()
    const [first, second] = newFirst ? [newLink, oldLink] : [oldLink, newLink]
    // Opening the pages, as scanners do, changes nothing.
    for (const link of [oldLink, newLink]) expect((await visit(site.server).get(link)).statusCode).toBe(200)
    expect((await visitor.post(first)).body).toContain('One of two')
    expect((await visitor.post(first)).body).toContain('One of two')
    expect(await addressOf(id)).toBe(old)
    expect((await visitor.post(second)).body).toContain('Your digest comes to the new address')
    expect(await addressOf(id)).toBe(wanted)
    // Links of earlier mails went to the old mailbox.
    expect((await visit(site.server).get(home)).statusCode).toBe(404)
    expect((await visit(site.server).post(second)).statusCode).toBe(404)
    // Whoever confirmed last is signed in.
    expect((await visitor.get('/preferences/me')).statusCode).toBe(200)
    expect(await whatHappened(id)).toEqual(
      expect.arrayContaining([
        'asked for another address',
        'confirmed by the old mailbox',
        'confirmed by the new mailbox',
        'changed the address',
      ]),
    )
  })

  test('is told to the old mailbox, and the mail to the new one has nothing that was typed', async () => {
    const { old, wanted } = await asked()
    expect(mailTo(old)[0]!.parsed.text).toContain(wanted)
    expect(mailTo(wanted)[0]!.parsed.text).not.toContain(old)
    expect(mailTo(wanted)[0]!.parsed.text).not.toContain(wanted)
  })

  test('replaces one that was asked for before, whose links then work no more', async () => {
    const { id, old, oldLink, newLink } = await asked()
    const third = `third${people}@example.net`
    const { next } = await requestAddressChange(site.tools, id, third, { actor: 'admin' })
    site.enqueued.push(...next)
    await site.runJobs()
    for (const link of [oldLink, newLink]) expect((await visit(site.server).post(link)).statusCode).toBe(404)
    await visit(site.server).post(linkTo(old))
    await visit(site.server).post(linkTo(third))
    expect(await addressOf(id)).toBe(third)
  })

  test('that has a subscription of its own is told only to who has both mailboxes', async () => {
    const taken = `new${people + 1}@example.net`
    await enlist(site, taken)
    const { id, old, oldLink, newLink } = await asked()
    await visit(site.server).post(oldLink)
    expect((await visit(site.server).post(newLink)).body).toContain('has a subscription of its own')
    expect(await addressOf(id)).toBe(old)
  })

  test('can be refused by its mailbox, which then gets no mail at all; the subscription stays', async () => {
    const { id, old, wanted, oldLink, newLink } = await asked()
    const refused = await site.server.inject({
      method: 'POST',
      url: `${newLink}/never`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      payload: '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    })
    expect(refused.statusCode).toBe(200)
    expect(await isSuppressed(site.tools.db, addressHash(wanted, site.tools.secret))).toBe(true)
    expect((await visit(site.server).post(oldLink)).statusCode).toBe(404)
    expect([await addressOf(id), (await findSubscriber(site.tools.db, id))!.status]).toEqual([old, 'active'])
  })

  test('cannot be refused by the old mailbox’s link', async () => {
    const { wanted, oldLink } = await asked()
    expect((await visit(site.server).post(`${oldLink}/never`)).statusCode).toBe(404)
    expect(await isSuppressed(site.tools.db, addressHash(wanted, site.tools.secret))).toBe(false)
  })

  test('needs only its own mailbox where an operator answers for the old one', async () => {
    const { id, old } = await asked()
    const wanted = `vouched${people}@example.net`
    site.mail.mails.length = 0
    const { next } = await requestAddressChange(site.tools, id, wanted, {
      actor: 'command line',
      vouched: true,
    })
    site.enqueued.push(...next)
    await site.runJobs()
    expect(mailTo(old)).toEqual([])
    await visit(site.server).post(linkTo(wanted))
    expect(await addressOf(id)).toBe(wanted)
  })
})

describe('the form', () => {
  test('keeps what was typed and says what is wrong with it', async () => {
    const { manage } = await enlist(site, 'typo@example.org')
    for (const [email, words] of [
      ['no address', 'Expected one mail address'],
      ['TYPO@example.org', 'comes to this address already'],
    ] as const) {
      const answer = await visit(site.server).post(`/preferences/${manage}/address`, { email })
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toContain(words)
      expect(answer.body).toContain(`value="${email}"`)
    }
    expect(site.enqueued).toEqual([])
  })

  test('mails nobody more than the day’s allowance', async () => {
    const { id, manage } = await enlist(site, 'often@example.org')
    const ask = (email: string) => visit(site.server).post(`/preferences/${manage}/address`, { email })
    await ask('victim@example.net')
    expect((await ask('victim@example.net')).body).toContain('Not so soon')
    await site.runJobs()
    expect(mailTo('victim@example.net')).toHaveLength(1)
    expect(await addressOf(id)).toBe('often@example.org')
  })
})
