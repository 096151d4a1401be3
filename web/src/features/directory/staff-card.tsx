import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSigning } from '@/features/signing/signing-context'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { beginForSigner } from './api'
import classes from './directory.module.css'
import { leaveFor } from './sign-in'
import { StaffFacts } from './staff-facts'

/** For an agent whose organization has named a directory: an additional statement, which nobody has to make. */
export function StaffCard() {
  const { t } = useTranslation('directory')
  const { rcp, ceremony } = useSigning()
  const begin = useMutation({
    mutationFn: () => beginForSigner(rcp, currentLocale()),
    onSuccess: ({ authorization_url }) => leaveFor(authorization_url),
  })
  const { staff } = ceremony
  if (!staff) return null
  const organization = ceremony.organization?.name ?? ''
  return (
    <section className={classes.card}>
      <h2>{t(staff.proof ? 'staff.title_proved' : 'staff.title')}</h2>
      <ProblemAlert error={begin.error} takeFocus />
      {staff.proof ? (
        <StaffFacts proof={staff.proof} organization={organization} />
      ) : (
        <>
          <p>{t('staff.invite', { organization, directory: staff.directory })}</p>
          <p className={classes.hint}>{t('staff.invite_worth')}</p>
          <div className={classes.acts}>
            <Button variant="default" loading={begin.isPending || begin.isSuccess} onClick={() => begin.mutate()}>
              {t('staff.sign_in')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
