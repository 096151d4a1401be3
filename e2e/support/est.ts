import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Serving } from './server'

const script = join(import.meta.dirname, '../../crates/testkit/est/server.py')

/** Another's authority, which certifies over EST: the stand-in of the crates' tests, where OpenSSL does the work. */
export class Authority {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly port: string,
  ) {}

  static async start(): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), 'vermilion-est-'))
    const child = spawn('python3', [script, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
    })
    const port = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve)
      child.once('exit', (code) => reject(new Error(`the authority ended with ${code}:\n${said}`)))
    })
    return new Authority(folder, child, port)
  }

  /** A server that has signers certified here. */
  get serving(): Serving {
    const args = ['--est-url', `https://localhost:${this.port}`, '--est-roots', join(this.folder, 'tls-root.pem')]
    args.push('--est-user', 'vermilion', '--est-reach', '127.0.0.1')
    return { args, env: { VERMILION_EST_PASSWORD: 'enroll me' } }
  }

  /** While it is undecided, every request waits. */
  async decides(yes: boolean): Promise<void> {
    const file = join(this.folder, 'undecided')
    await (yes ? unlink(file) : writeFile(file, ''))
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit')
      this.child.kill('SIGTERM')
      await ended
    }
    await rm(this.folder, { recursive: true, force: true })
  }
}
