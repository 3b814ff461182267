/**
 * Compiles the MJML templates of the mails to Eta templates in dist/templates, which src/mail/compose/render.ts loads.
 * MJML is 168 packages: only the build needs them. Eta's tags pass through MJML untouched.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import mjml2html from 'mjml'

const MAILS = ['digest', 'letter']
const TEMPLATES = new URL('../templates/mail/', import.meta.url)
const COMPILED = new URL('../dist/templates/', import.meta.url)

await mkdir(COMPILED, { recursive: true })
for (const name of MAILS) await writeFile(new URL(`${name}.eta`, COMPILED), await compile(name))

/**
 * Gives one mail's Eta template. Indentation goes, so that more papers fit below the size at which mail services clip.
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
  return html.replace(/^\s+/gm, '')
}
