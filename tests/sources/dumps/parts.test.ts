import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { collect } from '../../../src/sources/dumps/containers/bytes.ts'
import { type Dump, partsOf } from '../../../src/sources/dumps/parts.ts'
import { gzip, inChunks, pipeOf, tar, zip } from '../../support/dumps.ts'

const MEGABYTE = 1024 * 1024

/** Label and text of each part; in the place of the text what a part or the whole dump failed with. */
async function contents(dump: Dump): Promise<[label: string, text: string][]> {
  const found: [string, string][] = []
  try {
    for await (const part of partsOf(dump, () => true)) {
      try {
        found.push([part.label, (await collect(part.bytes, 1e9))!.toString()])
      } catch (error) {
        found.push([part.label, `error: ${(error as Error).message}`])
      }
    }
  } catch (error) {
    found.push(['whole dump', `error: ${(error as Error).message}`])
  }
  return found
}

describe('containers are told by their content', () => {
  test('a file without any', async () => {
    expect(await contents(pipeOf('day.gz', 'plain text'))).toEqual([['day.gz', 'plain text']])
  })

  test('gzip of several members, in chunks of any size', async () => {
    const members = Buffer.concat([gzip('one '), gzip('two '), gzip('three')])
    for (const chunk of [1, 7, 64, 1000]) {
      expect(await contents(pipeOf('day.json', members, chunk))).toEqual([['day.json', 'one two three']])
    }
  })

  test('zip and tar, packed or not, in their order; directories and hidden files are left out', async () => {
    const files = {
      'b.txt': 'first',
      'days/': '',
      'days/a.txt': 'second',
      '.hidden': 'x',
      '__MACOSX/._a.txt': 'x',
    }
    const expected = [
      ['x › b.txt', 'first'],
      ['x › days/a.txt', 'second'],
    ]
    expect(await contents(pipeOf('x', zip(files)))).toEqual(expected)
    expect(await contents(pipeOf('x', await tar(files)))).toEqual(expected)
    expect(await contents(pipeOf('x', gzip(await tar(files)), 100))).toEqual(expected)
  })

  test('one inside another', async () => {
    const inner = { 'a.txt': 'text' }
    expect(await contents(pipeOf('x', zip({ 'a.gz': gzip('text') })))).toEqual([['x › a.gz', 'text']])
    expect(await contents(pipeOf('x', gzip(await tar({ 'a.gz': gzip('text') }))))).toEqual([
      ['x › a.gz', 'text'],
    ])
    expect(await contents(pipeOf('x', zip({ i: gzip(await tar(inner)) })))).toEqual([
      ['x › i › a.txt', 'text'],
    ])
    expect(await contents(pipeOf('x', await tar({ i: zip(inner) })))).toEqual([['x › i › a.txt', 'text']])
    expect(await contents(pipeOf('x', gzip(gzip('text'))))).toEqual([['x', 'text']])
  })

  test('but not deeper, which is said of the file it is about', async () => {
    const deep = zip({ 'deep.zip': zip({ 'a.gz': gzip('text') }), 'b.txt': 'text' })
    expect(await contents(pipeOf('x', deep))).toEqual([
      [
        'x › deep.zip › a.gz',
        expect.stringMatching(/^error: expected at most one container inside another, got a gzip/),
      ],
      ['x › b.txt', 'text'],
    ])
  })

  test('names are labels: none is a path, none steers a terminal', async () => {
    const files = {
      '../../etc/passwd': '1',
      'C:\\x': '2',
      '\u001b[2Jred\u202E.txt': '3',
      ['long'.repeat(200)]: '4',
    }
    const labels = (await contents(pipeOf('x', zip(files)))).map(([label]) => label)
    expect(labels.slice(0, 3)).toEqual(['x › ../../etc/passwd', 'x › C:/x', 'x › ?[2Jred?.txt'])
    expect(labels[3]!.length).toBeLessThan(200)
    expect((await contents(pipeOf('x', await tar({ '../../etc/passwd': '1' }))))[0]![0]).toBe(
      'x › ../../etc/passwd',
    )
  })
})

