import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useAccount } from '@/features/account/session'
import { useSigning } from '@/features/signing/signing-context'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { administer, loadOrganizations, organizationsKey } from './api'
import classes from './directory.module.css'

/** For a verified agent who has an account and is logged in: the account may administer the organization. */
export function AdministerCard() {
  const { t } = useTranslation('directory')
  const { rcp, ceremony } = useSigning()
  const account = useAccount()
  const client = useQueryClient()
  const verified = ceremony.organization?.state === 'verified'
  const known = useQuery({ queryKey: organizationsKey, queryFn: loadOrganizations, enabled: !!account && verified })
  const act = useMutation({
    mutationFn: () => administer(rcp),
    onSuccess: (organizations) => client.setQueryData(organizationsKey, organizations),
  })
  if (!account || !verified || !known.data) return null
  const organization = ceremony.organization?.name ?? ''
  const linked = known.data.items.some(
    ({ credit_code, role }) => role === 'administrator' && credit_code === ceremony.organization?.credit_code,
  )
  return (
    <section className={classes.card}>
      <h2>{t('administer.title', { organization })}</h2>
      <ProblemAlert error={act.error} takeFocus />
      <p>{t(linked ? 'administer.done' : 'administer.invite', { email: account.email, organization })}</p>
      <div className={classes.acts}>
        {linked ? (
          <LinkButton to="/organizations" variant="default">
            {t('administer.open')}
          </LinkButton>
        ) : (
          <Button variant="default" loading={act.isPending} onClick={() => act.mutate()}>
            {t('administer.act')}
          </Button>
        )}
      </div>
    </section>
  )
}
