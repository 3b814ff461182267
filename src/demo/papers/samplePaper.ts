/** A made-up paper of the sample source. Nobody wrote it and nobody measured it. */
export interface SamplePaper {
  title: string
  abstract: string
  authors: string[]
  keywords: string[]
  organization?: string
  code?: string
  project?: string
  /** The number of upvotes that it reaches in the end. */
  peak: number
}
