import { copyFileSync, mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Copies what pages need of packages to dist/static, so that an installation need not carry the packages. */
const target = fileURLToPath(new URL('../dist/static/', import.meta.url))
const files = [
  import.meta.resolve('htmx.org/dist/htmx.min.js'),
  import.meta.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-600-normal.woff2'),
  import.meta.resolve('@fontsource/source-sans-3/files/source-sans-3-latin-ext-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-sans-3/files/source-sans-3-greek-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-latin-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-latin-600-normal.woff2'),
  import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-latin-ext-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-greek-400-normal.woff2'),
  import.meta.resolve('@fontsource/source-serif-4/files/source-serif-4-greek-600-normal.woff2'),
]

mkdirSync(target, { recursive: true })
for (const file of files.map((url) => fileURLToPath(url))) copyFileSync(file, target + basename(file))
