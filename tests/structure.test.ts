import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { findInCode, readSourceFiles, type SourceFile } from './support/sourceFiles.ts'

/**
 * Holds the architecture (docs/architecture.md), so that nobody must remember it. What a rule finds is listed as
 * `path:line`; an exception stands here with its reason, or not at all.
 */
let files: SourceFile[]
beforeAll(async () => {
  files = await readSourceFiles()
})

const GROUND = ['domain', 'errors', 'calendar', 'slices', 'caching', 'topK', 'privateFolder']
const CRAFTS = ['db', 'sources', 'papers', 'ranking', 'mail']
const BELOW_FEATURES = [...CRAFTS, 'text', 'tools', ...GROUND, 'version']
const FEATURES = ['ingest', 'digests', 'subscribers', 'health']
const BELOW_STARTERS = ['jobs', ...FEATURES, ...BELOW_FEATURES, 'config', 'secrets']

/** Which folders (or files at the top of src/) each may import, types included. Arrows point one way, down this list. */
const ARROWS: Record<string, readonly string[]> = {
  domain: [],
  errors: [],
  version: [],
  slices: [],
  caching: [],
  topK: [],
  calendar: GROUND,
  settings: ['text'],
  config: ['settings', 'errors', 'domain'],
  privateFolder: [],
  secrets: ['config', 'errors', 'privateFolder'],
  text: GROUND,
  db: ['text', ...GROUND],
  sources: ['text', ...GROUND],
  papers: ['text', ...GROUND],
  ranking: ['text', ...GROUND],
  mail: ['text', ...GROUND],
  tools: [...CRAFTS, ...GROUND],
  ingest: BELOW_FEATURES,
  digests: BELOW_FEATURES,
  subscribers: BELOW_FEATURES,
  health: BELOW_FEATURES,
  jobs: [...FEATURES, ...BELOW_FEATURES],
  workers: BELOW_STARTERS,
  web: BELOW_STARTERS,
  toolbox: BELOW_STARTERS,
  service: ['workers', 'web', 'toolbox', ...BELOW_STARTERS],
  demo: ['service', 'toolbox', ...BELOW_STARTERS],
  cli: ['service', 'workers', 'web', 'toolbox', 'demo', ...BELOW_STARTERS],
  main: ['cli'],
}

/** The same among the folders of one room: which of the others each may import. A folder that is not named may import none. */
const INNER_ARROWS: Record<string, Record<string, readonly string[]>> = {
  papers: {
    profile: [],
    keys: ['profile'],
    likeness: ['profile', 'keys'],
    merging: ['profile'],
    planning: ['profile', 'keys', 'likeness', 'merging'],
  },
  sources: {
    reading: [],
    'reading/dates': ['reading'],
    'reading/prose': ['reading'],
    fetching: [],
    'formats/table': ['reading', 'reading/*'],
    'formats/arxiv': ['reading', 'reading/*'],
    'formats/catalogues': ['reading', 'reading/*'],
    'formats/feeds': ['reading', 'reading/*'],
    'formats/huggingface': ['reading', 'reading/*', 'formats/table'],
    'formats/libraries': ['reading', 'reading/*', 'formats/table'],
    'formats/markdown': ['reading', 'reading/*'],
    'formats/text': ['reading', 'reading/*', 'formats/huggingface'],
    formats: ['reading', 'reading/*', 'formats/*'],
    'dumps/containers': ['reading'],
    'dumps/webArchives': ['reading', 'dumps/containers'],
    'dumps/tables': ['dumps/containers'],
    'dumps/records': ['reading', 'dumps/containers', 'formats/libraries'],
    dumps: ['reading', 'reading/*', 'formats', 'formats/*', 'dumps/*'],
  },
  ranking: {
    language: [],
    index: ['language'],
    matrices: [],
    corpus: ['matrices', 'index', 'language'],
    score: ['corpus', 'matrices', 'index', 'language'],
    propose: ['corpus', 'index', 'language'],
    explain: ['score', 'corpus', 'index', 'language'],
    choose: ['explain', 'score', 'corpus', 'matrices', 'index', 'language'],
  },
  // Pages of the public, of subscribers and of the operator share what is in site; papers is how the first two show papers.
  web: {
    limits: [],
    site: ['limits'],
    papers: ['site'],
    feeds: ['site', 'papers'],
    public: ['site', 'papers', 'feeds'],
    subscriber: ['site', 'papers', 'feeds'],
    'subscriber/address': ['site', 'subscriber'],
    operator: ['site', 'limits', 'operator/*'],
    'operator/desk': ['site'],
    'operator/digests': ['site'],
    'operator/papers': ['site'],
    'operator/login': ['site'],
    'operator/uploads': ['site'],
    'operator/replays': ['site', 'operator/uploads'],
    'operator/sources': ['site', 'operator/desk'],
    'operator/subscribers': ['site', 'operator/uploads'],
    api: ['site'],
  },
}

