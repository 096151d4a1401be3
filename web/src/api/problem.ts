import type { Formatter } from '@/i18n/format'
import { i18n } from '@/i18n/i18n'

/** RFC 9457 problem as the server sends it. `code` is stable; the words are ours. */
export interface Problem {
  code: string
  status: number
  title?: string
  detail?: string
  field?: string
  params?: Record<string, string | number>
}

/** A refused request. Thrown by every function in `src/api`, so queries and mutations see one kind of error. */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.code)
    this.name = 'ApiProblem'
    this.problem = problem
  }

  get code(): string {
    return this.problem.code
  }

  get status(): number {
    return this.problem.status
  }
}

/** Any thrown value as a problem: what is no answer of the server is `network`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem
  if (error instanceof TypeError) return { code: 'network', status: 0 }
  return { code: 'unknown', status: 0, detail: error instanceof Error ? error.message : undefined }
}

/** The body of an error response as a problem, whatever stood between us and the server. */
export function problemFrom(status: number, body: unknown): Problem {
  if (body && typeof body === 'object' && 'code' in body && typeof body.code === 'string') {
    return { ...(body as Problem), status }
  }
  if (status === 429) return { code: 'rate_limited', status }
  if (status === 413) return { code: 'request_too_large', status }
  return { code: status >= 500 ? 'internal' : 'unknown', status }
}

const variants = ['reason', 'what', 'status', 'state', 'custody', 'purpose'] as const

/** The sentence for a problem: what happened, what was kept, what to do. */
export function problemText(problem: Problem, format: Formatter): string {
  const params = readableParams(problem, format)
  for (const name of variants) {
    const variant = problem.params?.[name]
    const key = `problem:${problem.code}_${variant}`
    if (variant !== undefined && i18n.exists(key)) return i18n.t(key as never, params) as string
  }
  const key = `problem:${problem.code}`
  return i18n.t((i18n.exists(key) ? key : 'problem:unknown') as never, params) as string
}

function readableParams(problem: Problem, format: Formatter): Record<string, string | number> {
  const params: Record<string, string | number> = { ...problem.params, code: problem.code }
  if (params.retry_after !== undefined) params.wait = waiting(Number(params.retry_after), format)
  if (params.wait === undefined) params.wait = waiting(60, format)
  for (const name of ['until', 'locked_until']) {
    if (typeof params[name] === 'string') params[name] = format.dateTime(params[name])
  }
  if (problem.code === 'pdf_too_large' || problem.code.endsWith('_too_large')) {
    if (typeof params.limit === 'number') params.limit = format.bytes(params.limit)
  }
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'number') params[name] = format.number(value)
  }
  return params
}

function waiting(seconds: number, format: Formatter): string {
  const [unit, amount] =
    seconds < 90 ? ['second', seconds] : seconds < 5400 ? ['minute', seconds / 60] : ['hour', seconds / 3600]
  return new Intl.NumberFormat(format.locale, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(
    Math.ceil(Number(amount)),
  )
}
