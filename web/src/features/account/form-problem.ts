import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'

const fieldOfCode: Record<string, string> = {
  email_invalid: 'email',
  password_weak: 'password',
  name_required: 'name',
}

/** Puts a refusal where it belongs: under its input, or (with no input of its own) above the form. */
export function useFormProblem(error: unknown, fields: readonly string[]) {
  const format = useFormat()
  if (!error) return { under: () => undefined, above: null }
  const problem = toProblem(error)
  const field = problem.field ?? fieldOfCode[problem.code]
  const known = field !== undefined && fields.includes(field)
  return {
    under: (name: string) => (known && name === field ? problemText(problem, format) : undefined),
    above: known ? null : error,
  }
}
