import type { Ceremony } from '@/features/signing/ceremony-types'

/** Whether the organization's seal is used; else somebody signs by hand, for themselves or as its agent. */
export const seals = ({ kind, as_agent }: Ceremony['recipient']) => kind === 'organization' && !as_agent
