import { Button, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCertificate, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { caCertificatesQuery } from '@/api/certificates'
import { EmptyState } from '@/ui/empty-state'
import { ProblemAlert } from '@/ui/problem-alert'
import { CaCertificate } from './ca-certificate'
import classes from './certificates.module.css'

const states = ['issued', 'held', 'revoked', 'expired'] as const

/** All that was certified, to be searched, looked into, and changed by two. */
export function CaList() {
  const { t } = useTranslation('certificate')
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<(typeof states)[number]>()
  const [q] = useDebouncedValue(typed.trim(), 250)
  const list = useInfiniteQuery({
    ...caCertificatesQuery({ ...(state ? { state } : {}), ...(q ? { q } : {}) }),
    placeholderData: keepPreviousData,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <search className={classes.filters}>
        <TextInput
          type="search"
          aria-label={t('ca.search')}
          placeholder={t('ca.search')}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <fieldset className={classes.states}>
          <legend className="visually-hidden">{t('ca.state')}</legend>
          {[undefined, ...states].map((choice) => (
            <button
              key={choice ?? 'all'}
              type="button"
              className={classes.state}
              aria-pressed={state === choice}
              onClick={() => setState(choice)}
            >
              {t(`ca.state_${choice ?? 'all'}`)}
            </button>
          ))}
        </fieldset>
      </search>
      <ProblemAlert error={list.error} mb="md" />
      {list.isPending ? <Skeleton height={220} radius="lg" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState icon={<IconCertificate />} title={t('ca.none')}>
          {t('ca.none_text')}
        </EmptyState>
      ) : null}
      <p role="status" className="visually-hidden">
        {list.isSuccess ? t('ca.found', { count: items.length }) : ''}
      </p>
      <ul className={classes.cards}>
        {items.map((certificate) => (
          <CaCertificate key={certificate.id} certificate={certificate} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button variant="default" mt="md" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('ca.more')}
        </Button>
      ) : null}
    </>
  )
}
