import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import { replaceKey } from './api'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { keyOf, useAct } from './use-ceremony'

/** The key is made, and another's authority decides upon its certificate: the page looks again on its own. */
export function KeyPending({ next }: { next?: string | null }) {
  const { t, i18n } = useTranslation('signing')
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const other = useAct(rcp, () => replaceKey(rcp))
  const time = next ? new Date(next).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }) : null
  return (
    <Screen
      title={t('key.pending_title')}
      lead={<p>{t('key.pending_lead')}</p>}
      bar={
        <StepBar>
          <Button onClick={() => void client.invalidateQueries({ queryKey: keyOf(rcp) })}>
            {t('key.pending_look')}
          </Button>
        </StepBar>
      }
    >
      <p role="status" className={classes.plain}>
        {t('key.pending_text')}
      </p>
      {time ? <p className={classes.hint}>{t('key.pending_next', { time })}</p> : null}
      <ProblemAlert error={other.error} />
      <Button
        variant="subtle"
        color="dark"
        px={0}
        style={{ alignSelf: 'flex-start' }}
        loading={other.isPending}
        onClick={() => other.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      >
        {t('key.pending_other')}
      </Button>
    </Screen>
  )
}
