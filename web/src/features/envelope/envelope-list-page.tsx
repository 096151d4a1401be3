import { Button, Skeleton, Stack } from '@mantine/core'
import { IconFileSearch, IconMailPlus } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type EnvelopeFilter, envelopesQuery } from '@/api/envelopes'
import { EmptyState } from '@/ui/empty-state'
import { LinkButton } from '@/ui/link-button'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { EnvelopeFilters } from './envelope-filters'
import classes from './envelope-list.module.css'
import { EnvelopeRow } from './envelope-row'

interface EnvelopeListPageProps {
  filter: EnvelopeFilter
  onFilter: (filter: EnvelopeFilter) => void
}

export function EnvelopeListPage({ filter, onFilter }: EnvelopeListPageProps) {
  const { t } = useTranslation('envelope')
  const list = useInfiniteQuery({
    ...envelopesQuery(filter),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const counts = list.data?.pages[0]?.counts
  const total = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : undefined
  const filtered = Boolean(filter.status || filter.q)

  return (
    <Page
      title={t('list.title')}
      width="wide"
      actions={
        <LinkButton to="/envelopes/new" preload={false} leftSection={<IconMailPlus size={20} aria-hidden />}>
          {t('new')}
        </LinkButton>
      }
    >
      {total === 0 && !filtered ? null : <EnvelopeFilters filter={filter} counts={counts} onFilter={onFilter} />}
      <ProblemAlert error={list.error} mb="md">
        <div>
          <Button variant="default" size="sm" mt="sm" onClick={() => list.refetch()}>
            {t('list.again')}
          </Button>
        </div>
      </ProblemAlert>
      {list.isPending ? (
        <Stack gap={1} aria-busy="true">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} height={76} radius="lg" mb="xs" />
          ))}
        </Stack>
      ) : null}
      <p className="visually-hidden" aria-live="polite">
        {list.isSuccess ? t('list.found', { count: items.length }) : ''}
      </p>
      {items.length > 0 ? (
        <ul className={classes.rows}>
          {items.map((item) => (
            <EnvelopeRow key={item.id} envelope={item} />
          ))}
        </ul>
      ) : null}
      {list.isSuccess && items.length === 0 ? <NothingHere filtered={filtered} onReset={() => onFilter({})} /> : null}
      {list.hasNextPage ? (
        <Button variant="default" mt="md" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          {t('list.more')}
        </Button>
      ) : null}
    </Page>
  )
}

function NothingHere({ filtered, onReset }: { filtered: boolean; onReset: () => void }) {
  const { t } = useTranslation('envelope')
  if (filtered) {
    return (
      <EmptyState
        icon={<IconFileSearch />}
        title={t('list.nothing_found')}
        actions={
          <Button variant="default" onClick={onReset}>
            {t('list.reset')}
          </Button>
        }
      >
        {t('list.nothing_found_text')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconMailPlus />}
      title={t('list.empty')}
      actions={
        <LinkButton to="/envelopes/new" preload={false}>
          {t('list.empty_action')}
        </LinkButton>
      }
    >
      {t('list.empty_text')}
    </EmptyState>
  )
}
