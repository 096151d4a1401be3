import { IconMailOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { toProblem } from '@/api/problem'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'

/** 404 means: this server has no such page, and says why; anything else is a problem. */
export function Unavailable({ error, what }: { error: unknown; what: 'outbox' | 'sandbox' }) {
  const { t } = useTranslation('sandbox')
  if (toProblem(error).status !== 404) return <ProblemAlert error={error} />
  return (
    <EmptyState
      main
      icon={<IconMailOff />}
      title={t(`unavailable.${what}_title`)}
      actions={
        <LinkButton to="/" variant="default">
          {t('unavailable.home')}
        </LinkButton>
      }
    >
      {t(`unavailable.${what}_text`)}
    </EmptyState>
  )
}
