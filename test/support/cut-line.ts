import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a server that can be cut, held up or let go silent, as networks and their operators do. */
export interface CutLine {
  /** The same connection string, by way of this line. */
  readonly url: string
  /** Ends every connection and admits none. */
  cut(): void
  /** Keeps connections open and lets nothing through, in either direction. */
  stall(): void
  /** Holds every piece of data up for so long. */
  delay(milliseconds: number): void
  /** Lets everything through again. */
  mend(): void
  close(): Promise<void>
}

export async function newCutLine(url: string): Promise<CutLine> {
  const target = new URL(url)
  const open = new Set<Socket>()
  let state: 'whole' | 'cut' | 'stalled' = 'whole'
  let delayMs = 0
  const pass = (from: Socket, to: Socket): void => {
    from.on('data', (data) => {
      if (state === 'stalled') {
        // Kept for when the line is mended, as a network keeps what it was sent.
        from.pause()
        from.unshift(data)
        return
      }
      if (delayMs === 0) to.write(data)
      else setTimeout(() => to.destroyed || to.write(data), delayMs)
    })
    from.on('error', () => {})
    from.on('close', () => {
      open.delete(from)
      to.destroy()
    })
  }
  const server = createServer((here) => {
    if (state === 'cut') {
      here.destroy()
      return
    }
    const there = connect(Number(target.port || 5432), target.hostname)
    for (const socket of [here, there]) {
      socket.setNoDelay(true)
      open.add(socket)
    }
    pass(here, there)
    pass(there, here)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const line = new URL(url)
  line.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const endAll = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: line.href,
    cut() {
      state = 'cut'
      endAll()
    },
    stall() {
      state = 'stalled'
    },
    delay(milliseconds) {
      delayMs = milliseconds
    },
    mend() {
      state = 'whole'
      delayMs = 0
      for (const socket of open) socket.resume()
    },
    async close() {
      endAll()
      await new Promise((closed) => server.close(closed))
    },
  }
}
