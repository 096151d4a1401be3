import { Button, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMailSearch, IconRefresh, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverQuery } from '@/api/account'
import { api, data } from '@/api/client'
import { Unavailable } from '@/features/sandbox/unavailable'
import { EmptyState } from '@/ui/empty-state'
import { Page } from '@/ui/page'
import { SiteShell } from '@/ui/site-shell'
import { TrustBar } from '@/ui/trust-bar'
import classes from './outbox.module.css'
import { OutboxItem } from './outbox-item'

/** Every mail and SMS that would have left, while the server sends none. */
export function OutboxPage() {
  const { t } = useTranslation('sandbox')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const outbox = useInfiniteQuery({
    queryKey: ['outbox', q],
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/outbox', {
          params: { query: { ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
    retry: false,
  })
  const server = useQuery(serverQuery)
  const sent = server.data?.mail || server.data?.sms
  const items = outbox.data?.pages.flatMap((page) => page.items) ?? []

  return (
    <SiteShell title={t('outbox.title')}>
      <Page
        title={t('outbox.title')}
        lead={t('outbox.lead')}
        hideTitle={outbox.isError}
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={18} aria-hidden />}
            loading={outbox.isRefetching}
            onClick={() => void outbox.refetch()}
          >
            {t('outbox.refresh')}
          </Button>
        }
      >
        {outbox.isError ? <Unavailable error={outbox.error} what="outbox" /> : null}
        {outbox.isPending ? <Skeleton height={260} radius="lg" /> : null}
        {outbox.data ? (
          <>
            <TrustBar trust="test">{t(sent ? 'bar.outbox_rest' : 'bar.outbox')}</TrustBar>
            <TextInput
              type="search"
              aria-label={t('outbox.search')}
              placeholder={t('outbox.search')}
              leftSection={<IconSearch size={18} aria-hidden />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              mb="md"
            />
            {items.length === 0 ? (
              <EmptyState icon={<IconMailSearch />} title={t(q ? 'outbox.none_title' : 'outbox.empty_title')}>
                {q ? t('outbox.none_text', { q }) : t('outbox.empty_text')}
              </EmptyState>
            ) : null}
            <p role="status" className="visually-hidden">
              {t('outbox.count', { count: items.length })}
            </p>
            <ul className={classes.list}>
              {items.map((message) => (
                <OutboxItem key={message.id} message={message} />
              ))}
            </ul>
            {outbox.hasNextPage ? (
              <Button
                variant="default"
                mt="md"
                loading={outbox.isFetchingNextPage}
                onClick={() => void outbox.fetchNextPage()}
              >
                {t('outbox.more')}
              </Button>
            ) : null}
          </>
        ) : null}
      </Page>
    </SiteShell>
  )
}
