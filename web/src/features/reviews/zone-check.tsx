import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { compareZone } from '@/api/reviews'
import type { ReviewZone } from '@/api/types'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './reviews.module.css'

interface ZoneCheckProps {
  id: string
  zone: string
  onZone: (typed: string) => void
}

/** The machine-readable zone of a passport, as the reviewer reads it in the picture, beside what was typed. */
export function ZoneCheck({ id, zone, onZone }: ZoneCheckProps) {
  const { t } = useTranslation('review')
  const compare = useMutation({ mutationFn: () => compareZone(id, zone) })
  return (
    <section aria-label={t('zone.label')}>
      <Textarea
        name="zone"
        label={t('zone.label')}
        description={t('zone.hint')}
        value={zone}
        onChange={(event) => {
          onZone(event.currentTarget.value)
          if (!compare.isIdle) compare.reset()
        }}
        classNames={{ input: classes.zone }}
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        rows={2}
      />
      <Button
        variant="default"
        mt="xs"
        disabled={zone.trim() === ''}
        loading={compare.isPending}
        onClick={() => compare.mutate()}
      >
        {t('zone.compare')}
      </Button>
      <ProblemAlert error={compare.error} mt="sm" takeFocus />
      <div role="status">{compare.data ? <ZoneFound found={compare.data} /> : null}</div>
    </section>
  )
}

function ZoneFound({ found }: { found: ReviewZone }) {
  const { t } = useTranslation('review')
  const agrees = found.result === 'agrees'
  return (
    <>
      <p className={classes.text}>
        <Chip tone={agrees ? 'jade' : found.result === 'name_differs' ? 'amber' : 'seal'}>
          {t(`zone.result.${found.result as 'agrees'}`)}
        </Chip>
      </p>
      {found.number === null ? null : (
        <ul className={classes.zoneFacts}>
          <li>{t('zone.digits')}</li>
          <li>{t(found.number ? 'zone.number_agrees' : 'zone.number_differs')}</li>
          <li>{t(nameWord(found.name))}</li>
          {found.born ? <li>{t(found.adult ? 'zone.born' : 'zone.born_minor', { date: found.born })}</li> : null}
          {found.expires ? <li>{t(found.valid ? 'zone.expires' : 'zone.expired', { date: found.expires })}</li> : null}
        </ul>
      )}
    </>
  )
}

function nameWord(agrees: boolean | null) {
  if (agrees === null) return 'zone.name_unknown'
  return agrees ? 'zone.name_agrees' : 'zone.name_differs'
}
