import { useTranslation } from 'react-i18next'
import type { Mark } from '@/features/signing/ceremony-types'
import classes from './document.module.css'

/** Another party's place: shown quietly; nothing where the page itself shows the signature. */
export function MarkBox({ mark, scale }: { mark: Mark; scale: number }) {
  const { t } = useTranslation('signing')
  const words = { name: mark.name, type: t(`document.field_${mark.type}`) }
  const style = {
    left: mark.x * scale,
    top: mark.y * scale,
    width: mark.width * scale,
    height: mark.height * scale,
  }
  return (
    <div
      role="img"
      className={classes.mark}
      data-done={mark.done}
      aria-label={t(mark.done ? 'document.place_of_done' : 'document.place_of_waiting', words)}
      style={style}
    >
      {mark.done ? null : <span aria-hidden="true">{mark.name}</span>}
    </div>
  )
}
