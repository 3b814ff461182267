/**
 * Compiles the templates of the mails to functions in dist/templates, which src/mail/compose/render.ts loads: MJML to
 * HTML with Eta's tags, then Eta to JavaScript. MJML is 168 packages and takes a second; only the build needs it. Eta's
 * tags pass through MJML untouched.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import mjml2html from 'mjml'

const MAILS = ['digest', 'letter']
const TEMPLATES = new URL('../templates/mail/', import.meta.url)
const COMPILED = new URL('../dist/templates/', import.meta.url)
/** Elements before which a line break changes nothing. */
const BLOCKS = /<(?=(?:html|head|body|meta|style|title|table|tbody|tr|td|div|p|h[1-3])\b)/g

const htmlEngine = new Eta({ autoEscape: true })
const textEngine = new Eta({ autoEscape: false, autoTrim: false })

await mkdir(COMPILED, { recursive: true })
for (const name of MAILS) {
  const text = await readFile(new URL(`${name}.txt`, TEMPLATES), 'utf8')
  const module = `${moduleOf('html', htmlEngine, await compile(name))}${moduleOf('text', textEngine, text)}`
  await writeFile(new URL(`${name}.mjs`, COMPILED), module)
}

/**
 * An exported function that renders a template. It is called with Eta's settings as `this`.
 * @param {string} name
 * @param {Eta} engine
 * @param {string} template
 */
function moduleOf(name, engine, template) {
  return `export function ${name}(it, options) {\n${engine.compileToString(template)}\n}\n`
}

/**
 * Gives one mail's HTML with Eta's tags. Indentation goes, so that more papers fit below the size at which mail
 * services clip. The result is ASCII in lines of moderate length, so that it can be sent without an encoding.
 * @param {string} name
 * @throws Error naming what MJML's strict validation refuses.
 */
async function compile(name) {
  const source = new URL(`${name}.mjml`, TEMPLATES)
  const { html } = await mjml2html(await readFile(source, 'utf8'), {
    filePath: fileURLToPath(source),
    ignoreIncludes: false,
    validationLevel: 'strict',
    keepComments: false,
    fonts: {},
  })
  const lines = html
    .replace(BLOCKS, '\n<')
    .replace(/[ \t]*\n\s*/g, '\n')
    // A line with a dot at its beginning cannot be sent as it is.
    .replace(/\n(?=\.)/g, '\n ')
    .replace(/<\/a> (?=<)/g, '</a>\n')
    .replace(/ (?=&nbsp;)/g, '\n')
    .replace(/[ \t]+/g, ' ')
  // The hidden preview is white on white in MJML; spam filters count that against a mail.
  const plain = lines.replace('font-size:1px;color:#ffffff;', 'color:#24272c;')
  return plain.replace(/[^\x00-\x7F]/gu, (sign) => `&#${sign.codePointAt(0)};`)
}
