/** A made-up paper of the sample source: nobody wrote it, nobody measured it. */
export interface SamplePaper {
  title: string
  abstract: string
  authors: string[]
  keywords: string[]
  organization?: string
  code?: string
  project?: string
  /** The upvotes it comes to in the end. */
  peak: number
}
