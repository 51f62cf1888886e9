import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { tellCommand } from './tell-command.ts'

test('a command is given the texts one after another, of those that wait the last one only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-command-'))
  try {
    const path = join(folder, 'told')
    const tell = tellCommand(`sleep 0.2; cat >> '${path}'`, (error) => expect.unreachable(String(error)))
    for (const text of ['one\n', 'two\n', 'three\n']) tell(text)
    await vi.waitFor(async () => expect(await readFile(path, 'utf8')).toBe('one\nthree\n'), { timeout: 10_000 })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what a command cannot do is told, and the next text is tried', async () => {
  const failures: string[] = []
  const tell = tellCommand('cat > /dev/null; exit 3', (error) => failures.push(String(error)))
  tell('one')
  await vi.waitFor(() => expect(failures).toEqual(['Error: the command ended with exit code 3']), { timeout: 10_000 })
  tell('two')
  await vi.waitFor(() => expect(failures).toHaveLength(2), { timeout: 10_000 })
})
