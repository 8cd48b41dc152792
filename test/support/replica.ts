import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EmbeddedServer, joinEmbeddedServer } from '../../src/platform/database/embedded-server.ts'

const run = promisify(execFile)

/** Two servers of our own: a primary, and a replica that streams from it. */
export interface Replicated {
  readonly primary: EmbeddedServer
  readonly replica: EmbeddedServer
  close(): Promise<void>
}

export async function startReplicated(): Promise<Replicated> {
  const folder = await mkdtemp(join(tmpdir(), 'corporate-parenting-replica-'))
  const [first, second] = [join(folder, 'primary'), join(folder, 'replica')]
  await run('chmod', ['755', folder])
  // Made and stopped: what is copied must not change while it is.
  const made = await joinEmbeddedServer(first)
  await made.leave()
  await mkdir(second)
  await run('cp', ['-a', `${first}/.`, second])
  const data = join(second, made.folder.slice(first.length), 'postgres')
  const primary = await joinEmbeddedServer(first)
  const { port, password } = new URL(primary.adminUrl)
  await writeFile(join(data, 'standby.signal'), '')
  await appendFile(
    join(data, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${port} user=postgres password=${password}'\n`,
  )
  const replica = await joinEmbeddedServer(second)
  return {
    primary,
    replica,
    async close() {
      await replica.leave()
      await primary.leave()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
