import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A file of src/ with its imports and its code. Comments are blanked, so that line numbers stay the same. */
export interface SourceFile {
  /** The path from the project's root: `src/db/papers/papers.ts`. */
  path: string
  /** The folder below src/, or for a file at the top its own name: `db`, `domain`. */
  folder: string
  /** Without comments. */
  code: string
  lines: number
  imports: Import[]
}

export interface Import {
  /** The package or `node:` module, or the path of a project's file from its root. */
  target: string
  /** True if the compiled program does not have this import. */
  typeOnly: boolean
  line: number
}

/** Reads all TypeScript files of src/. */
export async function readSourceFiles(): Promise<SourceFile[]> {
  const names = await readdir(join(ROOT, 'src'), { recursive: true })
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => join('src', name))
  return Promise.all(
    paths.sort().map(async (path) => toSourceFile(path, await readFile(join(ROOT, path), 'utf8'))),
  )
}

/** Makes a SourceFile from a path and a content. */
export function toSourceFile(path: string, text: string): SourceFile {
  const code = blankComments(text)
  const folder = path.split('/')[1]!.replace(/\.ts$/, '')
  return { path, folder, code, lines: text.split('\n').length - 1, imports: importsOf(code, path) }
}

/**
 * Comments begin a line or follow a space or bracket. So `//` in an address stays, and so does `/*` in a media type.
 */
function blankComments(text: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ')
  return text.replace(/(?<=^|[\s({,])\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, blank)
}

const STATIC = /^(?:import|export) (type )?(?:[\w$*{}\s,]+ from )?'([^']+)'/gm
const DYNAMIC = /\bimport\('([^']+)'\)/g

function importsOf(code: string, path: string): Import[] {
  const found: Import[] = []
  for (const { 1: type, 2: target, index } of code.matchAll(STATIC)) {
    found.push({ target: resolve(target!, path), typeOnly: type !== undefined, line: lineAt(code, index) })
  }
  for (const { 1: target, index } of code.matchAll(DYNAMIC)) {
    found.push({ target: resolve(target!, path), typeOnly: false, line: lineAt(code, index) })
  }
  return found
}

function resolve(target: string, from: string): string {
  if (target.startsWith('.')) return normalize(join(dirname(from), target))
  if (target.startsWith('node:')) return target
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The line number of an index; 1 for the first line. */
function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Where a pattern occurs in a file's code, as `path:line`. */
export function findInCode(file: SourceFile, pattern: RegExp): string[] {
  return [...file.code.matchAll(pattern)].map(({ index }) => `${file.path}:${lineAt(file.code, index)}`)
}
