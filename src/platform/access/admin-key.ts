import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { callerWith, type FindCaller, SCOPES } from './caller.ts'

export interface AdminKey {
  readonly key: string
  /** From the environment, made just now, or made at an earlier start. */
  readonly origin: 'environment' | 'made' | 'kept'
  /** Where it is kept; null for one from the environment. */
  readonly file: string | null
}

const FORM = /^cpa_admin_[A-Za-z0-9_-]{43}$/

/** The key of the environment, or one that is made at the first start and kept in the data directory. */
export async function adminKey(config: Pick<Config, 'adminApiKey' | 'dataDir'>): Promise<AdminKey> {
  if (config.adminApiKey !== null) return { key: config.adminApiKey, origin: 'environment', file: null }
  const file = join(config.dataDir, 'admin-key')
  const kept = await readKey(file)
  if (kept !== null) return { key: kept, origin: 'kept', file }
  const key = `cpa_admin_${randomBytes(32).toString('base64url')}`
  await mkdir(config.dataDir, { recursive: true })
  if (await keep(file, key)) return { key, origin: 'made', file }
  // Another process that started at the same moment was first; both must take the same key.
  const other = await readKey(file)
  if (other === null) throw new Error(`The admin key in ${file} vanished while the service started.`)
  return { key: other, origin: 'kept', file }
}

async function readKey(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const key = text.trim()
  if (!FORM.test(key))
    throw new Error(
      `${file} does not hold an admin key. Delete it to have a new one made, or set ADMIN_API_KEY.`,
    )
  return key
}

/** Writes the key aside and then gives it its name: nobody ever reads half of it, nor puts one over another's. */
async function keep(file: string, key: string): Promise<boolean> {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(aside, `${key}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(aside, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

const ADMIN = callerWith('admin-key', SCOPES, '*')

/** Knows the holder of the admin key, who may do everything. */
export function findAdmin(key: string): FindCaller {
  const expected = sha256(key)
  // Hashes are of one length and compared in constant time: the time taken tells nothing of the key.
  return async (token) => (timingSafeEqual(sha256(token), expected) ? ADMIN : null)
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
