import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One step in the life of the tables: the SQL of a file named `NNNN_name.sql`. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string }

const folder = join(import.meta.dirname, 'migrations')

/** All migrations, in order. */
export const readMigrations = async (): Promise<readonly Migration[]> => {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (file) => ({
      number: Number(file.slice(0, 4)),
      name: file.slice(5, -'.sql'.length),
      sql: await readFile(join(folder, file), 'utf8'),
    })),
  )
}
