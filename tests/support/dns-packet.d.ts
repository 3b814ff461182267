declare module 'dns-packet' {
  interface Packet {
    id?: number
    type?: 'query' | 'response'
    flags?: number
    questions?: { type: string; name: string }[]
    answers?: { type: string; name: string; ttl?: number; data: unknown }[]
  }
  export function encode(packet: Packet): Buffer
  export function decode(message: Buffer): Packet
}
