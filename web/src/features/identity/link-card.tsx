import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useAccount } from '@/features/account/session'
import { useSigning } from '@/features/signing/signing-context'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { linkSigner, myIdentityQuery } from './api'
import classes from './identity.module.css'

/** For a signer who is logged in to an account that is nobody's yet: it may be theirs. */
export function LinkCard() {
  const { t } = useTranslation('identity')
  const { rcp, ceremony } = useSigning()
  const account = useAccount()
  const client = useQueryClient()
  const verified = ceremony.identity.state === 'verified'
  const mine = useQuery({ ...myIdentityQuery, enabled: !!account && verified })
  const link = useMutation({
    mutationFn: () => linkSigner(rcp),
    onSuccess: (answer) => client.setQueryData(myIdentityQuery.queryKey, answer),
  })
  if (!account || !verified || !mine.data || (mine.data.person && !link.isSuccess)) return null
  return (
    <section className={classes.card}>
      <h2>{t('link.title')}</h2>
      <ProblemAlert error={link.error} takeFocus />
      <p role="status">{t(link.isSuccess ? 'link.done' : 'link.text', { email: account.email })}</p>
      <div className={classes.acts}>
        {link.isSuccess ? (
          <LinkButton to="/identity" variant="default">
            {t('link.open')}
          </LinkButton>
        ) : (
          <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
            {t('link.act')}
          </Button>
        )}
      </div>
    </section>
  )
}
