/** 0: done. 1: failed. 2: used wrongly. */
export type ExitCode = 0 | 1 | 2
