import { Skeleton, Tabs } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reviewsQuery } from '@/api/reviews'
import { useFormat } from '@/i18n/format'
import { EmptyState } from '@/ui/empty-state'
import { NotFound } from '@/ui/not-found'
import { Page } from '@/ui/page'
import { ReviewRow } from './review-row'
import classes from './reviews.module.css'

/** Checks by hand, for administrators; to everyone else there is nothing here. */
export function ReviewsPage() {
  const { t } = useTranslation('review')
  const format = useFormat()
  const [tab, setTab] = useState<string | null>('waiting')
  const { data, isError } = useQuery(reviewsQuery)
  if (isError && !data) return <NotFound />
  return (
    <Page title={t('title')} lead={t('lead')} width="wide">
      <Tabs value={tab} onChange={setTab} keepMounted={false} classNames={{ tab: classes.tab, panel: classes.panel }}>
        <Tabs.List grow>
          <Tabs.Tab value="waiting">
            {t('tab_waiting')}
            {data?.waiting.length ? <span className={classes.count}>{format.number(data.waiting.length)}</span> : null}
          </Tabs.Tab>
          <Tabs.Tab value="decided">{t('tab_decided')}</Tabs.Tab>
        </Tabs.List>
        {(['waiting', 'decided'] as const).map((name) => (
          <Tabs.Panel key={name} value={name}>
            {data ? null : <Skeleton height={180} radius="lg" />}
            {data?.[name].length === 0 ? (
              <EmptyState icon={<IconChecks />} title={t(`empty_${name}`)}>
                {t(`empty_${name}_text`)}
              </EmptyState>
            ) : null}
            <ul className={classes.rows}>
              {data?.[name].map((item) => (
                <ReviewRow key={item.id} item={item} />
              ))}
            </ul>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
