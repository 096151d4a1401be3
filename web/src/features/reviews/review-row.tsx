import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReviewItem } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip, type ChipTone } from '@/ui/chip'
import classes from './reviews.module.css'

const tones: Record<ReviewItem['state'], ChipTone> = {
  collecting: 'amber',
  waiting: 'amber',
  approved: 'jade',
  refused: 'seal',
  withdrawn: 'plain',
  expired: 'plain',
}

/** One check in the queue: what it is, how long it waits, who has it. */
export function ReviewRow({ item }: { item: ReviewItem }) {
  const { t } = useTranslation('review')
  const format = useFormat()
  const open = item.state === 'waiting'
  return (
    <li className={classes.row}>
      <div className={classes.names}>
        <h2 className={classes.name}>
          <Link to="/reviews/$review" params={{ review: item.id }} className={classes.link}>
            {item.name_masked}
          </Link>
        </h2>
        <p className={classes.fact}>{kindText()}</p>
        <p className={classes.fact}>
          {open && item.submitted_at ? t('waits', { since: format.fromNow(item.submitted_at) }) : null}
          {item.decided_at
            ? t('decided', { email: item.decided_by ?? '', at: format.dateTime(item.decided_at) })
            : null}
          {item.rounds > 1 ? ` · ${t('round', { n: item.rounds })}` : null}
        </p>
        {item.reason ? <p className={classes.fact}>{t(`reason.${item.reason}`)}</p> : null}
      </div>
      <ReviewChip item={item} />
    </li>
  )

  function kindText() {
    return item.document ? t(`document.${item.document}`) : t(`kind.${item.kind}`)
  }
}

export function ReviewChip({ item }: { item: ReviewItem }) {
  const { t } = useTranslation('review')
  if (item.state === 'waiting') {
    if (item.own) return <Chip>{t('own')}</Chip>
    if (item.mine) return <Chip tone="jade">{t('mine')}</Chip>
    if (item.claimed_by) return <Chip>{t('claimed', { email: item.claimed_by })}</Chip>
  }
  return <Chip tone={tones[item.state]}>{t(`state.${item.state}`)}</Chip>
}
