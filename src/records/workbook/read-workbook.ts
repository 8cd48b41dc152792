import { Worker } from 'node:worker_threads'
import { newQueue } from '../../returns/in-turn.ts'
import { WORKBOOK_LIMITS, type Workbook, WorkbookFault, type WorkbookLimits } from './workbook.ts'
import type { WorkerAnswer } from './workbook-worker.ts'

/** Whether a file begins as Excel's workbooks of today (an archive) or of old do, whatever it calls itself. */
export const beginsAsWorkbook = (start: Uint8Array): boolean => beginsAsArchive(start) || beginsAsOld(start)

const beginsAsArchive = ([a, b, c, d]: Uint8Array): boolean =>
  a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))
const beginsAsOld = ([a, b, c, d]: Uint8Array): boolean =>
  a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0

/** Workbooks are read one after the other: each may need hundreds of megabytes while it is. */
const inTurn = newQueue()

/** Reads a workbook, in a thread of its own that is ended where it takes too much time or memory. */
export async function readWorkbook(
  bytes: Buffer,
  limits: WorkbookLimits = WORKBOOK_LIMITS,
): Promise<Workbook> {
  if (beginsAsOld(bytes)) throw oldOrEncrypted(bytes)
  if (!beginsAsArchive(bytes)) throw new WorkbookFault('not-a-workbook', 'this is not an Excel workbook')
  const answer = await inTurn('workbook', () => inWorker(bytes, limits))
  if ('fault' in answer) throw new WorkbookFault(answer.fault.code, answer.fault.detail)
  return { sheets: answer.sheets }
}

/** Excel keeps a workbook with a password in the container that its old format was. */
function oldOrEncrypted(bytes: Buffer): WorkbookFault {
  return bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new WorkbookFault('encrypted', 'this workbook has a password: save it without one')
    : new WorkbookFault('old-workbook', 'this is an old Excel workbook (.xls): save it as .xlsx')
}

const WORKER = new URL('./workbook-worker.ts', import.meta.url)

function inWorker(bytes: Buffer, limits: WorkbookLimits): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, {
      workerData: { bytes, limits },
      // 64 MiB of XML become a few times as much; what needs more was made to.
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
      // What is wrong with a file is told by its answer: nothing of it may get into the log.
      stdout: true,
      stderr: true,
      env: {},
    })
    const end = (settle: () => void) => {
      clearTimeout(timer)
      void worker.terminate()
      settle()
    }
    const timer = setTimeout(
      () =>
        end(() => reject(new WorkbookFault('too-slow', 'it takes too long to read: it is no plain list'))),
      limits.milliseconds,
    )
    worker.once('message', (answer: WorkerAnswer) => end(() => resolve(answer)))
    worker.once('error', (fault: NodeJS.ErrnoException) =>
      end(() =>
        reject(
          fault.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new WorkbookFault('too-large', 'it needs more memory than a list does')
            : fault,
        ),
      ),
    )
    worker.once('exit', () =>
      end(() => reject(new WorkbookFault('corrupt', 'it can’t be read as a workbook'))),
    )
  })
}
