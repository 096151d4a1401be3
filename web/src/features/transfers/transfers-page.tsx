import { Skeleton } from '@mantine/core'
import { IconCash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { transfersQuery } from '@/api/transfers'
import { EmptyState } from '@/ui/empty-state'
import { NotFound } from '@/ui/not-found'
import { Page } from '@/ui/page'
import { TransferCard } from './transfer-card'
import classes from './transfers.module.css'

/** For the server's administrators: the small payments that somebody makes at the bank. To everyone else there is nothing here. */
export function TransfersPage() {
  const { t } = useTranslation('certificate')
  const transfers = useQuery(transfersQuery)
  if (transfers.isError) return <NotFound />
  return (
    <Page title={t('transfers.title')} lead={t('transfers.lead')} width="wide">
      {transfers.isPending ? <Skeleton height={180} radius="lg" /> : null}
      {transfers.data && !transfers.data.manual ? <p className={classes.hint}>{t('transfers.off')}</p> : null}
      {transfers.data?.items.length === 0 ? (
        <EmptyState icon={<IconCash />} title={t('transfers.empty')}>
          {t('transfers.empty_text')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards}>
        {transfers.data?.items.map((transfer) => (
          <TransferCard key={transfer.id} transfer={transfer} />
        ))}
      </ul>
    </Page>
  )
}
