import { Parser } from 'htmlparser2'
import type { Bytes } from '../containers/bytes.ts'

/** What a stream of XML tells, in its order. Names are without their prefix. */
export interface XmlHandler {
  open(name: string, attributes: Record<string, string>): void
  text(text: string): void
  close(name: string): void
}

/** Reads a file of XML piece by piece; gives control back after each. */
export async function* readXml(bytes: Bytes, handler: XmlHandler): AsyncGenerator<void> {
  const decoder = new TextDecoder('utf-8')
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open(localName(name), attributes),
      ontext: (text) => handler.text(text),
      onclosetag: (name) => handler.close(localName(name)),
    },
    { xmlMode: true },
  )
  for await (const chunk of bytes) {
    parser.write(decoder.decode(chunk, { stream: true }))
    yield
  }
  parser.end(decoder.decode())
  yield
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
