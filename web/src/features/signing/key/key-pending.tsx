import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { replaceKey } from '@/features/signing/api'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { keyOf, useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'

/** The key is made, and another's authority decides upon its certificate: the page looks again on its own. */
export function KeyPending({ next }: { next?: string | null }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp, go } = useSigning()
  const client = useQueryClient()
  const other = useAct(rcp, () => replaceKey(rcp))
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
      {next ? <p className={classes.hint}>{t('key.pending_next', { time: format.dateTime(next) })}</p> : null}
      <ProblemAlert error={other.error} />
      <QuietButton
        loading={other.isPending}
        onClick={() => other.mutate(undefined, { onSuccess: ({ step }) => go(step) })}
      >
        {t('key.pending_other')}
      </QuietButton>
    </Screen>
  )
}
