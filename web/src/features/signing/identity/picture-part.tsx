import { IconCamera, IconCheck } from '@tabler/icons-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './pictures.module.css'
import type { PicturesHost } from './pictures-host'
import { shrink } from './shrink'

type Part = PendingReview['parts'][number]

/** One picture: what it has to show, the way to take or choose it, and what was taken. */
export function PicturePart({ host, part, missing }: { host: PicturesHost; part: Part; missing: boolean }) {
  const { t } = useTranslation('signing')
  const id = useId()
  const [shown, setShown] = useState<string | null>(null)
  const { useAct } = host
  const add = useAct(async (file: Blob) => host.add(part.part, await shrink(file)))
  useEffect(() => () => void (shown && URL.revokeObjectURL(shown)), [shown])

  const take = (file: File | undefined) => {
    if (!file) return
    add.mutate(file, {
      onSuccess: () => setShown(file.type.startsWith('image/') ? URL.createObjectURL(file) : null),
      onError: () => setShown(null),
    })
  }
  const name = t(`pictures.part.${part.part}`)
  return (
    <section className={classes.part} aria-labelledby={`${id}-title`} data-missing={missing || undefined}>
      <div className={classes.text}>
        <h2 id={`${id}-title`} className={classes.title}>
          {name}
          {part.required ? null : <span className={classes.optional}> {t('pictures.optional')}</span>}
        </h2>
        <p className={classes.hint}>{t(`pictures.hint.${part.part}`)}</p>
      </div>
      <div className={classes.taken} aria-live="polite">
        {part.brought && shown ? (
          <img src={shown} alt={t('pictures.preview', { name })} className={classes.preview} />
        ) : null}
        {part.brought ? (
          <span className={classes.there}>
            <IconCheck size={18} aria-hidden /> {t('pictures.brought')}
          </span>
        ) : null}
        {add.isPending ? <span className={classes.hint}>{t('pictures.sending')}</span> : null}
      </div>
      <ProblemAlert error={add.error} takeFocus />
      {missing ? (
        <p className={classes.missing} role="alert">
          {t('pictures.missing')}
        </p>
      ) : null}
      <input
        id={id}
        type="file"
        accept={part.part === 'letter' ? 'image/*,application/pdf' : 'image/*'}
        className={`visually-hidden ${classes.input}`}
        disabled={add.isPending}
        aria-describedby={`${id}-title`}
        onChange={(event) => {
          take(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <label htmlFor={id} className={classes.take}>
        <IconCamera size={20} aria-hidden />
        {t(part.brought ? 'pictures.again' : 'pictures.take')}
      </label>
    </section>
  )
}
