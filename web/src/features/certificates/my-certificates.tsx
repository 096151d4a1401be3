import { Button, Skeleton } from '@mantine/core'
import { IconCertificate } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { myCertificatesQuery, releaseMine, revokeMine, suspendMine } from '@/api/certificates'
import type { IssuedCertificate, RevocationReason, StatusAction } from '@/api/types'
import { useConfirmed } from '@/features/account/use-confirmed'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { CertificateFacts, CertificateHead } from './certificate-facts'
import classes from './certificates.module.css'
import { ChangeDialog } from './change-dialog'
import { ownReasons } from './words'

/** The certificates of the account's person. */
export function MyCertificates() {
  const { t } = useTranslation('certificate')
  const mine = useQuery(myCertificatesQuery)
  return (
    <Page title={t('mine.title')} lead={t('mine.lead')} width="wide">
      <ProblemAlert error={mine.error} />
      {mine.isPending ? <Skeleton height={180} radius="lg" /> : null}
      {mine.data && !mine.data.linked ? (
        <EmptyState
          icon={<IconCertificate />}
          title={t('mine.unlinked')}
          actions={<LinkButton to="/identity">{t('mine.identity')}</LinkButton>}
        >
          {t('mine.unlinked_text')}{' '}
          {mine.data.elsewhere > 0 ? t('mine.elsewhere', { count: mine.data.elsewhere }) : null}
        </EmptyState>
      ) : null}
      {mine.data?.linked && mine.data.items.length === 0 ? (
        <EmptyState icon={<IconCertificate />} title={t('mine.empty')}>
          {t('mine.empty_text')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards}>
        {mine.data?.items.map((certificate) => (
          <OwnCertificate key={certificate.id} certificate={certificate} />
        ))}
      </ul>
    </Page>
  )
}

function OwnCertificate({ certificate }: { certificate: IssuedCertificate }) {
  const { t } = useTranslation('certificate')
  const queryClient = useQueryClient()
  const [action, setAction] = useState<StatusAction | null>(null)
  const { confirmed, dialog } = useConfirmed()
  const act = async (asked: StatusAction, reason: RevocationReason) => {
    const { id } = certificate
    const answer = await confirmed(() =>
      asked === 'revoke' ? revokeMine(id, reason) : asked === 'suspend' ? suspendMine(id) : releaseMine(id),
    )
    queryClient.setQueryData(myCertificatesQuery.queryKey, answer)
  }
  const { status } = certificate
  return (
    <li className={classes.card}>
      <CertificateHead certificate={certificate} />
      <CertificateFacts certificate={certificate} />
      <div className={classes.acts}>
        {status === 'valid' ? (
          <Button variant="default" onClick={() => setAction('suspend')}>
            {t('suspend.act')}
          </Button>
        ) : null}
        {certificate.can_release ? (
          <Button variant="default" onClick={() => setAction('release')}>
            {t('release.act')}
          </Button>
        ) : null}
        {status === 'valid' || status === 'suspended' ? (
          <Button variant="default" onClick={() => setAction('revoke')}>
            {t('revoke.act')}
          </Button>
        ) : null}
      </div>
      <ChangeDialog
        certificate={certificate}
        action={action}
        reasons={ownReasons}
        act={act}
        close={() => setAction(null)}
      />
      {dialog}
    </li>
  )
}
