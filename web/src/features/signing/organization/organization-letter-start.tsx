import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { beginLetter } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { ProblemAlert } from '@/ui/problem-alert'
import { OrganizationFound } from './organization-found'

interface OrganizationLetterStartProps {
  organization: OrganizationState
  ways: ReactNode
}

/** The company seals a letter that is prepared here, and somebody reads it. */
export function OrganizationLetterStart({ organization, ways }: OrganizationLetterStartProps) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const act = useAct(rcp, () => beginLetter(rcp))
  return (
    <Screen
      title={t('letter.start_title')}
      lead={<p>{t('letter.start_lead')}</p>}
      onSubmit={() => act.mutate()}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('letter.start_submit')}
          </Button>
        </StepBar>
      }
    >
      <OrganizationFound organization={organization} />
      {ways}
      <ProblemAlert error={act.error} takeFocus />
      <p className={classes.hint}>{t('letter.start_hint')}</p>
    </Screen>
  )
}
