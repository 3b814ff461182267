import { PermanentError } from '../../../errors.ts'

/** Loads a package that an installation may be without. @throws PermanentError, which says how to get it. */
export async function optional<T>(name: string, what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new PermanentError(
      `expected an installation with optional packages, got ${what}, which the package ${name} reads; run npm install ${name}, or unpack the file first`,
    )
  }
}
