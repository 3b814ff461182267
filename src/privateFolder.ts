import { chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What stands in a data folder of Paperboy. */
const OURS = ['secrets.json', 'db', 'lock']

/**
 * Makes a folder that only its owner can enter (mode 0700), with the folders above it. One that is there already gets that mode only if it
 * is ours: empty, or with what Paperboy keeps in it. So the mode of `/tmp` or of a home is never changed. Throws what
 * the file system says.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  if (await makeFolder(folder)) return
  const { uid, mode } = await stat(folder)
  if ((mode & 0o077) === 0 || uid !== process.getuid?.()) return
  const found = await readdir(folder)
  if (found.length === 0 || OURS.some((name) => found.includes(name))) await chmod(folder, 0o700)
}

/**
 * Makes the folders one by one; false if the folder is there already. Under /proc, where no folder can be made,
 * `recursive` of mkdir never returns.
 */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return false
    if (code !== 'ENOENT' || (await exists(dirname(folder)))) throw error
    await makeFolder(dirname(folder))
    await mkdir(folder, { mode: 0o700 })
    return true
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
