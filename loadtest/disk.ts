import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const gibibyte = 1024 ** 3

/** GiB that files below a folder take on disk. */
export const sizeGiB = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      // Files that went in the meantime take nothing.
      .map(({ parentPath, name }) =>
        stat(join(parentPath, name)).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, each) => sum + each, 0) / gibibyte
}

/** GiB that are free where the folder is. */
export const freeGiB = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return (bavail * bsize) / gibibyte
}
