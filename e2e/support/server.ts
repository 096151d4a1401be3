import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const binary = process.env.VERMILION_BINARY ?? join(import.meta.dirname, '../../target/debug/vermilion')

/** How a server is started, where a test needs it otherwise. */
export interface Serving {
  /** Passkeys belong to a domain: they need the server under `localhost`. */
  host?: '127.0.0.1' | 'localhost'
  args?: string[]
  env?: Record<string, string>
}

/** `vermilion serve` on a free port, with an empty data folder of its own. */
export class Server {
  readonly url: string
  private child: ChildProcess | null = null
  private log = ''

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly serving: Serving,
  ) {
    this.url = `http://${serving.host ?? '127.0.0.1'}:${port}`
  }

  static async start(serving: Serving = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'vermilion-e2e-'))
    const server = new Server(await freePort(), folder, serving)
    await server.begin()
    return server
  }

  /** As a power cut would: no time to put anything in order; then started again on the same data. */
  async killAndRestart(): Promise<void> {
    await this.end('SIGKILL')
    await this.begin()
  }

  /** Does something while nobody answers at this address. */
  async whileDown<T>(act: () => Promise<T>): Promise<T> {
    await this.end('SIGKILL')
    try {
      return await act()
    } finally {
      await this.begin()
    }
  }

  /** As if an envelope's days had gone by: its deadline, and its links', lie an hour back. */
  async letExpire(envelope: string): Promise<void> {
    await this.setBack(`
    db.execute("UPDATE envelopes SET expires_at = ? WHERE id = ?", (past, sys.argv[2]))
    db.execute("UPDATE recipients SET link_expires_at = ? WHERE envelope_id = ?", (past, sys.argv[2]))`, envelope)
  }

  /** As if the time had come to ask another's authority again about what it has not decided. */
  async letAskAgain(): Promise<void> {
    await this.setBack(`
    db.execute("UPDATE pending_certificates SET next_at = ?", (past,))`)
  }

  /** Something in the database lies an hour back. */
  private async setBack(statements: string, ...args: string[]): Promise<void> {
    const python = `
import sqlite3, sys, time
past = int((time.time() - 3600) * 1e6)
with sqlite3.connect(sys.argv[1]) as db:${statements}`
    const database = join(this.folder, 'vermilion.db')
    await this.whileDown(() => promisify(execFile)('python3', ['-c', python, database, ...args]))
  }

  /** Makes an account an administrator of the authority, while the server runs. */
  async administer(email: string): Promise<void> {
    await promisify(execFile)(binary, ['admin', 'add', email, '--data-dir', this.folder])
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
  }

  private async begin(): Promise<void> {
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--public-url', this.url, '--data-dir', this.folder]
    // Where the tests' own OpenID provider is.
    args.push('--oidc-private-host', '127.0.0.1', ...(this.serving.args ?? []))
    const env = { ...process.env, ...this.serving.env }
    const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.log = (this.log + chunk.toString()).slice(-20_000)
      })
    }
    await this.untilHealthy(child)
  }

  private async untilHealthy(child: ChildProcess): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if (child.exitCode !== null) throw new Error(`vermilion ended with ${child.exitCode}:\n${this.log}`)
      const answer = await fetch(`${this.url}/healthz`).catch(() => null)
      if (answer?.ok) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`vermilion does not answer:\n${this.log}`)
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    this.child = null
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
