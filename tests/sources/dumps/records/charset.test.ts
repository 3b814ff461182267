import { expect, test } from 'vitest'
import { charsetOf } from '../../../../src/sources/dumps/records/charset.ts'
import { batchesUntilError } from '../../formats/goldenPairs.ts'

/** Tables as older programs write them, in the character set of their country. They were encoded by another program. */

const TABLES: [charset: string, title: string, base64: string][] = [
  [
    'gb18030',
    '灯笼自发光的机理研究',
    'serM4izX99XfLNWq0qosRE9JCrXGwf3X1LeiueK1xLv6wO3R0L6/LNXFyP0sztLDx9HQvr/By7XGwf3X1LeiueK1xLe9t6gsMTAuMTIzNC9sYW4uMQq488Kl09C24LC1LMDuy8Qs0rvW1rv509rEo9DNtcS3vbeoLDEwLjEyMzQvbGFuLjIK',
  ],
  [
    'shift_jis',
    'ランタンの自発光に関する研究',
    'g16DQ4Nng4sskpiO0iyXdo58LERPSQqDiYOTg16Dk4LMjqmUrYz1gsmK1oK3gumMpIuGLI5Sk2ORvphZLIOJg5ODXoOTgsyM9YLwkrKC14K9gUIsMTAuMTIzNC9sYW4uMQo=',
  ],
  [
    'euc-jp',
    'ランタンの自発光に関する研究',
    'pb+lpKXIpessw/i81CzN17vdLERPSQql6aXzpb+l86TOvKvIr7j3pMu02KS5pOu4prXmLLuzxcTCwM+6LKXppfOlv6XzpM6496TyxLSk2aS/oaMsMTAuMTIzNC9sYW4uMQo=',
  ],
  [
    'euc-kr',
    '스스로 빛나는 등불에 대한 연구',
    'waa48SzA+sDaLMPKt88sRE9JCr26vbq3ziC6+7OqtMIgte660r+hILTrx9Egv6yxuCzIq7Hmtb8sv+y4rrTCILXuutLAuyC/rLG4x8+/tLTZLDEwLjEyMzQvbGFuLjEK',
  ],
  [
    'big5',
    '燈籠自發光的機理研究',
    'vNDDRCynQKrMLLpLrW4sRE9JCr9PxaKm27Vvpfqqur73snqs46hzLLFppFQsp9qtzKzjqHOkRr9PxaKm27VvpfqquqToqmssMTAuMTIzNC9sYW4uMQo=',
  ],
  [
    'windows-1251',
    'Фонари что светят сами',
    'zeDn4uDt6OUswOLy7vD7LMDt7e7y4Pbo/yxET0kK1O7t4PDoIPfy7iDx4uXy//Ig8eDs6CzI4uDtIMji4O3u4izM+yDn4Obo4+Dl7CD07u3g8OgsMTAuMTIzNC9sYW4uMQo=',
  ],
  [
    'windows-1252',
    'Über das Licht der Laternen',
    'VGl0ZWwsQXV0b3JlbixadXNhbW1lbmZhc3N1bmcsRE9JCtxiZXIgZGFzIExpY2h0IGRlciBMYXRlcm5lbixCavZybiBN/GxsZXIsV2lyIHr8bmRlbiBzY2j2bmUgTGF0ZXJuZW4gYW4sMTAuMTIzNC9sYW4uMQrJdHVkZSBkZXMgbGFudGVybmVzLEjpbOhuZSBMnGIsUulzdW3pIOAgbGlyZSwxMC4xMjM0L2xhbi4yCg==',
  ],
  [
    'utf-16le',
    'Lanterns that light themselves',
    'dABpAHQAbABlACwAYQB1AHQAaABvAHIAcwAsAGQAbwBpAAoATABhAG4AdABlAHIAbgBzACAAdABoAGEAdAAgAGwAaQBnAGgAdAAgAHQAaABlAG0AcwBlAGwAdgBlAHMALABBAGQAYQAgAEUAeABhAG0AcABsAGUALAAxADAALgAxADIAMwA0AC8AbABhAG4ALgAxAAoA',
  ],
]

test.each(TABLES)('a table in %s is read', async (charset, title, base64) => {
  const bytes = Buffer.from(base64, 'base64')
  expect(charsetOf(bytes)).toBe(charset)
  const { batches, error } = await batchesUntilError(bytes)
  expect(error).toBeUndefined()
  const entries = batches.flatMap((batch) => (batch.kind === 'page' ? batch.listing : batch).entries)
  expect(entries[0]).toMatchObject({ title, doi: '10.1234/lan.1' })
})

test('UTF-8 with damage is no other character set', () => {
  const text = Buffer.from('title,authors\nGlühwürmchen für Anfänger,Jörg Müller\n')
  for (let at = 0; at < text.length; at += 1) {
    const damaged = Buffer.from(text)
    damaged[at] = damaged[at]! ^ 0x80
    expect([at, charsetOf(damaged)]).toEqual([at, undefined])
  }
})
