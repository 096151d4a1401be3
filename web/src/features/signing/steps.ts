import { type Ceremony, type Step, steps } from './ceremony-types'

const ended: readonly Step[] = ['done', 'waiting', 'declined', 'voided', 'expired']
/** Once identified, a signer may go back to read, fill in or choose another signature. */
const revisitable: readonly Step[] = ['document', 'impression', 'key', 'confirm']

export function isStep(value: string | undefined): value is Step {
  return steps.some((step) => step === value)
}

/** Nothing is asked of the signer in these. */
export function isEnded(step: Step): boolean {
  return ended.includes(step)
}

/** The way that this recipient goes, as the progress line counts it. */
export function wayOf(ceremony: Ceremony): Step[] {
  const way: Step[] = ['request', 'consent', 'identity']
  if (ceremony.recipient.kind === 'organization') way.push('organization')
  return [...way, 'document', 'impression', 'key', 'confirm']
}

/** The step to show for an address: the server's, or an earlier one that may be seen again. */
export function shownStep(asked: string | undefined, ceremony: Ceremony): Step {
  const { step } = ceremony
  if (!isStep(asked) || asked === step || asked === 'key') return step
  const way = revisitable.indexOf(asked)
  return way >= 0 && way < revisitable.indexOf(step) ? asked : step
}

/** 1-based place of a step on the way, with the way's length. */
export function progressOf(step: Step, ceremony: Ceremony): { n: number; m: number } {
  const way = wayOf(ceremony)
  const index = way.indexOf(step)
  return { n: index < 0 ? way.length : index + 1, m: way.length }
}
