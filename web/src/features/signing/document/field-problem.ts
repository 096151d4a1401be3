import { toProblem } from '@/api/problem'

/** Splits a refusal: to the input that it names, where the form has it, else to the whole form. */
export function fieldProblem<Name extends string>(error: unknown, names: readonly Name[]): { field: Name | null } {
  if (!error) return { field: null }
  const problem = toProblem(error)
  const field = problem.field ?? fallback[problem.code]
  return { field: names.find((name) => name === field) ?? null }
}

/** Which input a refusal speaks of, where the server names none. */
const fallback: Record<string, string> = {
  name_required: 'name',
  recipient_name_mismatch: 'name',
  id_number_invalid: 'id_number',
  phone_invalid: 'phone',
  phone_mismatch: 'phone',
  bank_card_invalid: 'bank_card',
  credit_code_invalid: 'credit_code',
  organization_not_expected: 'name',
  account_invalid: 'account_number',
  amount_wrong: 'amount_fen',
  code_wrong: 'code',
  code_expired: 'code',
  pin_weak: 'pin',
  pin_wrong: 'pin',
}
