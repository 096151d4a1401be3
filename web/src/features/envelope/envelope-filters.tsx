import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnvelopeFilter } from '@/api/envelopes'
import type { EnvelopePage } from '@/api/types'
import { useFormat } from '@/i18n/format'
import classes from './envelope-list.module.css'
import { envelopeStatuses } from './status'

interface EnvelopeFiltersProps {
  filter: EnvelopeFilter
  counts?: EnvelopePage['counts']
  onFilter: (filter: EnvelopeFilter) => void
}

/** Search and status, both in the address, with how many there are of each. */
export function EnvelopeFilters({ filter, counts, onFilter }: EnvelopeFiltersProps) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  const [typed, setTyped] = useState(filter.q ?? '')
  const latest = useRef({ filter, onFilter })
  latest.current = { filter, onFilter }

  useEffect(() => {
    const asked = typed.trim() || undefined
    if (asked === latest.current.filter.q) return
    const timer = setTimeout(() => {
      const { status } = latest.current.filter
      latest.current.onFilter({ ...(status ? { status } : {}), ...(asked ? { q: asked } : {}) })
    }, 300)
    return () => clearTimeout(timer)
  }, [typed])

  useEffect(() => setTyped((now) => (now.trim() === (filter.q ?? '') ? now : (filter.q ?? ''))), [filter.q])

  const total = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : undefined
  const choices = [
    { status: undefined, text: t('list.all'), count: total },
    ...envelopeStatuses.map((status) => ({
      status,
      text: common(`envelope_status.${status}`),
      count: counts?.[status],
    })),
  ]
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t('list.search')}
        placeholder={t('list.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <fieldset className={classes.statuses}>
        <legend className="visually-hidden">{t('list.status')}</legend>
        {choices.map(({ status, text, count }) => (
          <button
            key={status ?? 'all'}
            type="button"
            className={classes.status}
            aria-pressed={filter.status === status}
            onClick={() => onFilter({ ...(status ? { status } : {}), ...(filter.q ? { q: filter.q } : {}) })}
          >
            {text}
            {count === undefined ? null : <span className={classes.count}>{format.number(count)}</span>}
          </button>
        ))}
      </fieldset>
    </search>
  )
}