/** A package that only these folders may import, types included. */
const HOMES: Record<string, readonly string[]> = {
  bullmq: ['workers'],
  '@bull-board/api': ['workers'],
  '@bull-board/fastify': ['workers'],
  ioredis: ['workers'],
  kysely: ['db'],
  pg: ['db'],
  '@electric-sql/pglite': ['db'],
  '@electric-sql/pglite-socket': ['db'],
  nodemailer: ['mail'],
  'smtp-server': ['mail'],
  'postal-mime': ['mail', 'sources'],
  mjml: ['mail'],
  cheerio: ['sources'],
  undici: ['sources'],
  commander: ['cli'],
  'prom-client': ['web'],
  'temporal-polyfill': ['calendar'],
}

/** Files of pure folders that talk to the network all the same: fetching is what they are for. */
const FETCHING = ['fetch', 'body', 'addressGuard', 'answerError'].map(
  (name) => `src/sources/fetching/${name}.ts`,
)
/** A Parquet file is read by a process of its own, which alone can be given a limit of memory. */
const PROCESSES = ['src/sources/dumps/tables/parquet.ts']
const PURE_FOLDERS = ['text', 'papers', 'ranking', 'sources']
const DOES_IO =
  /^(?:node:(?:fs|fs\/promises|net|tls|http|https|dns|dns\/promises|child_process|worker_threads)|undici)$/

/** Who may look at the clock; everyone else is given `now`. */
const CLOCKS: Record<string, string> = {
  'src/toolbox.ts': 'makes the clock that all others are given',
  'src/cli/commands/demo.ts': 'makes the clock of the sample source, and asks for today once',
  'src/db/engine/lock.ts': 'waits for another process, for a time that no test sets',
}

const MOST_FILES = 15
/** Families of one shape, in which a new member is a new file: migrations, and the steps of the pipeline. */
const FAMILIES = ['src/db/migrations', 'src/jobs']
const MOST_LINES = 300
/** Tables of words and settings, the schema and sample papers: long because they list much, not because they do much. */
const DATA = [
  /^src\/db\/migrations\//,
  /^src\/db\/engine\/schema\.ts$/,
  /^src\/demo\/papers\//,
  /^src\/settings\.ts$/,
  /^src\/text\/tex\/texSymbols\.ts$/,
]

const isData = (file: SourceFile) => DATA.some((pattern) => pattern.test(file.path))

describe('imports', () => {
  test('go down the arrows only', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ target }) => target.startsWith('src/'))
        .filter(({ target }) => !mayImport(file.folder, folderOf(target)))
        .map(({ target, line }) => `${file.path}:${line} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('go down the arrows of their room', () => {
    const wrong = Object.entries(INNER_ARROWS).flatMap(([room, arrows]) =>
      files
        .filter((file) => file.folder === room)
        .flatMap((file) =>
          file.imports
            .filter(({ target }) => !mayImportInside(room, arrows, file.path, target))
            .map(({ target, line }) => `${file.path}:${line} imports ${target}`),
        ),
    )
    expect(wrong).toEqual([])
  })

  test('every folder has its place among the arrows', () => {
    const homeless = [...new Set(files.map((file) => file.folder))].filter((folder) => !(folder in ARROWS))
    expect(homeless).toEqual([])
  })

  test('packages stay in the folders that are their home', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter(({ target }) => HOMES[target]?.includes(file.folder) === false)
        .map(({ target, line }) => `${file.path}:${line} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('pure folders do no input or output', () => {
    const wrong = files
      .filter(
        (file) => PURE_FOLDERS.includes(file.folder) && ![...FETCHING, ...PROCESSES].includes(file.path),
      )
      .flatMap((file) =>
        file.imports
          .filter(({ target }) => DOES_IO.test(target))
          .map(({ target, line }) => `${file.path}:${line} imports ${target}`),
      )
    expect(wrong).toEqual([])
  })

  test('only the pipeline imports steps: two jobs never know each other', () => {
    const isStep = (file: SourceFile) => file.folder === 'jobs' && /\bdefineStep\(\{/.test(file.code)
    const steps = files.filter(isStep).map((file) => file.path)
    expect(steps.length).toBeGreaterThanOrEqual(5)
    const wrong = files
      .filter((file) => file.folder === 'jobs' && file.path !== 'src/jobs/pipeline.ts')
      .flatMap((file) =>
        file.imports
          .filter(({ target }) => steps.includes(target))
          .map(({ target, line }) => `${file.path}:${line} imports the step ${target}`),
      )
    expect(wrong).toEqual([])
  })

  test('go round in no circle, from file to file', () => {
    const arrows = new Map(files.map((file) => [file.path, file.imports.map(({ target }) => target)]))
    expect(findCircles(arrows)).toEqual([])
  })

  test('go round in no circle, from folder to folder', () => {
    const arrows = new Map<string, string[]>()
    for (const file of files.filter(({ path }) => path.split('/').length > 2)) {
      const targets = file.imports
        .map(({ target }) => dirname(target))
        .filter((to) => to !== dirname(file.path))
      arrows.set(dirname(file.path), [...(arrows.get(dirname(file.path)) ?? []), ...targets])
    }
    expect(findCircles(arrows)).toEqual([])
  })

  test('what runs is a dependency, and every dependency is used', async () => {
    const root = new URL('../', import.meta.url)
    const { dependencies, optionalDependencies } = JSON.parse(
      await readFile(new URL('package.json', root), 'utf8'),
    )
    const imported = files.flatMap((file) =>
      file.imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
    )
    const packages = new Set(imported.filter((target) => !/^(?:node:|src\/|package\.json$)/.test(target)))
    expect([...packages].sort()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).sort())
  })
})

