import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a program of someone else says; a missing program is said loudly, and fails in CI. */
async function ask(program: string, args: string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(program, args, { timeout: 60_000 })
    return stdout + stderr
  } catch (error) {
    const failed = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string }
    if (failed.code === 'ENOENT' && !process.env.CI) {
      console.warn(`SKIPPED: ${program} is not installed, so its judgement is missing`)
      return null
    }
    return `${failed.message}\n${failed.stdout ?? ''}${failed.stderr ?? ''}`
  }
}

export const pyhanko = (file: string, root: string) =>
  ask('pyhanko', ['sign', 'validate', '--pretty-print', '--trust', root, '--trust-replace', file])

/** From what the file itself carries: certificates, time stamps, revocation. */
export const pyhankoAlone = (file: string, root: string) =>
  ask('pyhanko', ['sign', 'adesverify', '--executive-summary', '--trust', root, '--trust-replace', file])

export const pdfsig = (file: string) => ask('pdfsig', [file])

export const qpdf = (file: string) => ask('qpdf', ['--check', file])
