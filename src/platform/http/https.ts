import { readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'

/** Where the certificate and its key are. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** What a server of HTTPS is made with: the certificate as it stands, and no protocol that is broken. */
export const httpsOptions = ({ certFile, keyFile }: CertificateFiles) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
  minVersion: 'TLSv1.2' as const,
})

/**
 * Takes a new certificate when its files have changed, without a connection lost: they are written anew every few
 * months, and nobody should have to remember the service then. One that can’t be used leaves the old one in use, and is
 * tried again: of two files one is written first.
 */
export function followCertificate(
  app: Pick<FastifyInstance, 'server' | 'log' | 'addHook'>,
  files: CertificateFiles,
  everyMs = 10_000,
): void {
  let inUse = stateOf(files)
  const look = () => {
    try {
      const state = stateOf(files)
      if (state === inUse) return
      ;(app.server as unknown as Server).setSecureContext(httpsOptions(files))
      inUse = state
      app.log.info('the certificate was renewed')
    } catch (error) {
      app.log.error({ err: error }, 'the new certificate can’t be used; the old one stays')
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

const stateOf = ({ certFile, keyFile }: CertificateFiles): string =>
  [certFile, keyFile].map((path) => `${statSync(path).mtimeMs} ${statSync(path).size}`).join()
