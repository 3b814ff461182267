const WIDTH = 600
const HEIGHT = 340
const LINE = 24

/** The picture of a sample paper, as PNG: its title on paper. Undefined if the optional package sharp is not installed. */
export async function drawThumbnail(title: string): Promise<Buffer | undefined> {
  const sharp = await import('sharp').catch(() => undefined)
  if (sharp === undefined) return undefined
  const lines = linesOf(title).map(
    (line, index) => `<text x="40" y="${80 + index * 46}">${escapeXml(line)}</text>`,
  )
  const bars = Array.from({ length: 4 }, (_, index) => {
    const y = 110 + lines.length * 46 + index * 26
    return `<rect x="40" y="${y}" width="${520 - 60 * (index % 3)}" height="10" fill="#c9c2b2"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
<rect width="100%" height="100%" fill="#fdfcf9"/><rect width="12" height="100%" fill="hsl(${hueOf(title)} 45% 45%)"/>
<g font-family="serif" font-size="38" font-weight="bold" fill="#22252a">${lines.join('')}</g>${bars.join('')}</svg>`
  return sharp.default(Buffer.from(svg)).png().toBuffer()
}

function linesOf(title: string): string[] {
  const lines: string[] = ['']
  for (const word of title.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (longer.length <= LINE) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.filter((line) => line !== '').slice(0, 4)
}

function hueOf(title: string): number {
  return [...title].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
