import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROJECT = fileURLToPath(new URL('../../', import.meta.url))

/** Why no test can run in containers here; null where they can. */
export const noEngine: string | null = (() => {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'pipe', timeout: 10_000 })
    return null
  } catch {
    return 'no container engine answers'
  }
})()

/** What a command of the engine prints; its fault holds what it complained of. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

/** docker compose, as the engine has it: a part of docker, or the older program of its own. */
export async function compose(
  folder: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await run('docker', ['compose', ...args], options).catch(() =>
    run('docker-compose', args, options),
  )
  return stdout.trim()
}

/**
 * A folder with what the image is built from and nothing else, as a checkout has it; beside it the certificate of a
 * proxy that inspects TLS, where the machine has one.
 */
export function newCheckout(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'))
  for (const name of [
    'Dockerfile',
    'docker-compose.yml',
    '.dockerignore',
    'package.json',
    'package-lock.json',
    'src',
    'migrations',
    'openapi',
  ])
    if (existsSync(join(PROJECT, name))) cpSync(join(PROJECT, name), join(folder, name), { recursive: true })
  const certificate = process.env.NODE_EXTRA_CA_CERTS
  if (certificate && existsSync(certificate)) cpSync(certificate, join(folder, 'extra-ca.pem'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
