import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { programPath } from '../../app/testing/program.ts'
import { api } from '../crash/api.ts'
import { settled } from '../crash/settled.ts'
import { openTables } from '../tables.ts'
import { type Dump, dumpAll } from './dump.ts'
import { cluster, embedded, type Profile } from './systems.ts'

// `npm run profiles -- --file payments.csv.zip --mapping docs/mappings/olist.json --out DIR`: imports a file into an
// installation of each profile, and compares their read models byte for byte, recording times and positions aside.

const { values } = parseArgs({
  options: { file: { type: 'string' }, mapping: { type: 'string' }, out: { type: 'string', default: 'profiles' } },
})
const { file, mapping, out } = values
if (file === undefined || mapping === undefined) throw new Error('--file and --mapping say what is imported')

const merchant = 'imported'
const longestMinutes = 20
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const importInto = async (url: string, key: string): Promise<void> => {
  const args = ['import', resolve(file), '--mapping', resolve(mapping), '--url', url, '--key', key]
  const child = spawn(process.execPath, [programPath, ...args], { cwd: out, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the import ended with ${code}`)
}

const settleAll = async (url: string, key: string): Promise<void> => {
  const answer = await fetch(`${url}/v1/settlements`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{}',
  })
  if (answer.status !== 201) throw new Error(`nothing is settled: ${await answer.text()}`)
}

const dumpOf = async (name: string, start: () => Promise<Profile>): Promise<readonly Dump[]> => {
  say(`== ${name}`)
  const folder = join(out, name)
  await mkdir(folder, { recursive: true })
  const profile = await start()
  try {
    const operator = await profile.keyOf('operator')
    await importInto(profile.url, await profile.keyOf('merchant', merchant))
    const untilSettled = async (): Promise<void> => {
      for (let minutes = 1; ; minutes++) {
        const left = await settled(api(profile.url, operator))
        if (left.length === 0) return
        say(left.join('\n'))
        if (minutes === longestMinutes) throw new Error('the projections do not come to the head of the log')
      }
    }
    await untilSettled()
    await settleAll(profile.url, operator)
    await untilSettled()
    const tables = openTables(profile.settings)
    try {
      return await dumpAll(tables, folder)
    } finally {
      await tables.close()
    }
  } finally {
    await profile.stop()
  }
}

await mkdir(out, { recursive: true })
const one = await dumpOf('embedded', embedded)
const other = await dumpOf('cluster', () => cluster(say))
let different = 0
say('\nread model                  rows  sha256 of the ordered dump')
for (const [index, dump] of one.entries()) {
  const twin = other[index]
  const same = twin?.rows === dump.rows && twin.sha256 === dump.sha256
  if (!same) different += 1
  const found = same ? 'the same' : `cluster: ${twin?.rows} rows, ${twin?.sha256}`
  say(`${dump.table.padEnd(22)} ${String(dump.rows).padStart(9)}  ${dump.sha256}  ${found}`)
}
say(different === 0 ? 'Both profiles have the same books.' : `${different} read models differ; the dumps are in ${out}`)
process.exitCode = different === 0 ? 0 : 1