describe('the world outside comes in at one place', () => {
  test('the environment in src/config.ts', () => {
    expect(findOutside(/\bprocess\.env\b/g, ['src/config.ts'])).toEqual([])
  })

  test('the end of the process in src/main.ts', () => {
    expect(findOutside(/\bprocess\.(?:exit|abort|kill\(process\.pid)\b/g, ['src/main.ts'])).toEqual([])
  })

  test('the clock where it is made', () => {
    expect(findOutside(/\bDate\.now\(\)|\bnew Date\(\)|\bTemporal\.Now\b/g, Object.keys(CLOCKS))).toEqual([])
  })

  test('what a rule makes an exception for is still there', () => {
    const paths = files.map((file) => file.path)
    const named = [...FETCHING, ...PROCESSES, ...Object.keys(CLOCKS)]
    expect(named.filter((path) => !paths.includes(path))).toEqual([])
  })
})

describe('size and shape', () => {
  test(`folders have at most ${MOST_FILES} files`, () => {
    const counts = new Map<string, number>()
    for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
    const full = [...counts].filter(([folder, count]) => count > MOST_FILES && !FAMILIES.includes(folder))
    expect(full.map(([folder, count]) => `${folder} (${count} files)`)).toEqual([])
  })

  test(`files have at most ${MOST_LINES} lines`, () => {
    const long = files.filter((file) => file.lines > MOST_LINES && !isData(file))
    expect(long.map((file) => `${file.path} (${file.lines} lines)`)).toEqual([])
  })

  test('classes are for errors only', () => {
    expect(findOutside(/^(?:export )?(?:abstract )?class (?!\w+ extends \w*Error\b)/gm, [])).toEqual([])
  })

  test('no file only passes on what others export, and none is a drawer for all sorts', () => {
    const barrels = files.filter(
      (file) => file.code.replace(/^export [^=(]*? from '.*'$/gm, '').trim() === '',
    )
    const drawers = files.filter((file) =>
      /^(?:index|utils?|helpers?|common|misc)\.ts$/.test(basename(file.path)),
    )
    expect([...barrels, ...drawers].map((file) => file.path)).toEqual([])
  })
})

function mayImport(from: string, to: string): boolean {
  return from === to || ARROWS[from]?.includes(to) === true
}

function mayImportInside(
  room: string,
  arrows: Record<string, readonly string[]>,
  from: string,
  to: string,
): boolean {
  const [own, other] = [dirname(from), dirname(to)].map((folder) => folder.slice(`src/${room}/`.length))
  if (!to.startsWith(`src/${room}/`) || own === other || own === '') return true
  return arrows[own!]?.some((arrow) => arrow === other || arrow === `${dirname(other!)}/*`) === true
}

function folderOf(path: string): string {
  return path.split('/')[1]!.replace(/\.ts$/, '')
}

function findOutside(pattern: RegExp, allowed: string[]): string[] {
  return files.filter((file) => !allowed.includes(file.path)).flatMap((file) => findInCode(file, pattern))
}

/** Sets of places that lead to each other, each sorted, by Tarjan's algorithm (SIAM J. Comput. 1, 1972, 146-160). */
function findCircles(arrows: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (place: string): void => {
    order.set(place, order.size)
    lowest.set(place, order.get(place)!)
    open.push(place)
    for (const target of arrows.get(place) ?? []) {
      if (!arrows.has(target)) continue
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lowest.set(place, Math.min(lowest.get(place)!, lowest.get(target)!))
    }
    if (lowest.get(place) !== order.get(place)) return
    const circle = open.splice(open.indexOf(place))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const place of arrows.keys()) if (!order.has(place)) visit(place)
  return circles.sort()
}