describe('what is damaged is said in one line, once; what came before stands', () => {
  const text = 'a line that does not compress to nothing at all 0123456789\n'.repeat(2000)

  test('gzip that breaks off, or has a wrong byte', async () => {
    const packed = gzip(text)
    const [cut] = await contents(pipeOf('x.gz', packed.subarray(0, packed.length / 2)))
    expect(cut![1]).toMatch(
      /^error: expected a whole gzip file, got one that breaks off after \d+ unpacked bytes; copy it again$/,
    )
    const flipped = Buffer.from(packed)
    flipped[packed.length - 6]! ^= 1
    expect((await contents(pipeOf('x.gz', flipped)))[0]![1]).toMatch(
      /^error: expected a gzip file, got damaged data/,
    )
  })

  test('tar that breaks off: the files before are there', async () => {
    const archive = await tar({ 'a.txt': 'first', 'b.txt': text, 'c.txt': 'third' })
    const found = await contents(pipeOf('x.tar', archive.subarray(0, 50_000)))
    expect(found[0]).toEqual(['x.tar › a.txt', 'first'])
    const errors = new Set(found.slice(1).map(([, reason]) => reason))
    expect([...errors]).toEqual([
      'error: expected a whole tar archive, got one that breaks off; copy it again',
    ])
  })

  test('tar.gz that breaks off names the gzip', async () => {
    const archive = gzip(
      await tar({ 'a.txt': 'first', 'b.bin': Buffer.from(text).map((byte, at) => byte ^ (at * 7919)) }),
    )
    const found = await contents(pipeOf('x', archive.subarray(0, archive.length - 2000)))
    expect(found[0]).toEqual(['x › a.txt', 'first'])
    expect(found[1]![1]).toMatch(/^error: expected a whole gzip file, got one that breaks off/)
  })

  test('zip that breaks off has lost its directory', async () => {
    const archive = zip({ 'a.txt': 'first', 'b.txt': text })
    expect(await contents(pipeOf('x.zip', archive.subarray(0, archive.length - 30)))).toEqual([
      [
        'whole dump',
        'error: expected a whole zip archive, got one that breaks off (its directory is missing); copy it again',
      ],
    ])
  })

  test('a file in a zip with a wrong byte leaves the others as they are', async () => {
    const archive = zip({ 'a.txt': text, 'b.txt': 'second' })
    archive[60]! ^= 0xff
    const found = await contents(pipeOf('x.zip', archive))
    expect(found[0]![1]).toMatch(/^error: expected a (?:whole zip archive|file as it was packed), got/)
    expect(found[1]).toEqual(['x.zip › b.txt', 'second'])
  })

  test('a file with a password', async () => {
    const archive = zip({ 'a.txt': 'first' })
    archive[archive.indexOf('PK\x01\x02') + 8]! |= 1
    expect((await contents(pipeOf('x.zip', archive)))[0]![1]).toBe(
      'error: expected a file without a password, got an encrypted one; unpack it first',
    )
  })

  test.each([1, 2, 3])('cut or flipped anywhere, nothing hangs or crashes (%i)', async (seed) => {
    const archives = [
      gzip(text),
      zip({ 'a.txt': text, 'b.gz': gzip(text) }),
      await tar({ 'a.txt': text, b: zip({ c: text }) }),
    ]
    for (const archive of archives) {
      for (let round = 0; round < 20; round += 1) {
        const at = (round * 7919 * seed) % archive.length
        const damaged = Buffer.from(archive)
        damaged[at]! ^= 1 << (round % 8)
        for (const bytes of [archive.subarray(0, at), damaged, Buffer.concat([archive, archive])]) {
          for (const [, found] of await contents(pipeOf('x', bytes))) {
            if (found.startsWith('error: ')) expect(found).toMatch(/^error: expected [^\n]+$/)
          }
        }
      }
    }
  })
})

describe('what grows without end is stopped', () => {
  test('a gzip of zeros', async () => {
    async function* bomb() {
      const zeros = gzipSync(Buffer.alloc(32 * MEGABYTE))
      for (let member = 0; member < 8; member += 1) yield zeros
    }
    const [[, text]] = (await contents({ name: 'bomb.gz', size: undefined, bytes: bomb() })) as [
      [string, string],
    ]
    expect(text).toMatch(
      /^error: expected a dump that unpacks to at most 200 times its size, got \d+ MB out of \d+ kB/,
    )
  })

  test('a zip of files that are each small enough', async () => {
    const zeros = Buffer.alloc(30 * MEGABYTE)
    const found = await contents(pipeOf('bomb.zip', zip({ a: zeros, b: zeros, c: zeros })))
    expect(found.map(([, text]) => text.slice(0, 60))).toContain(
      'error: expected a dump that unpacks to at most 200 times its',
    )
  })

  test('but not what is small, however well it packs', async () => {
    const blanks = ' '.repeat(30 * MEGABYTE)
    expect((await contents(pipeOf('x.gz', gzip(blanks))))[0]![1]).toHaveLength(blanks.length)
  })

  test('a zip of more than 64 MB that comes through a pipe', async () => {
    const large = zip({ a: 'a' })
    async function* padded() {
      yield large
      for (let more = 0; more < 65; more += 1) yield Buffer.alloc(MEGABYTE)
    }
    expect(await contents({ name: 'x.zip', size: undefined, bytes: padded() })).toEqual([
      [
        'whole dump',
        expect.stringMatching(/at most 64 MB where it comes out of a pipe .*save it as a file of its own$/),
      ],
    ])
  })
})

test('a part that is left unread holds back no other', async () => {
  const archive = await tar({ 'a.txt': 'first'.repeat(100_000), 'b.txt': 'second' })
  const read: string[] = []
  for await (const part of partsOf({ name: 'x', size: undefined, bytes: inChunks(archive) }, () => true)) {
    if (part.label.endsWith('a.txt')) continue
    read.push((await collect(part.bytes, 100))!.toString())
  }
  expect(read).toEqual(['second'])
})
